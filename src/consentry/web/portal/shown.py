"""Clocks, promises and states as the portal's components take them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from consentry.actions.read_status import ClockLine, ReportStatus
from consentry.cases.clocks import ClockState
from consentry.cases.kinds import KindClass


def shown_clocks(lines: tuple[ClockLine, ...]) -> list[dict[str, Any]]:
    """The deadlines that somebody owes the reporter, each with its source and its standing."""
    words = {
        ClockState.RUNNING: _("running"),
        ClockState.HALF: _("half of the time is over"),
        ClockState.EIGHTY: _("nearly over"),
        ClockState.BREACHED: _("missed"),
        ClockState.STOPPED: _("done"),
        ClockState.ELAPSED: _("over"),
    }
    return [
        {
            "label": line.rule.duty,
            "due_at": line.due_at,
            "state": line.state.value,
            "state_text": words[line.state],
            "source": _("Our own limit") if line.rule.is_house else line.rule.citation,
            "uncertain": not line.rule.settled and not line.rule.is_house,
            "caveats": list(line.rule.caveats),
        }
        for line in lines
        if line.rule.kind_class is KindClass.ACTION
    ]


def shown_promise(promise: Mapping[str, Any]) -> dict[str, Any]:
    """The promise of a log entry as ``components/proof.html`` takes it."""
    due = datetime.fromisoformat(str(promise["deadline"]))
    return {"entry_hash": promise["entry_hash"], "due_at": due}


def shown_proof(status: ReportStatus, size: int) -> dict[str, Any] | None:
    """Where the entry stands, or ``None`` while it waits."""
    entry = status.entry
    if entry is None or entry.index is None:
        return None
    return {"index": entry.index, "size": size, "download_url": f"/api/v1/log/proof/{entry.entry_hash}"}
