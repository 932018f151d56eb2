"""Getting in: who is let in, who is not, and that nobody is sent elsewhere on the way."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.integration.webapp.factory import Office, Page
from webapp.app import create_app
from webapp.business_clock import machine_now
from webapp.current import IDLE_SECONDS
from webapp.database import db
from webapp.demo.install_office import PASSWORD
from webapp.settings import Settings
from webapp.views.auth import LOCKED_FOR, TRIES
from workflows.models import AuditEntry, Login, Post
from workflows.services.keep_people import end_post, set_login

WRONG = "账号或密码不对，或账号已锁定"


def log_in(
    office: Office, username: str = "wangmin", password: str = PASSWORD, **more: str
) -> Page:
    client = office.app.test_client()
    return Page(client.post("/login", data={"username": username, "password": password, **more}))


def find_login(office: Office, username: str = "wangmin") -> Login:
    with office.reading() as session:
        return session.query(Login).filter_by(username=username).one()


def fail(office: Office, *, times: int) -> None:
    for _ in range(times):
        log_in(office, password="wrong")


@pytest.fixture
def later(monkeypatch):
    """Let the machine's clock run ahead for log-ins and sessions."""

    def move(by: timedelta) -> None:
        for module in ("webapp.views.auth", "webapp.current"):
            monkeypatch.setattr(f"{module}.machine_now", lambda: machine_now() + by)

    return move


class TestLogIn:
    def test_leads_to_the_work_of_the_post(self, office):
        places = {
            name: log_in(office, name).place
            for name in ("wangmin", "zhenghong", "lintao", "dongjie", "xuheng")
        }

        assert set(places.values()) == {"/"}
        assert office.person("wangmin").get("/", status=302).place == "/inbox"
        assert office.person("zhenghong").get("/", status=302).place == "/board"
        assert office.person("xuheng").get("/", status=302).place == "/admin/audit"

    def test_refuses_a_wrong_password_and_keeps_the_name(self, office):
        page = log_in(office, password="wrong")

        assert page.answer.status_code == 422
        assert WRONG in page.problems
        assert page.value("username") == "wangmin"

    def test_does_not_tell_whether_a_name_is_known(self, office):
        unknown, known = log_in(office, "nobody"), log_in(office, password="wrong")

        assert unknown.problems == known.problems
        assert unknown.answer.status_code == known.answer.status_code

    def test_is_locked_after_five_wrong_passwords(self, office):
        fail(office, times=TRIES)

        assert WRONG in log_in(office).problems
        assert find_login(office).locked_until is not None

    def test_is_not_locked_after_four(self, office):
        fail(office, times=TRIES - 1)

        assert log_in(office).answer.status_code == 302
        assert find_login(office).failed_count == 0

    def test_is_open_again_when_the_lock_is_over(self, office, later):
        fail(office, times=TRIES)

        later(LOCKED_FOR + timedelta(seconds=1))

        assert log_in(office).answer.status_code == 302

    def test_counts_anew_when_the_lock_is_over(self, office, later):
        fail(office, times=TRIES)
        later(LOCKED_FOR + timedelta(seconds=1))

        fail(office, times=1)

        assert log_in(office).answer.status_code == 302

    def test_cannot_be_kept_locked_by_a_stranger(self, office):
        fail(office, times=TRIES)
        locked_until = find_login(office).locked_until

        fail(office, times=3)

        assert find_login(office).locked_until == locked_until

    def test_refuses_a_log_in_that_is_switched_off(self, office):
        person_id = find_login(office).person_id
        office.run(
            "set_login",
            lambda work: set_login(
                work, office.parts.desk, person_id=person_id, password_hash="", is_active=False
            ),
        )

        assert WRONG in log_in(office).problems

    def test_says_so_when_no_post_is_held_today(self, office):
        with office.reading() as session:
            person_id = find_login(office).person_id
            post = session.query(Post).filter_by(person_id=person_id).one()
        last_day = office.clock.now().date() - timedelta(days=1)
        office.run(
            "end_post",
            lambda work: end_post(work, office.parts.desk, post_id=post.id, last_day=last_day),
        )

        page = log_in(office)

        assert page.answer.status_code == 422
        assert "没有有效岗位" in page.problems

    def test_is_kept_in_the_audit_with_the_person_and_the_address(self, office):
        log_in(office, password="wrong")
        log_in(office)

        with office.reading() as session:
            entries = session.query(AuditEntry).filter_by(command="log_in").all()
        assert [entry.content["facts"][0][0] for entry in entries] == ["login_failed", "logged_in"]
        assert entries[1].person_id == find_login(office).person_id
        assert {entry.origin for entry in entries} == {"127.0.0.1"}

    @pytest.mark.parametrize("target", ["/board", "/cases/x?tab=documents#top"])
    def test_goes_on_to_a_page_of_ours(self, office, target):
        assert log_in(office, next=target).place == target

    @pytest.mark.parametrize(
        "target",
        [
            "https://elsewhere.example/",
            "//elsewhere.example/",
            "/\\elsewhere.example",
            "javascript:alert(1)",
            "/\t/elsewhere.example",
            "/\n/elsewhere.example",
            "elsewhere",
        ],
    )
    def test_never_goes_on_elsewhere(self, office, target):
        assert log_in(office, next=target).place == "/"

    def test_comes_back_to_where_one_was(self, office):
        client = office.app.test_client()

        page = Page(client.get("/inbox?view=pool"))

        assert page.place == "/login?next=/inbox?view%3Dpool&expired=0"


