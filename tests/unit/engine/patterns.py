"""The patterns that our diagrams are drawn with, each as small as it can be."""

from __future__ import annotations

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
from workflows.engine.bundle import Bundle

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
