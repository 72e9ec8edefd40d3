"""What the environment says, read once and checked. A wrong value stops the start with one line."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent
INSTANCE = ROOT / "instance"

SHORTEST_SECRET = 32
"""Characters of a secret that cannot be guessed."""

FALSE_WORDS = {"", "0", "false", "no", "off"}


class ConfigError(Exception):
    """A key of the environment is missing or wrong; the text names the key and says what is wrong."""


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of one process."""

    database_url: str
    """`DATABASE_URL`: sqlite:/// or postgresql+psycopg://; a SQLite file in instance/ by default."""
    secret_key: str
    """`SECRET_KEY`: signs cookies and seals events; made and kept in instance/ outside production."""
    production: bool
    """`PORTFOLIO_ENV` is `production`: nothing of the demo, https only."""
    base_url: str
    """`PORTFOLIO_BASE_URL`: begins every link that leaves the product; https turns on secure cookies."""
    frozen_now: datetime | None
    """`PORTFOLIO_NOW`: the product's calendar stands still at this time; never in production."""
    mail_url: str
    """`MAIL_URL`: smtp://, smtps:// or file:DIR."""
    mail_from: str | None
    """`MAIL_FROM`: the address that mail comes from."""
    trusted_proxies: int
    """`TRUSTED_PROXIES`: how many proxies stand before the product; their X-Forwarded headers are believed."""
    testing: bool
    """`TESTING`: cheap password hashes; never in production."""

    @property
    def has_weak_secret(self) -> bool:
        """Whether what signs the cookies in production could be guessed."""
        return self.production and len(self.secret_key) < SHORTEST_SECRET

    @property
    def secure(self) -> bool:
        """Whether the product is reached over https."""
        return self.base_url.startswith("https://")


def read_environment(environ: Mapping[str, str]) -> Config:
    """The settings; ConfigError names the first key that is wrong."""
    production = _choice(environ, "PORTFOLIO_ENV", "development", ("development", "production")) == "production"
    config = Config(
        database_url=_database_url(environ),
        secret_key=environ.get("SECRET_KEY") or _kept_secret(production),
        production=production,
        base_url=_base_url(environ),
        frozen_now=_frozen_now(environ),
        mail_url=_mail_url(environ),
        mail_from=_mail_from(environ),
        trusted_proxies=int(_choice(environ, "TRUSTED_PROXIES", "0", ("0", "1", "2", "3"))),
        testing=_is_on(environ, "TESTING"),
    )
    if production:
        _ensure_fit_for_production(config, environ)
    return config


def _ensure_fit_for_production(config: Config, environ: Mapping[str, str]) -> None:
    if config.frozen_now is not None:
        raise ConfigError("PORTFOLIO_NOW: the calendar may not stand still in production")
    if not config.secure:
        raise ConfigError("PORTFOLIO_BASE_URL: must begin with https:// in production")
    if config.mail_from is None and not config.mail_url.startswith("file:"):
        raise ConfigError("MAIL_FROM: must be set in production when MAIL_URL is a mail server")
    for key in ("FLASK_DEBUG", "TESTING"):
        if _is_on(environ, key):
            raise ConfigError(f"{key}: must be off in production")


def _is_on(environ: Mapping[str, str], key: str) -> bool:
    return environ.get(key, "").lower() not in FALSE_WORDS


def _choice(environ: Mapping[str, str], key: str, default: str, allowed: tuple[str, ...]) -> str:
    value = environ.get(key) or default
    if value not in allowed:
        raise ConfigError(f"{key}: {value!r} is none of {', '.join(allowed)}")
    return value


def _database_url(environ: Mapping[str, str]) -> str:
    given = environ.get("DATABASE_URL")
    if not given:
        INSTANCE.mkdir(exist_ok=True)
        return f"sqlite:///{INSTANCE / 'portfolio.sqlite'}"
    url = re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", given)
    if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise ConfigError("DATABASE_URL: must begin with sqlite:/// or postgresql+psycopg://")
    return url


def _kept_secret(production: bool) -> str:
    if production:
        raise ConfigError("SECRET_KEY: must be set in production")
    INSTANCE.mkdir(exist_ok=True)
    kept = INSTANCE / "secret_key"
    if not kept.exists():
        kept.touch(mode=0o600)
        kept.write_text(secrets.token_urlsafe(48))
    return kept.read_text()


def _base_url(environ: Mapping[str, str]) -> str:
    url = (environ.get("PORTFOLIO_BASE_URL") or f"http://127.0.0.1:{environ.get('PORT') or 5000}").rstrip("/")
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise ConfigError(f"PORTFOLIO_BASE_URL: {url!r} is not an address such as https://portfolio.example.se")
    return url


def _frozen_now(environ: Mapping[str, str]) -> datetime | None:
    given = environ.get("PORTFOLIO_NOW")
    if not given:
        return None
    try:
        now = datetime.fromisoformat(given)
    except ValueError:
        raise ConfigError(f"PORTFOLIO_NOW: {given!r} is not a time such as 2026-11-23T08:00:00+01:00") from None
    if now.tzinfo is None:
        raise ConfigError("PORTFOLIO_NOW: the time needs an offset, such as +01:00")
    return now


def _mail_url(environ: Mapping[str, str]) -> str:
    url = environ.get("MAIL_URL") or f"file:{INSTANCE / 'mail'}"
    if url.startswith("file:"):
        if url == "file:":
            raise ConfigError("MAIL_URL: file: must name a folder")
        return url
    if not url.startswith(("smtp://", "smtps://")):
        raise ConfigError("MAIL_URL: must begin with smtp://, smtps:// or file:")
    try:
        is_whole = bool(urlsplit(url).hostname) and urlsplit(url).port != 0
    except ValueError:
        is_whole = False
    if not is_whole:
        raise ConfigError("MAIL_URL: must name a mail server, such as smtp://user:password@mail.example.se:587")
    return url


def _mail_from(environ: Mapping[str, str]) -> str | None:
    given = environ.get("MAIL_FROM") or None
    if given is not None and re.fullmatch(r"[^\s@<>\",;:]+@[^\s@<>\",;:]+", given) is None:
        raise ConfigError(f"MAIL_FROM: {given!r} is not an address such as portfolj@kommunen.se")
    return given
