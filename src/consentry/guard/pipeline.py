"""The guard itself: a request in, a decision out, and whatever is not known for certain is a denial.

Invariants: no input and no fault of a part makes ``screen`` or ``screen_output`` raise or answer *allow*; every text,
every picture, every mask and every output is read whole or the request is denied; a decision lists what was read by
whom (rule 14). Safe to call from several threads. Not done here: outside request shapes (``proxy``), what signals
mean (``policy``), keeping decisions (``actions``).
"""

import hashlib
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from consentry.basics.clock import Clock
from consentry.basics.ids import DecisionId, RequestId, Sha256Hex, new_id
from consentry.guard.decision import GuardDecision, Outcome, OutputCheck, PartRead, Reason
from consentry.guard.detector import Detector
from consentry.guard.errors import PictureRefused
from consentry.guard.limits import Limits
from consentry.guard.lineage import InputSeen, Root, find_root
from consentry.guard.looking import Decoder, Look, Looker, ScreeningLost
from consentry.guard.memory import PictureMemory, Recollection
from consentry.guard.output import OutputContext, OutputScreening
from consentry.guard.picture import Picture
from consentry.guard.policy import PolicyVerdict
from consentry.guard.reasons import reason
from consentry.guard.request import ImagePart, Role, Route, ScreenRequest, TextPart
from consentry.guard.signals import KNOWN_SIGNALS, OUTPUT_SIGNALS, PICTURE_SIGNALS, PROMPT_SIGNALS

__all__ = ["Decoder", "Guard", "OutputContext", "OutputScreening", "Screening"]

FLAT_RANGE = 4
"""An output whose pixels all lie within so many levels shows nothing: black or empty, an upstream fault."""

_UNAVAILABLE = "screening_unavailable"


class WordsRead(Protocol):
    """What a prompt screen answers: its signals and how much it read."""

    @property
    def signals(self) -> Mapping[str, float]:
        """One number from 0 to 1 for each of ``PROMPT_SIGNALS``."""
        ...

    @property
    def characters_read(self) -> Mapping[str, int]:
        """Characters read of each text by its name; fewer than were given means a partial reading."""
        ...


class WordScreen(Protocol):
    """Reads the texts of a request."""

    def read(self, texts: Sequence[TextPart], *, route: Route) -> WordsRead:
        """Read every text whole."""
        ...


class Judge(Protocol):
    """Weighs signals: a ``Policy``."""

    @property
    def label(self) -> str:
        """``name@version``."""
        ...

    @property
    def digest(self) -> Sha256Hex:
        """SHA-256 of the policy's bytes."""
        ...

    def evaluate(self, signals: Mapping[str, float], context: Mapping[str, str | bool]) -> PolicyVerdict:
        """The verdict; denies what it cannot weigh."""
        ...


@dataclass(frozen=True, slots=True)
class Screening:
    """The answer to a request.

    ``pictures`` are in the order of the request's images, ``None`` where one was not read; ``context`` is what
    ``screen_output`` needs when the request was allowed.
    """

    decision: GuardDecision
    pictures: tuple[Picture | None, ...]
    context: OutputContext


class _Refused(Exception):
    """A request that is denied before any rule is asked; carries the one reason."""

    def __init__(self, why: Reason) -> None:
        super().__init__(why.code)
        self.why = why


@dataclass(slots=True)
class _Findings:
    """What one screening has found so far; what is here when something fails is what the decision reports."""

    parts: list[PartRead]
    pictures: list[Picture | None]
    signals: dict[str, float]
    root: Root


