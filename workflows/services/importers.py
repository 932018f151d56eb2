"""The kinds of import there are. A new register brings its importer and its columns, no more."""

from __future__ import annotations

from collections.abc import Mapping

from workflows.errors import NotFound
from workflows.services.import_cases import CaseImporter
from workflows.services.import_projects import ProjectImporter, TenureImporter
from workflows.services.import_records import RecordImporter
from workflows.services.import_subjects import SubjectImporter
from workflows.services.import_values import Importer

# In the order in which an office brings its registers over. Columns: bpmn/catalogue/imports.json.
IMPORTERS: Mapping[str, Importer] = {
    importer.kind: importer
    for importer in (
        SubjectImporter(),
        RecordImporter(),
        ProjectImporter(),
        TenureImporter(),
        CaseImporter(),
    )
}


def get_importer(kind: str) -> Importer:
    """Return the importer of a kind, or raise NotFound."""
    found = IMPORTERS.get(kind)
    if found is None:
        raise NotFound("error.import_kind_unknown", kind=kind)
    return found
