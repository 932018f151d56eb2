"""Checks the quotes of the rule packs against the papers: python -m tools.check_quotes DIR.

DIR holds the papers as text files. Each quote must stand in its paper word for word (line breaks
and spaces aside); what was found is kept in tests/unit/rules/quotes.json, so that a quote that
somebody changes is noticed where the papers are not at hand.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from pathlib import Path

from workflows.rules.packs import Parameter, read_rule_book

LEDGER = Path(__file__).resolve().parents[1] / "tests" / "unit" / "rules" / "quotes.json"
# Words that stand in one paper only.
PAPERS = {
    "吉政办发〔2017〕75号": "省社会信用体系建设联席会议办公室要按季度调度",
    "通市信用[2018]2号": "通市信用[2018]2号",
    "吉林省社会信用体系建设“十四五”规划": "开展诚信教育不得收费",
    "苏政发〔2023〕55号": "苏政发〔2023〕55号",
    "鲁政发〔2018〕9号": "鲁政发〔2018〕9号",
}


def plain(text: str) -> str:
    """Return a text without the spaces and line breaks that a layout put in."""
    return re.sub(r"\s+", "", text)


def digest(text: str) -> str:
    """Return the hash of a text as it reads, whatever its layout."""
    return hashlib.sha256(plain(text).encode()).hexdigest()


def list_quotes() -> list[Parameter]:
    """Return the parameters whose quote comes from one of the papers."""
    packs = read_rule_book().packs
    return [rule for pack in packs for rule in pack.parameters if rule.document in PAPERS]


def read_papers(folder: Path) -> dict[str, str]:
    """Return the papers in a folder by their number; raises LookupError for one that is missing."""
    texts = [plain(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.txt"))]
    found: dict[str, str] = {}
    for number, words in PAPERS.items():
        fitting = [text for text in texts if plain(words) in text]
        if not fitting:
            raise LookupError(f"{folder}: no paper with {words}")
        found[number] = max(fitting, key=lambda text: text.count(plain(words)))
    return found


def list_misquoted(papers: dict[str, str]) -> list[str]:
    """Return the keys of parameters whose quote does not stand in its paper."""
    return [
        f"{rule.pack_id} {rule.key}: {rule.quote}"
        for rule in list_quotes()
        if plain(rule.quote) not in papers[rule.document]
    ]


def main() -> int:
    """Check every quote; write down what was checked if all of them stand."""
    papers = read_papers(Path(sys.argv[1]))
    wrong = list_misquoted(papers)
    for line in wrong:
        print(line)
    if not wrong:
        checked = {number: digest(text) for number, text in papers.items()}
        quotes = sorted({f"{rule.document} {digest(rule.quote)}" for rule in list_quotes()})
        content = {"papers": checked, "quotes": quotes}
        LEDGER.write_text(
            json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8"
        )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
