"""The patterns that our diagrams are drawn with, each straight and reloaded between all steps."""

from __future__ import annotations

import pytest

from tests.unit.engine.drawing import (
    both,
    boundary,
    call,
    catch,
    decision,
    draw,
    either,
    end,
    flow,
    path,
    process,
    service,
    start,
    sub,
    table,
    throw,
    user,
    xor,
)
from tests.unit.engine.walk import Walker
from workflows.engine.bundle import Bundle


@pytest.fixture(params=[False, True], ids=["straight", "reloaded"])
def walk(request):
    """Walk a bundle straight, and again saved and reloaded between all steps."""

    def begin(bundle: Bundle, **options) -> Walker:
        return Walker(bundle, reload=request.param, **options)

    return begin


WITHDRAWAL = draw(
    process(
        "main",
        start("begin"),
        sub(
            "handling",
            start("h_begin"),
            user("task_check"),
            service("after_check"),
            user("task_more"),
            end("h_end"),
            path("h_begin", "task_check", "after_check", "task_more", "h_end"),
        ),
        boundary("asked", "handling", message="withdrawal_requested"),
        boundary("sure", "handling", message="withdrawal_confirmed", interrupting=True),
        boundary("late", "handling", timer="reply@overdue"),
        service("remind"),
        end("reminded"),
        user("task_confirm"),
        xor("confirmed", default="refuse"),
        service("refuse"),
        end("refused"),
        end("threw", message="withdrawal_confirmed"),
        service("record_withdrawal"),
        end("withdrawn"),
        service("close"),
        end("closed"),
        path("begin", "handling", "close", "closed"),
        path("asked", "task_confirm", "confirmed", "refuse", "refused"),
        flow("confirmed", "threw", "answer == 'yes'"),
        path("sure", "record_withdrawal", "withdrawn"),
        path("late", "remind", "reminded"),
    )
)


class TestWithdrawal:
    def test_interrupts_the_handling_when_confirmed(self, walk):
        case = walk(WITHDRAWAL).start("begin").deliver("withdrawal_requested")
        assert case.steps == ["task_check", "task_confirm"]

        case.complete("task_confirm", answer="yes")

        assert case.is_finished
        assert case.ended == ["threw", "withdrawn"]
        assert case.operations.names == ["record_withdrawal"]
        assert case.timers == case.messages == case.steps == []

    def test_goes_on_when_refused_and_may_be_asked_again(self, walk):
        case = walk(WITHDRAWAL).start("begin").deliver("withdrawal_requested")
        case.complete("task_confirm", answer="no")
        assert case.steps == ["task_check"]

        case.deliver("withdrawal_requested").complete("task_confirm", answer="yes")

        assert case.is_finished
        assert case.operations.names == ["refuse", "record_withdrawal"]

    def test_leaves_the_normal_way_open(self, walk):
        case = walk(WITHDRAWAL).start("begin").deliver("withdrawal_requested")
        case.complete("task_confirm", answer="no").fire("reply@overdue")

        case.complete("task_check").complete("task_more")

        assert case.is_finished
        assert case.ended == ["refused", "reminded", "h_end", "closed"]
        assert case.operations.names == ["refuse", "remind", "after_check", "close"]

    def test_confirmed_after_the_handling_is_done_is_heard_by_nobody(self, walk):
        case = walk(WITHDRAWAL).start("begin").deliver("withdrawal_requested")
        case.complete("task_check").complete("task_more")
        assert case.steps == ["task_confirm"]

        case.complete("task_confirm", answer="yes")

        assert case.is_finished
        assert case.sent == ["withdrawal_confirmed"]
        assert "record_withdrawal" not in case.operations.names

    def test_asked_twice_at_once_is_confirmed_once(self, walk):
        case = walk(WITHDRAWAL).start("begin")
        case.deliver("withdrawal_requested").deliver("withdrawal_requested")
        assert case.steps == ["task_check", "task_confirm", "task_confirm"]


THROWN_INSIDE = draw(
    process(
        "main",
        start("begin"),
        sub(
            "inner",
            start("i_begin"),
            user("task"),
            throw("shout", "stop"),
            service("never"),
            end("i_end"),
            path("i_begin", "task", "shout", "never", "i_end"),
        ),
        boundary("stopped", "inner", message="stop", interrupting=True),
        service("clean_up"),
        end("e_stopped"),
        end("e_normal"),
        path("begin", "inner", "e_normal"),
        path("stopped", "clean_up", "e_stopped"),
    )
)


