"""The pipeline: complete reading, or denial. Every fault of every part is a row of a table here."""

import math
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from consentry.adapters.clock import SystemClock
from consentry.basics.ids import RequestId
from consentry.guard.decision import GuardDecision, Outcome, OutputCheck
from consentry.guard.detector import Reading
from consentry.guard.errors import DecoderDown
from consentry.guard.limits import Limits
from consentry.guard.memory import EmptyMemory, Recollection
from consentry.guard.output import OutputContext
from consentry.guard.picture import Picture
from consentry.guard.pipeline import Guard
from consentry.guard.policy import house_policy_bytes, load_policy
from consentry.guard.prompt import PromptScreen
from consentry.guard.request import ImagePart, Person, Role, Route, ScreenRequest, TextPart
from consentry.guard.signals import KNOWN_SIGNALS, PROMPT_SIGNALS
from tests.fakes.guard_parts import (
    HangingDetector,
    TableDetector,
    TableMemory,
    TrustingDecoder,
    faces,
    nudity,
    picture_of,
)

POLICY = load_policy(house_policy_bytes(), known_signals=KNOWN_SIGNALS)
QUICK = Limits(detector_seconds=0.3, decode_seconds=0.3)
HARMLESS = "make the sky a sunset"
UNDRESS = "take off her jacket and shirt so she is only in underwear"


def guard(**parts: Any) -> Guard:
    given: dict[str, Any] = {
        "decoder": TrustingDecoder(),
        "detectors": (nudity(), faces()),
        "prompt": PromptScreen(),
        "policy": POLICY,
        "memory": EmptyMemory(),
        "clock": SystemClock(),
        "limits": QUICK,
    }
    return Guard(**{**given, **parts})


def request(text: str | None = HARMLESS, *files: bytes, mask: bytes | None = None, **other: Any) -> ScreenRequest:
    images = [ImagePart(f"image#{place}", Role.INPUT, data) for place, data in enumerate(files)]
    if mask is not None:
        images.append(ImagePart("mask", Role.MASK, mask))
    given: dict[str, Any] = {
        "request_id": RequestId("req_1"),
        "route": Route.EDIT,
        "texts": () if text is None else (TextPart("prompt", text),),
        "images": tuple(images),
        "subject": "somebody",
    }
    return ScreenRequest(**{**given, **other})


def codes(decision: GuardDecision) -> list[str]:
    return [one.code for one in decision.reasons]


def denied_as_unavailable(decision: GuardDecision) -> bool:
    return decision.decision is Outcome.DENY and codes(decision) == ["screening_unavailable"]


def test_an_ordinary_edit_is_allowed_and_says_what_was_read() -> None:
    seen = (nudity(), faces())
    screening = guard(detectors=seen).screen(request(HARMLESS, b"one FFF", b"two", mask=b"three"))
    decision = screening.decision
    assert decision.decision is Outcome.ALLOW
    assert decision.output_check is OutputCheck.NORMAL
    assert [(part.name, dict(part.seen_by)) for part in decision.parts] == [
        ("prompt", {"prompt": len(HARMLESS)}),
        ("image#0", {"nudity": 3, "faces": 3}),
        ("image#1", {"nudity": 1, "faces": 1}),
        ("mask", {"nudity": 1, "faces": 1}),
    ]
    assert [part.digest for part in decision.parts[1:]] == [one.sha256 for one in screening.pictures if one]
    assert all(sorted(one.saw) == sorted(part.digest for part in decision.parts[1:]) for one in seen)
    assert set(KNOWN_SIGNALS) <= set(decision.signals)
    assert decision.signals["image_count"] == 3.0


def test_the_policys_verdict_is_the_decision() -> None:
    decision = guard().screen(request(UNDRESS, b"one")).decision
    assert (decision.decision, codes(decision)) == (Outcome.DENY, ["nonconsensual_undress"])
    assert decision.policy == POLICY.label
    assert decision.policy_digest == POLICY.digest


class _Faulty(TableDetector):
    """A detector whose reading is whatever the fault makes of it."""

    def __init__(self, fault: Callable[[Picture], Any]) -> None:
        super().__init__("nudity", ("exposure",))
        self.fault = fault

    def read(self, picture: Picture) -> Reading:
        return self.fault(picture)  # type: ignore[no-any-return]


def _raise(error: BaseException) -> Any:
    raise error


