"""Several machines: procrastinate carries jobs from web nodes to workers through PostgreSQL.

A web node enqueues in the case's own transaction; a worker sends the effect, and sweeps timers,
outbox, dates and audit as the embedded tick does. Both run the same chores on the same tables, so
an installation may change from one way to the other at any time.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping

import procrastinate
import psycopg
import structlog
from sqlalchemy import Connection, make_url

from workflows.errors import OutsideServiceFailed

log = structlog.get_logger("jiannuo.worker")

# Seconds between sweeps. Effects have jobs of their own; their sweep is for retries and lost jobs.
SWEEPS: Mapping[str, int] = {
    "timers": 2,
    "outbox": 5,
    "dates": 30,
    "audit": 30,
    "imports": 2,
    "publicity": 30,
}
RECOVERY = 30
"""Seconds without a heartbeat after which a worker's jobs go to another; its beat is 10 (docs)."""
AT_ONCE = 4


class AnnouncedQueue:
    """A job for each effect, deferred on the session's own connection and so in its transaction."""

    def __init__(self, jobs: procrastinate.App) -> None:
        self._jobs = jobs

    def announce(self, connection: Connection, *, effect_id: str) -> None:
        """Defer the job; a rollback of the transaction takes it along."""
        driver = connection.connection.driver_connection
        task = self._jobs.configure_task(name="send_effect", queue="effects", connection=driver)
        task.defer(effect_id=effect_id)


def connect_jobs(database_url: str) -> procrastinate.App:
    """Return the jobs of a PostgreSQL database; nothing is opened yet."""
    # The library tells every job twice over at level INFO, with its arguments.
    logging.getLogger("procrastinate").setLevel(logging.WARNING)
    address = make_url(database_url).set(drivername="postgresql")
    return procrastinate.App(
        connector=procrastinate.PsycopgConnector(
            conninfo=address.render_as_string(hide_password=False)
        )
    )


def prepare_jobs(database_url: str) -> None:
    """Make the tables of the jobs once; existing ones are left alone.

    Raises OutsideServiceFailed when nothing answers at the address.
    """
    try:
        _prepare(connect_jobs(database_url))
    except (procrastinate.exceptions.ConnectorException, psycopg.OperationalError) as error:
        raise OutsideServiceFailed("error.database_unreachable") from error


def _prepare(jobs: procrastinate.App) -> None:
    with jobs.open():
        connector = jobs.connector.get_sync_connector()
        found = connector.execute_query_one(
            "SELECT to_regclass('procrastinate_jobs') IS NOT NULL AS is_there"
        )
        if not found["is_there"]:
            jobs.schema_manager.apply_schema()


def run_worker(
    jobs: procrastinate.App,
    *,
    send_effect: Callable[[str], object],
    chores: Mapping[str, Callable[[], object]],
    until_idle: bool = False,
) -> None:
    """Work until told to stop; with ``until_idle`` only until no job is left."""
    add_tasks(jobs, send_effect=send_effect, chores=chores)
    jobs.run_worker(
        concurrency=AT_ONCE,
        wait=not until_idle,
        fetch_job_polling_interval=2.0,
        delete_jobs="successful",
        install_signal_handlers=not until_idle,
    )


def add_tasks(
    jobs: procrastinate.App,
    *,
    send_effect: Callable[[str], object],
    chores: Mapping[str, Callable[[], object]],
) -> None:
    """Name what the worker does: one effect, the sweeps, and taking over from the dead."""

    @jobs.task(name="send_effect", queue="effects")
    def send(effect_id: str) -> None:
        send_effect(effect_id)

    for name, chore in chores.items():
        _add_sweep(jobs, name=name, chore=chore)

    @jobs.periodic(cron=f"*/{RECOVERY} * * * * *")
    @jobs.task(name="take_over", queue="sweeps", queueing_lock="take_over", pass_context=False)
    async def take_over(timestamp: int) -> None:
        for job in await jobs.job_manager.get_stalled_jobs(seconds_since_heartbeat=RECOVERY):
            await jobs.job_manager.retry_job(job)


def _add_sweep(jobs: procrastinate.App, *, name: str, chore: Callable[[], object]) -> None:
    """Run a chore every few seconds on one worker at a time, so that due order holds."""

    @jobs.periodic(cron=f"*/{SWEEPS[name]} * * * * *")
    @jobs.task(name=f"sweep_{name}", queue="sweeps", lock=name, queueing_lock=name)
    def sweep(timestamp: int) -> None:
        try:
            chore()
        except Exception as error:
            # The next sweep tries again; a failed job would only tell the same once more.
            log.error("chore_failed", chore=name, type=type(error).__name__, exc_info=True)
