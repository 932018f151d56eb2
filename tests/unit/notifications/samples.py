"""One letter of every kind, with invented names, as the tests and the pictures need them."""

from __future__ import annotations

from datetime import date

from notifications.letters.compose.acceptance_notice import compose_acceptance_notice
from notifications.letters.compose.closing_letter import Corrected, compose_closing_letter
from notifications.letters.compose.closing_report import (
    ClockResult,
    FiledDocument,
    Happening,
    compose_closing_report,
)
from notifications.letters.compose.correction_statement import compose_correction_statement
from notifications.letters.compose.facts import CaseFacts, Office, PrintableTerm, opening_facts
from notifications.letters.compose.from_kind import Fact, compose_from_kind
from notifications.letters.compose.lifting import (
    SanctionInForce,
    compose_lifting_notice,
    compose_lifting_receipt,
)
from notifications.letters.compose.meeting_minutes import (
    Meeting,
    Opinion,
    compose_meeting_minutes,
)
from notifications.letters.compose.non_acceptance import compose_non_acceptance
from notifications.letters.compose.pending_certificate import compose_pending_certificate
from notifications.letters.compose.progress_notice import compose_progress_notice
from notifications.letters.compose.receipt import ReceiptClock, compose_receipt
from notifications.letters.compose.reminder import compose_reminder
from notifications.letters.compose.reply import ReplyItem, compose_reply
from notifications.letters.compose.report_form import ReportedChange, compose_report_form
from notifications.letters.compose.service import (
    compose_address_confirmation,
    compose_proof_of_service,
)
from notifications.letters.compose.supervision_letter import compose_supervision_letter
from notifications.letters.compose.supplement_notice import (
    MissingItem,
    compose_supplement_notice,
)
from notifications.letters.compose.transfer import (
    compose_transfer_letter,
    compose_transfer_notice,
)
from notifications.letters.compose.verification_opinion import (
    PaperOpinion,
    compose_verification_opinion,
)
from notifications.letters.compose.verification_request import (
    ContestedRecord,
    compose_verification_request,
)
from notifications.letters.kinds import LetterKind, shipped_kinds
from notifications.letters.letter import LetterData, Remedies, Seal, with_number, with_seal
from notifications.letters.remedies import RowSignature, read_remedies

OFFICE = Office(
    name="吉林省发展和改革委员会",
    joint_conference_office="吉林省社会信用体系建设联席会议办公室",
    contact="联系人：王敏，联系电话：0431-0000 0000",
    look_up_at="https://credit.example/query",
    verify_at="https://credit.example/verify",
)
CASE = CaseFacts(
    number="YY-220500-2026-00417",
    subject="通化市柳林开发区管理委员会",
    subject_kind="government_body",
    received_on=date(2026, 9, 24),
    record="未按合同约定支付工程款",
    record_number="JL-ZW-2025-003311",
)
REPLY_TERM = PrintableTerm("15个工作日", "规范性文件", "吉政办发〔2017〕75号", "二（十）")
REPORT_TERM = PrintableTerm("5个工作日", "规范性文件", "吉政办发〔2017〕75号", "二（十）")
HOUSING = "通化市住房和城乡建设局"
FINANCE = "通化市财政局"
SANCTION = SanctionInForce(
    "取消年度评优评先资格", "《吉林省失信惩戒措施补充清单》第 7 项", date(2026, 1, 15)
)


def signed_remedies(
    *, decision: str, subject_kind: str = "government_body", authority: str = "platform"
) -> Remedies:
    """Return the remedies of a row that the legal reviewer has signed."""
    table = read_remedies(division="220000")
    row = table.find_row(decision=decision, subject_kind=subject_kind, authority=authority)
    assert row is not None
    signature = RowSignature(row.id, row.hash, "赵琳", date(2026, 8, 3))
    return table.get_signed(
        decision=decision, subject_kind=subject_kind, authority=authority, signatures=[signature]
    )


