"""The law as data: every rule of every jurisdiction that we know, loaded strictly, with its doubts attached.

Invariants: null means "not known" and never "no duty" or "no limit"; a rule keeps its ``status`` and ``caveats``
wherever it goes; a doubtful citation is never printed (DR-10); the digest says which version of a rule a case was
received under. Not done here: which clock runs (``clocks``). Format: docs/spec/clocks.md. Not legal advice.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from consentry.cases import law_file
from consentry.cases.events import STARTS, EventKind
from consentry.cases.kinds import CLASS_OF, HOUSE_KINDS, Kind, KindClass

HOUSE = "house"
_HERE = "consentry.cases"


class Status(StrEnum):
    """How settled a rule is."""

    IN_FORCE = "in_force"
    ANNOUNCED = "announced"
    """Adopted, applies later."""
    UNCERTAIN = "uncertain"
    """Never to be shown as settled law."""


class AppliesTo(StrEnum):
    """Which pictures a rule speaks of."""

    SYNTHETIC = "synthetic"
    PHOTOGRAPHED = "photographed"
    BOTH = "both"
    UNKNOWN = "unknown"


class Confidence(StrEnum):
    """What one source line rests on."""

    SEEN_PRIMARY = "seen_primary"
    SEEN_SECONDARY = "seen_secondary"
    OWN_KNOWLEDGE = "own_knowledge"


@dataclass(frozen=True, slots=True)
class Source:
    """One source line of a rule."""

    text: str
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule, one clock. ``limit`` is null when the law names no hours; ``digest`` identifies this version of it.

    ``who_may_file``, ``notice_fields`` and ``response_fields``: null is "not known", an empty tuple "known to be none".
    """

    id: str
    jurisdiction: str
    jurisdiction_name: str
    instrument: str
    article: str | None
    in_force: date | None
    status: Status
    applies_to: AppliesTo
    duty: str
    starts: EventKind | None
    limit: timedelta | None
    kind: Kind
    who_may_file: tuple[str, ...] | None
    notice_fields: tuple[str, ...] | None
    response_fields: tuple[str, ...] | None
    appeal: str | None
    penalty: str | None
    sources: tuple[Source, ...]
    verified_on: date
    caveats: tuple[str, ...]
    digest: str
    only_if: str = ""

    @property
    def kind_class(self) -> KindClass:
        """What the kind may be used for."""
        return CLASS_OF[self.kind]

    @property
    def is_house(self) -> bool:
        """True for this project's own targets, which are not law."""
        return self.jurisdiction == HOUSE

    @property
    def settled(self) -> bool:
        """True only for a rule that may be shown without a warning about its status."""
        return self.status is Status.IN_FORCE

    @property
    def citation(self) -> str:
        """Instrument and place in it, as far as undisputed: a place with a remark in brackets is left out (DR-10)."""
        place = self.article
        if place is None or re.search(r"\([^)]*\s[^)]*\)", place):
            return self.instrument
        return f"{self.instrument}, {place}"

    def old(self, today: date, *, after: timedelta = timedelta(days=183)) -> bool:
        """Whether nobody has compared this rule with its sources for longer than ``after``."""
        return today - self.verified_on > after


@dataclass(frozen=True, slots=True)
class RuleBook:
    """All rules by id, and the limits for actions whose law names none. ``digest`` covers every file."""

    rules: MappingProxyType[str, Rule]
    silent_limits: MappingProxyType[Kind, timedelta]
    digest: str

    def rule(self, rule_id: str) -> Rule:
        """The rule with this id; ``LawDataError`` if there is none."""
        found = self.rules.get(rule_id)
        if found is None:
            law_file.refuse("law/", f"there is no rule {rule_id!r}")
        return found

    @property
    def jurisdictions(self) -> tuple[str, ...]:
        """The codes of all jurisdictions on file, the house not among them."""
        return tuple(sorted({rule.jurisdiction for rule in self.rules.values()} - {HOUSE}))

    def of(self, jurisdictions: Iterable[str]) -> tuple[Rule, ...]:
        """The rules of these jurisdictions and of the house, in order of their ids; an unknown code is an error."""
        wanted = set(jurisdictions)
        unknown = wanted - set(self.jurisdictions)
        if unknown:
            law_file.refuse("law/", f"no rules are known for {', '.join(sorted(unknown))}")
        wanted.add(HOUSE)
        return tuple(rule for _, rule in sorted(self.rules.items()) if rule.jurisdiction in wanted)


