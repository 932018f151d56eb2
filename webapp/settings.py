"""What the environment decides about this installation, read once at start."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from environs import Env, EnvValidationError, validate

from workflows.engine.engines import NAMES, TOKEN
from workflows.errors import InvalidAnswer

EMBEDDED, WORKERS = "embedded", "workers"
LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True)
class Settings:
    """Addresses, folders and switches; no secret is logged from here."""

    database_url: str
    data_dir: Path
    host: str = "127.0.0.1"
    port: int = 8000
    is_demo: bool = False
    is_secure: bool = False
    public_url: str = "http://127.0.0.1:8000"
    smtp_host: str = ""
    smtp_port: int = 25
    smtp_sender: str = "jiannuo@localhost"
    province_url: str = ""
    province_secret: str = ""
    runs_scheduler: bool = True
    jobs: str = EMBEDDED
    engine: str = TOKEN
    fonts_dir: Path = Path(__file__).with_name("static") / "vendor" / "fonts"

    @property
    def listens_beyond_this_machine(self) -> bool:
        """Say whether others could reach the address."""
        return self.host not in LOOPBACK

    @property
    def has_workers(self) -> bool:
        """Say whether processes of their own do what this process would otherwise do itself."""
        return self.jobs == WORKERS

    @property
    def files_dir(self) -> Path:
        """Return where uploads and rendered letters are kept."""
        return self.data_dir / "files"

    @property
    def master_key_path(self) -> Path:
        """Return where the office's master key is kept."""
        return self.data_dir / "keys" / "master.key"


def read_settings(*, is_demo: bool = False) -> Settings:
    """Return the settings of the environment (variables named JIANNUO_...).

    Raises InvalidAnswer for a number or a switch that is none; it names the variable.
    """
    try:
        return _read(Env(), is_demo=is_demo)
    except EnvValidationError as wrong:
        name = "".join(re.findall(r'"(\w+)"', str(wrong))[:1])
        value = os.environ.get(name, "")
        raise InvalidAnswer("error.setting", name=name, value=value) from wrong


def _read(env: Env, *, is_demo: bool) -> Settings:
    with env.prefixed("JIANNUO_"):
        data_dir = Path(env.str("DATA_DIR", "var")).resolve()
        host = env.str("HOST", "127.0.0.1")
        port = env.int("PORT", 8000)
        return Settings(
            database_url=env.str("DATABASE_URL", f"sqlite:///{data_dir / 'jiannuo.db'}"),
            data_dir=data_dir,
            host=host,
            port=port,
            is_demo=is_demo,
            is_secure=env.bool("SECURE", False),
            public_url=env.str("PUBLIC_URL", f"http://{host}:{port}"),
            smtp_host=env.str("SMTP_HOST", ""),
            smtp_port=env.int("SMTP_PORT", 25),
            smtp_sender=env.str("SMTP_SENDER", "jiannuo@localhost"),
            province_url=env.str("PROVINCE_URL", ""),
            province_secret=env.str("PROVINCE_SECRET", ""),
            runs_scheduler=env.bool("SCHEDULER", True),
            jobs=env.str("JOBS", EMBEDDED, validate=validate.OneOf((EMBEDDED, WORKERS))),
            engine=env.str("ENGINE", TOKEN, validate=validate.OneOf(NAMES)),
        )
