"""`jiannuo migrate`: bring the database to the tables of this version."""

from __future__ import annotations

import json

import click

from webapp.cli.clock_words import Speaker, language_option
from webapp.cli.serve import prepare_folder
from webapp.settings import read_settings
from workflows.storage.migrate import list_heads
from workflows.storage.migrate import migrate as migrate_database


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Write the revision as JSON.")
@language_option
def migrate(as_json: bool, language: str) -> None:
    """把数据库（JIANNUO_DATABASE_URL）升级到本版本；已是最新的不动。

    Bring the database at JIANNUO_DATABASE_URL to the newest tables; a current one stays.
    """
    speaker = Speaker(language)
    settings = read_settings()
    prepare_folder(settings)
    migrate_database(settings.database_url)
    revision = list_heads()[0]
    if as_json:
        click.echo(json.dumps({"revision": revision}))
    else:
        click.echo(speaker.say("cli.migrate.done", revision=revision))
