"""``consentry worker``: sends the outbox, investigates reports, watches clocks, and writes the log."""

import os
import signal
import threading


def worker() -> None:
    """Work until interrupted; what is in hand is settled first."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "consentry.wiring.settings")
    import django

    django.setup()
    from consentry.wiring.server import server
    from consentry.wiring.worker import Worker

    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    parts = server()
    try:
        Worker(parts).run(stop)
    finally:
        parts.close()
