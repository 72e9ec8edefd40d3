"""What is wrong with a page as it is shown just now, for somebody who sees, hears, points or reads differently."""

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

SMALLEST_TARGET = 24
"""Pixels, each way (WCAG 2.2, 2.5.8)."""

AXE = """(options) => axe.run(document, options).then((found) => found.violations)"""
EVERYTHING = {"rules": {"target-size": {"enabled": True}}, "resultTypes": ["violations"]}
CONTRAST = {"runOnly": ["color-contrast"], "resultTypes": ["violations"]}

FRAME = """() => [
  ["html lang", document.documentElement.lang, "sv"],
  ["number of h1", String(document.querySelectorAll("h1").length), "1"],
  ["width of the page", String(Math.max(document.documentElement.scrollWidth, innerWidth)), String(innerWidth)],
].filter(([, found, expected]) => found !== expected).map(([what, found]) => `${what}: ${found}`)"""

# A link in running text is as high as its line; what is off the screen until it has focus has no place yet; a box
# to tick is as large as its label.
SMALL_TARGETS = """(least) => {
  const isTick = (target) => target.matches("[type=checkbox], [type=radio]") && target.labels.length;
  const touched = (target) => isTick(target) ? target.labels[0].closest("label, .check") : target;
  const isSeen = (target) => target.checkVisibility() && !target.closest(".vh");
  return [...document.querySelectorAll("a[href], button, input, select, textarea, summary")]
    .filter((target) => isSeen(target) && getComputedStyle(target).display !== "inline")
    .map((target) => [target.outerHTML.slice(0, 120), touched(target).getBoundingClientRect()])
    .filter(([, box]) => box.bottom > 0 && Math.min(Math.round(box.width), Math.round(box.height)) < least)
    .map(([target, box]) => `small target, ${Math.round(box.width)} × ${Math.round(box.height)}: ${target}`);
}"""


def problems_of(page: Page) -> list[str]:
    """Everything that is wrong with the page, one line each."""
    found: list[str] = [*page.evaluate(FRAME), *page.evaluate(SMALL_TARGETS, SMALLEST_TARGET)]
    return found + _violations(page, EVERYTHING)


def faint_texts_of(page: Page) -> list[str]:
    """What has too little contrast: all that differs between two themes."""
    return _violations(page, CONTRAST)


def _violations(page: Page, options: dict[str, Any]) -> list[str]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    return [_told(violation) for violation in page.evaluate(AXE, options)]


def _told(violation: dict[str, Any]) -> str:
    places = [" ".join(map(str, node["target"])) for node in violation["nodes"]]
    first = violation["nodes"][0]["failureSummary"].replace("\n", " ")
    return f"{violation['id']} ({len(places)}): {', '.join(places[:3])}: {first}"