DETECTOR_FAULTS: dict[str, Callable[[Picture], Any]] = {
    "raises": lambda picture: _raise(RuntimeError("broken")),
    "runs out of memory": lambda picture: _raise(MemoryError()),
    "ends its thread": lambda picture: _raise(SystemExit(1)),
    "says NaN": lambda picture: Reading({"exposure": math.nan}, len(picture.views)),
    "says infinity": lambda picture: Reading({"exposure": math.inf}, len(picture.views)),
    "says less than 0": lambda picture: Reading({"exposure": -0.1}, len(picture.views)),
    "says more than 1": lambda picture: Reading({"exposure": 1.1}, len(picture.views)),
    "says text": lambda picture: Reading({"exposure": "0.1"}, len(picture.views)),  # type: ignore[dict-item]
    "says yes": lambda picture: Reading({"exposure": False}, len(picture.views)),
    "leaves its signal out": lambda picture: Reading({}, len(picture.views)),
    "names another signal": lambda picture: Reading({"exposure": 0.0, "other": 0.0}, len(picture.views)),
    "read one view less": lambda picture: Reading({"exposure": 0.0}, len(picture.views) - 1),
    "read one view more": lambda picture: Reading({"exposure": 0.0}, len(picture.views) + 1),
    "answers nothing": lambda picture: None,
    "answers a number": lambda picture: 0.0,
}


@pytest.mark.parametrize("fault", DETECTOR_FAULTS)
def test_a_detector_that(fault: str) -> None:
    broken = guard(detectors=(_Faulty(DETECTOR_FAULTS[fault]), faces()))
    assert denied_as_unavailable(broken.screen(request(HARMLESS, b"one FF")).decision)
    assert denied_as_unavailable(broken.screen(request(UNDRESS, b"one FF")).decision)
    assert broken.health()["faces"] == "ok", "one bad detector must not take another down"
    assert broken.screen(request(HARMLESS)).decision.allowed, "a request without a picture needs no detector"


def test_a_detector_that_hangs_denies_in_time_is_stuck_and_recovers_without_a_restart() -> None:
    hanging = HangingDetector()
    limits = replace(QUICK, abandoned_threads=2, threads=1)
    stopped = guard(detectors=(hanging, faces()), limits=limits)
    for _ in range(2):
        assert denied_as_unavailable(stopped.screen(request(HARMLESS, b"one")).decision)
    assert stopped.health() == {"decoder": "ok", "nudity": "stuck", "faces": "ok"}
    before = threading.active_count()
    for _ in range(20):
        assert denied_as_unavailable(stopped.screen(request(HARMLESS, b"one")).decision)
    assert threading.active_count() <= before, "hanging work is bounded"
    assert stopped.screen(request(HARMLESS)).decision.allowed, "a request without a picture needs no detector"
    hanging.release.set()
    for _ in range(100):
        if stopped.health()["nudity"] == "ok":
            break
        threading.Event().wait(0.02)
    assert stopped.screen(request(HARMLESS, b"one")).decision.allowed


def test_a_hanging_decoder_denies() -> None:
    release = threading.Event()

    def decode(data: bytes) -> Picture:
        release.wait(30)
        return picture_of(data)

    assert denied_as_unavailable(
        guard(decoder=SimpleNamespace(decode=decode)).screen(request(HARMLESS, b"one")).decision
    )
    release.set()


DECODER_FAULTS: dict[str, Callable[[bytes], Any]] = {
    "is down": lambda data: _raise(DecoderDown("no process")),
    "raises": lambda data: _raise(ValueError("odd")),
    "answers nothing": lambda data: None,
    "answers with another picture": lambda data: picture_of(data + b"!"),
    "shows no view": lambda data: replace(picture_of(data), views=()),
    "leaves out frames": lambda data: replace(picture_of(data), frames=2),
}


@pytest.mark.parametrize("fault", DECODER_FAULTS)
def test_a_decoder_that(fault: str) -> None:
    broken = guard(decoder=SimpleNamespace(decode=DECODER_FAULTS[fault]))
    assert denied_as_unavailable(broken.screen(request(HARMLESS, b"one")).decision)


def _words(**signals: Any) -> Any:
    def read(texts: Sequence[TextPart], *, route: Route) -> Any:
        return SimpleNamespace(
            signals=dict.fromkeys(PROMPT_SIGNALS, 0.0) | signals,
            characters_read={one.name: len(one.text) for one in texts},
        )

    return SimpleNamespace(read=read)


PROMPT_FAULTS: dict[str, Any] = {
    "raises": SimpleNamespace(read=lambda texts, route: _raise(RecursionError())),
    "answers nothing": SimpleNamespace(read=lambda texts, route: None),
    "says NaN": _words(text_undress=math.nan),
    "says text": _words(text_undress="0"),
    "says nothing of a signal": _words(text_undress=None),
    "read one character less": SimpleNamespace(
        read=lambda texts, route: SimpleNamespace(
            signals=dict.fromkeys(PROMPT_SIGNALS, 0.0), characters_read={"prompt": len(texts[0].text) - 1}
        )
    ),
    "left out a text": SimpleNamespace(
        read=lambda texts, route: SimpleNamespace(signals=dict.fromkeys(PROMPT_SIGNALS, 0.0), characters_read={})
    ),
}


