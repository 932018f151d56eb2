"""The provincial platform in a test: the reference platform itself, answering when told to."""

from __future__ import annotations

import sqlite3
import threading
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from werkzeug.serving import BaseWSGIServer, make_server

from tests.acceptance.office import POLL, SECRET
from webapp.platform.app import create_platform
from webapp.platform.control import Behaviour, Control
from webapp.platform.courier import Courier
from webapp.platform.store import PlatformStore


@dataclass
class Province:
    """The platform behind a real port; its courier goes only when the test says so."""

    folder: Path
    store: PlatformStore = field(init=False)
    behaviour: Behaviour = field(init=False)
    _server: BaseWSGIServer = field(init=False)

    def __post_init__(self) -> None:
        """Open the platform."""
        self.store = PlatformStore(self.folder / "platform.db")
        self.behaviour = Behaviour(Control(ack_after=0))
        app = create_platform(store=self.store, behaviour=self.behaviour, secret=SECRET)
        self._server = make_server("127.0.0.1", 0, app, threaded=True)
        threading.Thread(target=self._server.serve_forever, args=(POLL,), daemon=True).start()

    @property
    def url(self) -> str:
        """Return the platform's address."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def answer(self) -> None:
        """Decide every report that has come in and bring the answers to our door."""
        Courier(self.store, self.behaviour, SECRET).beat(time.time() + 1)
        waiting = [row for row in self.store.list_messages() if row["delivered_at"] is None]
        assert not waiting, [row["last_error"] for row in waiting]

    def deliver_again(self, message_id: str) -> None:
        """Bring an answer a second time, as after a lost reply to the first."""
        courier = Courier(self.store, self.behaviour, SECRET)
        self.store.note_failed_delivery(message_id, error="no answer", due_at=0)
        with closing(sqlite3.connect(self.folder / "platform.db")) as database, database:
            database.execute("UPDATE message SET delivered_at = NULL WHERE id = ?", (message_id,))
        courier.beat(time.time())

    def control(self, **values: Any) -> None:
        """Change how the platform behaves."""
        self.behaviour.change(values)

    @property
    def reports(self) -> list[dict[str, Any]]:
        """Return the reports that came in, oldest first."""
        return self.store.list_reports()

    def close(self) -> None:
        """Close the platform."""
        self._server.shutdown()
        self._server.server_close()
