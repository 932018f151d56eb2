"""Two clocks: the business clock decides legal time, the machine's decides sessions and retries.

Outside the demo they are the same. In the demo the business clock runs ahead by what visitors have
moved it, and that is kept in the office's settings so that it survives a restart.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from workflows.events import SYSTEM, Command
from workflows.models import Office, new_id
from workflows.services.read_office import find_first_office, list_office_ids
from workflows.storage.databases import Sessions
from workflows.storage.reading import read_session
from workflows.storage.unit_of_work import CommandBus, UnitOfWork

AHEAD = "clock_ahead_seconds"


def machine_now() -> datetime:
    """Return the machine's instant, aware UTC."""
    return datetime.now(UTC)


class BusinessClock:
    """The clock of legal time."""

    def __init__(self, sessions: Sessions, *, is_virtual: bool) -> None:
        self._sessions = sessions
        self.is_virtual = is_virtual
        self._ahead: timedelta | None = None

    def now(self) -> datetime:
        """Return the business instant, aware UTC."""
        return machine_now() + self._offset()

    def advance_to(self, instant: datetime) -> None:
        """Move the virtual clock forward to the instant; it never goes back.

        Raises RuntimeError outside the demo.
        """
        if not self.is_virtual:
            raise RuntimeError("only the demo's clock can be moved")
        ahead = max(instant - machine_now(), self._offset())
        with read_session(self._sessions) as session:
            office_ids = list_office_ids(session)
        for office_id in office_ids:
            self._keep(office_id, ahead)
        self._ahead = ahead

    def _keep(self, office_id: str, ahead: timedelta) -> None:
        def work(unit: UnitOfWork) -> None:
            office = unit.session.get_one(Office, office_id)
            office.settings = {**office.settings, AHEAD: int(ahead.total_seconds())}

        command = Command(
            id=new_id(), name="move_demo_clock", actor=SYSTEM, now=self.now(), office_id=office_id
        )
        CommandBus(self._sessions).run(command, work)

    def _offset(self) -> timedelta:
        if not self.is_virtual:
            return timedelta(0)
        if self._ahead is None:
            with read_session(self._sessions) as session:
                office = find_first_office(session)
                seconds = office.settings.get(AHEAD, 0) if office else 0
            if office is None:
                return timedelta(0)
            self._ahead = timedelta(seconds=int(seconds))
        return self._ahead