def numbered_and_sealed(letter: LetterData, number: str) -> LetterData:
    """Return the letter as it leaves the office."""
    out = with_number(letter=letter, number=number, dated_on=date(2026, 10, 21))
    return with_seal(letter=out, seal=Seal(OFFICE.name, "2026-37", date(2026, 10, 21)))


def reply() -> LetterData:
    """Return the draft of a reply that corrects one point and upholds another."""
    return compose_reply(
        office=OFFICE,
        case=CASE,
        items=[
            ReplyItem(
                "partly",
                CASE.record,
                "经通化市住房和城乡建设局、通化市财政局核查，所涉工程款186.4万元已于2026年3月27日"
                "付清，记录所载拖欠金额及起止日期有误。",
                "通化市财政局国库支付凭证（2026年3月27日）",
            ),
            ReplyItem("uphold", "未按期批复预算调整", "经与通市财函〔2025〕19号核对，"),
        ],
        remedies=signed_remedies(decision="partly"),
        attachments=["核查意见书（住房和城乡建设局）", "核查意见书（财政局）"],
        cc=[HOUSING, FINANCE],
    )


def receipt() -> LetterData:
    """Return a receipt that was dated back with evidence."""
    return compose_receipt(
        office=OFFICE,
        case=CASE,
        query_code="7K3M-Q9TD-28XA",
        channel="邮寄（收发室签收）",
        materials=["异议申请书", "统一社会信用代码证书复印件", "国库支付凭证"],
        issued_on=date(2026, 9, 29),
        registered_on=date(2026, 9, 29),
        backdating_evidence="收发室签收登记第2026-1187号",
        clock=ReceiptClock(
            term=REPLY_TERM,
            due_on=date(2026, 10, 22),
            counting="收到当日不计入，自9月28日起计算；周末不计入；中秋节（9月25日至9月27日）不计入；"
            "国庆节（10月1日至10月7日）不计入；10月10日为调休上班日，计入；"
            "第15个工作日为2026年10月22日。",
        ),
    )


def supplement_notice(items: int = 3) -> LetterData:
    """Return a supplement notice with so many items."""
    texts = [
        MissingItem("授权委托书", "委托书未载明代理权限，请补充写明并加盖公章。"),
        MissingItem("国库支付凭证", "复印件第 2 页无法辨认，请提交清晰件。"),
        MissingItem("异议记录的编号", "申请书所写编号与平台记录不一致，请核对。"),
    ]
    return compose_supplement_notice(
        office=OFFICE,
        case=CASE,
        items=[texts[at % 3] for at in range(items)],
        term=PrintableTerm("10个工作日", "内部时限", "本单位办理规程", "第六条"),
        clock_goes_on=True,
    )


def all_letters() -> dict[str, LetterData]:
    """Return one letter of every kind, as first composed."""
    return {
        **_to_the_subject(),
        **_to_departments(),
        **_to_other_offices(),
        **_reports(),
        **_proofs(),
        **_of_files(),
    }


def _of_files() -> dict[str, LetterData]:
    """Return the letters that their files alone compose, each with every fact that it can name."""
    return {
        kind.kind: compose_from_kind(
            kind=kind,
            office=OFFICE,
            addressee=CASE.subject if kind.addressee == "subject" else HOUSING,
            facts={**opening_facts(CASE), "today": "2026年10月21日", **_asked_facts(kind)},
            case_number=CASE.number,
        )
        for kind in shipped_kinds().values()
        if kind.composes_itself
    }


def _asked_facts(kind: LetterKind) -> dict[str, Fact]:
    made: dict[str, Fact] = {"addressee_name": HOUSING}
    for name, source in kind.facts.items():
        form = source.partition(" | ")[2]
        lines = ("第一项内容", "第二项内容")
        made[name] = {"lines": lines, "date": "2026年10月21日"}.get(form, "已经查明的情况")
    return made


