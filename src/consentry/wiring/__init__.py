"""The only place that builds adapters and hands them in: ``core`` without Django, ``server`` with it."""