@lru_cache(maxsize=1)
def load_rules() -> RuleBook:
    """Every packaged rule, checked; ``LawDataError`` names the file and what is wrong in it."""
    laws = {name: law_file.read(_HERE, "law", name) for name in law_file.names(_HERE, "law")}
    return build(laws, law_file.read(_HERE, "house.yaml"))


def build(law_files: dict[str, bytes], house_file: bytes) -> RuleBook:
    """A rule book from the bytes of law files (name -> bytes) and of the house default."""
    rules: dict[str, Rule] = {}
    house = law_file.exactly(
        "house.yaml",
        law_file.parse("house.yaml", house_file),
        ("verified_on", "rules", "when_the_law_names_no_hours", "only_if"),
    )
    for name, content in sorted(law_files.items()):
        for rule in _law_rules(name, content, house["only_if"]):
            _add(rules, rule, name)
    for rule in _house_rules(house):
        _add(rules, rule, "house.yaml")
    for fact, ids in house["only_if"].items():
        if unknown := set(ids) - set(rules):
            law_file.refuse("house.yaml", f"{fact} names rules that do not exist: {', '.join(sorted(unknown))}")
    return RuleBook(
        rules=MappingProxyType(rules),
        silent_limits=_silent_limits(house["when_the_law_names_no_hours"]),
        digest=law_file.digest(house_file, *(part for _, part in sorted(law_files.items()))),
    )


_RULE_KEYS = (
    *("id", "instrument", "article", "in_force", "status", "applies_to", "duty", "clock", "who_may_file"),
    *("notice_fields", "response_fields", "appeal", "penalty", "sources", "verified_on", "caveats"),
)


def _add(rules: dict[str, Rule], rule: Rule, where: str) -> None:
    if rule.id in rules:
        law_file.refuse(where, f"the rule {rule.id} stands twice")
    rules[rule.id] = rule


def _law_rules(name: str, content: bytes, only_if: dict[str, list[str]]) -> list[Rule]:
    table = law_file.exactly(name, law_file.parse(name, content), ("jurisdiction", "name", "rules"))
    code = law_file.text(name, table["jurisdiction"])
    if name != f"{code}.yaml" or code == HOUSE:
        law_file.refuse(name, f"the jurisdiction {code!r} does not belong in this file")
    if not isinstance(table["rules"], list) or not table["rules"]:
        law_file.refuse(name, "it holds no rules")
    facts = {rule_id: fact for fact, ids in only_if.items() for rule_id in ids}
    return [_law_rule(name, code, law_file.text(name, table["name"]), raw, facts) for raw in table["rules"]]


def _law_rule(name: str, code: str, country: str, raw: Any, facts: dict[str, str]) -> Rule:
    table = law_file.exactly(name, raw, _RULE_KEYS)
    rule_id = law_file.text(name, table["id"])
    where = f"{name}: {rule_id}"
    if not re.fullmatch(rf"{re.escape(code)}-[a-z0-9]+(-[a-z0-9]+)*", rule_id):
        law_file.refuse(where, f"an id begins with {code}- and is lower case")
    starts, limit, kind = _clock(where, table["clock"])
    if not isinstance(table["sources"], list) or not table["sources"]:
        law_file.refuse(where, "it names no source")
    return Rule(
        id=rule_id,
        jurisdiction=code,
        jurisdiction_name=country,
        instrument=law_file.text(where, table["instrument"]),
        article=law_file.text_or_none(where, table["article"]),
        in_force=None if table["in_force"] is None else law_file.day(where, table["in_force"]),
        status=law_file.choice(where, table["status"], Status),
        applies_to=law_file.choice(where, table["applies_to"], AppliesTo),
        duty=law_file.text(where, table["duty"]),
        starts=starts,
        limit=limit,
        kind=kind,
        who_may_file=_words(where, table["who_may_file"]),
        notice_fields=_words(where, table["notice_fields"]),
        response_fields=_words(where, table["response_fields"]),
        appeal=law_file.text_or_none(where, table["appeal"]),
        penalty=law_file.text_or_none(where, table["penalty"]),
        sources=tuple(_source(where, source) for source in table["sources"]),
        verified_on=law_file.day(where, table["verified_on"]),
        caveats=law_file.listed(where, table["caveats"], law_file.text),
        digest=law_file.digest(repr(sorted(table.items(), key=str)).encode()),
        only_if=facts.get(rule_id, ""),
    )


