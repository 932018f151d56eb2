"""Prints README's performance section from the stored results: ``python -m benchmarks.summary``."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.results import RESULTS, number

RUNS = ("bench", "scale", "due_at_once", "simulation", "peers")
README = {"en": "README.md", "zh": "README.zh.md"}
HEADING = {"en": "## Performance", "zh": "## 性能"}
DATABASES = ("sqlite", "postgresql")
HUNDRED_THOUSAND = 100_000
SECONDS_AN_HOUR = 3600
MILLI = 1e3

Results = dict[str, dict[str, Any]]


class Line(NamedTuple):
    """One line of the table: its words in both languages, and its figure by database."""

    en: str
    zh: str
    figure: Callable[[Results, str], str]


def main() -> None:
    """Put the section into both READMEs, in place of the one that is there."""
    results = read_results()
    for language, name in README.items():
        path = Path(name)
        text = path.read_text(encoding="utf-8")
        new = replace_section(text, language, section(results, language))
        path.write_text(new, encoding="utf-8")
    print(section(results, "en"))


def read_results(folder: Path = RESULTS) -> Results:
    """Return what the benchmarks kept, by name."""
    found = {name: folder / f"{name}.json" for name in RUNS}
    return {name: json.loads(path.read_text(encoding="utf-8")) for name, path in found.items()}


def replace_section(text: str, language: str, new: str) -> str:
    """Return the README with the new section where the old one stood."""
    head, heading, rest = text.partition(HEADING[language])
    if not heading:
        raise SystemExit(f"{README[language]} has no section {HEADING[language]}")
    _, mark, after = rest.partition("\n## ")
    return f"{head}{new}{mark}{after}"


def section(results: Results, language: str) -> str:
    """Return the section: what was run where, the table, and what the table does not say."""
    texts = _TEXTS[language]
    words = _words(results)
    rows = [[_say(line, language), *_figures(results, line)] for line in LINES]
    head = [texts["what"], "SQLite", "PostgreSQL"]
    table = [f"| {' | '.join(row)} |" for row in [head, ["---"] * len(head), *rows]]
    parts = [HEADING[language], texts["before"], "\n".join(table), texts["peers"], texts["after"]]
    return "\n\n".join(part.format(**words) for part in parts) + "\n"


def _say(line: Line, language: str) -> str:
    return line.zh if language == "zh" else line.en


def _figures(results: Results, line: Line) -> list[str]:
    return [line.figure(results, database) for database in DATABASES]


def _ratio(path: str, *, over: str = "paths") -> Callable[[Results, str], str]:
    def figure(results: Results, database: str) -> str:
        found = results["bench"]["figures"][database][over][path]
        return f"{number(found['product_ms'])} ms, {number(found['ratio'])}×"

    return figure


def _by_hand(fast: str, hand: str) -> Callable[[Results, str], str]:
    def figure(results: Results, database: str) -> str:
        found = results["bench"]["figures"][database]["serving"]
        return f"{number(found[fast] / found[hand])}×"

    return figure


def _first_page(results: Results, database: str) -> str:
    found = results["scale"]["figures"][database]["inbox"]
    return " / ".join(number(each["product_ms"]) for each in found.values()) + " ms"


def _memory(results: Results, database: str) -> str:
    return f"{number(results['scale']['figures'][database]['serving']['1000000']['memory_mb'])} MB"


def _due(results: Results, database: str) -> str:
    found = results["due_at_once"]["figures"][database]
    return f"{number(found['seconds'])} s, {number(found['wait_ms'])} ms"


LINES = (
    Line("complete a task, against the baseline", "办结一步，与基线之比", _ratio("complete")),
    Line("open a case", "立案", _ratio("start")),
    Line("claim a task", "认领", _ratio("claim")),
    Line("fire a timer", "触发一个定时", _ratio("fire timer")),
    Line("send an effect", "发出一件", _ratio("send outbox")),
    Line("the inbox, in process", "待办列表（进程内）", _ratio("inbox")),
    Line(
        "complete a task over HTTP, form and page included",
        "经 HTTP 办结一步，含表单与页面",
        _ratio("complete", over="http"),
    ),
    Line(
        "a case's page over HTTP; the baseline's is a bare table",
        "经 HTTP 打开案件页；基线只是一张裸表",
        _ratio("case page", over="http"),
    ),
    Line(
        "database time of the inbox's first page at 10,000, 100,000, 1 and 3 million open tasks",
        "待办首页的数据库时间：1 万、10 万、100 万、300 万项在办",
        _first_page,
    ),
    Line(
        "page template against the same bytes joined by hand",
        "页面模板与手工拼接同样字节之比",
        _by_hand("rendering_ms", "hand_joined_ms"),
    ),
    Line(
        "JSON against joining by hand",
        "JSON 与手工拼接之比",
        _by_hand("json_ms", "json_hand_joined_ms"),
    ),
    Line("serving process with a million open cases", "100 万件在办时服务进程的内存", _memory),
    Line(
        "{timers} timers due at once: until all have fired, and an officer's median wait meanwhile",
        "{timers} 个定时同时到期：全部触发用时，期间经办人办结一步的中位等待",
        _due,
    ),
)


def _words(results: Results) -> dict[str, str]:
    """Return the figures that the sentences name."""
    bench, run = results["bench"]["figures"], results["simulation"]["figures"]
    cases = run["counts"]["cases filed"]
    pace = run["wall_seconds"] / cases * HUNDRED_THOUSAND / SECONDS_AN_HOUR
    peers = results["peers"]["figures"]
    said = [
        f"{name} {number(each['completions']['per_core_second'])}" for name, each in peers.items()
    ]
    return {
        "cores": results["bench"]["machine"]["cores"],
        "token": number(bench["engine_step_us"]["token"]),
        "spiff": number(bench["engine_step_us"]["spiff"]),
        "timers": f"{results['due_at_once']['figures']['timers']:,}",
        "peers": ", ".join(said),
        "commands": number(run["counts"]["commands"] / cases),
        "cpu": number(run["cpu_seconds"] / cases * MILLI),
        "hours": number(pace),
    }


_TEXTS = {
    "en": {
        "what": "What",
        "before": "What the benchmarks printed on a machine of {cores} cores"
        " ([benchmarks/results/](benchmarks/results/)): processor time, the database's included,"
        " with durable commits. The baseline is SpiffWorkflow and the ORM for everything, writing"
        " the same rows in the same run. The engine's own step takes {token} µs; SpiffWorkflow's,"
        " behind the same facade, {spiff} µs.",
        "peers": "Completions a second and core beside other engines, on one process of twelve"
        " tasks (`make bench-peers`): {peers}. The product writes clocks, audit, events and an"
        " outbox with each; the others leave those to whoever embeds them.",
        "after": "An objection from filing to closed takes {cpu} ms of processor time in all its"
        " {commands} commands, letters and reports included (`make bench-office`); a hundred"
        " thousand of them take {hours} hours at that pace. How each figure is measured:"
        " [docs/benchmarks.md](docs/benchmarks.md). How far that goes:"
        " [docs/scale.md](docs/scale.md).",
    },
    "zh": {
        "what": "项目",
        "before": "以下是各项基准在 {cores} 核机器上打印的数字（见"
        " [benchmarks/results/](benchmarks/results/)）：处理器时间，含数据库，提交均落盘。基线是"
        " SpiffWorkflow 加全程 ORM，在同一次运行中写同样的行。引擎自身一步 {token} µs；同一接口下的"
        " SpiffWorkflow 为 {spiff} µs。",
        "peers": "与其他引擎在同一个十二步流程上相比，每核每秒办结数（`make bench-peers`）："
        "{peers}。本产品每一步还写入时钟、审计、事件和发件，其他引擎把这些留给集成者。",
        "after": "一件异议从收件到办结共 {commands} 条命令，连同文书和报送占处理器 {cpu} 毫秒"
        "（`make bench-office`）；照此十万件需 {hours} 小时。每个数字怎样量得，见"
        " [docs/benchmarks.md](docs/benchmarks.md)；够用到哪里，见"
        " [docs/scale.md](docs/scale.md)。",
    },
}


if __name__ == "__main__":
    main()
