"""Whose turn it is after a step follows from the drawing alone."""

from __future__ import annotations

import pytest

from tests.unit.engine.drawing import (
    boundary,
    call,
    catch,
    draw,
    end,
    flow,
    node,
    path,
    process,
    service,
    start,
    sub,
    xor,
)
from workflows.engine.blueprint import blueprint
from workflows.engine.next_posts import next_posts


def step(id: str, role: str) -> str:
    return node("userTask", id, jiannuo__form="any", jiannuo__role=role)


CASE = blueprint(
    draw(
        process(
            "main",
            start("b"),
            step("propose", "handler"),
            step("review", "reviewer"),
            xor("agreed", default="inquiry"),
            call("inquiry", "asking"),
            sub("signing", start("s_b"), step("sign", "approver"), end("s_e"), path("s_b", "sign")),
            service("send"),
            catch("answer", message="answered"),
            step("close", "handler"),
            end("e"),
            boundary("late", "signing", timer="reply@due"),
            step("urge", "supervisor"),
            path("b", "propose", "review", "agreed", "inquiry", "signing"),
            flow("sign", "s_e"),
            path("signing", "send", "answer", "close", "e"),
            flow("agreed", "signing", "way == 'short'"),
            flow("agreed", "propose", "way == 'back'"),
            flow("late", "urge"),
        ),
        process(
            "asking",
            start("a_b"),
            step("ask", "window_clerk"),
            end("a_e"),
            path("a_b", "ask", "a_e"),
        ),
    )
)


class TestNextPosts:
    @pytest.mark.parametrize(
        ("after", "posts"),
        [
            ("propose", ("reviewer",)),
            ("ask", ("approver",)),
            ("close", ()),
        ],
        ids=["straight", "out of a called process", "at the end"],
    )
    def test_are_those_of_the_steps_drawn_next(self, after, posts):
        assert next_posts(CASE, after) == posts

    def test_leave_ways_back_out_and_enter_what_is_called(self):
        assert next_posts(CASE, "review") == ("window_clerk", "approver")

    def test_are_unknown_after_a_wait(self):
        assert next_posts(CASE, "sign") == ()

    def test_do_not_foresee_what_an_attached_event_brings(self):
        steps = [one.id for one in CASE.elements.values() if one.kind == "userTask"]

        assert "supervisor" not in {post for step in steps for post in next_posts(CASE, step)}
