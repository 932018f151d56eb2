"""Who may use the pages of the registers; what a post sees in them the filters of the core say."""

from __future__ import annotations

from webapp.permissions import OFFICERS, Permission, roles

READERS = roles(OFFICERS | {"audit_admin"})
ENTERERS = roles(frozenset({"window_clerk", "handler", "platform_operator", "department_officer"}))
IMPORTERS = roles(frozenset({"handler", "platform_operator"}))
DECIDERS = roles(frozenset({"approver"}))

REGISTER_PERMISSIONS: dict[str, Permission] = {
    "officer.registers": READERS,
    "officer.register_subject": READERS,
    "officer.register_record": READERS,
    "officer.state_purpose": READERS,
    "officer.new_subject": ENTERERS,
    "officer.enter_new_subject": ENTERERS,
    "officer.name_successor": ENTERERS,
    "officer.new_record": ENTERERS,
    "officer.enter_new_record": ENTERERS,
    "officer.change_record_value": ENTERERS,
    "officer.impose_sanction": ENTERERS,
    "officer.lift_sanction_by_hand": ENTERERS,
    "officer.put_forward_publication": ENTERERS,
    "officer.decide_on_publication": DECIDERS,
    "officer.credit_lists": READERS,
    "officer.define_credit_list": ENTERERS,
    "officer.credit_list": READERS,
    "officer.decide_credit_list": DECIDERS,
    "officer.enter_credit_list": ENTERERS,
    "officer.leave_credit_list": ENTERERS,
    "officer.commitments": READERS,
    "officer.enter_commitment": ENTERERS,
    "officer.enter_check": ENTERERS,
    "officer.catalogue": READERS,
    "officer.propose_catalogue_supplement": roles(frozenset({"handler", "legal_reviewer"})),
    "officer.decide_catalogue_supplement": DECIDERS,
    "officer.confirm_catalogue_entry": roles(frozenset({"legal_reviewer"})),
    "officer.projects": READERS,
    "officer.enter_project": ENTERERS,
    "officer.project": READERS,
    "officer.enter_project_row": ENTERERS,
    "officer.imports": IMPORTERS,
    "officer.upload_import": IMPORTERS,
    "officer.import_job": IMPORTERS,
    "officer.approve_import_job": IMPORTERS,
    "officer.import_report": IMPORTERS,
    "officer.import_template": IMPORTERS,
    "officer.end_publicity": roles(frozenset({"handler", "platform_operator", "approver"})),
}