def _to_the_subject() -> dict[str, LetterData]:
    return {
        "receipt": receipt(),
        "supplement_notice": supplement_notice(),
        "acceptance_notice": compose_acceptance_notice(office=OFFICE, case=CASE, term=REPLY_TERM),
        "transfer_notice": compose_transfer_notice(
            office=OFFICE,
            case=CASE,
            to="中国人民银行吉林省分行",
            to_contact="0431-0000 0001",
            reason="所涉信息属于金融信用信息基础数据库记录的信贷信息",
            transferred_on=date(2026, 9, 30),
        ),
        "non_acceptance": compose_non_acceptance(
            office=OFFICE,
            case=CASE,
            reasons=["申请人不是所涉信用记录的主体，也没有提交授权委托书。"],
            remedies=signed_remedies(decision="not_accepted", subject_kind="enterprise"),
        ),
        "reply": reply(),
        "progress_notice": compose_progress_notice(
            office=OFFICE,
            case=CASE,
            silent_departments=[FINANCE],
            suspended_on=date(2026, 10, 20),
        ),
        "correction_statement": compose_correction_statement(
            office=OFFICE,
            case=CASE,
            channels=["信用吉林网站"],
            finding="correct",
            corrected_on=date(2026, 10, 12),
            before="拖欠工程款186.4万元，至今未付",
            after="工程款186.4万元已于2026年3月27日付清",
        ),
        "closing_letter": compose_closing_letter(
            office=OFFICE,
            case=CASE,
            ending=Corrected(
                finding="correct",
                changed_on=date(2026, 10, 12),
                platform_receipt="SJPT-2026-000912",
                lifting_receipts=["通化市住房和城乡建设局解除惩戒回执"],
                told=["通化市政务服务中心"],
            ),
        ),
        "pending_certificate": compose_pending_certificate(office=OFFICE, case=CASE),
        "address_confirmation": compose_address_confirmation(
            office=OFFICE,
            case=CASE,
            method="电子送达",
            address="通化市柳林路 1 号",
            system="践诺申请人账号 liulin-kfq",
            phone="0435-0000 0000",
        ),
    }


def _to_departments() -> dict[str, LetterData]:
    return {
        "verification_request": compose_verification_request(
            office=OFFICE,
            case=CASE,
            department=HOUSING,
            records=[
                ContestedRecord(
                    "JL-ZW-2025-003311　未按合同约定支付工程款",
                    "拖欠金额、起止日期",
                    "工程款已于2026年3月27日付清",
                )
            ],
            term=PrintableTerm("8个工作日", "内部时限", "本单位办理规程", "第八条"),
            reply_due=date(2026, 10, 22),
            attachments=["异议申请书及证据材料"],
        ),
        "supervision_letter": compose_supervision_letter(
            office=OFFICE,
            case=CASE,
            department=FINANCE,
            matter="通化市柳林开发区管理委员会异议申请的核查",
            due_on=date(2026, 10, 14),
            asked_on=date(2026, 10, 15),
            late_by=1,
            reminded_on=[date(2026, 10, 10), date(2026, 10, 13)],
            answer_by=date(2026, 10, 19),
            superiors=["通化市人民政府"],
        ),
        "reminder": compose_reminder(
            office=OFFICE,
            case=CASE,
            department=FINANCE,
            matter="通化市柳林开发区管理委员会异议申请的核查",
            due_on=date(2026, 10, 14),
            working_days_left=2,
            issued_on=date(2026, 10, 12),
        ),
    }


