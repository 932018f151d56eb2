"""What one tick does: mend dates, fire timers, send, seal, import, end publicity."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from handlers.effects.letter_desk import DrawingDesk
from handlers.effects.party_mail import PartyMailChannel
from handlers.effects.run_command import CommandChannel
from notifications.channels.channel import Channel
from notifications.channels.letter_pdf import LetterPdfChannel
from notifications.channels.mail import FolderChannel, SmtpChannel
from notifications.channels.province import ProvinceChannel
from notifications.outbox import CaseOutbox, Dispatcher
from webapp.business_clock import BusinessClock, machine_now
from webapp.importing.run_imports import ImportRunner
from webapp.settings import Settings
from workflows.clock.calendar import WorkingCalendar, legal_date
from workflows.events import SYSTEM, Command
from workflows.models import new_id
from workflows.services.deliver import fire_due_timers
from workflows.services.desk import Desk
from workflows.services.load_notice import recompute_moved
from workflows.services.open_commitment_checks import open_commitment_checks
from workflows.services.open_max_period import open_max_periods
from workflows.services.open_periodic import open_periodic
from workflows.services.publish_record import end_expired, list_expired
from workflows.services.read_office import list_office_ids
from workflows.storage.audit import seal_heads
from workflows.storage.databases import Sessions
from workflows.storage.reading import read_session
from workflows.storage.unit_of_work import UnitOfWork

SEAL_EVERY = timedelta(minutes=1)


def chores(
    *, settings: Settings, sessions: Sessions, desk: Desk, clock: BusinessClock
) -> dict[str, Callable[[], object]]:
    """Return the chores by name."""
    dispatcher = connect_dispatcher(settings=settings, sessions=sessions, desk=desk, clock=clock)
    sealing = _AuditSealing(sessions, desk)
    dates = _DateSweep(sessions, desk, clock)

    def fire() -> int:
        now = clock.now()
        return sum(
            fire_due_timers(desk, office_id=office_id, now=now)
            for office_id in list_offices(sessions)
        )

    def send() -> int:
        return len(dispatcher.send_due(now=clock.now()))

    imports = ImportRunner(sessions, desk, now=clock.now)
    return {
        "dates": dates.run,
        "timers": fire,
        "outbox": send,
        "audit": sealing.run,
        "imports": imports.run,
        "publicity": lambda: end_publicity(sessions, desk, now=clock.now()),
    }


def end_publicity(sessions: Sessions, desk: Desk, *, now: datetime) -> int:
    """Take records from the public whose longest period is over; return how many."""
    ended = 0
    for office_id in list_offices(sessions):
        with read_session(sessions) as session:
            is_due = list_expired(session, office_id=office_id, today=legal_date(now))
        if is_due:
            command = Command(
                id=new_id(), name="end_expired", actor=SYSTEM, now=now, office_id=office_id
            )
            ended += int(desk.bus.run(command, end_expired)["ended"])
    return ended


def connect_dispatcher(
    *, settings: Settings, sessions: Sessions, desk: Desk, clock: BusinessClock
) -> Dispatcher:
    """Return who sends what waits in the outbox."""
    return Dispatcher(
        store=CaseOutbox(sessions, desk.bus),
        channels=connect_channels(settings=settings, sessions=sessions, desk=desk, clock=clock),
    )


def connect_channels(
    *, settings: Settings, sessions: Sessions, desk: Desk, clock: BusinessClock
) -> dict[str, Channel]:
    """Return how each kind of effect leaves the building."""
    login_page = f"{settings.public_url}/login"
    mail: Channel
    if settings.smtp_host:
        mail = SmtpChannel(
            host=settings.smtp_host,
            port=settings.smtp_port,
            sender=settings.smtp_sender,
            link=login_page,
        )
    else:
        mail = FolderChannel(
            folder=settings.data_dir / "mail", sender=settings.smtp_sender, link=login_page
        )
    drawing = DrawingDesk(sessions=sessions, desk=desk, clock=clock.now)
    channels: dict[str, Channel] = {
        "mail": PartyMailChannel(inner=mail, sessions=sessions, desk=desk),
        "command": CommandChannel(desk=desk, clock=clock.now),
        "letter_pdf": LetterPdfChannel(desk=drawing, fonts=settings.fonts_dir),
    }
    if settings.province_url:
        channels["province_report"] = ProvinceChannel(
            url=settings.province_url,
            secret=settings.province_secret,
            callback_url=f"{settings.public_url}/exchange/province/messages",
            # The platform compares time stamps with its own machine, never with a virtual clock.
            clock=machine_now,
        )
    return channels


def list_offices(sessions: Sessions) -> list[str]:
    """Return the ids of the offices of this installation."""
    with read_session(sessions) as session:
        return list_office_ids(session)


class _DateSweep:
    """Recomputes dates and opens what a new period owes, once a day and after a holiday notice."""

    def __init__(self, sessions: Sessions, desk: Desk, clock: BusinessClock) -> None:
        self._sessions = sessions
        self._desk = desk
        self._clock = clock
        self._swept: dict[str, tuple[WorkingCalendar, date]] = {}

    def run(self) -> None:
        now = self._clock.now()
        for office_id in list_offices(self._sessions):
            with read_session(self._sessions) as session:
                known = (self._desk.calendar(session, office_id), legal_date(now))
            if self._swept.get(office_id) == known:
                continue
            recompute_moved(self._sessions, self._desk, office_id=office_id, actor=SYSTEM, now=now)
            open_periodic(self._sessions, self._desk, office_id=office_id, now=now)
            open_max_periods(self._sessions, self._desk, office_id=office_id, now=now)
            open_commitment_checks(self._sessions, self._desk, office_id=office_id, now=now)
            self._swept[office_id] = known


class _AuditSealing:
    """Seals the heads of the audit streams each minute."""

    def __init__(self, sessions: Sessions, desk: Desk) -> None:
        self._sessions = sessions
        self._desk = desk
        self._next = machine_now()

    def run(self) -> None:
        now = machine_now()
        if now < self._next:
            return
        self._next = now + SEAL_EVERY
        for office_id in list_offices(self._sessions):

            def work(unit: UnitOfWork, office_id: str = office_id) -> None:
                seal_heads(unit.session, office_id=office_id, now=now)

            self._desk.bus.note(work, office_id=office_id, now=now)
