"""One tick runs every chore in order; a failing one holds up nobody."""

import threading
from collections.abc import Callable

from webapp.scheduler import Tick, start_scheduler


def _noting(done: list[str], name: str) -> Callable[[], object]:
    return lambda: done.append(name)


class TestTick:
    def test_runs_its_chores_in_order(self):
        done: list[str] = []

        Tick({name: _noting(done, name) for name in ("dates", "timers")})()

        assert done == ["dates", "timers"]

    def test_goes_on_after_a_failing_chore(self):
        done: list[str] = []

        def fail():
            raise RuntimeError("a chore")

        Tick({"timers": fail, "outbox": lambda: done.append("outbox")})()

        assert done == ["outbox"]

    def test_never_runs_beside_itself(self):
        inside = []
        most = []
        began = threading.Event()

        def chore():
            inside.append(1)
            most.append(len(inside))
            began.wait(0.05)
            inside.pop()

        tick = Tick({"timers": chore})
        threads = [threading.Thread(target=tick) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert most == [1, 1, 1, 1]


class TestScheduler:
    def test_beats_by_itself(self, monkeypatch):
        monkeypatch.setattr("webapp.scheduler.SECONDS", 0.05)
        beaten = threading.Event()

        scheduler = start_scheduler(Tick({"beat": beaten.set}))

        assert beaten.wait(10)
        scheduler.shutdown()