@pytest.mark.parametrize("fault", PROMPT_FAULTS)
def test_a_prompt_screen_that(fault: str) -> None:
    assert denied_as_unavailable(guard(prompt=PROMPT_FAULTS[fault]).screen(request(HARMLESS)).decision)


def test_a_memory_that_cannot_answer_denies() -> None:
    down = SimpleNamespace(recall=lambda hashes: _raise(OSError("no database")))
    assert denied_as_unavailable(guard(memory=down).screen(request(HARMLESS, b"one")).decision)


@pytest.mark.parametrize("number", [math.nan, math.inf, "1", None])
def test_a_memory_that_answers_with_no_number_denies(number: Any) -> None:
    odd = TableMemory({b"one": Recollection(blocked=number)})
    assert denied_as_unavailable(guard(memory=odd).screen(request(HARMLESS, b"one")).decision)


def test_a_policy_that_raises_denies() -> None:
    broken = SimpleNamespace(
        label="x@1", digest="0" * 64, evaluate=lambda signals, context: _raise(RuntimeError("cel"))
    )
    assert denied_as_unavailable(guard(policy=broken).screen(request(HARMLESS)).decision)


@pytest.mark.parametrize("missing", ["nudity", "faces"])
def test_a_picture_without_its_detectors_is_denied(missing: str) -> None:
    left = [one for one in (nudity(), faces()) if one.name != missing]
    assert denied_as_unavailable(guard(detectors=left).screen(request(HARMLESS, b"one")).decision)


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (request(None), "nothing_to_screen"),
        (request("  \n\u3000"), "nothing_to_screen"),
        (request("a" * 32_001), "text_too_long"),
        (request(None, texts=(TextPart("a", "b " * 8_001), TextPart("c", "d " * 8_000))), "text_too_long"),
        (request(HARMLESS, *[b"p%d" % n for n in range(17)]), "too_many_images"),
        (request(HARMLESS, b"x" * (20 * 1024 * 1024 + 1)), "image_too_large"),
        (request(HARMLESS, b"one", b"<image_not_decodable>"), "image_not_decodable"),
        (request(HARMLESS, b"<image_too_large>"), "image_too_large"),
        (request(HARMLESS, b"one", mask=b"<too_many_frames>"), "too_many_frames"),
    ],
)
def test_what_is_not_read_whole_is_denied_by_name(asked: ScreenRequest, code: str) -> None:
    screening = guard().screen(asked)
    assert (screening.decision.decision, codes(screening.decision)) == (Outcome.DENY, [code])
    assert len(screening.pictures) == len(asked.images)
    assert all(not part.seen_by for part in screening.decision.parts if part.name != "prompt")


def test_a_format_that_is_not_accepted_is_named_in_both_languages() -> None:
    (why,) = guard().screen(request(HARMLESS, b"<image_format_not_accepted>")).decision.reasons
    assert why.code == "image_format_not_accepted"
    assert "BMP" in why.message("en")
    assert "BMP" in why.message("ja")


def test_two_texts_of_one_name_are_both_read() -> None:
    texts = (TextPart("prompt", HARMLESS), TextPart("prompt", UNDRESS))
    decision = guard().screen(request(None, b"one", texts=texts)).decision
    assert codes(decision) == ["nonconsensual_undress"]
    assert [dict(part.seen_by) for part in decision.parts[:2]] == [{"prompt": len(HARMLESS)}, {"prompt": len(UNDRESS)}]


def test_text_that_is_no_unicode_does_not_break_the_guard() -> None:
    assert guard().screen(request("a \ud800 sunset")).decision.decision in set(Outcome)


def test_only_the_sixteenth_picture_is_banked_and_the_request_is_refused() -> None:
    files = [b"p%d" % number for number in range(16)]
    for place in range(16):
        memory = TableMemory({files[place]: Recollection(blocked=1.0)})
        assert codes(guard(memory=memory).screen(request(HARMLESS, *files)).decision) == ["picture_not_editable"]


def test_a_banked_mask_is_refused_too() -> None:
    memory = TableMemory({b"mask": Recollection(blocked=1.0)})
    assert codes(guard(memory=memory).screen(request(" ", b"one", mask=b"mask")).decision) == ["picture_not_editable"]


def test_fictional_does_not_loosen_when_a_face_is_seen() -> None:
    seen = guard(detectors=(nudity(), faces({b"one": 0.92})))
    decision = seen.screen(request(UNDRESS, b"one", person=Person.FICTIONAL)).decision
    assert codes(decision) == ["nonconsensual_undress"]


