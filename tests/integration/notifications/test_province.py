"""Reports reach a real platform in another process once, and its answers come back to us."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
import requests

from notifications.channels.channel import is_refusal
from notifications.channels.province import ProvinceChannel
from notifications.channels.signing import sign, verify
from tests.integration.notifications.running import (
    SECRET,
    Listener,
    RunningPlatform,
    free_port,
    listening,
    wait_for,
)
from workflows.errors import OutsideServiceFailed
from workflows.storage.outbox_store import Effect


@pytest.fixture(scope="module")
def running(tmp_path_factory) -> Iterator[RunningPlatform]:
    platform = RunningPlatform(tmp_path_factory.mktemp("platform"), free_port())
    platform.start()
    yield platform
    platform.kill()


@pytest.fixture
def platform(running) -> RunningPlatform:
    running.control(down=False, ack_after=0, reject="", reject_times=None)
    return running


@pytest.fixture
def listener() -> Iterator[Listener]:
    with listening() as found:
        yield found


def now() -> datetime:
    return datetime.now(UTC)


def channel(platform: RunningPlatform, listener: Listener, **changes) -> ProvinceChannel:
    facts = {"url": platform.url, "secret": SECRET, "callback_url": listener.url, "clock": now}
    return ProvinceChannel(**{**facts, **changes})


def report(key: str, *, base_version: int = 3, **payload: Any) -> Effect:
    return Effect(
        id=key,
        office_id="office",
        case_id="case",
        kind="province_report",
        key=key,
        payload={
            "case_number": "YY-220500-2026-00417",
            "finding": "correct",
            "record_number": f"JL-{key}",
            "base_version": base_version,
            "version": base_version + 1,
            **payload,
        },
        attempts=1,
        created_at=datetime(2026, 10, 9, 6, 0, tzinfo=UTC),
    )


def without(name: str) -> Effect:
    found = report(f"without-{name}")
    return replace(found, payload={**found.payload, name: None})


def heard(listener: Listener, times: int) -> None:
    wait_for(lambda: len(listener.heard) == times)


def received(platform: RunningPlatform, key: str) -> list[dict]:
    return [each for each in platform.look()["reports"] if each["key"] == key]


class TestProvinceChannel:
    def test_gets_the_same_receipt_however_often_a_report_is_sent(self, platform, listener):
        first = channel(platform, listener).send(report("repeat"))
        second = channel(platform, listener).send(report("repeat"))
        wait_for(lambda: listener.heard)

        (kept,) = received(platform, "repeat")
        assert first == second
        assert first.reference == kept["receipt"]
        assert kept["times_received"] == 2
        assert len(listener.heard) == 1

    def test_repeats_a_report_though_we_moved_to_another_address(self, platform, listener):
        first = channel(platform, listener).send(report("moved"))
        second = channel(platform, listener, callback_url=f"{listener.url}/new").send(
            report("moved")
        )

        assert first == second

    def test_is_refused_for_other_content_under_the_same_key(self, platform, listener):
        channel(platform, listener).send(report("reused"))

        with pytest.raises(OutsideServiceFailed) as caught:
            channel(platform, listener).send(report("reused", case_number="YY-2"))

        assert is_refusal(caught.value)
        assert caught.value.facts["status"] == 422
        assert "Idempotency-Key" in caught.value.facts["cause"]

    def test_may_try_again_while_the_platform_is_down(self, platform, listener):
        platform.control(down=True)

        with pytest.raises(OutsideServiceFailed) as caught:
            channel(platform, listener).send(report("down"))
        platform.control(down=False)
        receipt = channel(platform, listener).send(report("down"))

        assert not is_refusal(caught.value)
        assert caught.value.facts["cause"].startswith("HTTP 503")
        assert receipt.reference

    def test_may_try_again_when_nobody_listens(self, platform, listener):
        nowhere = channel(platform, listener, url=f"http://127.0.0.1:{free_port()}")

        with pytest.raises(OutsideServiceFailed) as caught:
            nowhere.send(report("nowhere"))

        assert not is_refusal(caught.value)
        assert caught.value.facts["cause"] == "ConnectionError"

    def test_is_refused_with_another_secret(self, platform, listener):
        with pytest.raises(OutsideServiceFailed) as caught:
            channel(platform, listener, secret="another").send(report("stranger"))

        assert is_refusal(caught.value)
        assert caught.value.facts["status"] == 401
        assert received(platform, "stranger") == []

    @pytest.mark.parametrize("missing", ["case_number", "record_number", "base_version", "finding"])
    def test_is_told_which_field_is_missing(self, platform, listener, missing):
        with pytest.raises(OutsideServiceFailed) as caught:
            channel(platform, listener).send(without(missing))

        assert is_refusal(caught.value)
        assert missing in caught.value.facts["cause"]

    @pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"receipt": 5}'])
    def test_takes_no_nonsense_for_a_receipt(self, platform, listener, body):
        listener.answers, listener.body = [202], body

        with pytest.raises(OutsideServiceFailed) as caught:
            channel(platform, listener, url=listener.url).send(report("nonsense"))

        assert caught.value.key == "error.province_nonsense"

    def test_follows_nobody_elsewhere(self, platform, listener):
        listener.answers, listener.location = [307], f"{platform.url}/reports"

        with pytest.raises(OutsideServiceFailed) as caught:
            channel(platform, listener, url=listener.url).send(report("elsewhere"))

        assert is_refusal(caught.value)
        assert received(platform, "elsewhere") == []


class TestAnswers:
    def test_acknowledge_a_report_under_a_signature(self, platform, listener):
        receipt = channel(platform, listener).send(report("acknowledged"))

        headers, body = wait_for(lambda: listener.heard)[0]
        (message,) = listener.messages()
        assert verify(secret=SECRET, headers=headers, body=body, now=now()) == message["message_id"]
        assert message["type"] == "report_acknowledged"
        assert message["report_key"] == "acknowledged"
        assert message["case_number"] == "YY-220500-2026-00417"
        assert message["receipt"] == receipt.reference

    def test_are_repeated_under_the_same_id_until_they_are_taken(self, platform, listener):
        listener.answers = [500, 503]

        channel(platform, listener).send(report("stubborn"))

        heard(listener, 3)
        assert len({message["message_id"] for message in listener.messages()}) == 1
        wait_for(
            lambda: [
                each
                for each in platform.look()["messages"]
                if each["report_key"] == "stubborn" and each["delivered_at"]
            ]
        )

    def test_reject_a_version_that_does_not_follow(self, platform, listener):
        platform.control(records={"JL-version": 3})

        channel(platform, listener).send(report("version", base_version=2))

        wait_for(lambda: listener.heard)
        (message,) = listener.messages()
        assert message["type"] == "report_rejected"
        assert message["reason"] == "记录版本号不符（应为 3，收到 2）"

    def test_accept_the_repaired_report_and_then_the_next_version(self, platform, listener):
        platform.control(records={"JL-chain": 3})
        send = channel(platform, listener).send
        send(report("chain-1", base_version=2, record_number="JL-chain"))
        heard(listener, 1)

        for at, base in enumerate((3, 4), start=2):
            send(report(f"chain-{at}", base_version=base, record_number="JL-chain"))
            heard(listener, at)

        kinds = [message["type"] for message in listener.messages()]
        assert kinds == ["report_rejected", "report_acknowledged", "report_acknowledged"]

    def test_reject_by_pattern_as_often_as_told(self, platform, listener):
        platform.control(reject="柳林", reject_times=1)

        for at in (1, 2):
            channel(platform, listener).send(
                report(f"pattern-{at}", subject_name="通化市柳林开发区管理委员会")
            )
            heard(listener, at)

        kinds = [message["type"] for message in listener.messages()]
        assert kinds == ["report_rejected", "report_acknowledged"]

    def test_survive_a_platform_that_was_killed(self, platform, listener):
        platform.control(ack_after=3600)
        receipt = channel(platform, listener).send(report("killed"))

        platform.kill()
        platform.start()
        again = channel(platform, listener).send(report("killed"))

        wait_for(lambda: listener.heard)
        (message,) = listener.messages()
        assert again == receipt
        assert message["receipt"] == receipt.reference


class TestControl:
    @pytest.mark.parametrize(
        "values", [{"down": "yes"}, {"reject": "("}, {"ack_after": -1}, {"colour": "red"}]
    )
    def test_names_the_value_it_cannot_use_and_changes_nothing(self, platform, values):
        answer = requests.post(f"{platform.url}/control", json=values, timeout=10)

        assert answer.status_code == 422
        assert next(iter(values)) in answer.json()["problem"]
        assert requests.get(f"{platform.url}/health", timeout=10).json() == {"status": "ok"}


class TestReports:
    def post(self, platform, body: bytes, **headers):
        signed = sign(secret=SECRET, message_id="k", body=body, at=now())
        return requests.post(
            f"{platform.url}/reports", data=body, headers={**signed, **headers}, timeout=10
        )

    def test_need_a_key(self, platform):
        assert self.post(platform, b"{}").status_code == 400

    def test_need_a_signature_over_that_very_key(self, platform):
        assert self.post(platform, b"{}", **{"Idempotency-Key": "other"}).status_code == 401

    @pytest.mark.parametrize("body", [b"", b"[]", b"\xff", b'{"record_number": []}'])
    def test_answer_malformed_bodies_in_words(self, platform, body):
        answer = self.post(platform, body, **{"Idempotency-Key": "k"})

        assert answer.status_code in (400, 422)
        assert answer.json()["problem"]
