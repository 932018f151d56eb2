from __future__ import annotations

import io

from tests.integration.webapp.factory import Office, Officer
from tests.integration.webapp.officer.answers import formal_check, verify
from workflows.models import Answer, CommandRecord, Draft, Event, StoredFile, Task


def accepted(office: Office) -> str:
    """File and accept an objection, and forward it to the department; return the case's id."""
    case_id = office.file()
    office.person("qianyu").do(case_id, "task_formal_check", **formal_check(office, case_id))
    handler = office.person("wangmin")
    handler.do(
        case_id,
        "task_self_check",
        source_file="第 3 批第 17 条",
        stored_values="一致",
        supplied_values="一致",
        self_check="matches_source",
        comparison=handler.paper(),
        recusal="true",
    )
    return case_id


def found(office: Office) -> str:
    """Bring a case to its approver and return its id."""
    case_id = accepted(office)
    handler = office.person("wangmin")
    handler.do(case_id, "task_verify", **verify(handler))
    handler.do(
        case_id,
        "task_propose_finding",
        finding="partly",
        wrong_items=["拖欠金额"],
        correct_values="拖欠金额：已付清",
        facts="付款凭证与部门核查意见一致，工程款已经付清。",
        reasons="付款凭证、部门核查意见等书面证据支持。",
        legal_basis="吉政办发〔2017〕75号 二(十)",
        recusal="true",
    )
    office.person("liuchang").do(
        case_id,
        "task_review_finding",
        reviewed_points=["facts", "basis", "procedure", "answered"],
        review_outcome="agree",
        opinion="同意。",
    )
    return case_id


class TestStep:
    def test_shows_what_it_is_about_its_clock_and_what_follows(self, office: Office):
        case_id = accepted(office)
        task = office.task(case_id, "task_verify")

        page = office.person("wangmin").get(f"/tasks/{task.id}")

        assert "核实并出具意见（通化市住房和城乡建设局）" in page.said
        assert "协查函" in page.said
        assert "提交后：" in page.said
        assert "书面答复的期限（11月3日 周二）不变" in page.said

    def test_says_whose_turn_it_is_next_and_asks_for_it_with_its_own_verb(self, office: Office):
        case_id = accepted(office)
        handler = office.person("wangmin")
        handler.do(case_id, "task_verify", **verify(handler))

        page = handler.get(f"/tasks/{office.task(case_id, 'task_propose_finding').id}")

        assert "接下来由审核岗刘畅办理" in page.said
        assert "提交复核" in page.said

    def test_moves_the_case_when_it_is_finished(self, office: Office):
        case_id = office.file()

        page = office.person("qianyu").do(
            case_id, "task_formal_check", **formal_check(office, case_id)
        )

        assert page.place == f"/cases/{case_id}"
        assert office.task(case_id, "task_self_check").status == "open"

    def test_shows_every_mistake_and_keeps_what_was_entered(self, office: Office):
        case_id = office.file()

        page = office.person("qianyu").do(
            case_id, "task_formal_check", status=422, opinion="材料齐全", formal_outcome="reject"
        )

        assert "处要改，其余已保存" in page.said
        assert "请改：" in page.said
        assert page.value("opinion") == "材料齐全"
        assert office.task(case_id, "task_formal_check").status == "open"
        with office.reading() as session:
            assert session.query(Draft).count() == 1

    def test_is_done_once_however_often_the_button_is_pressed(self, office: Office):
        case_id = office.file()
        clerk = office.person("qianyu")
        task = office.task(case_id, "task_formal_check")
        form = clerk.get(f"/tasks/{task.id}").value("command_id")

        answers = formal_check(office, case_id, command_id=form)
        first = clerk.post(f"/tasks/{task.id}", answers)
        second = clerk.post(f"/tasks/{task.id}", answers, status=302)

        assert first.place == second.place
        with office.reading() as session:
            assert session.query(Answer).filter_by(form="formal_check").count() == 1
            done = session.query(CommandRecord).filter_by(name="complete_task")
            assert done.count() == 1

    def test_keeps_personal_answers_out_of_plain_sight(self, office: Office):
        case_id = accepted(office)
        handler = office.person("wangmin")

        handler.do(case_id, "task_verify", **verify(handler, signatories="高远、李大强"))

        with office.reading() as session:
            answer = session.query(Answer).filter_by(form="verify").one()
        assert "李大强" not in str(answer.content)
        assert "signatories" in answer.content["sealed"]
        done = office.task(case_id, "task_verify", status="done")
        assert "李大强" in handler.get(f"/tasks/{done.id}").said
        assert "李大强" not in office.person("liuchang").get(f"/tasks/{done.id}").said

    def test_can_be_entered_from_a_stamped_paper_on_a_departments_behalf(self, office: Office):
        case_id = accepted(office)
        handler = office.person("wangmin")
        page = handler.get(f"/tasks/{office.task(case_id, 'task_verify').id}")

        handler.do(case_id, "task_verify", **verify(handler))

        chosen = page.tree.xpath('//input[@name="answered_by"][@checked]/@value')
        assert chosen == ["paper"]
        with office.reading() as session:
            happened = session.query(Event).filter_by(kind="task_done", case_id=case_id).all()
        assert happened[-1].facts["on_behalf"] is True

    def test_refuses_a_paper_dated_after_it_arrived(self, office: Office):
        case_id = accepted(office)
        handler = office.person("wangmin")
        dates = {"document_date": "2026-10-13", "arrived_on": "2026-10-12"}

        page = handler.do(case_id, "task_verify", status=422, **verify(handler, **dates))

        assert "不能晚于“到达日期”" in page.said

    def test_says_why_another_post_may_not(self, office: Office):
        task = office.task(office.file(), "task_formal_check")

        page = office.person("liuchang").get(f"/tasks/{task.id}")

        assert "这一步由其他岗位办理" in page.said
        assert not page.tree.xpath("//form[@data-form]")

    def test_says_who_holds_it_when_a_colleague_does(self, office: Office):
        case_id = office.file()
        office.person("qianyu").do(case_id, "task_formal_check", **formal_check(office, case_id))
        task = office.task(case_id, "task_self_check")
        office.person("wangmin").post(f"/tasks/{task.id}/claim")

        page = office.person("sunli").get(f"/tasks/{task.id}")

        assert "王敏 正在办理这一步" in page.said


