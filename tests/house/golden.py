"""Lists of what others rely on: addresses, events and who reacts to them.

What disappears from them breaks a link, a history, or strands what is on its way.

After a change that is meant: `.venv/bin/python -m tests.house.golden`, and read the difference before committing.
"""

import json
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

from portfolio.app import create_app
from portfolio.events.catalogue import CATALOGUE
from portfolio.events.event import Event, Json
from portfolio.outbox.rules import handler_name
from portfolio.subscriptions import SUBSCRIPTIONS

FOLDER = Path(__file__).parent
TYPE_WORDS: dict[Any, str] = {
    str: "text",
    int: "number",
    bool: "yes or no",
    str | None: "text or null",
    int | None: "number or null",
    Json: "any",
    list[Json]: "list",
    dict[str, Json]: "object",
}
"""What a field of an event may hold: JSON values and nothing else."""

ROUTES, EVENTS, HANDLERS = FOLDER / "routes.json", FOLDER / "events.json", FOLDER / "handlers.json"


def routes() -> list[str]:
    """Every address of the product with its methods."""
    app = create_app({"DATABASE_URL": "sqlite:///:memory:", "SECRET_KEY": "only in tests"})
    rules = app.url_map.iter_rules()
    return sorted(f"{rule.rule} {' '.join(sorted((rule.methods or set()) - {'HEAD', 'OPTIONS'}))}" for rule in rules)


def event_classes() -> Iterator[type[Event]]:
    """Every event that can be recorded; the bases have no name."""
    yield from CATALOGUE.values()


def handlers() -> list[list[str]]:
    """Every event that somebody reacts to, with each handler of it, by the names that are stored."""
    pairs = [[event.name, handler_name(one)] for event, few in SUBSCRIPTIONS.items() for one in few]
    return sorted(pairs)


def catalogue() -> dict[str, dict[str, Any]]:
    """The fields of every event by its wire name."""
    return {
        one.name: {field.name: TYPE_WORDS[field.type] for field in fields(one)}
        for one in sorted(event_classes(), key=lambda one: one.name)
    }


def read(path: Path) -> Any:
    """A list as it was written last."""
    return json.loads(path.read_text("utf-8"))


def write() -> None:
    """Write every list anew."""
    for path, content in ((ROUTES, routes()), (EVENTS, catalogue()), (HANDLERS, handlers())):
        path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    write()
