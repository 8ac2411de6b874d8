"""From a report to a ruling over the real tables: what is hidden, banked, struck and told, and what the log holds."""

import hashlib
from datetime import timedelta

import pytest

from consentry.access import ANONYMOUS, SYSTEM, Actor, Role
from consentry.actions.decide_appeal import decide_appeal
from consentry.actions.decide_case import decide_case
from consentry.actions.erase_report import erase_report
from consentry.actions.errors import Conflict
from consentry.actions.file_appeal import appeal_as_uploader
from consentry.actions.file_report import Filed, file_report
from consentry.actions.forget_expired import forget_expired
from consentry.actions.read_status import read_status
from consentry.actions.receipts import new_receipt, open_report
from consentry.actions.record_investigation import Findings, record_investigation
from consentry.actions.sequence_log import sequence_log
from consentry.actions.set_up import create_staff, register_platform
from consentry.audit.checkpoint import open_checkpoint
from consentry.audit.promise import parse_promise
from consentry.audit.verify import verify_log
from consentry.basics.ids import AccountRef, ContentRef, PdqHex, Sha256Hex
from consentry.cases.appeal import AppealOutcome
from consentry.cases.decision import DecisionOutcome, Fact, Term
from consentry.cases.errors import AppealError
from consentry.cases.report import ReportDraft, accept
from consentry.oversight.events import parse_event
from consentry.records.bank import BankEntry
from consentry.records.case import Case
from consentry.records.log_entry import LogEntry, LogPayload
from consentry.records.outbox_message import OutboxMessage
from consentry.records.remembered_picture import RememberedPicture
from consentry.records.staff import StaffMember
from consentry.records.strike import Strike
from consentry.wiring.server import Server, server

pytestmark = pytest.mark.django_db(transaction=True)

ADMIN = Actor(Role.ADMINISTRATOR, "setup")
POST = "http://127.0.0.1:9/posts/17"
CANARY = "Zefirelle Quandary"
# Half ones, half zeros, in no order: as a photograph's hash is.
PDQ = PdqHex(hashlib.sha256(b"a picture").hexdigest())


@pytest.fixture
def app() -> Server:
    return server()


@pytest.fixture
def people(app: Server) -> dict[str, StaffMember]:
    app.act(
        register_platform,
        by=ADMIN,
        name="Small",
        slug="small",
        base_url="http://127.0.0.1:9",
        connector_token="t" * 20,
        webhook_url="http://127.0.0.1:9/consentry/webhook",
        webhook_secret="whsec_" + "A" * 32,
    )
    return {
        name: app.act(create_staff, by=ADMIN, username=name, password=None, role=role)
        for name, role in (("first", Role.SENIOR_REVIEWER), ("second", Role.SENIOR_REVIEWER))
    }


def file(app: Server, **changes: object) -> Filed:
    draft = ReportDraft(content=POST, harm="sexualised_synthetic", statement=CANARY, **changes)  # type: ignore[arg-type]
    filing = accept(draft, book=app.ctx.rules, installation=app.ctx.installation)
    return app.act(file_report, by=ANONYMOUS, filing=filing, receipt=new_receipt(app.ctx))


def findings(exposure: float = 0.95) -> Findings:
    return Findings(
        content_ref=ContentRef(POST),
        account_ref=AccountRef("acct_" + "0" * 32),
        state="visible",
        sha256=Sha256Hex("1" * 64),
        pdq=PDQ,
        pdq_quality=100,
        exposure=exposure,
    )


def hidden(app: Server) -> Filed:
    filed = file(app)
    app.act(record_investigation, by=SYSTEM, report_id=filed.report.pk, findings=findings())
    return filed


def remove(app: Server, member: StaffMember, case_id: str) -> None:
    app.act(
        decide_case,
        by=member.actor,
        member=member,
        case_id=case_id,
        outcome=DecisionOutcome.REMOVE,
        facts=(Fact.MACHINE_MADE_SEXUALISED,),
        term=Term.NONCONSENSUAL_SEXUALISED,
    )


def orders() -> list[str]:
    rows = OutboxMessage.objects.filter(kind="webhook").order_by("created_at", "id")
    return sorted(str(row.body["type"]) for row in rows)


def test_a_report_is_promised_and_its_receipt_opens_it(app: Server, people: dict[str, StaffMember]) -> None:
    receipt = new_receipt(app.ctx)
    filing = accept(ReportDraft(content=POST, harm="other"), book=app.ctx.rules, installation=app.ctx.installation)
    filed = app.act(file_report, by=ANONYMOUS, filing=filing, receipt=receipt)
    parse_promise(dict(filed.promise)).verify(app.verifiers[1])
    status = read_status(app.ctx, report=open_report(app.ctx, typed=receipt.code.lower()))
    assert status.clocks
    assert status.entry is not None


def test_harmless_bytes_hide_nothing_however_often_they_are_reported(
    app: Server, people: dict[str, StaffMember]
) -> None:
    for _ in range(20):
        filed = file(app)
        app.act(record_investigation, by=SYSTEM, report_id=filed.report.pk, findings=findings(exposure=0.01))
    assert Case.objects.get().state == "received"
    assert orders() == []
    assert BankEntry.objects.count() == 0


