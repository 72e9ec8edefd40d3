"""What the environment may say, what it may not, and where that is written."""

import ast
import os
import re
import subprocess
import sys

import pytest

from config import ConfigError, read_environment
from tests.house.sources import ROOT, files, named

PRODUCTION = {
    "PORTFOLIO_ENV": "production",
    "SECRET_KEY": "kept by the municipality",
    "PORTFOLIO_BASE_URL": "https://portfolj.example.se",
    "DATABASE_URL": "sqlite:////tmp/portfolio.sqlite",
}
WRONG = [
    ("PORTFOLIO_ENV", "prod"),
    ("DATABASE_URL", "mysql://localhost/portfolio"),
    ("DATABASE_URL", "/var/lib/portfolio.sqlite"),
    ("PORTFOLIO_BASE_URL", "portfolj.example.se"),
    ("PORTFOLIO_BASE_URL", "ftp://portfolj.example.se"),
    ("PORTFOLIO_NOW", "i morgon"),
    ("PORTFOLIO_NOW", "2026-11-23T08:00:00"),
    ("MAIL_URL", "localhost:25"),
    ("MAIL_URL", "smtp://"),
    ("MAIL_URL", "smtp://mail.example.se:many"),
    ("MAIL_URL", "file:"),
    ("MAIL_FROM", "Kommunen <portfolj@kommunen.se>"),
    ("MAIL_FROM", "portfolj@kommunen.se\r\nBcc: a@b.se"),
    ("TRUSTED_PROXIES", "alla"),
    ("TRUSTED_PROXIES", "-1"),
]
REFUSED_IN_PRODUCTION = [
    ("SECRET_KEY", ""),
    ("PORTFOLIO_BASE_URL", "http://portfolj.example.se"),
    ("PORTFOLIO_NOW", "2026-11-23T08:00:00+01:00"),
    ("FLASK_DEBUG", "1"),
    ("TESTING", "1"),
]


@pytest.mark.parametrize(("key", "value"), WRONG)
def test_a_wrong_value_stops_the_start_with_one_line_that_names_the_key(key: str, value: str) -> None:
    with pytest.raises(ConfigError, match=f"^{key}: [^\n]+$"):
        read_environment({"SECRET_KEY": "only in tests", key: value})


@pytest.mark.parametrize(("key", "value"), REFUSED_IN_PRODUCTION)
def test_production_refuses_what_is_only_for_trying_out(key: str, value: str) -> None:
    assert read_environment(PRODUCTION).production
    with pytest.raises(ConfigError, match=f"^{key}: [^\n]+$"):
        read_environment({**PRODUCTION, key: value})


def test_links_lead_to_the_port_that_the_product_listens_on() -> None:
    assert read_environment({"SECRET_KEY": "only in tests", "PORT": "5071"}).base_url == "http://127.0.0.1:5071"


def test_a_secret_that_can_be_guessed_is_told_of_in_production() -> None:
    assert read_environment({**PRODUCTION, "SECRET_KEY": "abc"}).has_weak_secret
    assert not read_environment({**PRODUCTION, "SECRET_KEY": "kept by the municipality, and long"}).has_weak_secret


def test_production_wants_to_know_from_whom_mail_comes_before_it_talks_to_a_mail_server() -> None:
    with_server = PRODUCTION | {"MAIL_URL": "smtp://mail.example.se"}
    with pytest.raises(ConfigError, match=r"^MAIL_FROM: [^\n]+$"):
        read_environment(with_server)
    assert read_environment(with_server | {"MAIL_FROM": "portfolj@kommunen.se"}).production


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_an_address_of_postgresql_may_be_written_in_each_way(scheme: str) -> None:
    config = read_environment({"SECRET_KEY": "only in tests", "DATABASE_URL": f"{scheme}://localhost/portfolio"})
    assert config.database_url == "postgresql+psycopg://localhost/portfolio"


def keys_that_are_read() -> set[str]:
    """Every key of the environment that config.py looks at."""
    tree = ast.parse((ROOT / "config.py").read_text("utf-8"))
    words = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return {word for word in words if re.fullmatch(r"[A-Z][A-Z_]{3,}", word)}


def keys_of_the_example() -> set[str]:
    """Every key that .env.example shows."""
    return set(re.findall(r"^#?([A-Z][A-Z_]+)=", (ROOT / ".env.example").read_text("utf-8"), re.MULTILINE))


def test_the_example_shows_every_key_that_is_read() -> None:
    assert keys_that_are_read() <= keys_of_the_example()


def test_the_readme_explains_every_key() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    keys = keys_that_are_read() | keys_of_the_example()
    assert {key for key in keys if f"`{key}`" not in readme} == set()


def test_no_file_sends_anybody_to_a_package_index_or_to_somebody_elses_server() -> None:
    names = [("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("npmjs", "com"), ("unpkg", "com")]
    names += [("jsdelivr", "net"), ("cdnjs", "com"), ("cloudflare", "com"), ("googleapis", "com"), ("gstatic", "com")]
    hosts = [".".join(name) for name in names]
    found = [
        f"{named(path)}: {host}"
        for path in files(".")
        if path.suffix not in (".png", ".ico", ".xlsx", ".sqlite", ".woff2")
        for host in hosts
        if host in path.read_text("utf-8", errors="ignore")
    ]
    assert found == []


def test_the_web_server_stops_with_one_line_before_it_opens_its_port() -> None:
    environment = {"PATH": os.environ["PATH"], "TRUSTED_PROXIES": "9", "PORT": "59731"}
    command = [sys.executable, "-m", "gunicorn"]
    stopped = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)
    assert stopped.returncode == 1
    assert stopped.stderr.splitlines()[-1].startswith("TRUSTED_PROXIES: '9'")
    assert "Listening" not in stopped.stderr
