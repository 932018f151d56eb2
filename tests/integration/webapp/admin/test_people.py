"""People, posts and bodies: kept apart, superseded, and never lost in a form."""

from __future__ import annotations

import re
from datetime import date

import pytest

from tests.integration.webapp.factory import Page
from webapp.demo.install_office import PASSWORD
from workflows.models import Login, Organisation, Person, Post, Task


@pytest.fixture
def admin(office):
    """The security administrator's browser."""
    return office.person("dongjie")


def person_of(office, username):
    with office.reading() as session:
        return session.query(Login).filter_by(username=username).one().person_id


def shown_password(said, word):
    """Return the password that a page shows this once."""
    found = re.search(rf"{word} (\S+)，", said)
    assert found, said[:400]
    return found.group(1)


def lead(office):
    with office.reading() as session:
        return session.query(Organisation).filter_by(kind="lead").one().id


def post_of(office, username, role):
    with office.reading() as session:
        query = session.query(Post).filter_by(person_id=person_of(office, username), role=role)
        return query.order_by(Post.valid_from.desc()).first()


def give(admin, office, username, role, *, since="2026-10-13", status=302):
    person_id = person_of(office, username)
    values = {"organisation_id": lead(office), "role": role, "since": since}
    values["place"] = f"give-{person_id}"
    return admin.post(f"/admin/people/{person_id}/posts", values, status=status)


class TestAddPerson:
    def test_shows_a_first_password_that_works(self, office, admin):
        values = {"name": "新人", "username": "xinren", "command_id": "c1-new"}
        admin.post("/admin/people", values)
        shown = admin.get("/admin/people").said
        password = shown_password(shown, "初始密码")
        give(admin, office, "xinren", "handler")

        entered = Page(
            office.app.test_client().post(
                "/login", data={"username": "xinren", "password": password}
            )
        )

        assert entered.place == "/"

    def test_shows_the_same_password_after_a_double_click(self, office, admin):
        values = {"name": "新人", "username": "xinren", "command_id": "c1-new"}
        for _ in range(2):
            admin.post("/admin/people", values)
        shown = re.findall(r"初始密码 (\S+)，", admin.get("/admin/people").said)

        assert len(set(shown)) == 1
        with office.reading() as session:
            assert session.query(Person).filter_by(name="新人").count() == 1

    def test_gives_the_form_back_when_the_name_is_taken(self, admin):
        values = {"name": "新人", "username": "wangmin", "email": "x@example.invalid"}

        page = admin.post("/admin/people", {**values, "place": "new"}, status=422)

        assert "账号“wangmin”已有人使用，请换一个。" in page.problems
        form = page.tree.get_element_by_id("new-username").getparent().getparent()
        assert {each.get("name"): each.get("value") for each in form.xpath(".//input")}.items() >= (
            values.items()
        )
        assert page.tree.get_element_by_id("new-username").get("aria-invalid") == "true"

    def test_names_each_field_that_is_missing(self, admin):
        page = admin.post("/admin/people", {"name": " ", "place": "new"}, status=422)

        jumps = page.tree.xpath('//*[@id="error-summary"]//a/@href')
        assert jumps == ["#new-name", "#new-username"]


class TestThreeAdministrators:
    @pytest.mark.parametrize(
        ("username", "role"),
        [
            ("lintao", "audit_admin"),
            ("lintao", "security_admin"),
            ("xuheng", "system_admin"),
            ("dongjie", "handler"),
            ("wangmin", "system_admin"),
        ],
    )
    def test_are_kept_apart(self, office, admin, username, role):
        page = give(admin, office, username, role, status=409)

        assert "三员分立" in page.problems
        assert post_of(office, username, role) is None

    def test_come_back_as_chosen(self, office, admin):
        page = give(admin, office, "lintao", "audit_admin", since="2026-11-02", status=409)

        opened = page.tree.xpath("//details[@open]")
        assert len(opened) == 1
        assert opened[0].xpath(".//option[@selected]/@value")[-1] == "audit_admin"
        assert opened[0].xpath('.//input[@name="since"]/@value') == ["2026-11-02"]

    def test_do_not_hinder_two_posts_of_casework(self, office, admin):
        give(admin, office, "wangmin", "reviewer")

        assert post_of(office, "wangmin", "reviewer") is not None

    def test_may_follow_each_other(self, office, admin):
        post = post_of(office, "wangmin", "handler")
        admin.post(f"/admin/posts/{post.id}/end", {"last_day": "2026-10-12"})

        give(admin, office, "wangmin", "system_admin")

        assert post_of(office, "wangmin", "system_admin") is not None


class TestGivePost:
    @pytest.mark.parametrize("since", ["", "2026-13-01", "明天"])
    def test_asks_for_a_date(self, office, admin, since):
        page = give(admin, office, "wangmin", "reviewer", since=since, status=422)

        assert "请填写日期" in page.problems

    def test_refuses_a_post_that_does_not_exist(self, office, admin):
        give(admin, office, "wangmin", "king", status=422)

        assert post_of(office, "wangmin", "king") is None