class TestThrowInsideAnInterruptedSubProcess:
    def test_carries_out_nothing_after_the_throw(self, walk):
        """S6: the library still runs the automatic steps behind the throw."""
        case = walk(THROWN_INSIDE).start("begin").complete("task")

        assert case.operations.names == ["clean_up"]
        assert case.ended == ["e_stopped"]
        assert case.is_finished


def verification(*, wrapped: bool = True) -> Bundle:
    """Draw one called process per department, inside a sub-process with a silence notice."""
    return draw(
        process(
            "main",
            start("begin"),
            service("list_departments"),
            sub(
                "verification",
                start("v_begin"),
                call("ask_departments", "department", per="departments"),
                end("v_end"),
                path("v_begin", "ask_departments", "v_end"),
            ),
            boundary("silence", "verification", timer="reply@obj.reply.silence_notice"),
            user("task_notice"),
            end("noticed"),
            service("combine"),
            end("done"),
            path("begin", "list_departments", "verification", "combine", "done"),
            path("silence", "task_notice", "noticed"),
        ),
        process(
            "department",
            start("d_begin"),
            service("send_letter"),
            user("task_verify"),
            boundary("half", "task_verify", timer="verification@50%"),
            boundary("most", "task_verify", timer="verification@80%"),
            boundary("over", "task_verify", timer="verification@overdue"),
            service("remind"),
            end("d_reminded"),
            service("supervise"),
            end("d_supervised"),
            service("record"),
            end("d_end"),
            path("d_begin", "send_letter", "task_verify", "record", "d_end"),
            path("half", "remind", "d_reminded"),
            path("most", "remind"),
            path("over", "supervise", "d_supervised"),
        ),
    )


class TestOneProcessPerItem:
    def test_runs_each_with_its_own_timers(self, walk):
        case = walk(verification(), answers={"list_departments": {"departments": ["a", "b"]}})
        case.start("begin")
        assert case.steps == ["task_verify:a", "task_verify:b"]
        assert len(case.timers) == 7

        case.fire("verification@50%", item="a").fire("verification@overdue", item="b")
        case.fire("verification@80%", item="a")
        case.fire("reply@obj.reply.silence_notice")
        case.complete("task_verify", item="b")

        assert case.steps == ["task_notice", "task_verify:a"]
        assert case.timers == ["verification@overdue:a"]
        case.complete("task_verify", item="a").complete("task_notice")
        assert case.is_finished
        assert case.operations.calls == [
            ("list_departments", None),
            ("send_letter", "a"),
            ("send_letter", "b"),
            ("remind", "a"),
            ("supervise", "b"),
            ("remind", "a"),
            ("record", "b"),
            ("record", "a"),
            ("combine", None),
        ]

    def test_passes_over_an_empty_list(self, walk):
        case = walk(verification(), answers={"list_departments": {"departments": []}})

        case.start("begin")

        assert case.is_finished
        assert case.operations.names == ["list_departments", "combine"]

    def test_waits_with_a_cause_when_there_is_no_list(self, walk):
        case = walk(verification()).start("begin")
        assert [one.element for one in case.now.failed] == ["ask_departments"]
        assert case.now.failed[0].cause.key == "error.engine.not_a_list"

        assert not case.is_finished

    def test_shows_the_item_to_operations(self, walk):
        case = walk(verification(), answers={"list_departments": {"departments": ["a"]}})

        case.start("begin")

        assert case.operations.seen[-1] == {"departments": ["a"], "item": "a"}


INTERRUPTED_ITEMS = draw(
    process(
        "main",
        start("begin"),
        sub(
            "outer",
            start("o_begin"),
            call("each", "one", per="items"),
            end("o_end"),
            path("o_begin", "each", "o_end"),
        ),
        boundary("stop", "outer", message="stop", interrupting=True),
        user("task_after"),
        end("e1"),
        end("e2"),
        path("begin", "outer", "e1"),
        path("stop", "task_after", "e2"),
    ),
    process(
        "one",
        start("n_begin"),
        either("wait"),
        catch("answer", message="answer"),
        catch("due", timer="lift@due"),
        sub("n_sub", start("ns"), user("task_n"), end("ne"), path("ns", "task_n", "ne")),
        end("n_end"),
        path("n_begin", "wait", "answer", "n_sub", "n_end"),
        path("wait", "due", "n_end"),
    ),
)


