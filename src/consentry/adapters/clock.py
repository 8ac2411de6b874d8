"""The system's clock."""

import time
from datetime import UTC, datetime


class SystemClock:
    """Implements ``basics.clock.Clock`` with the machine's own clocks."""

    def now(self) -> datetime:
        """The present moment in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds that never go back."""
        return time.monotonic()
