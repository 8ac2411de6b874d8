"""How much of anything the guard accepts. Above a limit a request is refused; nothing is ever sampled.

docs/spec/pictures.md states each number and why; a test compares the page with this class.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """One set of limits: checked before the work that they bound is begun."""

    file_bytes: int = 20 * 1024 * 1024
    """Bytes of one picture file."""
    pixels: int = 40_000_000
    """Width times height of one frame, by the file's own header."""
    total_pixels: int = 80_000_000
    """Width times height times frames: what decoding all of an animation may cost."""
    side: int = 16_383
    """Longest side in pixels (the most that WebP can hold, so that everything can be written again)."""
    aspect: int = 20
    """Longest side divided by shortest; a line of pixels cannot be looked at."""
    frames: int = 64
    """Frames of an animation."""
    images: int = 16
    """Input pictures and masks of one request."""
    outputs: int = 10
    """Pictures of one answer."""
    text_characters: int = 32_000
    """Characters of all texts of a request together."""
    decode_seconds: float = 10.0
    """Wall time for decoding all pictures of one request."""
    detector_seconds: float = 5.0
    """Wall time for all detectors on all pictures of one request."""
    abandoned_threads: int = 4
    """Threads that a hanging detector may keep before it is refused further work until one returns."""
    threads: int = 2
    """Pictures that one detector looks at simultaneously, over all requests."""