class Guard:
    """May this picture be made? Build one for a process (``wiring``) and ask it from any thread."""

    def __init__(
        self,
        *,
        decoder: Decoder,
        detectors: Sequence[Detector],
        prompt: WordScreen,
        policy: Judge,
        memory: PictureMemory,
        clock: Clock,
        limits: Limits,
        ids: Callable[[str], str] = new_id,
    ) -> None:
        self._looker = Looker(decoder, detectors, limits, clock)
        self._detectors = tuple(detectors)
        self._prompt = prompt
        self._policy = policy
        self._memory = memory
        self._clock = clock
        self._limits = limits
        self._ids = ids

    @property
    def limits(self) -> Limits:
        """The limits in force."""
        return self._limits

    @property
    def policy(self) -> Judge:
        """The policy in force."""
        return self._policy

    def health(self) -> Mapping[str, str]:
        """``ok``, ``down`` or ``stuck`` for the decoder and each detector, by their last pieces of work."""
        return self._looker.health()

    def warm_up(self, file: bytes) -> Mapping[str, str]:
        """Decode ``file`` and show it to every detector once, so that the first request is fast; then ``health``."""
        try:
            pictures = self._looker.finish(self._looker.begin([file]))
            self._looker.look([one for one in pictures if isinstance(one, Picture)])
        except ScreeningLost:
            pass  # a detector that is down denies by itself; health() names it
        return self.health()

    def screen(self, request: ScreenRequest) -> Screening:
        """Judge a request. Never raises for anything in it; deny is the answer whenever something was not read."""
        began = self._clock.monotonic()
        found = _Findings([], [None] * len(request.images), {}, Root())
        subject_known = request.subject is not None
        try:
            self._check_size(request)
            self._read_request(request, found)
            verdict = self._policy.evaluate(
                found.signals,
                {
                    "route": request.route.value,
                    "person": request.person.value,
                    "subject_known": subject_known,
                    "stage": "request",
                },
            )
        except _Refused as refused:
            verdict = _denial(refused.why)
        except Exception:  # whatever broke, something was left unread: deny
            verdict = _denial(reason(_UNAVAILABLE))
        decision = self._decision(
            verdict, found, request.request_id, DecisionId(self._ids("dec")), self._clock.monotonic() - began
        )
        context = OutputContext(
            request_id=request.request_id,
            decision_id=decision.decision_id,
            route=request.route.value,
            person=request.person.value,
            subject_known=subject_known,
            output_check=decision.output_check.value,
            root_exposure=found.root.exposure,
            root_pdq=found.root.pdq,
            inputs_faces=found.signals.get("faces_score", 0.0),
            signals=dict(found.signals),
        )
        return Screening(decision, tuple(found.pictures), context)

    def screen_output(self, context: OutputContext, outputs: Sequence[bytes]) -> OutputScreening:
        """Judge an answer before it is released: every output against the root of its lineage. Never raises."""
        began = self._clock.monotonic()
        found = _Findings([], [None] * len(outputs), dict(context.signals), Root(context.root_exposure))
        fault = False
        try:
            fault = self._read_outputs(outputs, found)
            if fault:
                raise _Refused(reason("image_not_decodable"))
            verdict = self._policy.evaluate(
                found.signals,
                {
                    "route": context.route,
                    "person": context.person,
                    "subject_known": context.subject_known,
                    "stage": "output",
                    "strict_output": context.output_check != OutputCheck.NORMAL.value,
                },
            )
        except _Refused as refused:
            verdict = _denial(refused.why)
        except Exception:  # whatever broke, something was left unread: deny
            verdict = _denial(reason(_UNAVAILABLE))
        seconds = self._clock.monotonic() - began
        decision = self._decision(verdict, found, context.request_id, context.decision_id, seconds)
        return OutputScreening(decision, tuple(found.pictures), fault)

    def _check_size(self, request: ScreenRequest) -> None:
        if not request.images and not any(one.text.strip() for one in request.texts):
            raise _Refused(reason("nothing_to_screen"))
        if sum(len(one.text) for one in request.texts) > self._limits.text_characters:
            raise _Refused(reason("text_too_long"))
        if len(request.images) > self._limits.images:
            raise _Refused(reason("too_many_images"))

    def _read_request(self, request: ScreenRequest, found: _Findings) -> None:
        decoding = self._looker.begin([one.data for one in request.images])
        words = self._read_words(request, found)  # while the pictures are being decoded
        pictures = self._accept(self._looker.finish(decoding), request.images, found)
        looks = self._looker.look(pictures)
        memories = [self._memory.recall(picture.pdq_all) for picture in pictures]
        _note_parts(found, request.images, pictures, looks)
        found.signals = words | self._picture_signals(looks, memories) | dict.fromkeys(OUTPUT_SIGNALS, 0.0)
        _require(found.signals, KNOWN_SIGNALS)
        found.root = find_root(
            [
                InputSeen(picture.pdq, look.signals["nudity_exposure"], look.signals["faces_score"], memory)
                for part, picture, look, memory in zip(request.images, pictures, looks, memories, strict=True)
                if part.role is not Role.MASK
            ]
        )

    def _read_words(self, request: ScreenRequest, found: _Findings) -> dict[str, float]:
        if not request.texts:
            return dict.fromkeys(PROMPT_SIGNALS, 0.0)
        texts = _named_apart(request.texts)
        reading = self._prompt.read(texts, route=request.route)
        if dict(reading.characters_read) != {one.name: len(one.text) for one in texts}:
            raise ScreeningLost("the texts were not read whole")
        found.parts.extend(
            PartRead(one.name, _digest(one.text.encode("utf-8", "surrogatepass")), {"prompt": len(one.text)})
            for one in texts
        )
        signals = {name: reading.signals[name] for name in PROMPT_SIGNALS}
        _require(signals, PROMPT_SIGNALS)
        return signals

    def _accept(
        self, decoded: Sequence[Picture | PictureRefused], parts: Sequence[ImagePart], found: _Findings
    ) -> list[Picture]:
        """The pictures when all were decoded; otherwise a denial that says why the first refused one was."""
        for place, one in enumerate(decoded):
            found.pictures[place] = one if isinstance(one, Picture) else None
        for one in decoded:
            if isinstance(one, PictureRefused):
                found.parts.extend(PartRead(part.name, part.sha256, {}) for part in parts)
                raise _Refused(_picture_reason(one))
        return [one for one in decoded if isinstance(one, Picture)]

    def _picture_signals(self, looks: Sequence[Look], memories: Sequence[Recollection]) -> dict[str, float]:
        signals = _strongest(looks) if looks else self._nothing_seen()
        signals["image_count"] = float(len(looks))
        signals["memory_blocked"] = max((one.blocked for one in memories), default=0.0)
        signals["memory_refused"] = max((one.refused for one in memories), default=0.0)
        _require(signals, PICTURE_SIGNALS)
        return signals

    def _nothing_seen(self) -> dict[str, float]:
        """Signals of a request without pictures: what a detector would say is 0 because there is nothing to show."""
        named = {f"{one.name}_{signal}": 0.0 for one in self._detectors for signal in one.signals}
        return dict.fromkeys(PICTURE_SIGNALS, 0.0) | named

    def _read_outputs(self, outputs: Sequence[bytes], found: _Findings) -> bool:
        """Read all outputs into ``found``; True when the upstream sent no readable picture in one place or all."""
        if not outputs:
            return True
        if len(outputs) > self._limits.outputs:
            raise _Refused(reason("too_many_images"))
        parts = [ImagePart(f"output#{place + 1}", Role.OUTPUT, data) for place, data in enumerate(outputs)]
        decoded = self._looker.finish(self._looker.begin(outputs))
        try:
            pictures = self._accept(decoded, parts, found)
        except _Refused:
            return True
        if any(_is_flat(picture) for picture in pictures):
            found.parts.extend(PartRead(part.name, part.sha256, {}) for part in parts)
            return True
        looks = self._looker.look(pictures)
        memories = [self._memory.recall(picture.pdq_all) for picture in pictures]
        _note_parts(found, parts, pictures, looks)
        seen = _strongest(looks)
        root = found.root.exposure or 0.0
        found.signals |= {
            "output_exposure": seen["nudity_exposure"],
            "output_faces_score": seen["faces_score"],
            "output_root_exposure": root,
            "output_exposure_rise": max(0.0, seen["nudity_exposure"] - root),
            "memory_blocked": max(found.signals["memory_blocked"], *(one.blocked for one in memories)),
        }
        _require(found.signals, KNOWN_SIGNALS)
        return False

    def _decision(
        self, verdict: PolicyVerdict, found: _Findings, request_id: RequestId, decision_id: DecisionId, seconds: float
    ) -> GuardDecision:
        return GuardDecision(
            decision=verdict.outcome,
            output_check=verdict.output_check,
            reasons=verdict.reasons,
            policy=self._policy.label,
            policy_digest=self._policy.digest,
            request_id=request_id,
            decision_id=decision_id,
            signals=dict(found.signals),
            parts=tuple(found.parts),
            rules=verdict.rules_fired,
            ms=round(seconds * 1000, 3),
        )


