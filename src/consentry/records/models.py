"""Every table, gathered for Django's discovery."""

from consentry.records.appeal import Appeal
from consentry.records.bank import Bank, BankEntry, BankRevision
from consentry.records.case import Case
from consentry.records.case_clock import CaseClock
from consentry.records.case_decision import CaseDecision
from consentry.records.case_event import CaseEvent
from consentry.records.guard_decision import ScreenedRequest
from consentry.records.lane import Lane, UsedNonce
from consentry.records.log_entry import LogEntry, LogPayload
from consentry.records.machine_key import MachineKey
from consentry.records.outbox_message import OutboxMessage
from consentry.records.plan import PlanDocument
from consentry.records.platform import Platform
from consentry.records.remembered_picture import RememberedPicture
from consentry.records.report import Report
from consentry.records.staff import StaffMember
from consentry.records.strike import Strike

__all__ = [
    "Appeal",
    "Bank",
    "BankEntry",
    "BankRevision",
    "Case",
    "CaseClock",
    "CaseDecision",
    "CaseEvent",
    "Lane",
    "LogEntry",
    "LogPayload",
    "MachineKey",
    "OutboxMessage",
    "PlanDocument",
    "Platform",
    "RememberedPicture",
    "Report",
    "ScreenedRequest",
    "StaffMember",
    "Strike",
    "UsedNonce",
]
