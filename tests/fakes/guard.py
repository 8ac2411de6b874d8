"""A guard whose verdicts a test chooses; pictures are decoded with Pillow, so that what is forwarded is real."""

import io
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from PIL import Image, UnidentifiedImageError

from consentry.basics.ids import DecisionId, PdqHex, RequestId, Sha256Hex, new_id
from consentry.guard.decision import GuardDecision, Outcome, OutputCheck, PartRead
from consentry.guard.output import OutputContext, OutputScreening
from consentry.guard.picture import Picture
from consentry.guard.pipeline import Screening
from consentry.guard.reasons import reason
from consentry.guard.request import ImagePart, Role, ScreenRequest

Verdict = tuple[Outcome, tuple[str, ...]]
ALLOW: Verdict = (Outcome.ALLOW, ())


def words_decide(request: ScreenRequest) -> Verdict:
    """Denies "underwear", challenges "bikini", allows the rest."""
    words = " ".join(one.text for one in request.texts)
    if "underwear" in words:
        return Outcome.DENY, ("nonconsensual_undress",)
    return (Outcome.CHALLENGE, ("consent_required",)) if "bikini" in words else ALLOW


@dataclass
class ScriptedGuard:
    """Keeps what it was asked. ``wait`` is held until set, to make it slow."""

    on_request: Callable[[ScreenRequest], Verdict] = words_decide
    on_output: Callable[[Sequence[bytes]], Verdict] = lambda _: ALLOW
    states: dict[str, str] = field(default_factory=lambda: {"nudity": "ok"})
    asked: list[ScreenRequest] = field(default_factory=list)
    outputs: list[tuple[bytes, ...]] = field(default_factory=list)
    signals: dict[str, float] = field(default_factory=dict)
    wait: threading.Event | None = None

    def screen(self, request: ScreenRequest) -> Screening:
        """The scripted verdict on a request."""
        self.asked.append(request)
        if self.wait is not None:
            self.wait.wait(30)
        pictures = tuple(_picture(one) for one in request.images)
        verdict = self.on_request(request)
        if None in pictures:
            verdict = (Outcome.DENY, ("image_not_decodable",))
        parts = [PartRead(one.name, Sha256Hex("0" * 64), {"prompt": len(one.text)}) for one in request.texts]
        parts += [PartRead(one.name, one.sha256, {"nudity": 1}) for one in request.images]
        decision = self._decision(verdict, request.request_id, DecisionId(new_id("dec")), parts)
        context = OutputContext(
            request.request_id, decision.decision_id, request.route.value, request.person.value,
            request.subject is not None, "strict", None, None, 0.0,
        )  # fmt: skip
        return Screening(decision, pictures, context)

    def screen_output(self, context: OutputContext, outputs: Sequence[bytes]) -> OutputScreening:
        """The scripted verdict on outputs; a fault when one is no picture."""
        self.outputs.append(tuple(outputs))
        pictures = tuple(_picture(ImagePart("output", Role.OUTPUT, one)) for one in outputs)
        fault = not outputs or None in pictures
        verdict = (Outcome.DENY, ("image_not_decodable",)) if fault else self.on_output(outputs)
        decision = self._decision(verdict, context.request_id, context.decision_id, [])
        return OutputScreening(decision, pictures, fault)

    def health(self) -> Mapping[str, str]:
        """The scripted states."""
        return self.states

    def _decision(
        self, verdict: Verdict, request_id: RequestId, decision_id: DecisionId, parts: Sequence[PartRead]
    ) -> GuardDecision:
        return GuardDecision(
            decision=verdict[0],
            output_check=OutputCheck.STRICT,
            reasons=tuple(reason(code) for code in verdict[1]),
            policy="scripted@1",
            policy_digest=Sha256Hex("0" * 64),
            request_id=request_id,
            decision_id=decision_id,
            signals=dict(self.signals),
            parts=tuple(parts),
        )


def _picture(part: ImagePart) -> Picture | None:
    try:
        with Image.open(io.BytesIO(part.data)) as opened:
            kind, media_type = str(opened.format), str(opened.get_format_mimetype())
            flat = opened.convert("RGB")
    except (UnidentifiedImageError, OSError):
        return None
    return Picture(
        sha256=part.sha256,
        format=kind,
        width=flat.width,
        height=flat.height,
        frames=1,
        views=(np.asarray(flat),),
        pdq=PdqHex("0" * 64),
        pdq_quality=100,
        pdq_all=(PdqHex("0" * 64),),
        clean=part.data,
        clean_media_type=media_type,
    )