class TestInterruptedItems:
    def test_leave_nothing_behind(self, walk):
        """S14: what was cancelled must not be waited for."""
        case = walk(INTERRUPTED_ITEMS).start("begin", items=["a", "b", "c"])
        case.deliver("answer", item="b")
        assert case.steps == ["task_n:b"]
        assert case.timers == ["lift@due:a", "lift@due:c"]

        case.deliver("stop")

        assert case.steps == ["task_after"]
        assert case.timers == case.messages == []
        case.complete("task_after")
        assert case.is_finished

    def test_end_together(self, walk):
        case = walk(INTERRUPTED_ITEMS).start("begin", items=["a", "b", "c"])

        case.deliver("answer", item="b").fire("lift@due", item="c").fire("lift@due", item="a")
        assert case.messages == ["stop"]
        case.complete("task_n")

        assert case.is_finished
        assert case.ended[-2:] == ["o_end", "e1"]


SUPPLEMENT = draw(
    process(
        "main",
        start("begin"),
        user("task_formal_check"),
        xor("outcome", default="mark"),
        service("send_notice"),
        either("wait"),
        catch("received", message="supplement_received"),
        catch("silent", timer="supplement@overdue"),
        service("record_silence"),
        service("mark"),
        both("split"),
        service("send_notice_2"),
        either("wait_2"),
        catch("received_2", message="supplement_received"),
        catch("silent_2", timer="supplement@overdue"),
        user("task_review"),
        service("record_silence_2"),
        xor("supplemented"),
        service("mark_2"),
        sub(
            "verify",
            start("v_b"),
            user("task_verify"),
            end("v_e"),
            path("v_b", "task_verify", "v_e"),
        ),
        boundary("notice_due", "verify", timer="reply@day13"),
        service("draft_notice"),
        end("drafted"),
        both("join"),
        xor("merged"),
        user("task_finding"),
        end("done"),
        path("begin", "task_formal_check", "outcome", "mark", "merged"),
        flow("outcome", "send_notice", "formal_outcome == 'supplement_first'"),
        flow("outcome", "split", "formal_outcome == 'supplement'"),
        path("send_notice", "wait", "received", "task_formal_check"),
        path("wait", "silent", "record_silence", "task_formal_check"),
        path("split", "send_notice_2", "wait_2", "received_2", "task_review", "supplemented"),
        path("wait_2", "silent_2", "record_silence_2", "supplemented", "join"),
        path("split", "mark_2", "verify", "join", "merged", "task_finding", "done"),
        path("notice_due", "draft_notice", "drafted"),
    )
)


class TestSupplement:
    def test_loops_back_to_the_check_as_often_as_needed(self, walk):
        case = walk(SUPPLEMENT).start("begin")
        for _ in range(3):
            case.complete("task_formal_check", formal_outcome="supplement_first")
            assert case.timers == ["supplement@overdue"]
            case.deliver("supplement_received")

        case.complete("task_formal_check", formal_outcome="supplement_first")
        case.fire("supplement@overdue").complete("task_formal_check", formal_outcome="accept")

        assert case.steps == ["task_finding"]
        assert case.operations.names == ["send_notice"] * 4 + ["record_silence", "mark"]

    @pytest.mark.parametrize("verified_first", [True, False])
    def test_joins_both_branches_after_rounds_of_the_loop(self, walk, verified_first):
        case = walk(SUPPLEMENT).start("begin")
        case.complete("task_formal_check", formal_outcome="supplement_first")
        case.deliver("supplement_received")
        case.complete("task_formal_check", formal_outcome="supplement")
        assert case.timers == ["reply@day13", "supplement@overdue"]
        case.fire("reply@day13")

        if verified_first:
            case.complete("task_verify")
            assert case.steps == []
            case.deliver("supplement_received").complete("task_review")
        else:
            case.fire("supplement@overdue")
            assert case.steps == ["task_verify"]
            case.complete("task_verify")

        assert case.steps == ["task_finding"]
        case.complete("task_finding")
        assert case.is_finished


JOIN_IN_LOOP = draw(
    process(
        "main",
        start("begin"),
        xor("again"),
        both("split"),
        user("left"),
        user("right"),
        both("join"),
        user("judge"),
        xor("good", default="done"),
        end("done"),
        path("begin", "again", "split", "left", "join", "judge", "good", "done"),
        path("split", "right", "join"),
        flow("good", "again", "verdict == 'again'"),
    )
)


