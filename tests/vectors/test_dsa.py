"""Our checker agrees with every documented accept and reject case of the EU's transparency database."""

import json
from typing import Any

import pytest

from consentry.notices.dsa import Fault, violations, vocabulary
from tests.shared_data import SHARED, shared

PATH = "vectors/dsa/statement_of_reasons_spec.json"
CASES = json.loads((SHARED / PATH).read_text(encoding="utf-8")) if (SHARED / PATH).exists() else {"cases": []}


def spec() -> dict[str, Any]:
    """The file of cases; skips when it is not here."""
    found: dict[str, Any] = json.loads(shared(PATH).read_text(encoding="utf-8"))
    return found


def test_there_are_cases_of_both_sorts() -> None:
    expected = [case["expect_status"] for case in spec()["cases"]]
    assert expected.count(201) >= 4
    assert expected.count(422) >= 20


@pytest.mark.parametrize("case", CASES["cases"], ids=lambda case: case["name"])
def test_each_case_is_accepted_or_rejected_as_documented(case: dict[str, Any]) -> None:
    found = violations(case["payload"])
    assert (found == ()) is (case["expect_status"] == 201), found


@pytest.mark.parametrize("case", CASES["cases"], ids=lambda case: case["name"])
def test_a_rejected_case_is_rejected_for_its_own_field(case: dict[str, Any]) -> None:
    field = {
        "no decision at all": "decision_visibility",
        "visibility is a string": "decision_visibility",
        "visibility OTHER without text": "decision_visibility_other",
        "illegal ground without legal ground": "illegal_content_legal_ground",
        "illegal ground without explanation": "illegal_content_explanation",
        "incompatible ground without ground text": "incompatible_content_ground",
        "legal ground 501 characters": "illegal_content_legal_ground",
        "decision_facts 5001 characters": "decision_facts",
        "content_type OTHER without text": "content_type_other",
        "unknown category": "category",
        "missing puid": "puid",
        "puid with a space and a dot": "puid",
        "puid 501 characters": "puid",
        "date without leading zeroes": "application_date",
        "content_date before 2000": "content_date",
        "application_date before 2020": "application_date",
        "end date before application date": "end_date_visibility_restriction",
        "country outside EU and EEA": "territorial_scope",
        "lower-case language": "content_language",
        "automated_detection as boolean": "automated_detection",
    }.get(case["name"])
    assert {violation.field for violation in violations(case["payload"])} == ({field} if field else set())


def test_the_documentation_s_own_samples() -> None:
    samples = {sample["kind"]: sample["body"] for sample in spec()["documentation_samples"]}
    assert violations(samples["request"]) == ()
    missing = {violation.field for violation in violations({})}
    named = set(samples["response 422, empty request"]["errors"])
    assert named - {"decision_monetary", "decision_provision", "decision_account"} <= missing
    assert {violation.fault for violation in violations({})} == {Fault.REQUIRED}


def test_the_value_lists_are_the_documented_ones() -> None:
    enums = spec()["enums"]
    for name, values in vocabulary().items():
        if name not in {"countries", "limits"}:
            key = {"categories": "STATEMENT_CATEGORIES"}.get(name, name.upper())
            assert values == list(enums[key]), name
    limits = dict(vocabulary()["limits"])
    assert {name: limit for name, limit in spec()["limits"].items() if name != "statements_per_batch"}.items() <= (
        limits.items()
    )


@pytest.mark.parametrize(
    "text", ["Yamada Hanako", "@canary", "1-2-3 Canary Street", "see https://x.example/1", "IMG_1.jpg", "a@b.example"]
)
@pytest.mark.parametrize("field", ["decision_facts", "illegal_content_explanation", "illegal_content_legal_ground"])
def test_a_statement_with_something_personal_is_rejected(text: str, field: str) -> None:
    payload = {**spec()["cases"][0]["payload"], field: f"Removed because of {text}."}
    known = ["Yamada Hanako", "1-2-3 Canary Street"]
    assert [violation.field for violation in violations(payload, known)] == [field]
