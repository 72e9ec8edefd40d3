"""What is wrong with a page as it is shown just now, for somebody who sees, hears, points or reads differently."""

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

SMALLEST_TARGET = 24
"""Pixels, each way (WCAG 2.2, 2.5.8)."""

AXE = """(options) => axe.run(document, options).then((found) => found.violations)"""
AXE_OPTIONS = {"rules": {"target-size": {"enabled": True}}, "resultTypes": ["violations"]}

FRAME = """() => [
  ["html lang", document.documentElement.lang, "sv"],
  ["number of h1", String(document.querySelectorAll("h1").length), "1"],
  ["width of the page", String(Math.max(document.documentElement.scrollWidth, innerWidth)), String(innerWidth)],
].filter(([, found, expected]) => found !== expected).map(([what, found]) => `${what}: ${found}`)"""

# A link in running text is as high as its line, and what is off the screen until it has focus has no place yet.
SMALL_TARGETS = """(least) => [...document.querySelectorAll("a[href], button, input, select, textarea, summary")]
  .filter((target) => target.checkVisibility() && !target.closest(".vh") && getComputedStyle(target).display !== "inline")
  .map((target) => [target, (target.labels?.length && target.matches("[type=checkbox], [type=radio]") ? target.labels[0].closest("label, .check") : target).getBoundingClientRect()])
  .filter(([, box]) => box.bottom > 0 && Math.min(Math.round(box.width), Math.round(box.height)) < least)
  .map(([target, box]) => `small target ${Math.round(box.width)}×${Math.round(box.height)}: ${target.outerHTML.slice(0, 120)}`)"""


def problems_of(page: Page) -> list[str]:
    """Everything that is wrong with the page, one line each."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found: list[str] = [*page.evaluate(FRAME), *page.evaluate(SMALL_TARGETS, SMALLEST_TARGET)]
    return found + [_told(violation) for violation in page.evaluate(AXE, AXE_OPTIONS)]


def _told(violation: dict[str, Any]) -> str:
    places = [" ".join(map(str, node["target"])) for node in violation["nodes"]]
    first = violation["nodes"][0]["failureSummary"].replace("\n", " ")
    return f"{violation['id']} ({len(places)}): {', '.join(places[:3])}: {first}"
