"""An append-only Merkle log as a library: bytes in; indices, tiles, checkpoints and proofs out. Knows nobody.

Formats: RFC 6962 hashing, C2SP tlog-tiles, signed-note, tlog-checkpoint, tlog-proof; docs/spec/leaf-and-promise.md.
"""
