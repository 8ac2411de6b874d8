"""The life of a case as one table: from which state, by which move, by whose hand, to which state.

Invariants: what is not on the table cannot happen; a state tells whether the picture is hidden; every state in which
it is hidden has a move that brings it back; every open state owes something by a time (``DUE_KINDS``); only a person of
the platform decides; a machine or a lane can hide, never remove. Terminal are ``withdrawn``, ``moot``,
``out_of_scope`` and ``merged``, none of which hides anything. Not done here: storing, sending, permissions of accounts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from consentry.cases.clocks import Clock, earliest_of_kind
from consentry.cases.errors import LifecycleError
from consentry.cases.events import EventKind
from consentry.cases.kinds import Kind


class CaseState(StrEnum):
    """Where a case stands (docs/spec/cases.md)."""

    RECEIVED = "received"
    """Visible; nobody has decided."""
    NEEDS_INFORMATION = "needs_information"
    """Visible; the reporter was asked something. The clocks go on."""
    HIDDEN = "hidden"
    """Out of view in the meantime; a person has yet to decide."""
    DECIDED_REMOVED = "decided_removed"
    """A person decided: hidden for good, kept restorable until the appeal window ends."""
    DECIDED_KEPT = "decided_kept"
    """A person decided: visible."""
    REMOVAL_APPEALED = "removal_appealed"
    """Still hidden; another person decides the uploader's appeal."""
    KEEP_APPEALED = "keep_appealed"
    """Still visible; another person decides the reporter's or the lane's appeal."""
    RESTORED = "restored"
    """Was removed and is visible again after an appeal or a correction."""
    WITHDRAWN = "withdrawn"
    MOOT = "moot"
    """Its author edited or removed the picture; counts against nobody."""
    OUT_OF_SCOPE = "out_of_scope"
    MERGED = "merged"
    """Lives on in another case, with every receipt and clock."""


class Move(StrEnum):
    """One thing that somebody does to a case."""

    FILE = "file"
    JOIN = "join"
    """Another report of the same picture joins; their number adds no weight."""
    HIDE = "hide"
    LOOK = "look"
    """A reviewer looked and left the picture visible for now."""
    CLAIM = "claim"
    ASK = "ask"
    ANSWER = "answer"
    DECIDE_REMOVE = "decide_remove"
    DECIDE_KEEP = "decide_keep"
    UNDO = "undo"
    """A decision is taken back within minutes (``decision.UNDO_WITHIN``)."""
    APPEAL = "appeal"
    UPHOLD = "uphold"
    OVERTURN = "overturn"
    RESTORE = "restore"
    """The hiding is lifted without an appeal: a lane was revoked, a mistake was seen."""
    REOPEN = "reopen"
    WITHDRAW = "withdraw"
    MOOT = "moot"
    OUT_OF_SCOPE = "out_of_scope"
    MERGE = "merge"


class ActorKind(StrEnum):
    """Whose hand it is."""

    REPORTER = "reporter"
    UPLOADER = "uploader"
    REVIEWER = "reviewer"
    SENIOR_REVIEWER = "senior_reviewer"
    LANE = "lane"
    SYSTEM = "system"


class Effect(StrEnum):
    """What the platform must be told after a move."""

    NONE = "none"
    HIDE_CONTENT = "hide_content"
    LIFT_HIDING = "lift_hiding"
    """Take our restriction away; never brings back what its author deleted."""


@dataclass(frozen=True, slots=True)
class Step:
    """A move that was allowed: the state after it, what the platform must be told, and the events to record.

    ``events`` come in the order in which they must be applied to the clocks, all at the time of the move.
    """

    before: CaseState | None
    move: Move
    state: CaseState
    effect: Effect
    events: tuple[EventKind, ...]


_S, _M, _A = CaseState, Move, ActorKind
_FILERS = frozenset({_A.REPORTER, _A.LANE})
_DESK = frozenset({_A.REVIEWER, _A.SENIOR_REVIEWER})
_DESK_OR_SYSTEM = _DESK | {_A.SYSTEM}
_SENIOR_OR_SYSTEM = frozenset({_A.SENIOR_REVIEWER, _A.SYSTEM})

