"""Drives the benchmark's process on Viewflow as its own views do: a locked transaction a task."""

from __future__ import annotations

import os
import sys

import django
from django.conf import settings

CASES = int(os.environ["PEER_CASES"])
WARM_UP = int(os.environ["PEER_WARM_UP"])
NOTE = os.environ["PEER_NOTE"]
LOOK_ROUND = int(os.environ["PEER_LOOK_ROUND"])

settings.configure(
    SECRET_KEY="benchmark",
    USE_TZ=True,
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "viewflow",
        "viewflow.workflow",
        "twelve",
    ],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "HOST": "127.0.0.1",
            "PORT": os.environ["PEER_PORT"],
            "USER": "postgres",
            "NAME": os.environ["PEER_DATABASE"],
            "CONN_MAX_AGE": None,
        }
    },
)
django.setup()

from django.contrib.auth.models import User  # noqa: E402
from django.core.management import call_command  # noqa: E402
from twelve.flows import Twelve  # noqa: E402
from viewflow.workflow.models import Process, Task  # noqa: E402
from viewflow.workflow.status import STATUS  # noqa: E402


def tell(line: str) -> None:
    """Say one line to the driver and wait for its answer."""
    print(f"@{line}", flush=True)
    sys.stdin.readline()


def list_open() -> list[Task]:
    """Return the open user tasks, claimed: a task cannot be done unclaimed, and a claim is no
    completion.
    """
    found = list(Task.objects.filter(flow_task_type="HUMAN", status=STATUS.NEW))
    user = User.objects.get(username="officer")
    for task in found:
        with task.activation() as activation:
            activation.assign(user)
    return found


def complete(task_id: int, answers: dict[str, object]) -> None:
    """Complete one claimed task, from its id on, in one transaction."""
    task = Task.objects.get(pk=task_id)
    with task.activation() as activation:
        activation.process.data.update(answers)
        activation.process.save()
        activation.start(None)
        activation.execute()


def run(*, cases: int, is_measured: bool) -> None:
    """Take so many cases from start to end, all in step."""
    say = tell if is_measured else lambda line: None
    say("look before")
    say("begin starts")
    for _ in range(cases):
        Twelve.begin.run()
    say(f"end {cases}")
    turn = 0
    while found := list_open():
        answers = {"note": NOTE, "complete": turn >= 3, "redo": turn == 7}
        if turn == LOOK_ROUND:
            say("look middle")
        say("begin completions")
        for task in found:
            complete(task.pk, answers)
        say(f"end {len(found)}")
        turn += 1
    unfinished = Process.objects.exclude(status="DONE").count()
    if unfinished:
        raise SystemExit(f"{unfinished} cases have not reached their end")
    say("look after")


if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    User.objects.create_user("officer")
    run(cases=WARM_UP, is_measured=False)
    run(cases=CASES, is_measured=True)
    tell("done")