class TestEndPost:
    @pytest.fixture
    def held(self, office):
        """A task that the window clerk has claimed."""
        task = office.task(office.file(), "task_formal_check")
        office.person("qianyu").post(f"/tasks/{task.id}/claim")
        return task.id

    def owner(self, office, task_id):
        with office.reading() as session:
            return session.get_one(Task, task_id).owner_id

    def test_puts_open_tasks_back_into_the_pool(self, office, admin, held):
        assert self.owner(office, held) == person_of(office, "qianyu")
        post = post_of(office, "qianyu", "window_clerk")

        admin.post(f"/admin/posts/{post.id}/end", {"last_day": "2026-10-12"})

        assert self.owner(office, held) is None
        assert "1 项待办回到岗位待认领" in admin.get("/admin/people").said

    def test_keeps_the_post_on_file_with_its_last_day(self, office, admin):
        post = post_of(office, "qianyu", "window_clerk")

        admin.post(f"/admin/posts/{post.id}/end", {"last_day": "2026-10-12"})

        ended = post_of(office, "qianyu", "window_clerk")
        assert (ended.id, ended.valid_to) == (post.id, date(2026, 10, 12))
        assert "至 10月12日" in admin.get("/admin/people").said

    def test_leaves_the_tasks_until_a_last_day_to_come(self, office, admin, held):
        post = post_of(office, "qianyu", "window_clerk")

        admin.post(f"/admin/posts/{post.id}/end", {"last_day": "2026-10-30"})

        assert self.owner(office, held) == person_of(office, "qianyu")

    def test_refuses_a_last_day_before_the_first(self, office, admin):
        post = post_of(office, "qianyu", "window_clerk")
        values = {"last_day": "2020-01-01", "place": f"end-{post.id}"}

        page = admin.post(f"/admin/posts/{post.id}/end", values, status=422)

        assert "最后一天不能早于任职开始日 2021-01-04" in page.problems
        assert 'value="2020-01-01"' in page.text

    def test_is_refused_for_a_post_of_nobody(self, admin):
        page = admin.post("/admin/posts/none/end", {"last_day": "2026-10-12"}, status=404)

        assert "没有找到这个岗位" in page.problems


class TestSetLogin:
    def test_gives_a_new_password_and_ends_the_open_sessions(self, office, admin):
        officer = office.person("wangmin")
        person_id = person_of(office, "wangmin")

        admin.post(f"/admin/people/{person_id}/login", {"is_active": "1", "reset": "1"})

        password = shown_password(admin.get("/admin/people").said, "新密码")
        assert officer.get("/inbox", status=302).place.startswith("/login")
        client = office.app.test_client()
        old = client.post("/login", data={"username": "wangmin", "password": PASSWORD})
        new = client.post("/login", data={"username": "wangmin", "password": password})
        assert (old.status_code, new.status_code) == (422, 302)


class TestAddOrganisation:
    GOOD = {
        "name": "通化市教育局",
        "code": "THEDU",
        "division_code": "220500",
        "kind": "recognition",
        "since": "2026-10-13",
        "place": "new",
    }

    def test_enters_a_body(self, office, admin):
        admin.post("/admin/organisations", {**self.GOOD, "credit_code": ""})

        with office.reading() as session:
            assert session.query(Organisation).filter_by(code="THEDU").one().name == "通化市教育局"

    @pytest.mark.parametrize(
        ("field", "value", "said"),
        [
            ("division_code", "22", "六位数字"),
            ("division_code", "２２０５００", "六位数字"),
            ("name", "", "还没有填"),
            ("code", "THHUD", "简码“THHUD”已有单位使用"),
            ("credit_code", "11220500MB1X000O0X", "没有 I、O、S、V、Z"),
            ("credit_code", "1122", "18 位，现在 4 位"),
            ("kind", "court", "请重新选"),
            ("since", "", "请填写日期"),
        ],
    )
    def test_names_the_field_and_keeps_the_rest(self, office, admin, field, value, said):
        values = {**self.GOOD, field: value}

        page = admin.post("/admin/organisations", values, status=422)

        assert said in page.problems
        assert page.tree.xpath('//*[@id="error-summary"]//a/@href') == [f"#new-{field}"]
        kept = "name" if field != "name" else "code"
        assert page.tree.get_element_by_id(f"new-{kept}").get("value") == self.GOOD[kept]
        with office.reading() as session:
            assert session.query(Organisation).filter_by(name="通化市教育局").count() == 0


class TestClaimedByAnEndedPost:
    def test_cannot_be_claimed_any_more(self, office, admin):
        task = office.task(office.file(), "task_formal_check")
        clerk = office.person("qianyu")
        post = post_of(office, "qianyu", "window_clerk")
        admin.post(f"/admin/posts/{post.id}/end", {"last_day": "2026-10-12"})

        assert clerk.post(f"/tasks/{task.id}/claim").place.startswith("/login")