TABLE: MappingProxyType[tuple[CaseState | None, Move], tuple[CaseState, frozenset[ActorKind]]] = MappingProxyType(
    {
        (None, _M.FILE): (_S.RECEIVED, _FILERS),
        (_S.RECEIVED, _M.JOIN): (_S.RECEIVED, _FILERS),
        (_S.RECEIVED, _M.CLAIM): (_S.RECEIVED, _DESK),
        (_S.RECEIVED, _M.LOOK): (_S.RECEIVED, _DESK),
        (_S.RECEIVED, _M.HIDE): (_S.HIDDEN, _DESK_OR_SYSTEM),
        (_S.RECEIVED, _M.ASK): (_S.NEEDS_INFORMATION, _DESK),
        (_S.RECEIVED, _M.DECIDE_REMOVE): (_S.DECIDED_REMOVED, _DESK),
        (_S.RECEIVED, _M.DECIDE_KEEP): (_S.DECIDED_KEPT, _DESK),
        (_S.RECEIVED, _M.WITHDRAW): (_S.WITHDRAWN, _FILERS),
        (_S.RECEIVED, _M.MOOT): (_S.MOOT, _DESK_OR_SYSTEM),
        (_S.RECEIVED, _M.OUT_OF_SCOPE): (_S.OUT_OF_SCOPE, _DESK_OR_SYSTEM),
        (_S.RECEIVED, _M.MERGE): (_S.MERGED, _DESK_OR_SYSTEM),
        (_S.NEEDS_INFORMATION, _M.JOIN): (_S.NEEDS_INFORMATION, _FILERS),
        (_S.NEEDS_INFORMATION, _M.CLAIM): (_S.NEEDS_INFORMATION, _DESK),
        (_S.NEEDS_INFORMATION, _M.LOOK): (_S.NEEDS_INFORMATION, _DESK),
        (_S.NEEDS_INFORMATION, _M.ASK): (_S.NEEDS_INFORMATION, _DESK),
        (_S.NEEDS_INFORMATION, _M.ANSWER): (_S.RECEIVED, _FILERS),
        (_S.NEEDS_INFORMATION, _M.HIDE): (_S.HIDDEN, _DESK_OR_SYSTEM),
        (_S.NEEDS_INFORMATION, _M.DECIDE_REMOVE): (_S.DECIDED_REMOVED, _DESK),
        (_S.NEEDS_INFORMATION, _M.DECIDE_KEEP): (_S.DECIDED_KEPT, _DESK),
        (_S.NEEDS_INFORMATION, _M.WITHDRAW): (_S.WITHDRAWN, _FILERS),
        (_S.NEEDS_INFORMATION, _M.MOOT): (_S.MOOT, _DESK_OR_SYSTEM),
        (_S.NEEDS_INFORMATION, _M.OUT_OF_SCOPE): (_S.OUT_OF_SCOPE, _DESK_OR_SYSTEM),
        (_S.NEEDS_INFORMATION, _M.MERGE): (_S.MERGED, _DESK_OR_SYSTEM),
        # Hidden: asking does not bring it back, and a withdrawal (which may be forced) leaves the word to a person.
        (_S.HIDDEN, _M.JOIN): (_S.HIDDEN, _FILERS),
        (_S.HIDDEN, _M.CLAIM): (_S.HIDDEN, _DESK),
        (_S.HIDDEN, _M.ASK): (_S.HIDDEN, _DESK),
        (_S.HIDDEN, _M.ANSWER): (_S.HIDDEN, _FILERS),
        (_S.HIDDEN, _M.WITHDRAW): (_S.HIDDEN, _FILERS),
        (_S.HIDDEN, _M.DECIDE_REMOVE): (_S.DECIDED_REMOVED, _DESK),
        (_S.HIDDEN, _M.DECIDE_KEEP): (_S.DECIDED_KEPT, _DESK),
        (_S.HIDDEN, _M.RESTORE): (_S.RECEIVED, _SENIOR_OR_SYSTEM),
        (_S.HIDDEN, _M.MOOT): (_S.MOOT, _DESK_OR_SYSTEM),
        (_S.DECIDED_REMOVED, _M.JOIN): (_S.DECIDED_REMOVED, _FILERS),
        (_S.DECIDED_REMOVED, _M.UNDO): (_S.HIDDEN, _DESK),
        (_S.DECIDED_REMOVED, _M.APPEAL): (_S.REMOVAL_APPEALED, frozenset({_A.UPLOADER})),
        (_S.DECIDED_REMOVED, _M.RESTORE): (_S.RESTORED, frozenset({_A.SENIOR_REVIEWER})),
        (_S.DECIDED_REMOVED, _M.MOOT): (_S.DECIDED_REMOVED, _DESK_OR_SYSTEM),
        (_S.REMOVAL_APPEALED, _M.JOIN): (_S.REMOVAL_APPEALED, _FILERS),
        (_S.REMOVAL_APPEALED, _M.CLAIM): (_S.REMOVAL_APPEALED, _DESK),
        (_S.REMOVAL_APPEALED, _M.MOOT): (_S.REMOVAL_APPEALED, _DESK_OR_SYSTEM),
        (_S.REMOVAL_APPEALED, _M.UPHOLD): (_S.DECIDED_REMOVED, _DESK),
        (_S.REMOVAL_APPEALED, _M.OVERTURN): (_S.RESTORED, _DESK),
        (_S.DECIDED_KEPT, _M.JOIN): (_S.DECIDED_KEPT, _FILERS),
        (_S.DECIDED_KEPT, _M.UNDO): (_S.RECEIVED, _DESK),
        (_S.DECIDED_KEPT, _M.REOPEN): (_S.RECEIVED, _DESK_OR_SYSTEM),
        (_S.DECIDED_KEPT, _M.APPEAL): (_S.KEEP_APPEALED, _FILERS),
        (_S.DECIDED_KEPT, _M.MOOT): (_S.DECIDED_KEPT, _DESK_OR_SYSTEM),
        (_S.KEEP_APPEALED, _M.JOIN): (_S.KEEP_APPEALED, _FILERS),
        (_S.KEEP_APPEALED, _M.CLAIM): (_S.KEEP_APPEALED, _DESK),
        (_S.KEEP_APPEALED, _M.UPHOLD): (_S.DECIDED_KEPT, _DESK),
        (_S.KEEP_APPEALED, _M.OVERTURN): (_S.DECIDED_REMOVED, _DESK),
        (_S.KEEP_APPEALED, _M.MOOT): (_S.MOOT, _DESK_OR_SYSTEM),
        (_S.RESTORED, _M.JOIN): (_S.RESTORED, _FILERS),
        (_S.RESTORED, _M.REOPEN): (_S.RECEIVED, _DESK_OR_SYSTEM),
        (_S.RESTORED, _M.APPEAL): (_S.KEEP_APPEALED, _FILERS),
        (_S.RESTORED, _M.MOOT): (_S.RESTORED, _DESK_OR_SYSTEM),
    }
)

