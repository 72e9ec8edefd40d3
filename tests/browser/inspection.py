"""What is wrong with a page as it is shown just now, for somebody who sees, hears, points or reads differently."""

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

SMALLEST_TARGET = 24
"""Pixels, each way (WCAG 2.2, 2.5.8)."""

# What a narrower window hides is not judged anew, only what it shows that the wide one did not.
AXE = """async ([options, isNarrower]) => {
  const shown = [...document.querySelectorAll("body *")].filter((one) => one.checkVisibility());
  const isNew = (one) => isNarrower && one !== null && !window.judged.has(one);
  const first = shown.filter((one) => isNew(one) && !isNew(one.parentElement));
  window.judged = new Set(shown);
  if (isNarrower && !first.length) return [];
  return (await axe.run(isNarrower ? {include: first} : document, options)).violations;
}"""
ALL_BUT_CONTRAST = {
    "rules": {"target-size": {"enabled": True}, "color-contrast": {"enabled": False}},
    "resultTypes": ["violations"],
}

# The contrast of a text follows from how it and all that it lies in look. A single character, or signs without a
# letter or figure, axe never calls too faint: they speak for nobody.
LOOKS = """() => {
  const DECIDE = ["color", "backgroundColor", "backgroundImage", "opacity", "fontSize", "fontWeight", "textShadow",
                  "position", "clipPath"];
  const looks = new Map(), firsts = new Map();
  const isWord = ({nodeType, data}) => nodeType === Node.TEXT_NODE && /[\\p{L}\\p{N}]/u.test(data) && data.trim()[1];
  const hasWords = (one) => one.matches("input, select, textarea") || [...one.childNodes].some(isWord);
  const isOnScreen = (one) => !one.closest(".vh") && one.getBoundingClientRect().bottom > 0;
  const isSeen = (one) => one.checkVisibility({visibilityProperty: true, opacityProperty: true}) && isOnScreen(one);
  for (const one of document.querySelectorAll("html, body, body *")) {
    const style = getComputedStyle(one);
    const own = [one.tagName, one.classList.value, ...DECIDE.map((name) => style[name])];
    const look = `${looks.get(one.parentElement)} > ${own}`;
    looks.set(one, look);
    if (!firsts.has(look) && hasWords(one) && isSeen(one)) firsts.set(look, one);
  }
  window.firsts = firsts;
  return [...firsts.keys()];
}"""
CONTRAST = """async (looks) => {
  const firsts = looks.map((look) => window.firsts.get(look));
  const found = await axe.run({include: firsts}, {runOnly: ["color-contrast"], elementRef: true});
  const passed = new Set(found.passes.flatMap(({nodes}) => nodes.map(({element}) => element)));
  return [found.violations, looks.filter((look) => passed.has(window.firsts.get(look)))];
}"""
CLEAR_LOOKS: set[str] = set()
"""How texts look that axe has found clear: it takes most of its time for contrast, so it judges no look twice."""

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


def problems_of(page: Page, *, narrower: bool = False) -> list[str]:
    """Everything that is wrong with the page, one line each.

    `narrower` is for a page that has been judged already, in a wider window.
    """
    found: list[str] = [*page.evaluate(FRAME), *page.evaluate(SMALL_TARGETS, SMALLEST_TARGET)]
    _bring_axe(page)
    violations = page.evaluate(AXE, [ALL_BUT_CONTRAST, narrower])
    return found + [_told(violation) for violation in violations] + faint_texts_of(page)


def faint_texts_of(page: Page) -> list[str]:
    """What has too little contrast, all that differs between two themes: the first text of each look."""
    looks = [look for look in page.evaluate(LOOKS) if look not in CLEAR_LOOKS]
    if not looks:
        return []
    _bring_axe(page)
    violations, clear = page.evaluate(CONTRAST, looks)
    CLEAR_LOOKS.update(clear)
    return [_told(violation) for violation in violations]


def _bring_axe(page: Page) -> None:
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)


def _told(violation: dict[str, Any]) -> str:
    places = [" ".join(map(str, node["target"])) for node in violation["nodes"]]
    first = violation["nodes"][0]["failureSummary"].replace("\n", " ")
    return f"{violation['id']} ({len(places)}): {', '.join(places[:3])}: {first}"
