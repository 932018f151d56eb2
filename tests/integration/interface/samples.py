"""The cases of the visual language's own pages, reckoned by the real clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

from tests.integration.interface.sample_form import sample_form
from webapp.phrases import Words, phrase
from webapp.presenters.boards import BarRow, Figure, bar_chart
from webapp.presenters.cases import (
    Crumb,
    DiagramMark,
    DiagramView,
    Escalation,
    Fact,
    Happening,
    Holding,
    Stage,
    Tab,
)
from webapp.presenters.clocks import ClockFacts, ClockView, Move, Today, WordFrame, clock_view
from webapp.presenters.letters import Paper, Paragraph, SheetCell, SheetRow, Step
from webapp.presenters.lists import BulkAction, FilterField, Row, RowAction, group_rows
from webapp.presenters.ranks import UNCONFIRMED, rank_of
from workflows.clock.calendar import load_shipped_calendar
from workflows.clock.explain import explain
from workflows.clock.ledger import Entry, EntryKind
from workflows.clock.terms import Term, Unit

DIAGRAM_MARKS = (
    DiagramMark("start_portal", "was"),
    DiagramMark("merge_starts", "was"),
    DiagramMark("register_receipt", "was"),
    DiagramMark("call_handling", "now", 2),
)
AT = datetime(2026, 9, 24, 3, 0, tzinfo=UTC)


@dataclass(frozen=True)
class SampleRule:
    """A rule parameter as a pack gives it."""

    value: int
    label: str = "document"
    document: str = "吉政办发〔2017〕75号"
    clause: str = "二(十)"
    unit: str = "WD"
    confirmed: bool = True


def entry(kind: EntryKind, on: date, **more: Any) -> Entry:
    return Entry(kind=kind, at=AT, on=on, **more)


def sample_clock(
    name: Words,
    start: date,
    rule: SampleRule,
    today: date,
    *entries: Entry,
    size: str = "",
    **facts: Any,
) -> ClockView:
    """Return a clock started on a day, with what happened to it since."""
    calendar = load_shipped_calendar()
    told = explain(
        entries=(entry(EntryKind.STARTED, start), *entries),
        term=Term(rule.value, Unit(rule.unit)),
        calendar=calendar,
        today=today,
    )
    given = ClockFacts(
        name=name,
        reckoning=told.reckoning,
        rule=rule,
        lines=told.lines,
        explain_url="#",
        **facts,
    )
    return clock_view(given, today=Today(today, calendar), size=size)


def sample_clocks(today: date) -> dict[str, ClockView]:
    """Return a clock in every state."""
    reply, inner = SampleRule(15), SampleRule(2, "inner", "", "")
    penal = SampleRule(3, "statutory", "行政处罚法", "第48条")
    henan = SampleRule(7, "statutory", "河南省社会信用条例", "第41条")
    calendar = load_shipped_calendar()
    unset = ClockFacts(name="解除惩戒确认", reckoning=None, why="文件只写应当解除，没有天数。")
    received = {"start_mark": "received"}
    return {
        "ok": sample_clock("书面答复", date(2026, 9, 24), reply, today, **received),
        "risk": sample_clock("报送省平台", date(2026, 10, 9), SampleRule(5), today, holder="李岩"),
        "today": sample_clock("形式审查", date(2026, 10, 10), inner, today),
        "late": sample_clock("撤回公示并说明理由", date(2026, 9, 29), penal, today),
        "pause": sample_clock(
            "核查（需检验鉴定）",
            date(2026, 9, 29),
            henan,
            today,
            entry(EntryKind.PAUSED, date(2026, 10, 9)),
        ),
        "provisional": sample_clock("书面答复", date(2026, 12, 14), reply, date(2026, 12, 15)),
        "unconf": sample_clock(
            "信用修复受理", date(2026, 10, 12), SampleRule(3, "document", confirmed=False), today
        ),
        "wait": clock_view(unset, today=Today(today, calendar)),
        "extended": sample_clock(
            "书面答复（复杂，经批准）",
            date(2026, 9, 14),
            SampleRule(10, "statutory", "浙江省公共信用信息管理条例", "第30条"),
            today,
            entry(EntryKind.EXTENDED, date(2026, 9, 29), days=6),
        ),
        "done": sample_clock(
            "书面答复",
            date(2026, 8, 28),
            reply,
            today,
            entry(EntryKind.STOPPED, date(2026, 9, 16)),
            stop_evidence="9月16日 送达回证",
        ),
        "moved": sample_clock(
            "书面答复",
            date(2026, 9, 28),
            reply,
            today,
            moved=Move(date(2026, 10, 22), "装载新的放假通知。"),
        ),
        "done_late": sample_clock(
            "书面答复",
            date(2026, 8, 28),
            reply,
            today,
            entry(EntryKind.STOPPED, date(2026, 9, 22)),
        ),
    }


def sample_rows(clocks: dict[str, ClockView]) -> list[Row]:
    """Return rows of the inbox, nearest deadline first."""
    made = [
        ("late", "撤回公示并说明理由", "吉林省禾沐装配建筑有限公司", "YY-220000-2026-00391"),
        ("today", "形式审查", "通化市云台新区管理委员会", "YY-220500-2026-00433"),
        ("risk", "更正结果报送省平台", "通化市柳林开发区管理委员会", "YY-220500-2026-00417"),
        ("unconf", "信用修复受理决定", "白山市拓野矿山机械有限公司", "XF-220600-2026-00152"),
        ("ok", "拟写答复书", "通化市柳林开发区管理委员会", "YY-220500-2026-00417"),
        ("provisional", "等待申请人补正", "辉南县朝岗镇人民政府", "YY-220523-2026-00425"),
        ("wait", "解除惩戒确认", "吉林省砚山文化旅游集团", "YY-220000-2026-00402"),
    ]
    return [
        Row(
            id=str(place),
            clock=clocks[state],
            what=what,
            url="#",
            case_number=number,
            subject=subject,
            kind="异议",
            marks=(WordFrame("异议中"),) if state == "risk" else (),
            holder="王敏（主办）",
            holder_note="李岩（协办）" if state == "late" else "",
            action=RowAction("认领", "#", is_post=True)
            if state == "today"
            else RowAction("办理", "#"),
            claim_url="#" if state == "today" else None,
            is_picked=state == "today",
        )
        for place, (state, what, subject, number) in enumerate(made)
    ]


def sample_gallery(today: date) -> SimpleNamespace:
    """Return what the gallery page shows."""
    clocks = sample_clocks(today)
    return SimpleNamespace(
        clocks=list(clocks.values()),
        lead=clocks["ok"].sized("lead"),
        minor=[clocks["risk"].sized("minor"), clocks["late"].sized("minor")],
        groups=group_rows(sample_rows(clocks), risk_days=3, totals={"later": 30}),
        form=sample_form(today),
        **_sample_case(),
        **_sample_letter(),
        **_sample_board(),
    )


def _sample_case() -> dict[str, Any]:
    path = (
        Stage("收到申请", "was", "9月24日", "编号、开始计时，给了您回执。"),
        Stage("两个部门核查", "now", "正在进行", "财政局的来文 10月12日 已到，正在登记。"),
        Stage("书面答复您", "", "最迟 10月22日 周四"),
    )
    return {
        "crumbs": (Crumb("待办", "#"), Crumb("YY-220500-2026-00417", "#", True), Crumb("异议处理")),
        "case_title": "通化市柳林开发区管理委员会对“拖欠工程款”失信记录的异议",
        "case_marks": (WordFrame("异议中"), WordFrame("核查")),
        "case_note": "主办 王敏 · B岗 赵琳 · 政务主体",
        "tabs": (Tab("办理", "#", True), Tab("概览", "#"), Tab("时间线", "#", False, 26)),
        "people": (
            Holding("王敏", "登记财政局核查意见", "10月16日 到期"),
            Holding("申请人", "通化市柳林开发区管理委员会", "11220500MB1K720476", True),
        ),
        "timeline": (
            Happening(date(2026, 10, 12), "收文：通市财函〔2026〕131号，收发室签收"),
            Happening(date(2026, 9, 29), "窗口登记", "起算 书面答复，15 个工作日，至 10月22日"),
        ),
        "facts": (
            Fact("文件", "吉政办发〔2017〕75号 二(十)"),
            Fact("参数", "obj.reply.limit = 15", is_code=True),
        ),
        "ladder": (
            Escalation("9月29日 起", "每日列入承办人待办", True),
            Escalation("10月20日 09:00", "提醒王敏、刘畅"),
        ),
        "path": path,
        "diagram": DiagramView("/case.bpmn", "流程图", DIAGRAM_MARKS, path),
        "theirs": ("核查结论：部分有误", "有误项目：拖欠金额"),
        "mine": (("核查结论：部分有误", False), ("有误项目：拖欠金额、起止日期", True)),
        "changes": (("拖欠金额", "186.4 万元", "0"),),
        "filters": (
            FilterField("kind", "种类", (("objection", "异议"), ("repair", "修复"))),
            FilterField("area", "地区", (("2205", "通化"),), "2205"),
        ),
        "bulk": (BulkAction("认领", "#", "C"), BulkAction("催办", "#", "U")),
        "ranks": [
            *(rank_of(name) for name in ("statutory", "document", "set", "promise", "inner")),
            UNCONFIRMED,
        ],
        "words": (
            WordFrame("待受理"),
            WordFrame("来文已到", "act"),
            WordFrame("督办函待签", "late"),
            WordFrame("暂定", "risk"),
            WordFrame("法定", "fill"),
        ),
    }


def _sample_letter() -> dict[str, Any]:
    return {
        "steps": (Step("拟稿", "was"), Step("核稿", "now"), Step("法制审核"), Step("签发")),
        "dispatch": (
            SheetRow((SheetCell("签发", "待 陈立新（分管副主任）", is_open=True),)),
            SheetRow(
                (
                    SheetCell("核稿", "请写明对照的文书。", "刘畅（审核岗）", "10月13日 09:10"),
                    SheetCell("拟稿", "王敏，第 2 稿", note="10月13日 09:40"),
                )
            ),
        ),
        "paper": Paper(
            organisation="吉林省发展和改革委员会",
            title="吉林省发展和改革委员会关于通化市柳林开发区管理委员会异议申请的答复",
            addressee="通化市柳林开发区管理委员会",
            number_stem="吉发改信用函〔2026〕",
            number_end="号",
            paragraphs=(
                Paragraph("你单位于 2026 年 9 月 24 日提出的异议申请收悉。经核查，现答复如下："),
                Paragraph("一、记录所载拖欠金额及起止日期有误，予以更正。"),
                Paragraph("二、你单位对本答复有不同意见的，可按所附告知提出。", is_locked=True),
            ),
            signed_by="吉林省发展和改革委员会",
            signed_on="2026 年 10 月　　日",
            draft_mark="第 2 稿 · 未编号",
        ),
    }


def _sample_board() -> dict[str, Any]:
    rows = (
        BarRow("王敏", 2, 5, 22, "#", "承办"),
        BarRow("孙立", 1, 3, 14, "#", "承办"),
        BarRow("通化市财政局", 1, 2, 3, "#"),
    )
    return {
        "figures": (
            Figure("已逾期", 4, "#", "late", "上周五 6", "late"),
            Figure("临期", 19, "#", "risk", "其中今天 1", "risk"),
            Figure("在办", 86, "#", "ok", "本月办结 41"),
            Figure("规则未确认", 5, "#", "unconf"),
        ),
        "chart": bar_chart(
            rows=rows, caption=phrase("gallery.chart"), sentence="王敏 29 件，其中逾期 2 件。"
        ),
    }