def test_many_callers_at_once_get_their_own_answers() -> None:
    shared = guard(detectors=(nudity(), faces()), limits=Limits())
    wrong: list[str] = []

    def ask(number: int) -> None:
        for _ in range(5):
            data = b"caller %d" % number
            screening = shared.screen(request(UNDRESS if number % 2 else HARMLESS, data))
            picture = screening.pictures[0]
            if screening.decision.allowed is bool(number % 2) or picture is None or picture.clean != data:
                wrong.append(f"caller {number}")

    callers = [threading.Thread(target=ask, args=(number,)) for number in range(12)]
    for one in callers:
        one.start()
    for one in callers:
        one.join()
    assert wrong == []


def context_for(built: Guard, *files: bytes, **other: Any) -> OutputContext:
    screening = built.screen(request(HARMLESS, *files, **other))
    assert screening.decision.allowed
    return screening.context


def test_an_output_like_its_input_is_released() -> None:
    built = guard(detectors=(nudity({b"in": 0.7, b"out": 0.7}), faces()))
    answer = built.screen_output(context_for(built, b"in"), [b"out"])
    assert answer.decision.allowed
    assert not answer.fault
    assert [dict(part.seen_by) for part in answer.decision.parts] == [{"nudity": 1, "faces": 1}]


def test_an_output_that_bares_more_than_its_input_is_stopped_in_every_place() -> None:
    outputs = [b"out%d" % number for number in range(10)]
    for place in range(10):
        built = guard(detectors=(nudity({b"in": 0.05, outputs[place]: 0.8}), faces()))
        answer = built.screen_output(context_for(built, b"in"), outputs)
        assert codes(answer.decision) == ["output_more_exposed"]
        assert answer.decision.signals["output_exposure_rise"] == pytest.approx(0.75)


def test_small_steps_are_measured_against_the_first_picture() -> None:
    """An input that is itself an output of ours stands for the root of its lineage, whoever sends it."""
    memory = TableMemory({b"step 5": Recollection(root_exposure=0.05)})
    built = guard(detectors=(nudity({b"step 5": 0.45, b"step 6": 0.6}), faces()), memory=memory)
    context = context_for(built, b"step 5")
    assert context.root_exposure == 0.05
    assert codes(built.screen_output(context, [b"step 6"]).decision) == ["output_more_exposed"]


def test_a_bare_reference_beside_a_dressed_person_does_not_raise_the_root() -> None:
    built = guard(detectors=(nudity({b"statue": 0.9, b"out": 0.8}), faces({b"person": 0.92})))
    assert context_for(built, b"person", b"statue").root_exposure == 0.0
    assert not built.screen_output(context_for(built, b"person", b"statue"), [b"out"]).decision.allowed


def test_a_picture_from_words_alone_is_measured_against_nothing_bare() -> None:
    built = guard(detectors=(nudity({b"out": 0.97}), faces()))
    context = context_for(built, route=Route.GENERATE)
    assert context.root_exposure is None
    assert codes(built.screen_output(context, [b"out"]).decision) == ["output_sexualised"]


def test_a_banked_output_is_stopped() -> None:
    built = guard(memory=TableMemory({b"out": Recollection(blocked=1.0)}))
    assert codes(built.screen_output(context_for(built, b"in"), [b"fine", b"out"]).decision) == ["picture_not_editable"]


@pytest.mark.parametrize("outputs", [[], [b"fine", b"<image_not_decodable>"], [b"<image_format_not_accepted>"]])
def test_an_output_that_is_no_picture_is_the_upstreams_fault(outputs: list[bytes]) -> None:
    built = guard()
    answer = built.screen_output(context_for(built, b"in"), outputs)
    assert answer.fault
    assert codes(answer.decision) == ["image_not_decodable"]
    assert len(answer.pictures) == len(outputs)


def test_a_black_output_is_the_upstreams_fault() -> None:
    def decode(data: bytes) -> Picture:
        picture = picture_of(data)
        return replace(picture, views=(picture.views[0] * 0,)) if data == b"black" else picture

    built = guard(decoder=SimpleNamespace(decode=decode))
    answer = built.screen_output(context_for(built, b"in"), [b"fine", b"black"])
    assert answer.fault
    assert not answer.decision.allowed


def test_a_detector_that_fails_on_the_output_stops_it_without_calling_it_a_fault() -> None:
    built = guard()
    context = context_for(built, b"in")
    broken = guard(detectors=(_Faulty(DETECTOR_FAULTS["says NaN"]), faces()))
    answer = broken.screen_output(context, [b"out"])
    assert denied_as_unavailable(answer.decision)
    assert not answer.fault


def test_more_outputs_than_are_read_are_refused() -> None:
    built = guard()
    answer = built.screen_output(context_for(built, b"in"), [b"o%d" % number for number in range(11)])
    assert codes(answer.decision) == ["too_many_images"]


def test_an_emptied_context_denies() -> None:
    built = guard()
    context = replace(context_for(built, b"in"), signals={})
    assert denied_as_unavailable(built.screen_output(context, [b"out"]).decision)
