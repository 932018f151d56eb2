"""`jiannuo demo`: a demo office with cases at every stage, on this machine only."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import click
import requests
from rich.console import Console
from rich.progress import Progress

from webapp.app import connect_desk, create_app
from webapp.business_clock import machine_now
from webapp.cli.serve import prepare_folder, run_server, with_address
from webapp.demo.install_office import PASSWORD, install_office
from webapp.demo.play_cases import count_scenes, play_cases
from webapp.settings import Settings, read_settings
from workflows.storage.databases import open_database, sessions_for
from workflows.storage.migrate import migrate

PLATFORM_PORT_OFFSET = 1


@click.command()
@click.option("--host", help="Address to listen on (JIANNUO_HOST); only this machine.")
@click.option("--port", type=int, help="Port to listen on (JIANNUO_PORT).")
@click.option("--prepare-only", is_flag=True, help="Fill the database and stop.")
def demo(host: str | None, port: int | None, prepare_only: bool) -> None:
    """Fill an empty database with the demo office and serve it, with a clock one can move."""
    settings = with_address(read_settings(is_demo=True), host=host, port=port)
    refuse_strangers(settings)
    prepare_folder(settings)
    migrate(settings.database_url)
    fill(settings)
    if prepare_only:
        return
    secret = _platform_secret(settings.data_dir / "keys" / "platform.key")
    platform_port = settings.port + PLATFORM_PORT_OFFSET
    settings = replace(
        settings,
        province_url=settings.province_url or f"http://127.0.0.1:{platform_port}",
        province_secret=settings.province_secret or secret,
    )
    platform = start_platform(settings, port=platform_port)
    try:
        run_server(
            create_app(settings), settings, when_ready=lambda: announce(settings, platform_port)
        )
    finally:
        platform.terminate()
        platform.wait(timeout=10)


def refuse_strangers(settings: Settings) -> None:
    """Stop when the demo, whose passwords everyone knows, would be reachable from elsewhere."""
    if settings.listens_beyond_this_machine:
        raise click.ClickException(
            f"演示模式的密码人人知道，只能在本机使用，不能监听 {settings.host}。"
            "正式使用请运行 jiannuo serve。"
        )


def fill(settings: Settings) -> None:
    """Set up the demo office and play its cases; a filled database is left alone."""
    engine = open_database(settings.database_url)
    sessions = sessions_for(engine)
    desk = connect_desk(settings, sessions)
    now = machine_now()
    office_id = install_office(sessions, desk, now=now)
    with Progress(console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task("准备演示案件", total=count_scenes())
        play_cases(sessions, desk, office_id=office_id, now=now, step=lambda: progress.advance(bar))
    engine.dispose()


def start_platform(settings: Settings, *, port: int) -> subprocess.Popen[bytes]:
    """Start the reference provincial platform as its own process and wait for its answer."""
    arguments = [sys.executable, "-m", "webapp.cli", "platform", "--port", str(port)]
    arguments += ["--data-dir", str(settings.data_dir / "platform")]
    environment = {"JIANNUO_PROVINCE_SECRET": settings.province_secret}
    process = subprocess.Popen(arguments, env={**os.environ, **environment})
    for _ in range(100):
        try:
            requests.get(f"http://127.0.0.1:{port}/health", timeout=1)
            break
        except requests.RequestException:
            time.sleep(0.1)
    return process


def announce(settings: Settings, platform_port: int) -> None:
    """Say where the doors are and who may log in."""
    console = Console()
    console.print()
    console.print("[bold]践诺 Jiannuo[/bold] 演示已就绪 / demo is ready")
    console.print(f"  办案人员 officers     {settings.public_url}/login")
    console.print(f"  当事人   subjects     {settings.public_url}/portal/")
    console.print(f"  省平台   province     http://127.0.0.1:{platform_port}/ (reference platform)")
    console.print(f"  账号 log-ins (密码 password: {PASSWORD})")
    console.print("    qianyu 窗口  wangmin 承办  liuchang 审核  zhaolin 法制  chenlixin 批准")
    console.print("    liyan 平台  gaoyuan 住建局  majun 财政局  zhenghong 督办")
    console.print("    lintao/shiyu 系统管理  dongjie 安全保密  xuheng 审计")
    console.print("  停止 stop: Ctrl+C")


def _platform_secret(path: Path) -> str:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(32))
    return path.read_text()
