"""The unchanged ``openai`` client against the proxy, served on loopback by the server that production uses."""

import base64
import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import c2pa
import httpx
import openai
import pytest
from PIL import Image
from starlette.responses import HTMLResponse, JSONResponse, Response

from consentry.adapters.upstreams.openai_compatible import OpenAICompatible
from consentry.guard.decision import Outcome
from consentry.guard.request import Person, Role, Route
from tests.fakes.guard import ScriptedGuard
from tests.fakes.guard_app import GuardApp
from tests.fakes.image_upstream import Asked, ImageUpstream, b64, picture, stream
from tests.fakes.ledger import KEY, KEY_WITHOUT_SCREEN, KEY_WITHOUT_SUBJECT
from tests.fakes.loopback import served


def client(address: str, key: str = KEY, **headers: str) -> openai.OpenAI:
    """The client as anybody would make it."""
    return openai.OpenAI(
        base_url=f"{address}/v1", api_key=key, max_retries=0, default_headers=headers,
        timeout=30,
    )  # fmt: skip


def named(data: bytes, name: str = "photo.png") -> io.BytesIO:
    """A file-like object with a name, as callers open them."""
    stream_ = io.BytesIO(data)
    stream_.name = name
    return stream_


def body_of(error: openai.APIError) -> dict[str, Any]:
    """The ``error`` object that the client kept."""
    assert isinstance(error.body, dict)
    return error.body


@pytest.fixture
def guard_app() -> GuardApp:
    """The proxy with fakes."""
    return GuardApp()


@contextmanager
def behind(guard_app: GuardApp, upstream: ImageUpstream, **limits: Any) -> Iterator[str]:
    """The proxy's address, with ``upstream`` really served behind it."""
    with served(upstream) as origin:
        guard_app.upstream = OpenAICompatible(f"{origin}/v1", "operators-own-key")
        with served(guard_app.build(**limits)) as address:
            yield address


