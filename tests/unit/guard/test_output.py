"""The output context survives storage, and anything that is not one is refused."""

import json
import math
from typing import Any

import pytest

from consentry.basics.ids import DecisionId, PdqHex, RequestId
from consentry.guard.output import OutputContext

CONTEXT = OutputContext(
    request_id=RequestId("req_1"),
    decision_id=DecisionId("dec_1"),
    route="edit",
    person="unstated",
    subject_known=True,
    output_check="strict",
    root_exposure=0.25,
    root_pdq=PdqHex("ab" * 32),
    inputs_faces=0.92,
    signals={"text_undress": 0.0, "image_count": 1.0},
)


def test_a_context_survives_json() -> None:
    assert OutputContext.from_json(json.loads(json.dumps(CONTEXT.to_json()))) == CONTEXT


def test_a_context_without_a_root_survives_json() -> None:
    value = CONTEXT.to_json() | {"root_exposure": None, "root_pdq": None}
    assert OutputContext.from_json(value).root_exposure is None


@pytest.mark.parametrize(
    "change",
    [
        {"version": 2},
        {"route": 1},
        {"output_check": "lenient"},
        {"root_exposure": math.nan},
        {"root_exposure": "0"},
        {"inputs_faces": True},
        {"signals": {"text_undress": "0"}},
        {"signals": []},
    ],
)
def test_what_is_not_a_context_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"output context|OutputCheck"):
        OutputContext.from_json(CONTEXT.to_json() | change)


@pytest.mark.parametrize("name", sorted(set(CONTEXT.to_json())))
def test_a_context_with_a_part_missing_is_refused(name: str) -> None:
    value = {key: one for key, one in CONTEXT.to_json().items() if key != name}
    with pytest.raises(ValueError, match="output context"):
        OutputContext.from_json(value)
