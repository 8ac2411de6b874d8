"""The packaged law is the jurisdiction record: the same bytes, the same counts, the same vocabulary as its README."""

import re
from datetime import UTC, datetime

import pytest
import yaml

from consentry.cases import law_file
from consentry.cases.clocks import Depiction, Filer, Installation, started_by
from consentry.cases.events import STARTS, CaseEvent, EventKind
from consentry.cases.jurisdictions import HOUSE, Rule, Status, load_rules
from consentry.cases.kinds import CLASS_OF, HOUSE_KINDS, Kind
from tests.shared_data import shared

FOLDER = "jurisdictions"


def readme() -> str:
    """The record's README."""
    return shared(f"{FOLDER}/README.md").read_text(encoding="utf-8")


def test_every_law_file_is_packaged_byte_for_byte() -> None:
    record = {p.name: p.read_bytes() for p in shared(FOLDER).glob("*.yaml") if p.name != "metrics_anchors.yaml"}
    packaged = law_file.names("consentry.cases", "law")
    assert packaged == sorted(record)
    for name in packaged:
        assert law_file.read("consentry.cases", "law", name) == record[name], name


def test_the_counts_are_those_of_the_readme() -> None:
    table = re.findall(r"^\| `([\w-]+)\.yaml` \| [^|]+ \| (\d+) \| (\d+) \| (\d+) \|$", readme(), re.MULTILINE)
    assert len(table) == 10
    for code, total, timed, uncertain in table:
        rules = [rule for rule in load_rules().rules.values() if rule.jurisdiction == code]
        assert (len(rules), sum(rule.limit is not None for rule in rules)) == (int(total), int(timed)), code
        assert sum(rule.status is Status.UNCERTAIN for rule in rules) == int(uncertain), code
    assert sum(int(total) for _, total, _, _ in table) == 80


def test_kinds_classes_and_starts_are_those_of_the_readme() -> None:
    kinds = dict(
        re.findall(r"^\| `(\w+)` \| (action|optional|permission|retention|window|standing) \|", readme(), re.M)
    )
    assert kinds == {kind.value: CLASS_OF[kind].value for kind in Kind if kind not in HOUSE_KINDS}
    section = readme().split("### `clock.starts`")[1].split("### `clock.kind`")[0]
    assert set(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)) == {kind.value for kind in STARTS}


def test_the_house_default_is_that_of_the_record() -> None:
    anchors = yaml.safe_load(shared(f"{FOLDER}/metrics_anchors.yaml").read_text(encoding="utf-8"))
    default = anchors["strictest_composite_default"]
    targets = {target["id"]: target["value"] for target in anchors["service_targets"]}
    limits = {rule.id: rule.limit for rule in load_rules().of(()) if rule.limit is not None}
    hours = {rule_id: limit.total_seconds() / 3600 for rule_id, limit in limits.items()}
    assert hours["house-acknowledge"] == default["acknowledge_hours"]
    assert hours["house-decide"] == default["cap_all_jurisdictions_hours"] == targets["target-decision-p95"]
    assert hours["house-decide-ceiling"] == default["legal_ceiling_hours"] == targets["target-decision-max"]
    assert hours["house-look"] * 60 == targets["target-hide-median"]
    assert load_rules().silent_limits[Kind.REMOVE].total_seconds() == default["act_hours"] * 3600
    assert load_rules().silent_limits[Kind.HIDE].total_seconds() == targets["target-hide-p95"] * 60


def test_what_is_never_an_action_clock_never_is() -> None:
    anchors = yaml.safe_load(shared(f"{FOLDER}/metrics_anchors.yaml").read_text(encoding="utf-8"))
    removing = {Kind.HIDE, Kind.REMOVE, Kind.DEINDEX, Kind.ADDRESS}
    never = anchors["strictest_composite_default"]["never_use_as_action_clock"]
    assert never
    for rule_id in never:
        assert load_rules().rule(rule_id).kind not in removing


TIMED = [rule for rule in load_rules().rules.values() if rule.jurisdiction != HOUSE and rule.limit is not None]


@pytest.mark.parametrize("rule", TIMED, ids=lambda rule: rule.id)
def test_every_rule_with_hours_starts_a_clock_of_just_those_hours(rule: Rule) -> None:
    assert rule.starts is not None
    assert rule.limit is not None
    at = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
    permission = rule.kind is Kind.SENDER_SILENCE
    found = started_by(
        CaseEvent(rule.starts, at, ref="x", hidden=True),
        book=load_rules(),
        installation=Installation(jurisdictions=(rule.jurisdiction,), facts={}),
        depiction=Depiction.PHOTOGRAPHED if permission else Depiction.UNKNOWN,
        created_at=at,
        filer=Filer.AUTHORITY if rule.starts is EventKind.ORDER_RECEIVED else Filer.PERSON,
    )
    clock = next(start for start in found if start.rule_id == rule.id)
    assert clock.due_at == at + rule.limit
    assert clock.caveats == rule.caveats
