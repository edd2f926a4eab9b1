"""Typed settings, read once from the environment and frozen; nothing else reads `os.environ`.

Keys that are not given are made once in the data folder, readable by its owner alone. With
PostgreSQL several machines may share one database, so there the keys must be given.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from factcheck.failures import Failure


class BadSetting(Failure):
    """An environment variable cannot be used; the message names it and says what it takes."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What an installation is told from outside."""

    data: Path
    database_url: str
    public_url: str  # the only base of absolute links; never the Host header; no slash at the end
    site: Path  # folder of the public site, also where it is copied to an object store
    secret_key: str
    log_key: bytes  # 32 bytes: the Ed25519 seed that signs the log and the manifests
    host: str = "127.0.0.1"
    port: int = 8000
    trusted_proxies: int = 0
    timezone: str = "UTC"
    fetch_allow: frozenset[str] = frozenset()
    smtp_url: str = ""
    open_registration: bool = False  # whether people may register without an invitation
    store: str = ""  # s3://BUCKET/PREFIX that the public site is copied to; "" for none

    @property
    def archive(self) -> Path:
        """The folder of what is kept of sources."""
        return self.data / "archive"

    @property
    def is_https(self) -> bool:
        """Whether readers and reviewers come by https: then cookies are Secure and HSTS is sent."""
        return self.public_url.startswith("https://")

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is a file of the data folder."""
        return self.database_url.startswith("sqlite")

    @property
    def zone(self) -> ZoneInfo:
        """The zone that "today" and shown days are reckoned in."""
        return ZoneInfo(self.timezone)


def from_environment(environ: Mapping[str, str]) -> Settings:
    """Return the settings that `environ` gives; make the data folder and missing keys.

    Raises BadSetting for a value that cannot be used.
    """
    data = Path(environ.get("FACTCHECK_DATA") or "data").absolute()
    data.mkdir(parents=True, exist_ok=True)
    host = environ.get("HOST") or "127.0.0.1"
    port = _whole_number(environ, "PORT", default=8000, highest=65535)
    database_url = _database_url(environ.get("FACTCHECK_DATABASE_URL", ""), data)
    is_sqlite = database_url.startswith("sqlite")
    public_url = environ.get("FACTCHECK_PUBLIC_URL") or f"http://{host}:{port}"
    site, store = _site(environ.get("FACTCHECK_SITE", ""), data)
    return Settings(
        data=data,
        database_url=database_url,
        public_url=_public_url(public_url),
        site=site,
        secret_key=_key(environ, "FACTCHECK_SECRET_KEY", data / "secret-key", may_make=is_sqlite),
        log_key=_log_key(environ, data, may_make=is_sqlite),
        host=host,
        port=port,
        trusted_proxies=_whole_number(environ, "FACTCHECK_TRUSTED_PROXIES", default=0, highest=20),
        timezone=_timezone(environ.get("FACTCHECK_TIMEZONE") or "UTC"),
        fetch_allow=fetch_allow(environ),
        smtp_url=environ.get("FACTCHECK_SMTP_URL", ""),
        open_registration=_switch(environ, "FACTCHECK_OPEN_REGISTRATION"),
        store=store,
    )


def folder_without_keys(environ: Mapping[str, str]) -> Path | None:
    """Return the data folder in which keys are to be made yet; None where any are given or there.

    With PostgreSQL they are always given. Nothing is made here.
    """
    data = Path(environ.get("FACTCHECK_DATA") or "data").absolute()
    url = _database_url(environ.get("FACTCHECK_DATABASE_URL", ""), data)
    given = any(environ.get(name) for name in ("FACTCHECK_LOG_KEY", "FACTCHECK_SECRET_KEY"))
    made = any((data / name).exists() for name in ("log-key", "secret-key"))
    return None if given or made or not url.startswith("sqlite") else data


def fetch_allow(environ: Mapping[str, str]) -> frozenset[str]:
    """Return the "host:port" pairs that may be fetched from although they are not public."""
    return frozenset(environ.get("FACTCHECK_FETCH_ALLOW", "").replace(",", " ").split())


def _database_url(value: str, data: Path) -> str:
    if not value:
        return f"sqlite:///{data / 'factcheck.sqlite3'}"
    scheme, _, rest = value.partition("://")
    if scheme in {"postgres", "postgresql", "postgresql+psycopg"}:
        return f"postgresql+psycopg://{rest}"
    if scheme == "sqlite":
        return value
    raise BadSetting("FACTCHECK_DATABASE_URL must begin with postgresql:// or sqlite:///")


def _public_url(value: str) -> str:
    if not value.startswith(("http://", "https://")):
        raise BadSetting("FACTCHECK_PUBLIC_URL must begin with http:// or https://")
    return value.rstrip("/")


def _site(value: str, data: Path) -> tuple[Path, str]:
    """Return the folder that the site is made in, and the object store that it is copied to."""
    if "://" not in value:
        return Path(value or data / "site").absolute(), ""
    parts = urlsplit(value)
    if parts.scheme != "s3" or not parts.netloc or "@" in parts.netloc or parts.query:
        raise BadSetting(
            "FACTCHECK_SITE must be a folder or s3://BUCKET/PREFIX; endpoint and credentials are"
            " the AWS_ variables."
        )
    return data / "site", value.rstrip("/")


def _timezone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise BadSetting(
            'FACTCHECK_TIMEZONE: there is no time zone "%(zone)s".', zone=value
        ) from error
    return value


def _whole_number(environ: Mapping[str, str], name: str, *, default: int, highest: int) -> int:
    value = environ.get(name) or str(default)
    if not value.isascii() or not value.isdigit() or int(value) > highest:
        raise BadSetting(
            "%(name)s must be a whole number from 0 to %(highest)s, not \"%(value)s\".",
            name=name, highest=str(highest), value=value,
        )  # fmt: skip
    return int(value)


def _switch(environ: Mapping[str, str], name: str) -> bool:
    value = environ.get(name) or "off"
    if value not in {"on", "off"}:
        raise BadSetting('%(name)s must be "on" or "off", not "%(value)s".', name=name, value=value)
    return value == "on"


def _log_key(environ: Mapping[str, str], data: Path, *, may_make: bool) -> bytes:
    text = _key(environ, "FACTCHECK_LOG_KEY", data / "log-key", may_make=may_make)
    try:
        key = bytes.fromhex(text)
    except ValueError as error:
        raise BadSetting("FACTCHECK_LOG_KEY must be 64 hexadecimal digits") from error
    if len(key) != 32:
        raise BadSetting("FACTCHECK_LOG_KEY must be 64 hexadecimal digits (32 bytes)")
    return key


def _key(environ: Mapping[str, str], name: str, file: Path, *, may_make: bool) -> str:
    if value := environ.get(name):
        return value
    if not may_make:
        raise BadSetting(
            "%(name)s must be given with PostgreSQL, the same on every machine.", name=name
        )
    try:
        descriptor = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode=0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as new:
            new.write(secrets.token_hex(32))
    except FileExistsError:
        pass
    return file.read_text(encoding="ascii").strip()