def _named_apart(texts: Sequence[TextPart]) -> list[TextPart]:
    """The texts with names that differ, so that each one's reading can be told from another's."""
    names = [one.name for one in texts]
    if len(set(names)) == len(names):
        return list(texts)
    return [replace(one, name=f"{one.name}#{place + 1}") for place, one in enumerate(texts)]


def _denial(why: Reason) -> PolicyVerdict:
    return PolicyVerdict(Outcome.DENY, OutputCheck.STRICT, (why,), ())


def _picture_reason(refused: PictureRefused) -> Reason:
    """The reason of a refused picture; a format that is not accepted is named."""
    why = reason(refused.code)
    if not refused.format:
        return why
    return replace(
        why, en=f"{why.en} This one is {refused.format}.", ja=f"{why.ja}この画像の形式は{refused.format}です。"
    )


def _note_parts(
    found: _Findings, parts: Sequence[ImagePart], pictures: Sequence[Picture], looks: Sequence[Look]
) -> None:
    found.parts.extend(
        PartRead(part.name, picture.sha256, look.seen_by)
        for part, picture, look in zip(parts, pictures, looks, strict=True)
    )


def _strongest(looks: Sequence[Look]) -> dict[str, float]:
    """For each signal the largest over all pictures."""
    names = {name for look in looks for name in look.signals}
    return {name: max(look.signals[name] for look in looks) for name in names}


def _require(signals: Mapping[str, float], names: Sequence[str]) -> None:
    """Refuse to go on with a signal that is missing or not a finite number (rule 4)."""
    for name in names:
        number = signals.get(name)
        if isinstance(number, bool) or not isinstance(number, int | float) or not math.isfinite(number):
            raise ScreeningLost(f"the signal {name} is missing or not a finite number")


def _is_flat(picture: Picture) -> bool:
    return all(int(view.max()) - int(view.min()) <= FLAT_RANGE for view in picture.views)


def _digest(data: bytes) -> Sha256Hex:
    return Sha256Hex(hashlib.sha256(data).hexdigest())
