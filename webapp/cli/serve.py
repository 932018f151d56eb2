"""`jiannuo serve`: the product in one process, its scheduler included."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable
from dataclasses import replace

import click
from flask import Flask
from waitress import create_server

from webapp.app import create_app
from webapp.cli.clock_words import Speaker, language_option
from webapp.cli.database import prepare, settings_of
from webapp.memory import collect_seldom
from webapp.scheduler import Tick, start_scheduler
from webapp.settings import Settings

THREADS = 8


@click.command()
@click.option("--host", help="Address to listen on (JIANNUO_HOST).")
@click.option("--port", type=int, help="Port to listen on (JIANNUO_PORT).")
@language_option
def serve(host: str | None, port: int | None, language: str) -> None:
    """运行本系统：页面、定时、发送都在这一个进程里。

    Serve the product; pages, timers and the outbox run in this one process.
    """
    speaker = Speaker(language)
    settings = with_address(settings_of(speaker), host=host, port=port)
    prepare(settings, speaker)
    app = create_app(settings)
    run_server(
        app,
        settings,
        speaker=speaker,
        when_ready=lambda: click.echo(
            speaker.say("cli.serve.ready", url=settings.public_url), err=True
        ),
    )


def with_address(settings: Settings, *, host: str | None, port: int | None) -> Settings:
    """Return the settings with the address given on the command line."""
    wanted_host, wanted_port = host or settings.host, port or settings.port
    url = settings.public_url
    if (wanted_host, wanted_port) != (settings.host, settings.port):
        url = f"http://{wanted_host}:{wanted_port}"
    return replace(settings, host=wanted_host, port=wanted_port, public_url=url)


def run_server(
    app: Flask, settings: Settings, *, speaker: Speaker, when_ready: Callable[[], None]
) -> None:
    """Listen until interrupted. Ends with a clear message when the port is taken."""
    try:
        server = create_server(app, host=settings.host, port=settings.port, threads=THREADS)
    except (OSError, ValueError) as error:
        raise speaker.fail(
            "cli.serve.taken",
            host=settings.host,
            port=settings.port,
            problem=getattr(error, "strerror", None) or str(error),
            other=settings.port + 1,
        ) from error
    tick = app.extensions["jiannuo"].tick
    scheduler = None
    if settings.runs_scheduler and not settings.has_workers and isinstance(tick, Tick):
        scheduler = start_scheduler(tick)
    # A service manager stops with SIGTERM: end as with Ctrl+C, so that what we started ends too.
    signal.signal(signal.SIGTERM, _end)
    collect_seldom()
    when_ready()
    sys.stderr.flush()
    try:
        server.run()
    finally:
        if scheduler is not None:
            scheduler.shutdown(wait=False)
        server.close()


def _end(_number: int, _frame: object) -> None:
    sys.exit(0)
