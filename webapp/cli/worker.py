"""`jiannuo worker`: timers, letters, mails and reports, beside any number of web nodes."""

from __future__ import annotations

from dataclasses import replace

import click

from webapp.app import connect_desk
from webapp.business_clock import BusinessClock
from webapp.chores import chores, connect_dispatcher
from webapp.cli.clock_words import Speaker, language_option
from webapp.cli.database import prepare, settings_of
from webapp.settings import WORKERS
from webapp.workers import connect_jobs, run_worker
from workflows.storage.databases import open_database, sessions_for


@click.command()
@language_option
def worker(language: str) -> None:
    """到期定时、发送文书邮件和报送，由本进程做；网页由 JIANNUO_JOBS=workers 的 serve 提供。

    Fire timers and send letters, mails and reports. Pages come from `jiannuo serve` with
    JIANNUO_JOBS=workers; all of them share one PostgreSQL database and one data folder.
    """
    speaker = Speaker(language)
    settings = replace(settings_of(speaker), jobs=WORKERS)
    prepare(settings, speaker)
    engine = open_database(settings.database_url)
    sessions = sessions_for(engine)
    desk = connect_desk(settings, sessions)
    clock = BusinessClock(sessions, is_virtual=settings.is_demo)
    dispatcher = connect_dispatcher(settings=settings, sessions=sessions, desk=desk, clock=clock)
    click.echo(speaker.say("cli.worker.ready"), err=True)
    try:
        run_worker(
            connect_jobs(settings.database_url),
            send_effect=lambda effect_id: dispatcher.send_one(effect_id=effect_id, now=clock.now()),
            chores=chores(settings=settings, sessions=sessions, desk=desk, clock=clock),
        )
    finally:
        engine.dispose()