class TestJoinInALoop:
    @pytest.mark.parametrize("orders", [("lr", "lr", "rl"), ("rl", "lr", "lr"), ("lr", "rl", "rl")])
    def test_waits_for_both_branches_in_every_round(self, walk, orders):
        """S15: the library counts the arrivals of earlier rounds."""
        sides = {"l": "left", "r": "right"}
        case = walk(JOIN_IN_LOOP).start("begin")

        for first, second in orders:
            assert case.steps == ["left", "right"]
            case.complete(sides[first])
            assert case.steps == [sides[second]]
            case.complete(sides[second])
            assert case.steps == ["judge"]
            case.complete("judge", verdict="again")

        case.complete("left").complete("right").complete("judge", verdict="good")
        assert case.is_finished


REPORT = draw(
    process(
        "main",
        start("begin"),
        sub(
            "report",
            start("r_begin"),
            xor("send_again"),
            service("send"),
            either("wait"),
            catch("ack", message="acknowledged"),
            catch("rej", message="rejected"),
            user("task_repair"),
            service("receipt"),
            end("r_end"),
            path("r_begin", "send_again", "send", "wait", "ack", "receipt", "r_end"),
            path("wait", "rej", "task_repair", "send_again"),
        ),
        boundary("t1", "report", timer="report@due-1"),
        boundary("t2", "report", timer="report@due"),
        boundary("t3", "report", timer="report@overdue"),
        service("remind"),
        service("supervise"),
        end("e_remind"),
        end("e_supervise"),
        end("done"),
        path("begin", "report", "done"),
        path("t1", "remind", "e_remind"),
        path("t2", "remind"),
        path("t3", "supervise", "e_supervise"),
    )
)


class TestReport:
    def test_is_sent_until_it_is_acknowledged_while_its_timers_run(self, walk):
        case = walk(REPORT).start("begin")
        assert case.timers == ["report@due", "report@due-1", "report@overdue"]
        case.deliver("rejected").fire("report@due-1").complete("task_repair")
        case.deliver("rejected").complete("task_repair").fire("report@due").fire("report@overdue")
        assert case.messages == ["acknowledged", "rejected"]

        case.deliver("acknowledged")

        assert case.is_finished
        assert case.operations.names == [
            "send",
            "remind",
            "send",
            "send",
            "remind",
            "supervise",
            "receipt",
        ]


DECIDED = draw(
    process(
        "main",
        start("begin"),
        both("split"),
        sub(
            "replying",
            start("rp_b"),
            call("reply", "letter"),
            end("rp_e"),
            path("rp_b", "reply", "rp_e"),
        ),
        boundary("asked", "replying", message="withdrawal_requested"),
        boundary("sure", "replying", message="withdrawal_confirmed", interrupting=True),
        boundary("remind", "replying", timer="reply@due-2"),
        service("op_remind"),
        end("e_remind"),
        user("task_confirm"),
        end("threw", message="withdrawal_confirmed"),
        service("record_withdrawal"),
        xor("replied"),
        xor("finding", default="remove_mark"),
        call("correct", "correction"),
        service("remove_mark"),
        xor("settled"),
        both("join"),
        service("close"),
        xor("how", default="e_upheld"),
        end("e_upheld"),
        end("e_withdrawn"),
        end("e_corrected"),
        path("begin", "split", "replying", "replied", "join", "close", "how", "e_upheld"),
        path("sure", "record_withdrawal", "replied"),
        path("asked", "task_confirm", "threw"),
        path("remind", "op_remind", "e_remind"),
        path("split", "finding", "remove_mark", "settled", "join"),
        flow("finding", "correct", "finding in ['correct', 'revoke']"),
        path("correct", "settled"),
        flow("how", "e_withdrawn", "withdrawn"),
        flow("how", "e_corrected", "finding == 'correct' and not withdrawn"),
    ),
    process(
        "letter",
        start("l_b"),
        user("task_draft"),
        user("task_check"),
        xor("checked", default="number"),
        service("number"),
        end("l_e"),
        path("l_b", "task_draft", "task_check", "checked", "number", "l_e"),
        flow("checked", "task_draft", "check == 'return'"),
    ),
    process(
        "correction",
        start("c_b"),
        service("prepare"),
        both("c_split"),
        call("records", "record", per="correctors"),
        call("lifts", "lift", per="sanctions"),
        user("task_effects"),
        both("c_join"),
        end("c_e"),
        path("c_b", "prepare", "c_split", "records", "c_join", "c_e"),
        path("c_split", "lifts", "c_join"),
        path("c_split", "task_effects", "c_join"),
    ),
    process(
        "record",
        start("rc_b"),
        user("task_record"),
        end("rc_e"),
        path("rc_b", "task_record", "rc_e"),
    ),
    process(
        "lift",
        start("lf_b"),
        user("task_lift"),
        boundary("lf_half", "task_lift", timer="lift@50%"),
        service("lf_remind"),
        end("lf_reminded"),
        end("lf_e"),
        path("lf_b", "task_lift", "lf_e"),
        path("lf_half", "lf_remind", "lf_reminded"),
    ),
)