HIDES: frozenset[CaseState] = frozenset({_S.HIDDEN, _S.DECIDED_REMOVED, _S.REMOVAL_APPEALED})
"""States in which the picture is out of view on our word."""

TERMINAL: frozenset[CaseState] = frozenset({_S.WITHDRAWN, _S.MOOT, _S.OUT_OF_SCOPE, _S.MERGED})

DUE_KINDS: MappingProxyType[CaseState, tuple[Kind, ...]] = MappingProxyType(
    {
        _S.RECEIVED: (Kind.LOOK, Kind.DECIDE_CASE, Kind.DECIDE_AND_NOTIFY),
        _S.NEEDS_INFORMATION: (Kind.LOOK, Kind.DECIDE_CASE, Kind.DECIDE_AND_NOTIFY),
        _S.HIDDEN: (Kind.DECIDE_CASE,),
        _S.REMOVAL_APPEALED: (Kind.DECIDE_APPEAL,),
        _S.KEEP_APPEALED: (Kind.DECIDE_APPEAL,),
    }
)
"""What an open state owes, first things first: the queue asks for the first kind that runs, and mixes none."""


def move(state: CaseState | None, what: Move, *, by: ActorKind) -> Step:
    """The step that ``what`` makes from ``state`` (null before filing); ``LifecycleError`` if it may not happen."""
    found = TABLE.get((state, what))
    if found is None:
        raise LifecycleError(
            f"A case that is {state.value if state else 'not filed yet'} does not take the move {what.value}.",
            not_done="The case was not changed.",
            next_step=f"Possible now: {', '.join(sorted(m.value for m in moves_from(state))) or 'nothing'}.",
        )
    target, hands = found
    if by not in hands:
        raise LifecycleError(
            f"The move {what.value} is not for a {by.value}.",
            not_done="The case was not changed.",
            next_step=f"It is for: {', '.join(sorted(hands))}.",
        )
    return Step(state, what, target, _effect(state, target), _events(state, what, target))