def _clock(where: str, raw: Any) -> tuple[EventKind | None, timedelta | None, Kind]:
    table = law_file.exactly(where, raw, ("starts", "hours", "kind", "counts_weekends"))
    kind = law_file.choice(where, table["kind"], Kind)
    if kind in HOUSE_KINDS:
        law_file.refuse(where, f"{kind} is a kind of the house, not of a law")
    if table["counts_weekends"] is not True:
        law_file.refuse(where, "counts_weekends is true everywhere: nights, weekends and holidays count")
    starts = None if table["starts"] is None else law_file.choice(where, table["starts"], EventKind)
    if starts is not None and starts not in STARTS:
        law_file.refuse(where, f"{starts} is an event of the house, not of a law")
    hours = None if table["hours"] is None else law_file.whole(where, table["hours"])
    if hours is not None and starts is None:
        law_file.refuse(where, "hours without an event that starts them")
    if hours is not None and CLASS_OF[kind] is KindClass.STANDING:
        law_file.refuse(where, f"{kind} is a standing duty and has no hours")
    return starts, None if hours is None else timedelta(hours=hours), kind


def _source(where: str, raw: Any) -> Source:
    table = law_file.exactly(where, raw, ("text", "confidence"))
    return Source(law_file.text(where, table["text"]), law_file.choice(where, table["confidence"], Confidence))


def _word(where: str, value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+)*", value):
        law_file.refuse(where, f"a snake_case word was expected, not {value!r}")
    return value


def _words(where: str, value: Any) -> tuple[str, ...] | None:
    return None if value is None else law_file.listed(where, value, _word)


def _house_rules(house: Any) -> list[Rule]:
    return [_house_rule(raw, law_file.day("house.yaml", house["verified_on"])) for raw in house["rules"]]


def _house_rule(raw: Any, verified_on: date) -> Rule:
    table = law_file.exactly("house.yaml", raw, ("id", "duty", "starts", "minutes", "kind"))
    where = f"house.yaml: {table['id']}"
    if not re.fullmatch(r"house-[a-z]+(-[a-z]+)*", law_file.text(where, table["id"])):
        law_file.refuse(where, "an id begins with house- and is lower case")
    return Rule(
        id=table["id"],
        jurisdiction=HOUSE,
        jurisdiction_name="House default (not a law)",
        instrument="Consentry house default (not a law)",
        article=None,
        in_force=None,
        status=Status.IN_FORCE,
        applies_to=AppliesTo.BOTH,
        duty=law_file.text(where, table["duty"]),
        starts=law_file.choice(where, table["starts"], EventKind),
        limit=timedelta(minutes=law_file.whole(where, table["minutes"])),
        kind=law_file.choice(where, table["kind"], Kind),
        who_may_file=None,
        notice_fields=(),
        response_fields=(),
        appeal=None,
        penalty=None,
        sources=(Source("This project's own target", Confidence.OWN_KNOWLEDGE),),
        verified_on=verified_on,
        caveats=("This project's own target, not a law.",),
        digest=law_file.digest(repr(sorted(table.items(), key=str)).encode()),
    )


def _silent_limits(raw: Any) -> MappingProxyType[Kind, timedelta]:
    needed = {kind.value for kind in Kind if CLASS_OF[kind] is KindClass.ACTION and kind not in HOUSE_KINDS}
    table = law_file.exactly("house.yaml: when_the_law_names_no_hours", raw, needed)
    return MappingProxyType(
        {Kind(kind): timedelta(minutes=law_file.whole("house.yaml", minutes)) for kind, minutes in table.items()}
    )
