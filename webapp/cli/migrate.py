"""`jiannuo migrate`: bring the database to the tables of this version."""

from __future__ import annotations

import json

import click

from webapp.settings import read_settings
from workflows.storage.migrate import list_heads
from workflows.storage.migrate import migrate as migrate_database


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the revision as JSON.")
def migrate(as_json: bool) -> None:
    """Bring the database at JIANNUO_DATABASE_URL to the newest tables; a current one stays."""
    settings = read_settings()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    migrate_database(settings.database_url)
    revision = list_heads()[0]
    click.echo(json.dumps({"revision": revision}) if as_json else f"已是最新版本 {revision}")
