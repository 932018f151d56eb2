"""The parsed form of a bundle, made once per process and shared by all of its cases."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException

from workflows.engine.bundle import Bundle
from workflows.engine.markup import read_markup
from workflows.engine.recent import RecentlyUsed
from workflows.engine.spiff.parsers import CaseParser
from workflows.errors import DiagramError

# The library writes the data of every task into its log records, at a cost; both are unwanted.
logging.getLogger("spiff").setLevel(logging.WARNING)
for _name in ("spiff.workflow", "spiff.task", "spiff.dmn"):
    logging.getLogger(_name).setLevel(logging.WARNING)


@dataclass(frozen=True)
class Definition:
    """A bundle as the library runs it; read-only, shared between threads."""

    hash: str
    spec: Any
    subprocess_specs: Mapping[str, Any]

    def spec_of(self, process: str) -> Any:
        """Return the specification of the main process or of a sub-process."""
        return self.spec if process == self.spec.name else self.subprocess_specs[process]


_definitions: RecentlyUsed[Definition] = RecentlyUsed(limit=32)


def definition_of(bundle: Bundle) -> Definition:
    """Return the parsed bundle, parsing it on first use.

    Raises DiagramError when the library cannot read a diagram.
    """
    return _definitions.get(key=bundle.hash, make=lambda: _parse(bundle))


def forget_all() -> None:
    """Forget every parsed bundle, so that the next move parses again."""
    _definitions.clear()


def _parse(bundle: Bundle) -> Definition:
    parser = CaseParser(bundle)
    try:
        for file in bundle.list_files(".bpmn"):
            parser.add_bpmn_xml(read_markup(bundle.files[file], file=file), filename=file)
        spec = parser.get_spec(bundle.main_process)
        subprocess_specs = parser.get_subprocess_specs(bundle.main_process)
    except ValidationException as error:
        raise DiagramError(
            "error.engine.unreadable",
            file=str(error.file_name or ""),
            element=str(error.id or ""),
            detail=str(error),
        ) from error
    except RecursionError as error:
        raise DiagramError(
            "error.engine.unreadable", file="", element=bundle.main_process, detail="too long"
        ) from error
    return Definition(hash=bundle.hash, spec=spec, subprocess_specs=subprocess_specs)
