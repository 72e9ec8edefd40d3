"""What the templates must keep: nothing unescaped, nothing inline, and every region where it is looked for."""

import ast
import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import Environment, nodes

from tests.cast import sign_in
from tests.house.sources import ROOT, calls, files, named, trees
from tests.make import NOW, make_initiative, make_lowered_limit, make_unit

TEMPLATES = {named(path).removeprefix("templates/"): path.read_text("utf-8") for path in files("templates", ".html")}


OF_OUR_OWN = {"shared/loadmap.html"}
"""Where escaping is off, for cells in their hundreds that hold figures and words of our own."""


def test_nothing_that_a_person_wrote_is_shown_unescaped() -> None:
    assert [name for name, text in TEMPLATES.items() if re.search(r"\|\s*safe\b", text)] == []
    assert {name for name, text in TEMPLATES.items() if re.search(r"autoescape\s+false", text)} == OF_OUR_OWN


@pytest.mark.environment(PORTFOLIO_NOW=NOW.isoformat())
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_markup_in_a_name_stays_text_on_the_load_map(app: Flask, client: FlaskClient) -> None:
    attack = '"><img src=x onerror=alert(1)>'
    make_unit("KLF", name=f"Kommunledning {attack}", limit=1)
    make_unit("KAN", name=f"Kansli {attack}", parent="KLF", limit=1)
    make_initiative(f"Digitala {attack}", status="ongoing", start="2026-W45", weeks=9, impacts={"KAN": 3})
    make_lowered_limit("KLF", "2026-W50", "2026-W51", limit=0, reason=f"Sjuka {attack}")
    page = sign_in(client, "Kommundirektör").get("/").get_data(as_text=True)
    assert "Kommunledning" in page
    assert "<img" not in page


def test_no_style_and_no_script_stands_in_a_template() -> None:
    inline = re.compile(
        r"""<style|<script(?![^>]*\bsrc=)|\sstyle\s*=|\son[a-z]+\s*=|\shx-on|javascript:""", re.IGNORECASE
    )
    assert {name: found[0] for name, text in TEMPLATES.items() if (found := inline.search(text))} == {}


def test_every_attribute_is_quoted() -> None:
    unquoted = re.compile(r"<[a-z][^<>]*\s[a-z-]+=\{\{", re.IGNORECASE)
    assert [name for name, text in TEMPLATES.items() if unquoted.search(text)] == []


def test_every_region_that_htmx_changes_is_there() -> None:
    everything = "\n".join(TEMPLATES.values())
    wanted = set(re.findall(r'(?:hx-target|hx-select|from:|hx-indicator)="?#([a-z0-9-]+)', everything))
    there = set(re.findall(r'\bid="([a-z0-9-]+)"', everything))
    written = {one for one in wanted - there if f'"{one}"' not in everything and f"id='{one}'" not in everything}
    assert wanted
    assert written - ids_made_by_macros(everything) == set()


def ids_made_by_macros(text: str) -> set[str]:
    """Ids that are put together: `id="f-{{ name }}"` makes `f-q` of a field that is called q."""
    prefixes = re.findall(r'\bid="([a-z0-9-]*)\{\{', text)
    names = re.findall(r"""["']([a-z0-9_-]+)["']""", text)
    return {prefix + name.replace("_", "-") for prefix in prefixes for name in names}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_macro_that_a_template_asks_for_is_there(app: Flask) -> None:
    trees = {name: app.jinja_env.parse(text) for name, text in TEMPLATES.items()}
    there = {name: brought_in(tree.body) for name, tree in trees.items()}
    asked = {
        (name, one.template.value, macro if isinstance(macro, str) else macro[0])
        for name, tree in trees.items()
        for one in tree.find_all(nodes.FromImport)
        for macro in one.names
    }
    assert asked
    assert {one for one in asked if one[2] not in there[one[1]]} == set()


def offered_blocks() -> Iterator[tuple[str, str]]:
    """Every block that a page offers to htmx, with its template."""
    for _, tree in trees("portfolio"):
        for called, call in calls(tree):
            words = [one.value for one in call.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
            if called == "show" and words:
                yield from ((words[0], block) for block in words[1:])


OFFERED = sorted(set(offered_blocks()))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_offered_block_is_in_its_template_and_needs_nothing_from_outside_it(app: Flask) -> None:
    assert OFFERED
    for template, block in OFFERED:
        assert block in app.jinja_env.get_template(template).blocks, (template, block)
        assert names_from_outside(app.jinja_env, template, block) == set(), (template, block)


def names_from_outside(environment: Environment, template: str, block: str) -> set[str]:
    """Macros and values that the template brings in outside the block: alone, the block would not have them."""
    assert environment.loader is not None
    tree = environment.parse(environment.loader.get_source(environment, template)[0])
    [inside] = [one for one in tree.find_all(nodes.Block) if one.name == block] or [None]
    if inside is None:
        return set()
    outside = brought_in(tree.body)
    used = {one.name for one in inside.find_all(nodes.Name) if one.ctx == "load"}
    return used & outside - brought_in(inside.body)


def brought_in(body: list[nodes.Node]) -> set[str]:
    """The names that statements bring in: imports, macros and values."""
    names: set[str] = set()
    for one in body:
        if isinstance(one, nodes.Import):
            names.add(one.target)
        elif isinstance(one, nodes.FromImport):
            names |= {name if isinstance(name, str) else name[1] for name in one.names}
        elif isinstance(one, nodes.Macro):
            names.add(one.name)
        elif isinstance(one, nodes.Assign | nodes.AssignBlock):
            names |= {name.name for name in one.find_all(nodes.Name) if name.ctx == "store"}
    return names


def test_the_dark_tokens_are_the_same_whether_chosen_or_asked_for_by_the_device() -> None:
    text = (ROOT / "portfolio/static/tokens.css").read_text("utf-8")
    chosen = re.search(r":root\[data-theme=dark\]\s*\{(.*?)\}", text, re.DOTALL)
    asked = re.search(r":root:not\(\[data-theme=light\]\)\s*\{(.*?)\}", text, re.DOTALL)
    assert chosen
    assert asked
    assert declared(chosen[1]) == declared(asked[1])
    assert len(declared(chosen[1])) > 20


def declared(rules: str) -> dict[str, str]:
    """Each property with its value."""
    pairs = (one.split(":", 1) for one in rules.split(";") if one.strip())
    return {name.strip(): value.strip() for name, value in pairs}
