"""What the fields of a form are called on the page, in the order of the page: for the list of what to put right."""

from html.parser import HTMLParser


def labels_of(form: str) -> dict[str, str]:
    """The label of each field in a drawn form, by the field's name; the control of a field has the id `f-name`."""
    reader = _Reader()
    reader.feed(form)
    return {name: " ".join(label.split()) for name, label in reader.found.items() if label.strip()}


class _Reader(HTMLParser):
    """Keeps a `label`'s words, a `legend`'s for the group or its first control, and else an `aria-label`."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self._name = ""
        self._group = ""
        self._reads = False
        self._aside = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        own = known.get("id", "").removeprefix("f-") if known.get("id", "").startswith("f-") else ""
        if tag == "fieldset":
            self._group = own
        elif tag == "legend":
            self._begin(self._group or " ")
        elif tag == "label" and known.get("for", "").startswith("f-"):
            self._begin(known["for"].removeprefix("f-"))
        elif tag in ("small", "p", "button"):
            self._aside += self._reads
        elif own:
            self._name_control(own, known.get("aria-label", ""))

    def _begin(self, name: str) -> None:
        self._name, self._reads, self._aside = name, True, 0
        self.found[name] = ""

    def _name_control(self, name: str, spoken: str) -> None:
        legend = self.found.pop(" ", "")
        self.found.setdefault(name, spoken or legend)

    def handle_endtag(self, tag: str) -> None:
        if tag in ("label", "legend"):
            self._reads = False
        elif tag in ("small", "p", "button") and self._aside:
            self._aside -= 1

    def handle_data(self, data: str) -> None:
        if self._reads and not self._aside:
            self.found[self._name] += data
