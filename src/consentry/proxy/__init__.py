"""The guard's own process: an OpenAI-shaped image API that screens before, during and after the upstream.

Invariants: a path, a method, a field or a reply that is not in a table here is refused; what is forwarded is rebuilt
from what was screened (rule 13); no picture leaves before its verdict, its credential and its record. Not done here:
judging (``guard``), keeping (whatever implements ``ledger.Ledger``), building the parts (``wiring``). No Django.
"""
