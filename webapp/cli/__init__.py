"""What a person types: the `jiannuo` command and its parts."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import Any

import click

# Where each command lives. It is imported when it is asked for, so that `jiannuo deadline` does
# not wait for the web server, and `jiannuo --help` waits for nothing.
COMMANDS = {
    "serve": ("webapp.cli.serve", "serve"),
    "worker": ("webapp.cli.worker", "worker"),
    "migrate": ("webapp.cli.migrate", "migrate"),
    "demo": ("webapp.cli.demo", "demo"),
    "deadline": ("webapp.cli.deadline", "deadline"),
    "calendar": ("webapp.cli.calendar", "calendar"),
    "lint": ("webapp.cli.lint", "lint"),
    "case": ("webapp.cli.case", "case"),
    "import": ("webapp.cli.import_table", "import_table"),
    "platform": ("webapp.cli.platform", "platform"),
    "simulate": ("webapp.cli.simulate", "simulate"),
    "rules": ("webapp.cli.rules", "rules"),
}
TEXTS = Path(__file__).parents[1] / "texts"


class LazyCommands(click.Group):
    """A group whose commands are imported only when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of the handbook."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command, or None for an unknown name."""
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name]
        command: Any = getattr(import_module(module), name)
        return command if isinstance(command, click.Command) else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the summaries in both languages without importing a command."""
        chinese, english = read_summaries("zh"), read_summaries("en")
        with formatter.section("Commands"):
            formatter.write_dl([(name, f"{chinese[name]} / {english[name]}") for name in COMMANDS])


def read_summaries(language: str) -> dict[str, str]:
    """Return what each command does, in one line."""
    texts = json.loads((TEXTS / f"cli.{language}.json").read_text(encoding="utf-8"))
    return {name: texts[f"cli.summary.{name}"] for name in COMMANDS}


@click.group(cls=LazyCommands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="jiannuo")
def main() -> None:
    """Jiannuo (践诺): case management for public-credit offices."""