def moves_from(state: CaseState | None, *, by: ActorKind | None = None) -> tuple[Move, ...]:
    """The moves on the table from ``state``, for one kind of actor or for anybody."""
    return tuple(m for (source, m), (_, hands) in TABLE.items() if source is state and (by is None or by in hands))


def queue_due(state: CaseState, clocks: Sequence[Clock]) -> datetime | None:
    """When the desk must act on a case in ``state``: the first kind of ``DUE_KINDS`` that runs; null if none does."""
    for kind in DUE_KINDS.get(state, ()):
        found = earliest_of_kind(clocks, kind)
        if found is not None:
            return found.start.due_at
    return None


def holding(state: CaseState, *, confirmed: bool) -> tuple[EventKind, ...]:
    """Events that hold already for a report that joins a case in ``state``: they stop its clocks (``clocks.stopped``).

    ``confirmed`` says whether the platform confirmed the hiding. The events must only stop clocks, not start any.
    """
    if state is CaseState.HIDDEN:
        return (EventKind.INTERIM_HIDDEN, EventKind.CONTENT_HIDDEN) if confirmed else (EventKind.INTERIM_HIDDEN,)
    if state in HIDES:
        return (EventKind.DECISION_MADE, EventKind.CONTENT_REMOVED) if confirmed else (EventKind.DECISION_MADE,)
    if state in {CaseState.DECIDED_KEPT, CaseState.KEEP_APPEALED, CaseState.RESTORED}:
        return (EventKind.DECISION_MADE,)
    return ()


def _effect(before: CaseState | None, after: CaseState) -> Effect:
    was, now = before in HIDES, after in HIDES
    if was == now:
        return Effect.NONE
    return Effect.HIDE_CONTENT if now else Effect.LIFT_HIDING


_SAID: dict[Move, tuple[EventKind, ...]] = {
    Move.FILE: (EventKind.REPORT_RECEIVED, EventKind.DECISION_REQUEST),
    Move.JOIN: (EventKind.REPORT_RECEIVED, EventKind.DECISION_REQUEST),
    Move.LOOK: (EventKind.PERSON_LOOKED,),
    Move.DECIDE_REMOVE: (EventKind.DECISION_MADE,),
    Move.DECIDE_KEEP: (EventKind.DECISION_MADE,),
    Move.APPEAL: (EventKind.APPEAL_FILED, EventKind.USER_INQUIRY),
    Move.UPHOLD: (EventKind.APPEAL_DECIDED,),
    Move.OVERTURN: (EventKind.APPEAL_DECIDED,),
    Move.WITHDRAW: (EventKind.REPORT_WITHDRAWN,),
    Move.MOOT: (EventKind.CONTENT_GONE,),
    Move.OUT_OF_SCOPE: (EventKind.OUT_OF_SCOPE,),
    Move.MERGE: (EventKind.CASE_MERGED,),
    Move.REOPEN: (EventKind.CASE_REOPENED,),
    Move.UNDO: (EventKind.CASE_REOPENED,),
}


def _events(before: CaseState | None, what: Move, after: CaseState) -> tuple[EventKind, ...]:
    said = _SAID.get(what, ())
    effect = _effect(before, after)
    if effect is Effect.HIDE_CONTENT:
        said = (*said, EventKind.RESTRICTION_IMPOSED)
    if effect is Effect.LIFT_HIDING:
        said = (*said, EventKind.RESTRICTION_LIFTED)
    if what is Move.HIDE:
        said = (*said, EventKind.INTERIM_HIDDEN)
    if what is Move.RESTORE and after is CaseState.RECEIVED:
        said = (*said, EventKind.CASE_REOPENED)
    return said