def _to_other_offices() -> dict[str, LetterData]:
    return {
        "transfer_letter": compose_transfer_letter(
            office=OFFICE,
            case=CASE,
            to="中国人民银行吉林省分行",
            reason="所涉信息属于金融信用信息基础数据库记录的信贷信息",
            attachments=["异议申请书及全部材料"],
        ),
        "lifting_notice": compose_lifting_notice(
            office=OFFICE,
            case=CASE,
            department=HOUSING,
            finding="correct",
            approved_on=date(2026, 10, 9),
            sanctions=[SANCTION],
            term=None,
        ),
        "report_form": compose_report_form(
            office=OFFICE,
            case=CASE,
            platform="吉林省公共信用信息平台",
            change=ReportedChange(
                finding="correct",
                approved_on=date(2026, 10, 9),
                base_version=3,
                version=4,
                before="拖欠工程款186.4万元，至今未付",
                after="工程款186.4万元已于2026年3月27日付清",
            ),
            attempt=1,
            due_on=date(2026, 10, 15),
            term=REPORT_TERM,
        ),
    }


def _reports() -> dict[str, LetterData]:
    return {
        "closing_report": compose_closing_report(
            office=OFFICE,
            case=CASE,
            channel="邮寄",
            result="更正",
            reason="拖欠金额和起止日期有误",
            closed_on=date(2026, 10, 27),
            clocks=[
                ClockResult(
                    matter="书面答复申请人",
                    rule="吉政办发〔2017〕75号二（十）",
                    due_on=date(2026, 10, 22),
                    stopped_on=date(2026, 10, 23),
                    spare=-1,
                ),
                ClockResult(
                    matter="报送省级信用信息平台",
                    rule="吉政办发〔2017〕75号二（十）",
                    due_on=date(2026, 10, 15),
                    stopped_on=date(2026, 10, 13),
                    spare=2,
                ),
            ],
            documents=[
                FiledDocument("异议处理答复书", "吉发改信用函〔2026〕57号", date(2026, 10, 21))
            ],
            course=[
                Happening(date(2026, 9, 24), "收到申请", "收发室"),
                Happening(date(2026, 10, 9), "认定记录有误", "陈立新"),
            ],
        ),
        "meeting_minutes": compose_meeting_minutes(
            office=OFFICE,
            case=CASE,
            meeting=Meeting(
                held_on=date(2026, 10, 8),
                place="省发展改革委 301 会议室",
                chair="陈立新",
                present=["赵琳", "刘畅", "王敏"],
                recused=["孙宁"],
                recorder="王敏",
            ),
            opinions=[
                Opinion(HOUSING, "工程款已付清，记录有误，应予更正。"),
                Opinion(FINANCE, "预算调整批复逾期属实，应予维持。"),
            ],
            conclusion="拖欠工程款一项予以更正，预算调整一项予以维持。",
        ),
    }


def _proofs() -> dict[str, LetterData]:
    return {
        "proof_of_service": compose_proof_of_service(
            office=OFFICE,
            case=CASE,
            document="异议处理答复书（吉发改信用函〔2026〕57号）",
            method="post",
            dispatched_on=date(2026, 10, 21),
            served_on=date(2026, 10, 23),
            place="通化市柳林路 1 号",
            server="王敏",
            evidence="邮件号 1180000000000，回执签收日期2026年10月23日",
        ),
        "lifting_receipt": compose_lifting_receipt(
            department=HOUSING,
            case=CASE,
            notice_number="吉发改信用函〔2026〕58号",
            sanction=SANCTION,
            lifted_on=date(2026, 10, 20),
            document="通市建函〔2026〕31号",
            handler="周岚",
        ),
        "verification_opinion": compose_verification_opinion(
            department=HOUSING,
            case=CASE,
            request_number="吉发改信用函〔2026〕49号",
            conclusion="correct",
            facts="所涉工程款已于2026年3月27日付清。",
            evidence="国库支付凭证、工程款收据",
            base_document="通市建罚〔2025〕12号",
            handler="周岚",
            answered_on=date(2026, 10, 9),
            paper=PaperOpinion(
                number="通市建函〔2026〕28号",
                document_on=date(2026, 10, 8),
                arrived_on=date(2026, 10, 9),
                entered_by="王敏",
            ),
        ),
    }