class TestDraft:
    def test_is_kept_for_its_writer_and_comes_back(self, office: Office):
        case_id = office.file()
        clerk = office.person("qianyu")
        path = f"/tasks/{office.task(case_id, 'task_formal_check').id}"

        said = clerk.post(
            f"{path}/draft",
            {"opinion": "先看原件"},
            status=200,
            headers={"Accept": "application/json"},
        )

        assert said.answer.get_json()["saved"] == "草稿已存 10月13日 09:42"
        assert clerk.get(path).value("opinion") == "先看原件"

    def test_is_unreadable_in_the_database(self, office: Office):
        case_id = office.file()
        path = f"/tasks/{office.task(case_id, 'task_formal_check').id}"

        office.person("qianyu").post(f"{path}/draft", {"opinion": "只给自己看"})

        with office.reading() as session:
            assert "只给自己看".encode() not in bytes(session.query(Draft).one().content)

    def test_tells_the_script_that_the_session_is_over(self, office: Office):
        task = office.task(office.file(), "task_formal_check")
        visitor = Officer(office, office.app.test_client(), "nobody")

        answer = visitor.post(
            f"/tasks/{task.id}/draft", status=401, headers={"Accept": "application/json"}
        )

        assert "登录" in answer.answer.get_json()["message"]

    def test_is_gone_once_the_step_is_done(self, office: Office):
        case_id = office.file()
        clerk = office.person("qianyu")
        path = f"/tasks/{office.task(case_id, 'task_formal_check').id}"
        clerk.post(f"{path}/draft", {"opinion": "x"})

        clerk.post(path, formal_check(office, case_id))

        with office.reading() as session:
            assert session.query(Draft).count() == 0


class TestConflict:
    def test_shows_both_versions_and_keeps_ones_own(self, office: Office):
        case_id = office.file()
        office.person("qianyu").do(case_id, "task_formal_check", **formal_check(office, case_id))
        task = office.task(case_id, "task_self_check")
        mine, other = office.person("wangmin"), office.person("sunli")
        answers = {
            "source_file": "批次甲",
            "stored_values": "一致",
            "supplied_values": "一致",
            "self_check": "matches_source",
            "recusal": "true",
        }
        other.post(f"/tasks/{task.id}", {**answers, "comparison": other.paper()})

        page = mine.post(
            f"/tasks/{task.id}",
            {**answers, "source_file": "批次乙", "comparison": mine.paper()},
            status=409,
        )

        assert "孙立 已经提交了这一步" in page.said
        assert "批次甲" in page.said
        assert page.tree.xpath("//ins[contains(., '批次乙')]")
        with office.reading() as session:
            assert session.query(Draft).filter_by(place=f"task:{task.id}").count() == 1
            assert session.query(Answer).filter_by(form="self_check").count() == 1

    def test_lets_the_draft_be_thrown_away(self, office: Office):
        case_id = office.file()
        clerk = office.person("qianyu")
        task = office.task(case_id, "task_formal_check")
        clerk.post(f"/tasks/{task.id}/draft", {"opinion": "x"})

        clerk.post(f"/tasks/{task.id}/draft/discard")

        with office.reading() as session:
            assert session.query(Draft).count() == 0


