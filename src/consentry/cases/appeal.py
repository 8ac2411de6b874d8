"""Appeals: each side may ask once for another person's judgement, and all that follows is listed, not recalled.

Invariants: whoever decided before never decides again, a machine never does; "no decision" is not a decision: an appeal
stays open with its clock until somebody rules; a ruling carries the complete list of its effects, so that nothing is
upheld without being restored or denied without being told.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from consentry.cases.decision import Person
from consentry.cases.errors import AppealError
from consentry.cases.events import utc
from consentry.cases.lifecycle import ActorKind, CaseState, Effect, Move, Step, move
from consentry.cases.register import Register, may_bank


class AppealSide(StrEnum):
    """Who appeals."""

    REPORTER = "reporter"
    UPLOADER = "uploader"
    LANE = "lane"

    @property
    def actor(self) -> ActorKind:
        """Whose move it is on the lifecycle's table."""
        return ActorKind(self.value)


class AppealOutcome(StrEnum):
    """What the second person found about the first decision."""

    UPHELD = "upheld"
    """The first decision stands."""
    OVERTURNED = "overturned"

    @property
    def move(self) -> Move:
        """The move of the case that carries it out."""
        return Move.UPHOLD if self is AppealOutcome.UPHELD else Move.OVERTURN


class AppealEffect(StrEnum):
    """One thing that must follow from a ruling."""

    HIDE_CONTENT = "hide_content"
    RESTORE_CONTENT = "restore_content"
    BANK = "bank"
    UNBANK = "unbank"
    GIVE_STRIKE = "give_strike"
    WITHDRAW_STRIKE = "withdraw_strike"
    CORRECT_NUMBERS = "correct_numbers"
    TELL_REPORTER = "tell_reporter"
    TELL_UPLOADER = "tell_uploader"
    TELL_LANE = "tell_lane"


@dataclass(frozen=True, slots=True)
class Ruling:
    """The outcome, the step of the case, and all that must follow, in this order."""

    outcome: AppealOutcome
    step: Step
    effects: tuple[AppealEffect, ...]


def open_appeal(
    state: CaseState,
    side: AppealSide,
    *,
    heard_before: Collection[AppealSide],
    window_ends: datetime,
    now: datetime,
) -> Step:
    """The step that opens an appeal of ``side``; ``AppealError`` or ``LifecycleError`` if none is open to it.

    ``heard_before`` are the sides whose appeal in this case was ruled on already; ``window_ends`` is the latest end of
    the appeal windows of this side's clocks.
    """
    if side in heard_before:
        raise AppealError(
            f"The {side.value}'s appeal in this case was decided already.",
            not_done="No further appeal was opened.",
            next_step="A court or an out-of-court body may be open; see the letter about the first appeal.",
        )
    if utc(now) > utc(window_ends):
        raise AppealError(
            "The time to appeal is over.",
            not_done="No appeal was opened.",
            next_step="A new report about the picture is always possible.",
        )
    return move(state, Move.APPEAL, by=side.actor)


def rule_on(
    state: CaseState,
    outcome: AppealOutcome,
    *,
    by: Person,
    decided_before: Collection[str],
    register: Register,
    uploader_knows: bool,
    lane_involved: bool,
) -> Ruling:
    """The ruling of ``by`` on the appeal that is open in ``state``.

    ``decided_before`` are the refs of everybody who decided or ruled in this case. ``uploader_knows``: the uploader was
    ever told of a restriction; otherwise an appeal that changes nothing is not announced to them (DR-09).
    """
    if not by.ref or by.ref in decided_before:
        raise AppealError(
            "Whoever decided in this case before does not decide the appeal.",
            not_done="The appeal stays open.",
            next_step="Let another reviewer rule on it.",
        )
    step = move(state, outcome.move, by=by.kind)
    return Ruling(outcome, step, (*_done(step, outcome, register), *_told(step, uploader_knows, lane_involved)))


def _done(step: Step, outcome: AppealOutcome, register: Register) -> tuple[AppealEffect, ...]:
    if outcome is AppealOutcome.UPHELD:
        return ()
    if step.effect is Effect.LIFT_HIDING:
        return (
            AppealEffect.RESTORE_CONTENT,
            AppealEffect.UNBANK,
            AppealEffect.WITHDRAW_STRIKE,
            AppealEffect.CORRECT_NUMBERS,
        )
    bank = (AppealEffect.BANK,) if may_bank(register) else ()
    return (AppealEffect.HIDE_CONTENT, *bank, AppealEffect.GIVE_STRIKE, AppealEffect.CORRECT_NUMBERS)


def _told(step: Step, uploader_knows: bool, lane_involved: bool) -> tuple[AppealEffect, ...]:
    told = [AppealEffect.TELL_REPORTER]
    if uploader_knows or step.effect is not Effect.NONE:
        told.append(AppealEffect.TELL_UPLOADER)
    if lane_involved:
        told.append(AppealEffect.TELL_LANE)
    return tuple(told)
