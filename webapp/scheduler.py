"""One tick in the serving process fires due timers, sends the outbox and seals the audit.

APScheduler only beats; what is due stands in our own tables, so that after down-time every missed
timer fires once, in due order, and a second process would find nothing left to do.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

log = structlog.get_logger("jiannuo.tick")
SECONDS = 2


class Tick:
    """Runs its chores one after the other; a failing chore does not stop the others."""

    def __init__(self, chores: dict[str, Callable[[], object]]) -> None:
        self._chores = chores
        self._running = threading.Lock()

    def __call__(self) -> None:
        """Run every chore once; a second caller waits its turn."""
        with self._running:
            for name, chore in self._chores.items():
                try:
                    chore()
                except Exception as error:
                    log.error("chore_failed", chore=name, type=type(error).__name__, exc_info=True)


def start_scheduler(tick: Tick) -> BackgroundScheduler:
    """Start the one scheduler of this process and return it."""
    # A beat that falls into a long one is left out on purpose; that is no news to anybody.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    scheduler = BackgroundScheduler(timezone="UTC")
    scheduler.add_job(
        tick, "interval", seconds=SECONDS, max_instances=1, coalesce=True, misfire_grace_time=None
    )
    scheduler.start()
    return scheduler