class TestDecision:
    def test_shows_matter_opinions_and_what_agreeing_does(self, office: Office):
        task = office.task(found(office), "task_approve_finding")

        page = office.person("chenlixin").get(f"/tasks/{task.id}")

        assert "您同意后：" in page.said
        assert "今天批准，最迟 10月20日 周二 报送省级平台" in page.said
        assert "刘畅（审核岗） 同意" in page.said
        buttons = [
            " ".join(each.text_content().split())
            for each in page.tree.xpath("//*[@class='decide']/*")
        ]
        assert buttons == ["同意认定", "退回修改", "已阅"]

    def test_never_ticks_a_declaration_ahead(self, office: Office):
        task = office.task(found(office), "task_approve_finding")

        page = office.person("chenlixin").get(f"/tasks/{task.id}")

        assert not page.tree.xpath('//input[@name="recusal"]/@checked')

    def test_agrees_with_one_button(self, office: Office):
        case_id = found(office)

        office.person("chenlixin").do(
            case_id,
            "task_approve_finding",
            approval_outcome="agree",
            approval_medium="in_system",
            recusal="true",
        )

        assert office.case(case_id).finding == "partly"

    def test_asks_for_a_reason_before_it_returns(self, office: Office):
        case_id = found(office)
        approver = office.person("chenlixin")
        path = f"/tasks/{office.task(case_id, 'task_approve_finding').id}"
        given = {"approval_outcome": "return", "approval_medium": "in_system", "recusal": "true"}

        page = approver.post(path, given, status=422)
        approver.post(path, {**given, "return_reason": "请写明对照的是哪一份文书。"})

        assert "要改的地方和理由" in page.said
        assert page.value("approval_outcome") == "return"
        assert office.task(case_id, "task_propose_finding").status == "open"

    def test_reads_without_agreeing(self, office: Office):
        case_id = found(office)
        approver = office.person("chenlixin")
        task = office.task(case_id, "task_approve_finding")

        approver.post(f"/tasks/{task.id}/seen")

        assert office.task(case_id, "task_approve_finding").status == "open"
        assert "陈立新已阅" in approver.get(f"/cases/{case_id}/timeline").said

    def test_is_kept_from_whoever_proposed_the_same(self, office: Office):
        case_id = found(office)
        with office.parts.sessions.begin() as session:
            done = session.query(Task).filter_by(case_id=case_id, element="task_review_finding")
            approver = office.task(case_id, "task_approve_finding")
            chen = office.person("chenlixin")
            with chen.client.session_transaction() as cookie:
                done.update({"done_by_id": cookie["person_id"]})

        page = chen.get(f"/tasks/{approver.id}")

        assert "提出的人和复核、批准的人不能是同一人" in page.said


class TestUpload:
    def test_takes_a_paper_and_gives_a_token(self, office: Office):
        answer = office.person("qianyu").upload()

        assert answer.status_code == 201
        with office.reading() as session:
            assert session.get_one(StoredFile, answer.get_json()["token"]).is_staged

    def test_refuses_a_program_whatever_it_is_called(self, office: Office):
        for content in (
            b"MZ\x90\x00" + b"\x00" * 60,
            b"\x7fELF\x02\x01\x01" + b"\x00" * 60,
            b"#!/bin/sh\n",
        ):
            answer = office.person("qianyu").upload(content, name="通知书.pdf")

            assert answer.status_code == 422
            assert "不收程序和压缩包" in answer.get_json()["error"]

    def test_refuses_what_is_too_large_and_says_what_to_do(self, office: Office):
        answer = office.person("qianyu").upload(b"%PDF-1.7" + b" " * (50 * 2**20), name="大.pdf")

        assert answer.status_code == 422
        assert "单个文件不超过 50 MB" in answer.get_json()["error"]

    def test_refuses_an_empty_file(self, office: Office):
        answer = office.person("qianyu").upload(b"")

        assert answer.status_code == 422
        assert "空文件" in answer.get_json()["error"]

    def test_comes_along_with_a_form_where_no_script_runs(self, office: Office):
        case_id = accepted(office)
        handler = office.person("wangmin")
        paper = handler.office.person("qianyu")
        answers = verify(handler)
        answers.pop("incoming_scan")
        answers["incoming_scan.file"] = (io.BytesIO(b"%PDF-1.7 x"), "来文.pdf")

        handler.do(case_id, "task_verify", **answers)

        assert "来文.pdf" in paper.get(f"/cases/{case_id}/documents").said
