"""Says what the lint found: as text for a person, as JSON, and as SARIF for code hosts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from webapp.cli.clock_words import Speaker
from webapp.cli.legal_lint import Linted
from workflows.engine.findings import Finding
from workflows.errors import CaseworkError
from workflows.lint.legal_finding import LegalFinding, PathStep

SARIF = "https://json.schemastore.org/sarif-2.1.0.json"


@dataclass
class Report:
    """Everything that is to be said about a folder."""

    speaker: Speaker
    root: Path
    linted: list[Linted] = field(default_factory=list)
    problems: list[CaseworkError] = field(default_factory=list)

    @property
    def is_bad(self) -> bool:
        """Return whether something speaks against deploying."""
        return bool(self.problems) or any(each.findings for each in self.linted)

    # Text

    def text(self) -> str:
        """Return the report for a person."""
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        for each in self.linted:
            for finding in each.findings:
                yield from self._of_finding(finding)
        yield from (self.speaker.explain(problem) for problem in self.problems)
        if not self.is_bad:
            yield self.speaker.say("cli.lint.clean")
        yield from self._figures()
        notes = [note for each in self.linted if each.proof for note in each.proof.notes]
        if notes:
            yield self.speaker.say("cli.lint.notes")
        for note in notes:
            yield f"  {note.element} {note.label} [{note.rule}]"
            yield f"    {self._said(note)}"
            yield f"    {note.sentence.get(self.speaker.language, '')}"

    def _figures(self) -> Iterator[str]:
        for each in self.linted:
            if each.proof is not None:
                yield self.speaker.say(
                    "cli.lint.figures",
                    process=each.key,
                    count=each.duties,
                    states=each.proof.states,
                    steps=each.proof.steps,
                    seconds=f"{each.seconds:.1f}",
                )

    def _of_finding(self, finding: Finding) -> Iterator[str]:
        yield f"{finding.file}: {finding.element} {finding.label} [{finding.rule}]"
        yield f"    {self._said(finding)}"
        yield f"    {self.speaker.say(finding.remedy, **finding.facts)}"
        if not isinstance(finding, LegalFinding):
            return
        if finding.sentence:
            sentence = finding.sentence.get(self.speaker.language, "")
            rules = ", ".join(finding.rules)
            yield f"    {self.speaker.say('lint.ask', sentence=sentence, rules=rules)}"
        if finding.path:
            yield f"    {self.speaker.say('lint.path')}"
        for number, step in enumerate(finding.path, 1):
            yield f"    {number:4}. {self._step(step)}"

    def _step(self, step: PathStep) -> str:
        label = step.labels.get(self.speaker.language) or step.element
        text = f"{label} ({step.element})" if label != step.element else step.element
        if step.kind in ("timer", "message", "signal", "term"):
            text += f" — {self.speaker.say(f'lint.step.{step.kind}')}"
        given = ", ".join(f"{name} = {value}" for name, value in step.given)
        return f"{text}: {given}" if given else text

    def _said(self, finding: Finding) -> str:
        return self.speaker.say(finding.problem, **finding.facts)

    # JSON

    def as_json(self) -> str:
        """Return the report for a program."""
        content = {
            "findings": [self._row(one) for each in self.linted for one in each.findings],
            "notes": [
                self._row(note)
                for each in self.linted
                if each.proof is not None
                for note in each.proof.notes
            ],
            "problems": [self.speaker.explain(each) for each in self.problems],
            "figures": {
                each.key: {
                    "states": each.proof.states,
                    "steps": each.proof.steps,
                    "duties": each.duties,
                    "seconds": round(each.seconds, 2),
                }
                for each in self.linted
                if each.proof is not None
            },
        }
        return json.dumps(content, ensure_ascii=False, default=str, indent=2)

    def _row(self, finding: Finding) -> dict[str, Any]:
        row = asdict(finding)
        row["problem"] = self._said(finding)
        row["remedy"] = self.speaker.say(finding.remedy, **finding.facts)
        if isinstance(finding, LegalFinding):
            row["elements"] = list(finding.elements)
            row["path"] = [self._step(step) for step in finding.path]
            row["path_elements"] = [step.element for step in finding.path]
        return row

    # SARIF

    def as_sarif(self) -> str:
        """Return the report in the static analysis results interchange format."""
        results = [self._result(each.key, one) for each in self.linted for one in each.findings]
        results += [
            {"ruleId": "data", "level": "error", "message": {"text": self.speaker.explain(one)}}
            for one in self.problems
        ]
        rules = sorted({result["ruleId"] for result in results})
        tool = {"driver": {"name": "jiannuo lint", "rules": [{"id": rule} for rule in rules]}}
        content = {
            "$schema": SARIF,
            "version": "2.1.0",
            "runs": [{"tool": tool, "results": results}],
        }
        return json.dumps(content, ensure_ascii=False, default=str, indent=2)

    def _result(self, key: str, finding: Finding) -> dict[str, Any]:
        remedy = self.speaker.say(finding.remedy, **finding.facts)
        result: dict[str, Any] = {
            "ruleId": finding.name,
            "level": "error",
            "message": {"text": f"{self._said(finding)} {remedy} [{finding.rule}]"},
            "locations": [self._location(key, finding.file, finding.element, finding.label)],
        }
        path = finding.path if isinstance(finding, LegalFinding) else ()
        if path:
            flow = [
                {"location": self._location(key, "", step.element, self._step(step))}
                for step in path
            ]
            result["codeFlows"] = [{"threadFlows": [{"locations": flow}]}]
        return result

    def _location(self, key: str, file: str, element: str, label: str) -> dict[str, Any]:
        logical = {"name": element, "fullyQualifiedName": f"{key}/{element}", "kind": "element"}
        place: dict[str, Any] = {"logicalLocations": [logical], "message": {"text": label}}
        if file:
            uri = file if file.startswith("shared/") else f"{key}/{file}"
            place["physicalLocation"] = {
                "artifactLocation": {"uri": f"{self.root.name}/{uri}"},
                "region": {"startLine": self._line(uri, element)},
            }
        return place

    def _line(self, uri: str, element: str) -> int:
        """Return the line on which the element is written, 1 where it is not found."""
        path = self.root / uri
        if not (element and path.is_file()):
            return 1
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
        wanted = f'id="{element}"'
        return next((number for number, line in enumerate(lines, 1) if wanted in line), 1)
