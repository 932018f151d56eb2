"""`jiannuo platform`: the reference provincial platform as a process of its own."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from waitress import create_server

from webapp.platform.app import create_platform
from webapp.platform.control import Behaviour, Control, ControlWrong
from webapp.platform.courier import Courier
from webapp.platform.store import PlatformStore


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=int, default=8100, show_default=True, help="Port to listen on.")
@click.option(
    "--data-dir",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("var/platform"),
    show_default=True,
    help="Folder of the platform's own database.",
)
@click.option(
    "--ack-after",
    type=click.FloatRange(min=0),
    default=2.0,
    show_default=True,
    help="Seconds until a report is acknowledged or rejected.",
)
@click.option("--reject", default="", help="Reject reports in which this pattern is found.")
@click.option(
    "--reject-times",
    type=click.IntRange(min=0),
    help="Reject by pattern only so many times; without it, always.",
)
@click.option("--down", is_flag=True, help="Answer every report with 503.")
@click.option(
    "--secret",
    envvar="JIANNUO_PROVINCE_SECRET",
    required=True,
    help="Shared secret of the signatures (JIANNUO_PROVINCE_SECRET).",
)
def platform(
    *,
    host: str,
    port: int,
    data_dir: Path,
    ack_after: float,
    reject: str,
    reject_times: int | None,
    down: bool,
    secret: str,
) -> None:
    """运行参考省级信用信息平台：收报送，过后确认或退回，也可以停机。

    Run the reference provincial platform (docs/exchange.md): it acknowledges reports later,
    rejects them, or is down.
    """
    values = {"ack_after": ack_after, "reject": reject, "reject_times": reject_times, "down": down}
    try:
        behaviour = Behaviour(Control().changed(values))
    except ControlWrong as wrong:
        raise click.BadParameter("not a usable value", param_hint=f"--{wrong}") from wrong
    store = PlatformStore(data_dir / "platform.db")
    app = create_platform(store=store, behaviour=behaviour, secret=secret)
    try:
        server = create_server(app, host=host, port=port, threads=4)
    except OSError as error:
        click.echo(f"{host}:{port}: {error.strerror}. Choose another --port.", err=True)
        sys.exit(1)
    courier = Courier(store, behaviour, secret)
    courier.start()
    click.echo(f"Reference provincial platform: http://{host}:{server.effective_port}/", err=True)
    try:
        server.run()
    finally:
        courier.stop()


if __name__ == "__main__":
    platform()
