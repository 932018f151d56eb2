"""The benchmark's process as Viewflow has it written: a class in Python."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import Any

from viewflow import this
from viewflow.workflow import flow, lock
from viewflow.workflow.models import Process


def view(request: Any, **names: Any) -> None:
    """Stand where a page would; the harness completes tasks without one."""


def note(activation: Any) -> None:
    """Do what each of the four service tasks does: set one variable."""
    activation.process.data[activation.task.flow_task.name] = True
    activation.process.save()


class Twelve(flow.Flow):  # type: ignore[misc]
    """The process of ../../process.bpmn, but for its sub-process, which the library does not have.

    Its three tasks stand in the flow itself, and its timer on the first of them.
    """

    process_class = Process
    lock_impl = lock.select_for_update_lock

    begin = flow.StartHandle(this.on_begin).Next(this.register)
    register = flow.Function(note).Next(this.receive)
    receive = flow.View(view).Next(this.examine)

    examine = (
        flow.View(view)
        .OnTimeout(timedelta(days=5), this.examine_told, interrupting=False)
        .Next(this.is_complete)
    )
    examine_told = flow.End()
    is_complete = (
        flow.If(lambda activation: activation.process.data["complete"])
        .Then(this.accept)
        .Else(this.supplement)
    )
    supplement = flow.View(view).Next(this.examine)

    accept = flow.Function(note).Next(this.split)
    split = flow.Split().Next(this.verify_source).Next(this.verify_basis)
    verify_source = (
        flow.View(view)
        .OnTimeout(timedelta(days=5), this.verify_told, interrupting=False)
        .Next(this.meet)
    )
    verify_told = flow.End()
    verify_basis = flow.View(view).Next(this.meet)
    meet = flow.Join().Next(this.propose)

    propose = (
        flow.View(view)
        .OnTimeout(timedelta(days=15), this.decide_told, interrupting=False)
        .Next(this.review)
    )
    decide_told = flow.End()
    review = flow.View(view).Next(this.approve)
    approve = flow.View(view).Next(this.is_settled)
    is_settled = (
        flow.If(lambda activation: activation.process.data["redo"])
        .Then(this.rework)
        .Else(this.settle)
    )
    rework = flow.View(view).Next(this.propose)

    settle = flow.Function(note).Next(this.draft)
    draft = flow.View(view).Next(this.sign)
    sign = flow.View(view).Next(this.report)
    report = flow.Function(note).Next(this.close)
    close = flow.View(view).Next(this.finish)
    finish = flow.End()

    def on_begin(self, activation: Any) -> None:
        """Keep the first form."""
        activation.process.data = {"note": os.environ["PEER_NOTE"]}
