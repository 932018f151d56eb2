"""`jiannuo migrate`: bring the database to the tables of this version."""

from __future__ import annotations

import json

import click

from webapp.cli.clock_words import Speaker, language_option
from webapp.cli.database import prepare, settings_of
from workflows.storage.migrate import list_heads


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Write the revision as JSON.")
@language_option
def migrate(as_json: bool, language: str) -> None:
    """把数据库（JIANNUO_DATABASE_URL）升级到本版本；已是最新的不动。

    Bring the database at JIANNUO_DATABASE_URL to the newest tables; a current one stays.
    """
    speaker = Speaker(language)
    prepare(settings_of(speaker), speaker)
    revision = list_heads()[0]
    if as_json:
        click.echo(json.dumps({"revision": revision}))
    else:
        click.echo(speaker.say("cli.migrate.done", revision=revision))