def test_a_reporters_hash_of_another_picture_holds_back(app: Server, people: dict[str, StaffMember]) -> None:
    other = hashlib.sha256(b"another picture").hexdigest()
    filed = file(app, claimed_pdq=other)
    decision = app.act(record_investigation, by=SYSTEM, report_id=filed.report.pk, findings=findings())
    assert not decision.hide
    assert orders() == []


def test_corroborated_then_removed_then_restored_with_all_that_rests_on_it(
    app: Server, people: dict[str, StaffMember]
) -> None:
    filed = hidden(app)
    assert Case.objects.get().state == "hidden"
    remove(app, people["first"], filed.case.pk)
    case = Case.objects.get()
    assert (case.state, BankEntry.objects.filter(removed_at=None).count(), Strike.objects.count()) == (
        "decided_removed",
        1,
        1,
    )
    decision = case.decisions.get()
    appeal = app.act(
        appeal_as_uploader,
        by=Actor(Role.PLATFORM, "key"),
        platform=case.platform,
        token=decision.appeal_token,
        account_ref=case.account_ref,
        text="It is a drawing.",
    )
    ruling = {"appeal_id": appeal.pk, "outcome": AppealOutcome.OVERTURNED, "facts": (Fact.NOBODY_RECOGNISABLE,)}
    with pytest.raises(AppealError):
        app.act(decide_appeal, by=people["first"].actor, member=people["first"], **ruling)
    app.act(decide_appeal, by=people["second"].actor, member=people["second"], **ruling)
    assert Case.objects.get().state == "restored"
    assert not BankEntry.objects.filter(removed_at=None).exists()
    assert Strike.objects.filter(withdrawn_at=None).count() == 0
    assert orders() == [
        *["account.notice"] * 4,
        "account.strike",
        "account.strike_withdrawn",
        "content.hide",
        "content.remove",
        "content.restore",
    ]


def test_no_message_to_the_platform_holds_anything_of_the_reporter(app: Server, people: dict[str, StaffMember]) -> None:
    filed = hidden(app)
    remove(app, people["first"], filed.case.pk)
    told = [str(row.body) for row in OutboxMessage.objects.filter(kind="webhook")]
    assert told
    assert not [text for text in told if CANARY in text or filed.report.pk in text or filed.report.locator in text]


def test_an_erased_person_leaves_every_public_part_and_the_tree_as_they_were(
    app: Server, people: dict[str, StaffMember]
) -> None:
    filed = hidden(app)
    log = app.open_log(at_least=0)
    assert sequence_log(app.ctx, by=SYSTEM, log=log) > 0
    before = [bytes(row.public) for row in LogPayload.objects.order_by("pk")]
    app.act(erase_report, by=Actor(Role.REPORTER, filed.report.pk), report_id=filed.report.pk)
    sequence_log(app.ctx, by=SYSTEM, log=log)
    after = [bytes(row.public) for row in LogPayload.objects.order_by("pk")]
    assert after[: len(before)] == before
    assert parse_event(after[-1]).type.value == "person.erased"
    payload = LogPayload.objects.get(log_entry__entry_hash=filed.promise["entry_hash"])
    assert (payload.private, payload.private_salt) == (None, None)
    note = app.log_files.read("checkpoint")
    assert note is not None
    checkpoint = open_checkpoint(note, [app.verifiers[0]], app.config.log_origin)
    verify_log(app.log_files, checkpoint)
    assert checkpoint.size >= LogEntry.objects.filter(index__isnull=False).count()


def test_somebody_elses_claim_keeps_a_second_decision_out(app: Server, people: dict[str, StaffMember]) -> None:
    filed = hidden(app)
    Case.objects.update(claimed_by=people["first"], claimed_until=app.clock.now() + timedelta(minutes=5))
    with pytest.raises(Conflict):
        remove(app, people["second"], filed.case.pk)
    assert Case.objects.get().state == "hidden"


def test_rows_that_lost_their_index_to_a_crash_are_found_again_in_the_tiles(
    app: Server, people: dict[str, StaffMember]
) -> None:
    file(app)
    log = app.open_log()
    sequence_log(app.ctx, by=SYSTEM, log=log)
    placed = dict(LogEntry.objects.filter(index__isnull=False).values_list("entry_hash", "index"))
    size = log.size
    # What a crash between the tiles and the rows leaves behind.
    LogEntry.objects.update(index=None, sequenced_at=None)
    file(app)
    sequence_log(app.ctx, by=SYSTEM, log=log)
    again = dict(LogEntry.objects.values_list("entry_hash", "index"))
    assert {key: again[key] for key in placed} == placed
    assert log.size == size + LogEntry.objects.count() - len(placed)


def test_a_remembered_picture_is_deleted_when_its_time_is_over(app: Server, people: dict[str, StaffMember]) -> None:
    now = app.clock.now()
    for hours in (-1, 1):
        RememberedPicture.objects.create(
            kind="refused",
            pdq=PDQ,
            decision_id="dec",
            created_at=now - timedelta(days=2),
            expires_at=now + timedelta(hours=hours),
        )
    assert app.act(forget_expired, by=SYSTEM) == 1
    assert [row.expires_at > now for row in RememberedPicture.objects.all()] == [True]
