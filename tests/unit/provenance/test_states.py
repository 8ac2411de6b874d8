"""Our table over status codes: each by name, and what is not in it is neither good nor bad."""

import pytest

from consentry.provenance.states import Finding, Meaning, State, judge, meaning_of, meanings

HOLDS = "claimSignature.validated"


def results(own: list[str], *, source: list[str] | None = None, listed: str = "success") -> dict[str, object]:
    """A validator's results with these codes."""
    found: dict[str, object] = {"activeManifest": {listed: [{"code": code} for code in own]}}
    if source is not None:
        deltas = {"failure": [{"code": code} for code in source]}
        found["ingredientDeltas"] = [{"ingredientAssertionURI": "x", "validationDeltas": deltas}]
    return found


EXPECTED = {
    Meaning.HOLDS: State.WELL_FORMED_UNTRUSTED,
    Meaning.TRUSTED: State.TRUSTED,
    Meaning.NOTE: State.WELL_FORMED_UNTRUSTED,
    Meaning.UNTRUSTED: State.WELL_FORMED_UNTRUSTED,
    Meaning.UNFIT: State.INVALID,
    Meaning.ALTERED: State.INVALID,
    Meaning.DAMAGED: State.INVALID,
}


@pytest.mark.parametrize("code", sorted(meanings()))
@pytest.mark.parametrize("listed", ["success", "informational", "failure"])
def test_each_code_means_what_our_table_says_whatever_list_it_stands_in(code: str, listed: str) -> None:
    found = results([HOLDS])
    found["activeManifest"][listed] = [{"code": HOLDS}, {"code": code}]  # type: ignore[index]
    assert judge(found).state is EXPECTED[meanings()[code]]


def test_no_code_stands_in_the_table_twice() -> None:
    assert len(meanings()) > 90
    assert {meaning_of(code) for code in meanings()} == set(Meaning) - {Meaning.NOT_UNDERSTOOD}


@pytest.mark.parametrize("code", ["claimSignature.validated2", "assertion.dataHash.mismatch.fixed", "", "good", "fail"])
def test_an_unknown_code_is_not_understood(code: str) -> None:
    verdict = judge(results([HOLDS, "signingCredential.trusted", code]))
    assert verdict.state is State.NOT_UNDERSTOOD
    assert Finding(code, Meaning.NOT_UNDERSTOOD, False) in verdict.findings


def test_a_break_weighs_more_than_what_is_not_understood() -> None:
    assert judge(results([HOLDS, "new.code", "claimSignature.mismatch"])).state is State.INVALID


def test_a_new_break_of_a_source_counts_and_its_unlisted_signer_does_not() -> None:
    assert judge(results([HOLDS], source=["assertion.hashedURI.mismatch"])).state is State.INVALID
    trusted = judge(results([HOLDS, "signingCredential.trusted"], source=["signingCredential.untrusted"]))
    assert trusted.state is State.TRUSTED
    assert [one.in_source for one in trusted.findings] == [True]


def test_only_a_changed_file_is_called_altered() -> None:
    assert judge(results([HOLDS, "assertion.dataHash.mismatch"])).altered
    assert not judge(results([HOLDS, "signingCredential.expired"])).altered


@pytest.mark.parametrize(
    "empty", [{}, {"activeManifest": None}, {"activeManifest": {}}, results(["signingCredential.trusted"])]
)
def test_nothing_that_holds_is_not_good(empty: dict[str, object]) -> None:
    assert judge(empty).state is State.NOT_UNDERSTOOD