class TestDecided:
    def test_replies_and_corrects_side_by_side(self, walk):
        case = walk(DECIDED, answers={"prepare": {"correctors": ["x", "y"], "sanctions": ["s"]}})
        case.start("begin", finding="correct")
        assert case.steps == [
            "task_draft",
            "task_effects",
            "task_lift:s",
            "task_record:x",
            "task_record:y",
        ]

        case.complete("task_draft").complete("task_check", check="return")
        case.fire("lift@50%", item="s").complete("task_record", item="y").complete("task_effects")
        case.fire("reply@due-2").complete("task_draft").complete("task_check", check="agree")
        assert case.steps == ["task_lift:s", "task_record:x"]
        assert case.messages == []
        case.complete("task_lift").complete("task_record")

        assert case.is_finished
        assert case.ended[-1] == "e_corrected"

    def test_has_nothing_to_correct(self, walk):
        case = walk(DECIDED, answers={"prepare": {"correctors": [], "sanctions": []}})
        case.start("begin", finding="revoke")
        assert case.steps == ["task_draft", "task_effects"]

        case.complete("task_effects").complete("task_draft").complete("task_check")

        assert case.is_finished

    def test_goes_on_correcting_after_a_withdrawal(self, walk):
        answers = {
            "prepare": {"correctors": ["x"], "sanctions": []},
            "record_withdrawal": {"withdrawn": True},
        }
        case = walk(DECIDED, answers=answers).start("begin", finding="correct")
        case.deliver("withdrawal_requested").complete("task_confirm")
        assert case.steps == ["task_effects", "task_record:x"]

        case.complete("task_record").complete("task_effects")

        assert case.is_finished
        assert case.ended[-1] == "e_withdrawn"

    def test_upholds(self, walk):
        case = walk(DECIDED).start("begin", finding="uphold")
        assert case.steps == ["task_draft"]

        case.complete("task_draft").complete("task_check", check="agree")

        assert case.ended[-1] == "e_upheld"
        assert case.operations.names == ["remove_mark", "number", "close"]


STARTS = draw(
    process(
        "main",
        start("portal", message="filed"),
        start("window"),
        start("hotline", message="hotline"),
        start("pushed", message="pushed"),
        start("transferred"),
        start("reopened", message="reopened"),
        xor("any"),
        user("task"),
        end("done"),
        *(path(one, "any") for one in ("portal", "window", "hotline", "pushed", "transferred")),
        path("reopened", "any", "task", "done"),
    )
)


class TestStart:
    @pytest.mark.parametrize(
        "event", ["portal", "window", "hotline", "pushed", "transferred", "reopened"]
    )
    def test_begins_at_the_chosen_event_alone(self, walk, event):
        case = walk(STARTS).start(event)
        assert case.steps == ["task"]
        assert case.passed == [event, "any"]
        assert case.messages == []

        case.complete("task")

        assert case.is_finished


DECISION = draw(
    process(
        "main",
        start("begin"),
        decision("decide", "source.dmn"),
        user("task"),
        end("done"),
        path("begin", "decide", "task", "done"),
    ),
    source__dmn=table(("'本级'", "'platform'"), ("in ['市', '县']", "'department'")),
)


