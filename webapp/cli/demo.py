"""`jiannuo demo`: a demo office with cases at every stage, on this machine only."""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress

from webapp.app import connect_desk, create_app
from webapp.business_clock import machine_now
from webapp.cli.clock_words import Speaker, language_option
from webapp.cli.database import prepare, settings_of
from webapp.cli.serve import run_server, with_address
from webapp.demo.fill_registers import fill_registers
from webapp.demo.install_office import PASSWORD, install_office
from webapp.demo.play_cases import count_scenes, play_cases
from webapp.demo.play_traceback import fill_projects
from webapp.settings import Settings
from workflows.storage.databases import open_database, sessions_for

PLATFORM_PORT_OFFSET = 1


@click.command()
@click.option("--host", help="Address to listen on (JIANNUO_HOST); only this machine.")
@click.option("--port", type=int, help="Port to listen on (JIANNUO_PORT).")
@click.option("--prepare-only", is_flag=True, help="Fill the database and stop.")
@language_option
def demo(host: str | None, port: int | None, prepare_only: bool, language: str) -> None:
    """在本机运行一个演示机关，案件处在各个环节，时钟可以向前拨。

    Fill an empty database with the demo office and serve it, with a clock one can move.
    """
    speaker = Speaker(language)
    settings = with_address(settings_of(speaker, is_demo=True), host=host, port=port)
    refuse_strangers(settings, speaker)
    prepare(settings, speaker)
    fill(settings, speaker)
    if prepare_only:
        return
    secret = _platform_secret(settings.data_dir / "keys" / "platform.key")
    platform_port = settings.port + PLATFORM_PORT_OFFSET
    settings = replace(
        settings,
        province_url=settings.province_url or f"http://127.0.0.1:{platform_port}",
        province_secret=settings.province_secret or secret,
    )
    platform = start_platform(settings, speaker, port=platform_port)
    try:
        run_server(
            create_app(settings),
            settings,
            speaker=speaker,
            when_ready=lambda: announce(settings, platform_port),
        )
    finally:
        platform.terminate()
        platform.wait(timeout=10)


def refuse_strangers(settings: Settings, speaker: Speaker) -> None:
    """Stop when the demo, whose passwords everyone knows, would be reachable from elsewhere."""
    if settings.listens_beyond_this_machine:
        raise speaker.fail("cli.demo.only_here", host=settings.host)


def fill(settings: Settings, speaker: Speaker) -> None:
    """Set up the demo office and play its cases; a filled database is left alone."""
    engine = open_database(settings.database_url)
    sessions = sessions_for(engine)
    desk = connect_desk(settings, sessions)
    now = machine_now()
    office_id = install_office(sessions, desk, now=now)
    with Progress(console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task(speaker.say("cli.demo.filling"), total=count_scenes())
        play_cases(sessions, desk, office_id=office_id, now=now, step=lambda: progress.advance(bar))
    fill_registers(sessions, desk, office_id=office_id, now=now)
    fill_projects(sessions, desk, office_id=office_id, now=now)
    engine.dispose()


def start_platform(settings: Settings, speaker: Speaker, *, port: int) -> subprocess.Popen[bytes]:
    """Start the reference provincial platform as its own process and wait until it listens.

    Ends with a clear message when it cannot, as when this demo already runs.
    """
    arguments = [sys.executable, "-m", "webapp.cli", "platform", "--port", str(port)]
    arguments += ["--data-dir", str(settings.data_dir / "platform")]
    environment = {"JIANNUO_PROVINCE_SECRET": settings.province_secret}
    process = subprocess.Popen(arguments, env={**os.environ, **environment})
    for _ in range(200):
        if process.poll() is not None:
            raise speaker.fail("cli.demo.platform_ended", port=settings.port, next=port)
        if is_listening(port):
            break
        time.sleep(0.1)
    return process


def is_listening(port: int) -> bool:
    """Say whether a program on this machine listens on the port."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def announce(settings: Settings, platform_port: int) -> None:
    """Say in both languages where the doors are and who may log in."""
    for language in ("zh", "en"):
        sentence = Speaker(language).say(
            "cli.demo.ready",
            url=settings.public_url,
            platform=f"http://127.0.0.1:{platform_port}/",
            password=PASSWORD,
        )
        click.echo(f"\n{sentence}")
    sys.stdout.flush()


def _platform_secret(path: Path) -> str:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(32))
    return path.read_text()
