"""A letter as its reader meets it: one subject, plain text first, and simple HTML made from that text.

The texts stand in templates/emails/, one for each rule. Nothing that somebody wrote begins a line there by itself,
and everything is made one line first, so a title can neither look like a heading nor like another link.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from portfolio.base.text import as_sentence
from portfolio.reminders.rules.catalogue import LONGEST_SUBJECT, MATTERS, RULES

TEMPLATES = Path(__file__).parents[2] / "templates" / "emails"
LONGEST_TITLE = 120
LONGEST_REASON = 280
ASKS_FOR_REPORTS = ("report_due", "report_last_day")

HEADINGS = {
    "report_due": "Lägesrapport",
    "report_last_day": "Lägesrapport saknas",
    "report_missing": "Vi behöver din hjälp",
    "collision": "Krock",
    "proposal_answered": "Besked om ditt förslag",
    "minutes_completed": "Efter mötet",
    "exception_expires": "Undantag som löper ut",
    "acknowledge": "Kvittera påverkan",
    "decision_waits": "Väntar på besked",
    "past_last_week": "Drar över",
    "start_soon": "Startar snart",
    "follow_up_due": "Följ upp effekten",
    "felt_load": "Hur är belastningen?",
    "weekly_letter": "Veckan",
}
"""What the part of a letter is called, where it has several."""

SEPARATOR = "______"
"""What parts the matters from why one gets the letter."""
SIGNED = "Förändringsportföljen, "

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://\S*")
"""What a mail program would make a link of."""
_LINK = re.compile(r"(.*\S): (https?://\S+)")
_RULED = re.compile(r"-{3,}")
_NUMBERED = re.compile(r"\d+\. (.*)")

_PAGE = (
    '<!doctype html>\n<html lang="sv">\n<head>\n<meta charset="utf-8">\n'
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    '<meta name="color-scheme" content="light dark">\n<title>{title}</title>\n</head>\n'
    "<body style=\"margin:0 auto;padding:24px 16px;max-width:36em;font:16px/1.5 'Segoe UI',Arial,sans-serif\">\n"
    '<h1 style="margin:0 0 16px;font-size:22px;line-height:1.25">{title}</h1>\n{body}\n</body>\n</html>\n'
)
_H2 = '<h2 style="margin:28px 0 8px;font-size:18px;line-height:1.25">{}</h2>'


@dataclass(frozen=True, slots=True)
class Part:
    """What one rule tells in a letter. `instead_of` is the function of whoever the reader stands in for."""

    rule: str
    items: Sequence[Mapping[str, Any]]
    instead_of: str = ""


@dataclass(frozen=True, slots=True)
class Signature:
    """What a letter is signed with: the municipality, its shared mailbox, and where the product is reached."""

    municipality: str
    contact: str
    base_url: str


@dataclass(frozen=True, slots=True)
class Written:
    """A letter, ready to be sent."""

    subject: str
    text: str
    html: str


def write(told: Sequence[Part], signature: Signature, unsubscribe_url: str) -> Written:
    """One letter of everything that a person is told of, the most important first; the veckobrev is its last part."""
    ordered = sorted(told, key=lambda one: (bool(one.instead_of), one.rule == "weekly_letter", MATTERS[one.rule]))
    subject = subject_of(ordered)
    text = _text(ordered, signature, unsubscribe_url)
    return Written(subject, text, html_of(text, subject, signature.base_url))


def one_line(text: str, longest: int = LONGEST_TITLE) -> str:
    """What somebody wrote, on one line, without signs that cannot be seen, and not too long.

    An address in it becomes a word: only the municipality's own links stand in a letter (fault case EM-1).
    """
    seen = "".join(sign if sign.isprintable() else " " for sign in text)
    line = " ".join(_ADDRESS.sub("[länk]", seen).split())
    return line if len(line) <= longest else f"{line[: longest - 1].rstrip()}…"


def one_sentence(text: str) -> str:
    """A reason that somebody wrote, as `one_line` with its full stop; empty if there is none."""
    return as_sentence(one_line(text, LONGEST_REASON))


def subject_of(told: Sequence[Part]) -> str:
    """The most important matter, and how many more: at most 60 characters."""
    first = min(told, key=lambda one: MATTERS[one.rule])
    others = sum(len(one.items) for one in told if one.rule != "weekly_letter") - (first.rule != "weekly_letter")
    suffix = f" och {others} till" if others and first.rule != "weekly_letter" else ""
    room = LONGEST_SUBJECT - len(suffix)
    variants = [one_line(text) for text in _SUBJECTS[first.rule](first.items[0])]
    fitting = next((text for text in variants if len(text) <= room), None)
    return (fitting or one_line(variants[-1], room)) + suffix


def _report_subjects(item: Mapping[str, Any]) -> list[str]:
    about = f"Lägesrapport för {item['code']}"
    return [f"{about} – sista dag {item['last_day']}", f"{about} – {item['last_day']}", about]


def _last_day_subjects(item: Mapping[str, Any]) -> list[str]:
    if item["late"]:
        return [f"Lägesrapport saknas för {item['code']}"]
    return [f"I dag: lägesrapport för {item['code']}"]


def _answer_subjects(item: Mapping[str, Any]) -> list[str]:
    told = {
        "start": f": startar vecka {item['week']}",
        "reject": ": vi går inte vidare nu",
        "defer": f": tas upp igen {item['until']}" if item["until"] else ": tas upp igen",
        "return": ": behöver kompletteras",
    }
    return [f"Besked om {item['code']}{told[item['kind']]}", f"Besked om {item['code']}"]


def _minutes_subjects(item: Mapping[str, Any]) -> list[str]:
    about = f"{item['form']} från mötet den {item['day']}"
    return [f"{about} är {item['done']}", about, f"{item['form']} från mötet"]


def _weekly_subjects(item: Mapping[str, Any]) -> list[str]:
    number, over = len(item["to_decide"]) + item["more_to_decide"], item["over_count"]
    week, own = f"Portföljen vecka {item['week']}", len(item["own"])
    said = [f"{number} beslut{' på ' + item['meeting_day'] if item['meeting_day'] else ''}"] if number else []
    if over:
        return [
            f"{week}: {', '.join([*said, over + ' över taket'])}",
            f"{week}: {', '.join([*said, over.partition(' ')[0] + ' över taket'])}",
            week,
        ]
    said = said or ([f"{own} {'sak' if own == 1 else 'saker'} för dig"] if own else [])
    return [f"{week}: {said[0]}" if said else week, week]


_SUBJECTS = {
    "report_last_day": _last_day_subjects,
    "report_due": _report_subjects,
    "report_missing": lambda item: [f"Vi behöver din hjälp: lägesrapport saknas för {item['code']}"],
    "collision": lambda item: [f"Krock: {item['who']} {item['weeks']}", f"Krock: {item['who']}"],
    "proposal_answered": _answer_subjects,
    "minutes_completed": _minutes_subjects,
    "exception_expires": lambda item: [
        f"Undantaget för {item['code']} gäller till och med {item['last_day']}",
        f"Undantaget för {item['code']} löper ut",
    ],
    "acknowledge": lambda item: [f"Kvittera påverkan: {item['code']}"],
    "decision_waits": lambda item: [f"{item['code']} väntar på besked"],
    "past_last_week": lambda item: [f"{item['code']} drar över: när blir det klart?", f"{item['code']} drar över"],
    "start_soon": lambda item: [f"{item['code']} startar vecka {item['week']}"],
    "follow_up_due": lambda item: [f"Följ upp effekten av {item['code']}"],
    "felt_load": lambda item: [f"Hur är belastningen i {item['unit']}?", "Hur är belastningen?"],
    "weekly_letter": _weekly_subjects,
}
"""How each rule would word the subject, the fullest wording first."""


def _text(told: Sequence[Part], signature: Signature, unsubscribe_url: str) -> str:
    sections = [{"heading": _heading(one, told), "text": _section(one, signature)} for one in told]
    reminded = [one for one in told if one.rule != "weekly_letter"]
    only_asks = all(one.rule in ASKS_FOR_REPORTS and not one.instead_of for one in reminded)
    asked = reminded[0] if reminded and only_asks else None
    whys = list(dict.fromkeys(_why(one) for one in reminded or told))
    letter = {
        "sections": sections,
        "why": " och för att ".join(whys),
        "owner_url": asked.items[0]["owner_url"] if asked else "",
        "weekly": any(one.rule == "weekly_letter" for one in told),
        "base_url": signature.base_url,
        "municipality": one_line(signature.municipality),
        "contact": one_line(signature.contact),
        "unsubscribe_url": unsubscribe_url,
    }
    return _tidy(_template("_letter").render(letter))


def _why(one: Part) -> str:
    if one.instead_of:
        return f"du är ersättare för {one_line(one.instead_of)}"
    is_owner = one.rule in ASKS_FOR_REPORTS and all(item["is_owner"] for item in one.items)
    return "du är projektägare" if is_owner else RULES[one.rule].why


def _heading(one: Part, told: Sequence[Part]) -> str:
    """A part is named where there are several; the veckobrev names its own."""
    if one.instead_of:
        return f"{HEADINGS[one.rule]}: du är ersättare för {one_line(one.instead_of)}"
    return HEADINGS[one.rule] if len(told) > 1 and one.rule != "weekly_letter" else ""


def _section(one: Part, signature: Signature) -> str:
    first = one.items[0]
    facts = {"items": one.items, "first": first, "base_url": signature.base_url}
    return _template(one.rule).render(facts, **(first if one.rule == "weekly_letter" else {})).strip()


def _tidy(text: str) -> str:
    """One empty line between paragraphs, and a heading underlined to its own length."""
    lines = re.sub(r"\n{3,}", "\n\n", text).strip().splitlines()
    ruled = [
        "-" * len(lines[at - 1]) if at and _RULED.fullmatch(line) else line.rstrip() for at, line in enumerate(lines)
    ]
    return "\n".join(ruled) + "\n"


@cache
def _template(name: str) -> Template:
    return _texts().get_template(f"{name}.txt")


@cache
def _texts() -> Environment:
    """Plain text: nothing in it is escaped, since nothing in it is HTML."""
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=False,
        undefined=StrictUndefined,
        trim_blocks=True,
    )


def html_of(text: str, title: str, base_url: str) -> str:
    """The same letter in HTML: headings, lists and links of our own; everything else is text."""
    body = "\n".join(_blocks(text.split("\n\n"), base_url))
    return _PAGE.format(title=escape(title), body=body)


def _blocks(paragraphs: Iterable[str], base_url: str) -> Iterator[str]:
    for paragraph in paragraphs:
        lines = paragraph.strip().splitlines()
        if not lines:
            continue
        if lines == [SEPARATOR]:
            yield '<hr style="margin:28px 0 16px;border:0;border-top:1px solid #7c8494">'
        elif lines[0].startswith(SIGNED):
            yield f"<p>{'<br>'.join(escape(line) for line in lines)}</p>"
        elif len(lines) >= 2 and _RULED.fullmatch(lines[1]):
            yield _H2.format(escape(lines[0]))
        elif lines[0].startswith("- "):
            yield _list("ul", [line.removeprefix("- ") for line in lines], base_url)
        elif _NUMBERED.fullmatch(lines[0]):
            yield _list("ol", [_NUMBERED.sub(r"\1", line) for line in lines], base_url)
        else:
            yield from _paragraphs(lines, base_url)


def _list(kind: str, lines: Iterable[str], base_url: str) -> str:
    return f"<{kind}>" + "".join(f"<li>{_inline(line, base_url)}</li>" for line in lines) + f"</{kind}>"


def _paragraphs(lines: Iterable[str], base_url: str) -> Iterator[str]:
    """Lines that were only broken for the eye become one paragraph; a link has one of its own."""
    said: list[str] = []
    for line in lines:
        if _is_link(line, base_url):
            yield from _said(said)
            said = []
            yield f"<p>{_inline(line, base_url)}</p>"
        else:
            said.append(escape(line))
    yield from _said(said)


def _said(lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield f"<p>{' '.join(lines)}</p>"


def _is_link(line: str, base_url: str) -> bool:
    found = _LINK.fullmatch(line)
    return found is not None and found[2].startswith(f"{base_url}/")


def _inline(line: str, base_url: str) -> str:
    """A line whose end is an address of ours becomes a link with what stands before it as its text."""
    found = _LINK.fullmatch(line)
    if found is None or not found[2].startswith(f"{base_url}/"):
        return escape(line)
    return f'<a href="{escape(found[2])}">{escape(found[1])}</a>'
