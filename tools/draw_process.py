"""Draw a process from an outline: a text with a line for each lane, step and arrow.

    python -m tools.draw_process OUTLINE.txt INTO.bpmn
    python -m tools.draw_process --outline FILE.bpmn      # prints the outline of a diagram

An example, with everything that can be said:

    process repair 信用修复 namespace=repair       # the namespace is the folder unless said
    pool pool_subject 信用主体                      # the first stands above, the next below
    pool pool_province 省级信用信息平台
    lane window_clerk 窗口受理岗                    # id lane_window_clerk, role window_clerk
      start start_repair 提出申请 message=repair_filed
      user task_check 形式审查 form=check clock=accept
      xor is_complete 材料齐全？
    lane handler 承办岗 role=handler                # steps below a lane stand in it
      rule decide_kind 判断类别 decision=decisions/kind.dmn
      service record_kind 记录类别 operation=record_kind
      call call_letter 制发告知书 calls=issue_letter letter=notice @window_clerk
      call call_bodies 各部门意见 calls=opinion each=departments until="opinion == 'no'"
      boundary opinions_due 意见到期 on=call_bodies timer=reply@due interrupting=no
      wait wait_reply 等待补正
      catch reply_came 收到材料 message=supplement_received
      catch reply_late 补正期满 timer=supplement@overdue
      sub examine 审查                              # what is indented more is inside
        start start_examine 开始
        user task_examine 审查材料 form=examine role=reviewer
        end end_examine 审查完毕
      event_sub withdrawal 撤回
        start withdrawn 收到撤回 message=withdrawn interrupting=no
        end end_withdrawn 已登记
      terminate end_done 已办结
      end end_failed 出错 error=failed
    @window_clerk                                   # goes on in a lane that is there already
      end end_refused 不予受理

    start_repair -> task_check -> is_complete
    is_complete -> decide_kind : 齐全 if complete == 'yes'
    is_complete -> end_refused : 不齐全 default
    pool_subject -> start_repair : 修复申请          # to or from a pool it is a message
    note note_check on task_check: 一次性告知（R115）

Kinds of step: start, end, terminate, catch, throw, boundary, user, service, rule, send, receive,
call, sub, event_sub, xor, and, or (inclusive), wait (event gateway). An event says one of
message=, timer=, signal=, error=, escalation=; a timer is ``clock@point`` or a duration such as
PT1H. each= repeats at the same time, in_turn= one after the other, until= says when enough are
done. Our marks are form=, clock=, operation=, decision=, letter=, role=; any other is written with
``jiannuo:`` in front. Values with spaces stand in "quotes". What an arrow line says behind a colon
and ``if`` or ``default`` is of its last arrow. ``#`` begins a comment: a line of its own, or what
stands two spaces behind a line.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tools.diagram.figure import FigureError
from tools.diagram.markup import markup_of
from tools.diagram.outline import OutlineError, read_outline
from tools.diagram.outline_text import outline_text
from tools.lay_out import laid_out
from workflows.engine.markup import read_markup


def drawn(text: str, *, folder: str = "") -> str:
    """Return the BPMN file of an outline, ``folder`` being its namespace unless it names one."""
    outline = read_outline(text)
    outline.namespace = outline.namespace or folder or outline.id
    return laid_out(markup_of(outline), file=f"{outline.id}.bpmn")


def main(outline: str, into: str) -> int:
    """Draw the outline into the file."""
    target = Path(into)
    try:
        text = drawn(Path(outline).read_text(encoding="utf-8"), folder=target.resolve().parent.name)
    except (OutlineError, FigureError) as error:
        print(f"{outline}: {error}", file=sys.stderr)
        return 1
    target.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    if sys.argv[1] == "--outline":
        content = Path(sys.argv[2]).read_bytes()
        print(outline_text(read_markup(content, file=sys.argv[2])), end="")
        sys.exit()
    sys.exit(main(*sys.argv[1:]))