class TestDecision:
    @pytest.mark.parametrize(
        "origin, source", [("本级", "platform"), ("市", "department"), ("县", "department")]
    )
    def test_sets_its_outputs(self, walk, origin, source):
        case = walk(DECISION).start("begin", origin=origin)

        assert case.variables["source"] == source
        assert case.steps == ["task"]

    def test_waits_when_no_rule_fits(self, walk):
        case = walk(DECISION).start("begin", origin="elsewhere")

        assert case.steps == []
        assert case.now.failed[0].operation == "source.dmn"
        assert case.now.failed[0].cause.key == "error.engine.no_rule_fits"

    def test_waits_when_rules_overlap(self, walk):
        overlapping = draw(
            process("main", start("b"), decision("d", "s.dmn"), end("e"), path("b", "d", "e")),
            s__dmn=table(("'a'", "'x'"), ("-", "'y'")),
        )

        case = walk(overlapping).start("b", origin="a")

        assert case.now.failed[0].cause.key == "error.engine.rules_overlap"
        assert case.now.failed[0].cause.facts["rows"] == "1, 2"

    def test_collects(self, walk):
        collecting = draw(
            process(
                "main",
                start("b"),
                decision("d", "s.dmn"),
                user("u"),
                end("e"),
                path("b", "d", "u", "e"),
            ),
            s__dmn=table(("'a'", "'x'"), ("-", "'y'"), ("'b'", "'z'"), policy="COLLECT"),
        )

        case = walk(collecting).start("b", origin="a")

        assert case.variables["source"] == ["x", "y"]


FAILING = draw(
    process(
        "main",
        start("begin"),
        both("split"),
        service("send"),
        boundary("late", "send", timer="reply@due"),
        service("remind"),
        end("e_remind"),
        user("task"),
        both("join"),
        end("done"),
        path("begin", "split", "send", "join", "done"),
        path("split", "task", "join"),
        path("late", "remind", "e_remind"),
    )
)


class TestFailingOperation:
    def test_waits_with_its_cause_while_other_branches_go_on(self, walk):
        cause = ConnectionError("province is down")
        case = walk(FAILING, answers={"send": cause}).start("begin")
        assert case.now.failed[0].cause is cause
        assert case.now.active == ("split",) or "send" in case.now.active

        case.complete("task").fire("reply@due")

        assert not case.is_finished
        assert case.now.failed[0].cause is None
        assert case.operations.names == ["send", "remind"]

    def test_is_tried_again(self, walk):
        case = walk(FAILING, answers={"send": ConnectionError()}).start("begin").complete("task")
        case.retry("send")
        assert isinstance(case.now.failed[0].cause, ConnectionError)

        case.operations.answers["send"] = {"sent": 1}
        case.retry("send")

        assert case.is_finished
        assert case.variables["sent"] == 1
        assert case.timers == []
        assert case.now.failed == ()

    def test_refuses_results_that_cannot_be_saved(self, walk):
        case = walk(FAILING, answers={"send": {"at": object()}}).start("begin")

        assert case.now.failed[0].cause.key == "error.engine.not_plain"


class TestGatewayWithoutATrueCondition:
    def test_waits_for_a_retry(self, walk):
        """S10: the library leaves the gateway in an error from which nothing leads on."""
        bundle = draw(
            process(
                "main",
                start("begin"),
                user("task"),
                xor("choice"),
                service("one"),
                service("two"),
                end("done"),
                path("begin", "task", "choice"),
                flow("choice", "one", "x == 1"),
                flow("choice", "two", "x == 2"),
                path("one", "done"),
                path("two", "done"),
            )
        )
        case = walk(bundle).start("begin").complete("task", x=3)
        assert case.now.failed[0].element == "choice"
        assert case.now.failed[0].cause.key == "error.engine.no_condition_true"

        case.retry("choice")

        assert case.now.failed[0].element == "choice"
        assert not case.is_finished


class TestTerminateEnd:
    def test_ends_its_own_scope_only(self, walk):
        bundle = draw(
            process(
                "main",
                start("begin"),
                sub(
                    "inner",
                    start("i_b"),
                    both("split"),
                    user("a"),
                    call("b", "other"),
                    end("stop", terminate=True),
                    end("i_e"),
                    path("i_b", "split", "a", "stop"),
                    path("split", "b", "i_e"),
                ),
                user("after"),
                end("done"),
                path("begin", "inner", "after", "done"),
            ),
            process("other", start("o_b"), user("c"), end("o_e"), path("o_b", "c", "o_e")),
        )
        case = walk(bundle).start("begin")
        assert case.steps == ["a", "c"]

        case.complete("a")

        assert case.steps == ["after"]
        case.complete("after")
        assert case.is_finished