class TestAllowed:
    def test_an_edit_comes_back_edited_and_signed(self, guard_app: GuardApp) -> None:
        original = picture()
        with served(guard_app.build()) as address:
            reply = client(address).images.with_raw_response.edit(
                image=named(original), prompt="make the sky a sunset", model="gpt-image-1"
            )
        parsed = reply.parse()
        assert parsed.data is not None
        data = base64.b64decode(str(parsed.data[0].b64_json))
        with Image.open(io.BytesIO(data)) as edited:
            assert edited.convert("RGB").tobytes() != Image.open(io.BytesIO(original)).convert("RGB").tobytes()
        manifest = c2pa.Reader("image/png", io.BytesIO(data)).get_active_manifest()
        assert manifest is not None
        actions = manifest["assertions"][0]["data"]["actions"]
        assert [one["action"] for one in actions] == ["c2pa.opened", "c2pa.edited"]
        assert "digitalSourceType" not in actions[0]
        assert actions[1]["digitalSourceType"].endswith("/compositeWithTrainedAlgorithmicMedia")
        assert "sunset" not in str(manifest)
        decision = guard_app.ledger.of("screening")[0][1].decision
        assert reply.headers["x-consentry-decision"] == decision.decision_id
        assert reply.headers["x-consentry-policy"] == "scripted@1"
        promise = reply.headers["x-consentry-promise"]
        assert decision.decision_id in base64.urlsafe_b64decode(promise + "=" * (-len(promise) % 4)).decode()
        assert [verb for verb, _ in guard_app.ledger.verbs] == ["screening", "output", "release"]

    def test_the_client_s_own_forms_reach_guard_and_upstream(self, guard_app: GuardApp) -> None:
        upstream = ImageUpstream()
        guard = guard_app.guard = ScriptedGuard()
        first, second, mask = picture(colour=(1, 2, 3)), picture("JPEG"), picture(colour=(9, 9, 9))
        with behind(guard_app, upstream) as address:
            api = client(address, **{"X-Consentry-Person": "fictional", "X-Consentry-Subject": "acct_1"})
            api.images.generate(prompt="a red square", model="gpt-image-1", n=1, size="1024x1024")
            api.images.edit(image=named(first), mask=named(mask), prompt="brighter", model="gpt-image-1")
            api.images.edit(image=[named(first), named(second, "写真.jpg")], prompt="brighter", model="gpt-image-1")
            api.images.create_variation(image=named(first), n=1)
        assert [one.route for one in guard.asked] == [Route.GENERATE, Route.EDIT, Route.EDIT, Route.VARIATION]
        assert [one.person for one in guard.asked] == [Person.FICTIONAL] * 4
        assert [one.subject for one in guard.asked] == ["acct_1"] * 4
        assert [(one.role, one.data) for one in guard.asked[1].images] == [(Role.INPUT, first), (Role.MASK, mask)]
        assert [one.data for one in guard.asked[2].images] == [first, second]
        generated, masked, several, varied = upstream.asked
        assert dict(generated.fields) == {
            "prompt": "a red square", "model": "gpt-image-1", "n": 1, "size": "1024x1024",
        }  # fmt: skip
        assert (masked.named("image"), masked.named("mask")) == ([first], [mask])
        assert several.named("image[]") == [first, second]
        assert (varied.path, varied.named("prompt")) == ("/v1/images/variations", [])
        assert {one.authorization for one in upstream.asked} == {"Bearer operators-own-key"}

    def test_nothing_unscreened_of_the_upstream_s_reply_goes_on(self, guard_app: GuardApp) -> None:
        with behind(guard_app, ImageUpstream()) as address:
            reply = client(address).images.generate(prompt="a red square")
        assert reply.data is not None
        assert reply.data[0].revised_prompt is None
        assert reply.usage is not None
        assert reply.usage.total_tokens == 7

    def test_a_caller_cannot_lower_moderation(self, guard_app: GuardApp) -> None:
        upstream = ImageUpstream()
        app = None
        with served(upstream) as origin:
            guard_app.upstream = OpenAICompatible(f"{origin}/v1", "operators-own-key")
            app = guard_app.build()
            with served(app) as address:
                client(address).images.generate(prompt="a tree", moderation="low")
        assert upstream.asked[0].named("moderation") == ["auto"]
        assert app.state.metrics.value("consentry_guard_moderation_lowered_total") == 1

    def test_whoever_asks_for_an_address_gets_the_picture_as_a_data_url(self, guard_app: GuardApp) -> None:
        with served(guard_app.build()) as address:
            reply = client(address).images.generate(prompt="a tree", response_format="url")
        assert reply.data is not None
        assert reply.data[0].url == f"data:image/png;base64,{reply.data[0].b64_json}"

    def test_an_upstream_s_own_address_is_fetched_screened_and_replaced(self, guard_app: GuardApp) -> None:
        upstream = ImageUpstream()
        guard = guard_app.guard = ScriptedGuard()
        sky = picture("JPEG", (10, 90, 200))
        with served(upstream) as origin:

            def answer(asked: Asked) -> Response:
                if asked.path == "/made/1.jpg":
                    return Response(sky, media_type="image/jpeg")
                return JSONResponse({"created": 1, "data": [{"url": f"{origin}/made/1.jpg"}]})

            upstream.answer = answer
            guard_app.upstream = OpenAICompatible(f"{origin}/v1", "operators-own-key")
            with served(guard_app.build()) as address:
                reply = client(address).images.generate(prompt="a sky")
        assert guard.outputs == [(sky,)]
        assert reply.data is not None
        assert reply.data[0].url is None
        assert base64.b64decode(str(reply.data[0].b64_json))[:2] == b"\xff\xd8"

    def test_moderations_answer_in_the_client_s_shape(self, guard_app: GuardApp) -> None:
        guard_app.guard = ScriptedGuard(signals={"text_sexual": 0.8, "text_minor": 0.0, "nudity_exposure": 0.1})
        with served(guard_app.build()) as address:
            parts: Any = [
                {"type": "text", "text": "a tree"},
                {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{b64(picture())}"}},
            ]
            reply = client(address).moderations.create(input=parts)
        (result,) = reply.results
        assert result.flagged
        assert result.categories.sexual
        assert result.category_scores.sexual == 0.8
        assert result.category_applied_input_types.sexual == ["text", "image"]
        assert result.category_applied_input_types.sexual_minors == ["text"]
        assert result.category_applied_input_types.violence == []
        assert len(result.categories.model_dump(by_alias=True)) == 13


class TestStopped:
    def test_a_denied_edit_raises_the_client_s_usual_error_and_reaches_nobody(self, guard_app: GuardApp) -> None:
        upstream = ImageUpstream()
        with behind(guard_app, upstream) as address, pytest.raises(openai.BadRequestError) as caught:
            client(address).images.edit(image=named(picture()), prompt="only underwear", model="gpt-image-1")
        error = body_of(caught.value)
        assert caught.value.code == "moderation_blocked"
        assert error["type"] == "image_generation_user_error"
        assert error["param"] is None
        assert [one["code"] for one in error["reasons"]] == ["nonconsensual_undress"]
        decision = guard_app.ledger.of("screening")[0][1].decision
        assert error["decision_id"] == decision.decision_id
        assert error["promise"]["entry"] == decision.decision_id
        assert error["message"] == decision.reasons[0].en
        assert upstream.asked == []

    def test_the_sentence_is_in_the_caller_s_language(self, guard_app: GuardApp) -> None:
        with served(guard_app.build()) as address, pytest.raises(openai.BadRequestError) as caught:
            client(address, **{"Accept-Language": "ja,en;q=0.8"}).images.generate(prompt="only underwear")
        assert body_of(caught.value)["message"] == guard_app.ledger.of("screening")[0][1].decision.reasons[0].ja

    def test_a_challenge_names_the_page_that_explains_it(self, guard_app: GuardApp) -> None:
        with served(guard_app.build()) as address, pytest.raises(openai.PermissionDeniedError) as caught:
            client(address).images.edit(image=named(picture()), prompt="this bikini", model="gpt-image-1")
        error = body_of(caught.value)
        assert (error["code"], error["link"]) == ("consent_required", "https://portal.example/consent/needed")

    def test_an_output_that_is_stopped_never_leaves(self, guard_app: GuardApp) -> None:
        guard_app.guard = ScriptedGuard(on_output=lambda _: (Outcome.DENY, ("output_more_exposed",)))
        with served(guard_app.build()) as address, pytest.raises(openai.BadRequestError) as caught:
            client(address).images.edit(image=named(picture()), prompt="brighter", model="gpt-image-1")
        assert [one["code"] for one in body_of(caught.value)["reasons"]] == ["output_more_exposed"]
        assert [verb for verb, _ in guard_app.ledger.verbs] == ["screening", "output"]

    def test_every_output_counts_the_tenth_too(self, guard_app: GuardApp) -> None:
        outputs = [picture(colour=(place * 20, 0, 0)) for place in range(10)]

        def last_is_bad(given: Any) -> tuple[Outcome, tuple[str, ...]]:
            return (Outcome.DENY, ("output_sexualised",)) if outputs[9] in given else (Outcome.ALLOW, ())

        guard_app.guard = ScriptedGuard(on_output=last_is_bad)
        upstream = ImageUpstream(lambda _: JSONResponse({"data": [{"b64_json": b64(one)} for one in outputs]}))
        with behind(guard_app, upstream) as address, pytest.raises(openai.BadRequestError):
            client(address).images.generate(prompt="ten trees", n=10)

    def test_a_detector_that_is_down_denies_and_says_when_to_come_back(self, guard_app: GuardApp) -> None:
        guard_app.guard = ScriptedGuard(on_request=lambda _: (Outcome.DENY, ("screening_unavailable",)))
        with served(guard_app.build()) as address, pytest.raises(openai.BadRequestError) as caught:
            client(address).images.generate(prompt="a tree")
        assert caught.value.code == "moderation_blocked"
        assert int(caught.value.response.headers["retry-after"]) > 0

    @pytest.mark.parametrize("verb", ["screening", "output", "release"])
    def test_what_cannot_be_recorded_is_not_returned(self, guard_app: GuardApp, verb: str) -> None:
        guard_app.ledger.failing.add(verb)
        with served(guard_app.build()) as address, pytest.raises(openai.InternalServerError) as caught:
            client(address).images.generate(prompt="a tree")
        assert (caught.value.status_code, caught.value.code) == (503, "not_recorded")


class TestCallers:
    @pytest.mark.parametrize("key", ["wrong", "x" * 600])
    def test_an_unknown_key_opens_nothing(self, guard_app: GuardApp, key: str) -> None:
        with served(guard_app.build()) as address:
            answer = httpx.post(
                f"{address}/v1/images/generations", headers={"Authorization": f"Bearer {key}"}, json={"prompt": "x"}
            )
        assert answer.status_code == 401
        assert answer.json()["error"]["code"] == "invalid_api_key"
        assert guard_app.ledger.verbs == []

    def test_a_large_body_with_a_wrong_key_still_reads_its_answer(self, guard_app: GuardApp) -> None:
        with served(guard_app.build()) as address, pytest.raises(openai.AuthenticationError):
            client(address, "wrong").images.edit(image=named(bytes(8_000_000)), prompt="x", model="m")

    def test_a_key_for_look_ups_screens_nothing(self, guard_app: GuardApp) -> None:
        with served(guard_app.build()) as address, pytest.raises(openai.PermissionDeniedError) as caught:
            client(address, KEY_WITHOUT_SCREEN).images.generate(prompt="a tree")
        assert caught.value.code == "scope_missing"

    def test_only_a_trusted_platform_says_who_asks(self, guard_app: GuardApp) -> None:
        guard = guard_app.guard = ScriptedGuard()
        with served(guard_app.build()) as address:
            client(address).images.generate(prompt="a tree", user="acct_7")
            client(address, KEY_WITHOUT_SUBJECT).images.generate(prompt="a tree", user="acct_7")
            with pytest.raises(openai.PermissionDeniedError):
                client(address, KEY_WITHOUT_SUBJECT, **{"X-Consentry-Subject": "acct_7"}).images.generate(prompt="x")
            with pytest.raises(openai.BadRequestError):
                client(address, **{"X-Consentry-Subject": "acct_7"}).images.generate(prompt="x", user="acct_8")
        assert [one.subject for one in guard.asked] == ["acct_7", None]

    def test_a_suspended_account_makes_nothing(self, guard_app: GuardApp) -> None:
        guard_app.ledger.suspended.add("acct_9")
        with served(guard_app.build()) as address, pytest.raises(openai.PermissionDeniedError) as caught:
            client(address).images.generate(prompt="a tree", user="acct_9")
        assert caught.value.code == "subject_suspended"


FAULTS: dict[str, tuple[Any, int]] = {
    "error": (lambda _: Response("boom", 500), 502),
    "page with 200": (lambda _: HTMLResponse("<h1>ok</h1>"), 502),
    "cut short": (lambda _: Response('{"data": [{"b64_json": "iVBO', media_type="application/json"), 502),
    "eleven pictures": (lambda _: JSONResponse({"data": [{"b64_json": b64(picture())}] * 11}), 502),
    "no picture": (lambda _: JSONResponse({"data": []}), 502),
    "null picture": (lambda _: JSONResponse({"data": [{"b64_json": None}]}), 502),
    "not base64": (lambda _: JSONResponse({"data": [{"b64_json": "*"}]}), 502),
    "not a picture": (lambda _: JSONResponse({"data": [{"b64_json": b64(b"hello")}]}), 502),
    "wrong key": (lambda _: JSONResponse({"error": {"message": "key"}}, 401), 502),
    "private address": (lambda _: JSONResponse({"data": [{"url": "http://127.0.0.1:9/x.png"}]}), 502),
    "elsewhere": (lambda _: Response(status_code=302, headers={"Location": "http://127.0.0.1:9/"}), 502),
    "gzip": (lambda _: Response(b"\x1f\x8b", headers={"Content-Encoding": "gzip"}, media_type="application/json"), 502),
}


class TestUpstreamFaults:
    @pytest.mark.parametrize("name", FAULTS)
    def test_a_fault_is_nobody_s_offence(self, guard_app: GuardApp, name: str) -> None:
        answer, status = FAULTS[name]
        with behind(guard_app, ImageUpstream(answer)) as address, pytest.raises(openai.InternalServerError) as caught:
            client(address).images.generate(prompt="a tree")
        assert (caught.value.status_code, caught.value.code) == (status, "upstream_fault")
        last, given = guard_app.ledger.verbs[-1]
        assert last == "fault" or (last == "output" and given.fault)

    def test_an_upstream_that_hangs_is_left_at_the_deadline(self, guard_app: GuardApp) -> None:
        upstream = ImageUpstream(hang=True)
        with (
            behind(guard_app, upstream, upstream_seconds=0.3) as address,
            pytest.raises(openai.InternalServerError) as e,
        ):
            client(address).images.generate(prompt="a tree")
        assert (e.value.status_code, e.value.code) == (504, "upstream_fault")
        assert guard_app.ledger.of("fault") == ["it did not answer in time"]

    def test_an_upstream_s_refusal_is_passed_on_as_its_own(self, guard_app: GuardApp) -> None:
        said = JSONResponse({"error": {"message": "size not\nsupported", "code": "x"}}, 400)
        with behind(guard_app, ImageUpstream(lambda _: said)) as address, pytest.raises(openai.BadRequestError) as e:
            client(address).images.generate(prompt="a tree")
        assert e.value.code == "upstream_refused"
        assert "size not supported" in body_of(e.value)["message"]

    def test_a_reply_over_the_limit_is_not_read_to_its_end(self, guard_app: GuardApp) -> None:
        upstream = ImageUpstream(lambda _: JSONResponse({"data": [{"b64_json": "A" * 100_000}]}))
        with behind(guard_app, upstream, reply_bytes=50_000) as address, pytest.raises(openai.InternalServerError):
            client(address).images.generate(prompt="a tree")
        assert guard_app.ledger.of("fault") == ["its answer is too large"]


def partial(place: int, data: bytes) -> dict[str, Any]:
    """A partial picture of OpenAI's stream."""
    return {"type": "image_generation.partial_image", "partial_image_index": place, "b64_json": b64(data)}


def completed(data: bytes) -> dict[str, Any]:
    """The last picture of OpenAI's stream."""
    return {"type": "image_generation.completed", "b64_json": b64(data), "usage": {"total_tokens": 7}}


class TestStreams:
    def raw(self, address: str) -> bytes:
        """Everything that comes over the wire."""
        with httpx.stream(
            "POST", f"{address}/v1/images/generations", headers={"Authorization": f"Bearer {KEY}"},
            json={"prompt": "a tree", "stream": True, "partial_images": 3}, timeout=30,
        ) as answer:  # fmt: skip
            return b"".join(answer.iter_raw())

    def test_a_stream_that_passes_ends_with_the_signed_picture_alone(self, guard_app: GuardApp) -> None:
        parts = [picture(colour=(place, place, place)) for place in range(3)]
        upstream = ImageUpstream(lambda _: stream(*map(partial, range(3), parts), completed(picture())))
        with behind(guard_app, upstream) as address:
            events = list(client(address).images.generate(prompt="a tree", stream=True, partial_images=3))
            raw = self.raw(address)
        assert [one.type for one in events] == ["image_generation.completed"]
        assert c2pa.Reader("image/png", io.BytesIO(base64.b64decode(events[0].b64_json))).get_validation_state()
        assert not any(b64(one).encode() in raw for one in parts)
        assert upstream.asked[0].named("partial_images") == []

    def test_a_stream_that_is_stopped_holds_no_byte_of_any_picture(self, guard_app: GuardApp) -> None:
        guard_app.guard = ScriptedGuard(on_output=lambda _: (Outcome.DENY, ("output_sexualised",)))
        upstream = ImageUpstream(lambda _: stream(partial(0, picture()), completed(picture())))
        with behind(guard_app, upstream) as address:
            raw = self.raw(address)
            with pytest.raises(openai.APIError) as caught:
                list(client(address).images.generate(prompt="a tree", stream=True))
        assert b"b64_json" not in raw
        assert b64(picture())[:40].encode() not in raw
        assert raw.count(b"event: error") == 1
        assert caught.value.code == "moderation_blocked"

    def test_a_refused_request_gets_no_stream_at_all(self, guard_app: GuardApp) -> None:
        with served(guard_app.build()) as address, pytest.raises(openai.BadRequestError):
            client(address).images.generate(prompt="only underwear", stream=True)

    @pytest.mark.parametrize(
        "reply",
        [
            lambda _: stream(partial(0, picture())),
            lambda _: stream(completed(picture()), end=b'event: error\ndata: {"type":"error","error":{}}\n\n'),
            lambda _: stream(completed(picture()), end=b"data: {\n\n"),
            lambda _: stream(completed(bytes(60_000))),
        ],
        ids=["broke off", "error at the end", "torn event", "larger than the buffer"],
    )
    def test_a_broken_stream_releases_nothing(self, guard_app: GuardApp, reply: Any) -> None:
        with behind(guard_app, ImageUpstream(reply), reply_bytes=50_000) as address:
            raw = self.raw(address)
        assert b"b64_json" not in raw
        assert b'"code": "upstream_fault"' in raw
        assert guard_app.ledger.of("release") == []

    def test_the_built_in_editor_answers_streams_too(self, guard_app: GuardApp) -> None:
        with served(guard_app.build()) as address:
            events = list(
                client(address).images.edit(
                    image=named(picture()), prompt="grey please", model="gpt-image-1", stream=True
                )
            )
        assert [one.type for one in events] == ["image_edit.completed"]
