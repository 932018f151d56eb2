"""All tables, in one registry, so that migrations and the unit of work see every one of them."""

from workflows.models.base import Base, Protected, Sealed, UtcDateTime, new_id
from workflows.models.casework import (
    Answer,
    Case,
    CaseLink,
    CaseParty,
    CaseSeries,
    Draft,
    Incident,
    Task,
)
from workflows.models.clocks import CaseClock, LedgerEntry, Timer
from workflows.models.configuration import (
    CalendarNotice,
    Deployment,
    RemedySignature,
    RuleConfirmation,
    StoredBundle,
)
from workflows.models.delivery import InboundMessage, Notice, Outbox
from workflows.models.documents import Document, LetterNumber, LetterSeries, StoredFile
from workflows.models.imports import ImportJob, ImportRow
from workflows.models.lists import (
    CatalogueSupplement,
    Commitment,
    CreditList,
    CreditListEntry,
    Publication,
)
from workflows.models.people import Login, Office, Organisation, Person, Post
from workflows.models.projects import (
    Artefact,
    Handover,
    Project,
    ProjectStage,
    StageDuty,
    Tenure,
    TracebackFinding,
)
from workflows.models.registers import (
    CreditRecord,
    ProtectionKey,
    QualityTicket,
    RecordQuery,
    RecordVersion,
    Sanction,
    Subject,
)
from workflows.models.trail import AuditEntry, AuditSeal, CommandRecord, Event, ReadEntry

__all__ = [
    "Answer",
    "Artefact",
    "AuditEntry",
    "AuditSeal",
    "Base",
    "CalendarNotice",
    "Case",
    "CaseClock",
    "CaseLink",
    "CaseParty",
    "CaseSeries",
    "CatalogueSupplement",
    "CommandRecord",
    "Commitment",
    "CreditList",
    "CreditListEntry",
    "CreditRecord",
    "Deployment",
    "Document",
    "Draft",
    "Event",
    "Handover",
    "ImportJob",
    "ImportRow",
    "InboundMessage",
    "Incident",
    "LedgerEntry",
    "LetterNumber",
    "LetterSeries",
    "Login",
    "Notice",
    "Office",
    "Organisation",
    "Outbox",
    "Person",
    "Post",
    "Project",
    "ProjectStage",
    "Protected",
    "ProtectionKey",
    "Publication",
    "QualityTicket",
    "ReadEntry",
    "RecordQuery",
    "RecordVersion",
    "RemedySignature",
    "RuleConfirmation",
    "Sanction",
    "Sealed",
    "StageDuty",
    "StoredBundle",
    "StoredFile",
    "Subject",
    "Task",
    "Tenure",
    "Timer",
    "TracebackFinding",
    "UtcDateTime",
    "new_id",
]
