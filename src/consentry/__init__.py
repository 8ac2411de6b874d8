"""Consentry keeps real people's pictures theirs: prevent, trace, respond, account.

The domain packages below are pure and importable without Django; the application lives in
``records``, ``actions``, ``wiring``, ``adapters``, ``web``, ``proxy`` and ``cli``. See ARCHITECTURE.md.
"""

__version__ = "0.1.0"
