"""The outside world behind the domain's protocols, one file an adapter, grouped by protocol."""