class TestSession:
    def test_ends_when_the_password_is_set_anew(self, office):
        officer = office.person("wangmin")
        officer.get("/inbox")
        person_id = find_login(office).person_id

        office.run(
            "set_login",
            lambda work: set_login(
                work, office.parts.desk, person_id=person_id, password_hash="x", is_active=True
            ),
        )

        assert officer.get("/inbox", status=302).place.startswith("/login")

    def test_ends_at_a_desk_left_alone(self, office, later):
        officer = office.person("wangmin")

        later(timedelta(seconds=IDLE_SECONDS + 5))

        assert officer.get("/inbox", status=302).place.startswith("/login")

    def test_goes_on_at_a_desk_where_somebody_works(self, office, later):
        officer = office.person("wangmin")
        for hours in range(2, 17, 2):
            later(timedelta(hours=hours))
            officer.get("/inbox")

    def test_ends_with_the_last_day_of_the_post(self, office):
        officer = office.person("wangmin")
        with office.reading() as session:
            post = session.query(Post).filter_by(person_id=find_login(office).person_id).one()
        today = office.clock.now().date()
        office.run(
            "end_post",
            lambda work: end_post(work, office.parts.desk, post_id=post.id, last_day=today),
        )
        officer.get("/inbox")

        office.later(days=1)

        assert officer.get("/inbox", status=302).place.startswith("/login")

    def test_is_over_after_logging_out(self, office):
        officer = office.person("wangmin")

        officer.post("/logout")

        assert officer.get("/inbox", status=302).place.startswith("/login")

    def test_answers_a_script_with_words_and_no_page(self, office):
        answer = office.app.test_client().get("/inbox", headers={"Accept": "application/json"})

        assert answer.status_code == 401
        assert answer.get_json()["error"] == "error.login_needed"


class TestPosts:
    def test_can_be_changed_among_ones_own(self, office):
        officer = office.person("suqing", role="window_clerk")
        with office.reading() as session:
            person_id = find_login(office, "suqing").person_id
            post = session.query(Post).filter_by(person_id=person_id, role="handler").one()

        officer.get(f"/posts/{post.id}", status=302)

        with officer.client.session_transaction() as session:
            assert session["post_id"] == post.id

    def test_of_others_are_refused(self, office):
        officer = office.person("wangmin")
        with office.reading() as session:
            post = session.query(Post).filter_by(role="approver").first()

        officer.get(f"/posts/{post.id}", status=403)


class TestInstallationWithoutAnOffice:
    def test_says_what_to_do(self, sqlite_url, tmp_path):
        settings = Settings(database_url=sqlite_url, data_dir=tmp_path, runs_scheduler=False)
        app = create_app(settings, strict_texts=True)
        app.config["WTF_CSRF_ENABLED"] = False

        page = Page(app.test_client().post("/login", data={"username": "x", "password": "y"}))
        with app.app_context():
            db.engine.dispose()

        assert page.answer.status_code == 404
        assert "还没有建立机关" in page.said
