"""What is wrong with a page as it is shown just now, for somebody who sees, hears, points or reads differently."""

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

SMALLEST_TARGET = 24
"""Pixels, each way (WCAG 2.2, 2.5.8)."""

# The contrast of a text follows from how it and all that it lies in look, so no look is judged twice: axe takes most
# of its time for contrast. A single character, or signs without a letter or figure, axe never calls too faint: they
# speak for nobody. A look is told by a number made of its own words and of the look that it lies in.
FAINT = """
const DECIDE = ["color", "backgroundColor", "backgroundImage", "opacity", "fontSize", "fontWeight", "textShadow",
                "position", "clipPath"];
const isWord = ({nodeType, data}) => nodeType === Node.TEXT_NODE && /[\\p{L}\\p{N}]/u.test(data) && data.trim()[1];
const hasWords = (one) => one.matches("input, select, textarea") || [...one.childNodes].some(isWord);
const isOnScreen = (one) => !one.closest(".vh") && one.getBoundingClientRect().bottom > 0;
const isSeen = (one) => one.checkVisibility({visibilityProperty: true, opacityProperty: true}) && isOnScreen(one);
const numberOf = (words, start) => {
  let [high, low] = [start[0] ^ 0xdeadbeef, start[1] ^ 0x41c6ce57];
  for (let at = 0; at < words.length; at++) {
    const code = words.charCodeAt(at);
    [high, low] = [Math.imul(high ^ code, 2654435761), Math.imul(low ^ code, 1597334677)];
  }
  return [high ^ (low >>> 15), low ^ (high >>> 13)];
};
const firstOfEachLook = () => {
  const looks = new Map([[null, [0, 0]]]), firsts = new Map();
  for (const one of document.querySelectorAll("html, body, body *")) {
    const style = getComputedStyle(one);
    const own = [one.tagName, one.classList.value, ...DECIDE.map((name) => style[name])].join();
    const look = numberOf(own, looks.get(one.parentElement));
    looks.set(one, look);
    const name = look.join();
    if (!firsts.has(name) && hasWords(one) && isSeen(one)) firsts.set(name, one);
  }
  return firsts;
};
const faint = async (clear) => {
  const known = new Set(clear);
  const unknown = [...firstOfEachLook()].filter(([look]) => !known.has(look));
  if (!unknown.length) return [[], []];
  const include = unknown.map(([, one]) => one);
  const found = await axe.run({include}, {runOnly: ["color-contrast"], elementRef: true});
  const passed = new Set(found.passes.flatMap(({nodes}) => nodes.map(({element}) => element)));
  return [found.violations, unknown.filter(([, one]) => passed.has(one)).map(([look]) => look)];
};
"""
FAINT_TEXTS = f"async (clear) => {{ if (!window.axe) return null; {FAINT} return await faint(clear); }}"
CLEAR_LOOKS: set[str] = set()
"""How texts look that axe has found clear."""

# What a narrower window hides is not judged anew, only what it shows that the wide one did not. A link in running
# text is as high as its line; what is off the screen until it has focus has no place yet; a box to tick is as large
# as its label.
PROBLEMS = f"""async ([clear, options, isNarrower, least]) => {{
if (!window.axe) return null;
{FAINT}
const shapes = [
  ["html lang", document.documentElement.lang, "sv"],
  ["number of h1", String(document.querySelectorAll("h1").length), "1"],
  ["width of the page", String(Math.max(document.documentElement.scrollWidth, innerWidth)), String(innerWidth)],
].filter(([, found, expected]) => found !== expected).map(([what, found]) => `${{what}}: ${{found}}`);

const isTick = (target) => target.matches("[type=checkbox], [type=radio]") && target.labels.length;
const touched = (target) => isTick(target) ? target.labels[0].closest("label, .check") : target;
const isShown = (target) => target.checkVisibility() && !target.closest(".vh");
const small = [...document.querySelectorAll("a[href], button, input, select, textarea, summary")]
  .filter((target) => isShown(target) && getComputedStyle(target).display !== "inline")
  .map((target) => [target.outerHTML.slice(0, 120), touched(target).getBoundingClientRect()])
  .filter(([, box]) => box.bottom > 0 && Math.min(Math.round(box.width), Math.round(box.height)) < least)
  .map(([target, box]) => `small target, ${{Math.round(box.width)}} × ${{Math.round(box.height)}}: ${{target}}`);

const shown = [...document.querySelectorAll("body *")].filter((one) => one.checkVisibility());
const isNew = (one) => isNarrower && one !== null && !window.judged.has(one);
const first = shown.filter((one) => isNew(one) && !isNew(one.parentElement));
window.judged = new Set(shown);
const asks = !isNarrower || first.length > 0;
const violations = asks ? (await axe.run(isNarrower ? {{include: first}} : document, options)).violations : [];
return [[...shapes, ...small], violations, ...await faint(clear)];
}}"""
ALL_BUT_CONTRAST = {
    "rules": {"target-size": {"enabled": True}, "color-contrast": {"enabled": False}},
    "resultTypes": ["violations"],
}


def problems_of(page: Page, *, narrower: bool = False) -> list[str]:
    """Everything that is wrong with the page, one line each.

    `narrower` is for a page that has been judged already, in a wider window.
    """
    asked = [sorted(CLEAR_LOOKS), ALL_BUT_CONTRAST, narrower, SMALLEST_TARGET]
    found, violations, faint, clear = _asked(page, PROBLEMS, asked)
    CLEAR_LOOKS.update(clear)
    return [*found, *map(_told, violations), *map(_told, faint)]


def faint_texts_of(page: Page) -> list[str]:
    """What has too little contrast, all that differs between two themes: the first text of each look."""
    faint, clear = _asked(page, FAINT_TEXTS, sorted(CLEAR_LOOKS))
    CLEAR_LOOKS.update(clear)
    return [_told(violation) for violation in faint]


def _asked(page: Page, question: str, about: object) -> Any:
    """The answer of a script that needs axe: a page that has just been opened has none, and answers null."""
    answer = page.evaluate(question, about)
    if answer is None:
        page.evaluate(AXE_SCRIPT)
        answer = page.evaluate(question, about)
    return answer


def _told(violation: dict[str, Any]) -> str:
    places = [" ".join(map(str, node["target"])) for node in violation["nodes"]]
    first = violation["nodes"][0]["failureSummary"].replace("\n", " ")
    return f"{violation['id']} ({len(places)}): {', '.join(places[:3])}: {first}"
