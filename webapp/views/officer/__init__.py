"""The officer's door: inbox, cases, steps, filings, letters, ledger, and who may open which."""

from __future__ import annotations

from webapp.permissions import OFFICERS, Permission, roles
from webapp.views.officer import (
    case_actions,
    cases,
    clock_changes,
    documents,
    explain,
    filings,
    imports,
    inbox,
    ledger,
    letter_desk,
    letters,
    projects,
    register_catalogue,
    register_entries,
    register_lists,
    registers,
    tasks,
    uploads,
)
from webapp.views.officer.door import pages
from webapp.views.officer.register_permissions import REGISTER_PERMISSIONS

__all__ = [
    "PERMISSIONS",
    "case_actions",
    "cases",
    "clock_changes",
    "documents",
    "explain",
    "filings",
    "imports",
    "inbox",
    "ledger",
    "letter_desk",
    "letters",
    "pages",
    "projects",
    "register_catalogue",
    "register_entries",
    "register_lists",
    "registers",
    "tasks",
    "uploads",
]

# What a post sees in a page is the visibility filter's business; what it may do, the services'.
READERS = roles(OFFICERS | {"audit_admin"})
WORKERS = roles(OFFICERS)
WINDOW = roles(frozenset({"window_clerk"}))
DECIDERS = roles(frozenset({"approver"}))
SERVERS = roles(frozenset({"window_clerk", "handler"}))

PERMISSIONS: dict[str, Permission] = {
    "officer.inbox": WORKERS,
    "officer.arrivals": WORKERS,
    "officer.export_view": WORKERS,
    "officer.export_chosen": WORKERS,
    "officer.claim": WORKERS,
    "officer.claim_many": WORKERS,
    "officer.release": WORKERS,
    "officer.task": READERS,
    "officer.complete": WORKERS,
    "officer.save_task_draft": WORKERS,
    "officer.discard_draft": WORKERS,
    "officer.note_seen": WORKERS,
    "officer.preview_letter": WORKERS,
    "officer.upload": WORKERS,
    "officer.case": READERS,
    "officer.case_tab": READERS,
    "officer.diagram_xml": READERS,
    "officer.reveal_party": SERVERS,
    "officer.retry_incident": WORKERS,
    "officer.document": READERS,
    "officer.document_pdf": READERS,
    "officer.sealed_copy": READERS,
    "officer.file": READERS,
    "officer.dispatch": SERVERS,
    "officer.served": SERVERS,
    "officer.sent_again": SERVERS,
    "officer.explain_clock": READERS,
    "officer.clock_days": READERS,
    "officer.clock_change": DECIDERS,
    "officer.change_case_clock": DECIDERS,
    "officer.new_filing": WINDOW,
    "officer.enter_filing": WINDOW,
    "officer.save_filing_draft": WINDOW,
    "officer.filed": WINDOW,
    "officer.case_action": WORKERS,
    "officer.do_case_action": WORKERS,
    "officer.save_action_draft": WORKERS,
    "officer.letters": READERS,
    "officer.ledger": READERS,
    "officer.export_ledger": READERS,
    "officer.search": READERS,
    **REGISTER_PERMISSIONS,
}
