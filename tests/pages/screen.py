"""What stands on a page, as a visitor without JavaScript reads it: its words, and its forms as they are sent."""

import re
from collections.abc import Mapping

from flask.testing import FlaskClient
from lxml.etree import HTMLParser
from werkzeug.test import TestResponse

CONTROLS = {"input", "select", "textarea"}


class Screen:
    """One answer: its words in `text`, those under `role=status` in `status`, and each form's boxes in `boxes`."""

    def __init__(self, response: TestResponse) -> None:
        self.html = response.get_data(as_text=True)
        self.code = response.status_code
        self._words: list[str] = []
        self._spoken: list[str] = []
        self._since_the_tag: list[str] = []
        self._stack: list[tuple[str, bool]] = []
        self._form: dict[str, str] | None = None
        self._control: str | None = None
        self.boxes: dict[str, dict[str, str]] = {}
        self.links: dict[str, str] = {}
        self.buttons: list[tuple[str, str, str]] = []
        self._open: tuple[str, dict[str, str], list[str]] | None = None
        parser = HTMLParser(target=self)  # calls `start`, `data`, `end` and `close` below
        parser.feed(self.html)
        parser.close()

    @property
    def text(self) -> str:
        """Every word, with plain single spaces."""
        return plain(" ".join(self._words))

    @property
    def status(self) -> str:
        """What is said aloud."""
        return plain(" ".join(self._spoken))

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Keep boxes, links and buttons."""
        self._keep_words()
        known = dict(attributes)
        self._stack.append((tag, known.get("role") == "status" and known.get("id") != "status"))
        if tag == "form":
            self._form = self.boxes.setdefault(known.get("id", known.get("action", "")), {})
        if tag in CONTROLS and "name" in known:
            self._begin_control(tag, known)
        if tag == "option" and self._control is not None and self._form is not None and "selected" in known:
            self._form[self._control] = known.get("value", "")
        if tag in ("a", "button"):
            self._open = (tag, known, [])

    def _begin_control(self, tag: str, known: dict[str, str]) -> None:
        self._control = known["name"]
        if self._form is None:
            return
        if tag == "input" and (known.get("type") not in ("radio", "checkbox") or "checked" in known):
            self._form[known["name"]] = known.get("value", "")
        elif tag != "input":
            self._form[known["name"]] = ""

    def end(self, tag: str) -> None:
        """Close what was open."""
        self._keep_words()
        while self._stack and self._stack.pop()[0] != tag:
            pass
        if tag == "form":
            self._form = None
        if tag in CONTROLS:
            self._control = None
        if self._open is not None and self._open[0] == tag:
            _, known, words = self._open
            label = plain(" ".join(words))
            if tag == "a":
                self.links[label] = known.get("href", "")
            else:
                self.buttons.append((label, known.get("name", ""), known.get("value", "")))
            self._open = None

    def data(self, data: str) -> None:
        """Keep the words until the next tag: an `&lt;` comes by itself."""
        self._since_the_tag.append(data)

    def _keep_words(self) -> None:
        data = "".join(self._since_the_tag)
        self._since_the_tag.clear()
        self._words.append(data)
        if any(said for _, said in self._stack):
            self._spoken.append(data)
        if self._open is not None:
            self._open[2].append(data)
        if self._control is not None and self._form is not None and self._stack and self._stack[-1][0] == "textarea":
            self._form[self._control] += data.removeprefix("\n")

    def close(self) -> None:
        """Keep the last words."""
        self._keep_words()

    def button(self, label: str) -> dict[str, str]:
        """What pressing a button adds to its form."""
        name, value = next((name, value) for text, name, value in self.buttons if text == label)
        return {name: value} if name else {}


def plain(text: str) -> str:
    """The words with plain single spaces."""
    return re.sub(r"\s+", " ", text).strip()


def look(client: FlaskClient, address: str, **options: object) -> Screen:
    """A page."""
    return Screen(client.get(address, **options))  # type: ignore[arg-type]


def send(client: FlaskClient, address: str, fields: dict[str, str], **options: object) -> Screen:
    """A form sent as the browser sends it, and the page that it leads to."""
    return Screen(client.post(address, data=fields, follow_redirects=True, **options))  # type: ignore[arg-type]
