"""A form with every kind of question, answered so that some of it must be changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from webapp.forms import (
    Choice,
    FormContext,
    FormFrame,
    FormLink,
    FormView,
    Upload,
    form_view,
    parse_form,
    validate,
)
from webapp.phrases import phrase


@dataclass(frozen=True)
class SampleFile:
    """A staged file."""

    token: str
    name: str
    size: int


def _choices(*pairs: tuple[str, str]) -> list[dict[str, str]]:
    return [{"value": value, "label": label} for value, label in pairs]


SCHEMA: dict[str, Any] = {
    "schemaVersion": 18,
    "type": "default",
    "id": "sample",
    "components": [
        {"type": "text", "id": "intro", "text": "协查函 88号，9月30日 发出。"},
        {
            "type": "radio",
            "key": "way",
            "label": "对方怎样答复",
            "values": _choices(("system", "在本系统填写"), ("paper", "来文，由我代录")),
            "validate": {"required": True},
            "properties": {"layout": "row", "variable": "way"},
        },
        {
            "type": "textfield",
            "key": "number",
            "label": "来文字号",
            "layout": {"columns": 8},
            "validate": {"required": True, "maxLength": 40},
            "conditional": {"hide": '=way != "paper"'},
        },
        {
            "type": "filepicker",
            "key": "scan",
            "label": "扫描件",
            "layout": {"columns": 8},
            "multiple": True,
            "conditional": {"hide": '=way != "paper"'},
        },
        {
            "type": "datetime",
            "subtype": "date",
            "key": "made_on",
            "label": "成文日期",
            "layout": {"columns": 8},
            "properties": {"check": "not_future,not_after:arrived_on"},
        },
        {
            "type": "datetime",
            "subtype": "date",
            "key": "arrived_on",
            "label": "到达日期",
            "description": "以收发室签收为准",
            "layout": {"columns": 8},
            "properties": {"check": "not_future"},
        },
        {
            "type": "radio",
            "key": "conclusion",
            "label": "核查结论",
            "values": _choices(("wrong", "有误，更正"), ("partly", "部分有误"), ("right", "无误")),
            "validate": {"required": True},
            "properties": {"variable": "conclusion"},
        },
        {
            "type": "textarea",
            "key": "reasons",
            "label": "事实与理由",
            "description": "写清核对了哪份基础文书、与记录哪一项不一致。会原样进入答复书草稿。",
            "validate": {"required": True, "minLength": 10},
        },
        {
            "type": "checklist",
            "key": "items",
            "label": "有误的项目",
            "conditional": {"hide": '=conclusion = "right"'},
            "properties": {"source": "record_items", "layout": "row"},
        },
        {
            "type": "textfield",
            "key": "code",
            "label": "统一社会信用代码",
            "properties": {"check": "uscc"},
        },
        {
            "type": "number",
            "key": "amount",
            "label": "金额",
            "appearance": {"suffixAdorner": "万元"},
        },
        {
            "type": "select",
            "key": "basis",
            "label": "对照的文书",
            "values": _choices(*((str(n), f"文书 {n}") for n in range(1, 9))),
        },
        {
            "type": "textarea",
            "key": "remedies",
            "label": "救济途径",
            "properties": {"locked": "true", "reason": "来自救济途径表第 14 行"},
            "defaultValue": "可自收到之日起，按所附告知提出。",
        },
        {
            "type": "checkbox",
            "key": "no_interest",
            "label": "我没有参与认定这条记录，与当事人无利害关系",
            "validate": {"required": True},
        },
    ],
}

ANSWERS: dict[str, Any] = {
    "way": "paper",
    "number": "通市财函〔2026〕131号",
    "scan": ["tok1"],
    "made_on": "2026-10-21",
    "arrived_on": "2026-10-12",
    "conclusion": "partly",
    "reasons": "经核对 2026年3月拨付凭证，工程款已付清。",
    "items": ["amount"],
    "code": "11220500OB1K72040W",
    "amount": "186.4",
    "remedies": "可自收到之日起，按所附告知提出。",
}


def sample_context(today: date) -> FormContext:
    """Return what the page provides."""
    return FormContext(
        today=today,
        choices={"record_items": [Choice("amount", "拖欠金额"), Choice("dates", "起止日期")]},
        files={"tok1": SampleFile("tok1", "通市财函131号.pdf", 218000)},
    )


def sample_form(today: date) -> FormView:
    """Return the form with its complaints."""
    definition, context = parse_form(SCHEMA), sample_context(today)
    checked = validate(definition, ANSWERS, context=context)
    frame = FormFrame(
        action="/answer",
        command_id="0f7c",
        effect="交审核岗刘畅复核，再报陈立新批准。书面答复的期限（10月22日）不变。",
        draft_url="/draft",
        draft_state=phrase("form.draft.saved", at="09:41"),
        upload=Upload("/upload"),
        link=FormLink("退回来文单位补充", "#"),
        is_kept=True,
    )
    return form_view(
        definition, frame=frame, context=context, values=ANSWERS, errors=checked.errors
    )
