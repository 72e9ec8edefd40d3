"""Rules of the house that its code must keep."""

import ast
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.concurrency import municipality
from tests.house.sources import ROOT, calls, files, named, trees


def test_the_nouns_import_only_what_lies_below_them() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    told = subprocess.run([linter, "--no-logo", "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert told.returncode == 0, told.stdout


def test_nobody_commits_but_the_one_transaction() -> None:
    committing = {name for name, tree in trees("portfolio") for called, _ in calls(tree) if called == "commit"}
    beginning = {
        name
        for name, tree in trees("portfolio")
        for called, call in calls(tree)
        if called == "begin" and "session" in ast.unparse(call.func)
    }
    assert committing == set()
    assert beginning == {"portfolio/base/db.py"}


def test_nobody_flushes_without_saying_why() -> None:
    flushed = [
        f"{named(path)}: {line.strip()}"
        for path in files("portfolio", ".py")
        for line in path.read_text("utf-8").splitlines()
        if ".flush(" in line and "  # " not in line
    ]
    assert flushed == []


def test_actions_are_told_the_time_and_never_look_at_a_clock() -> None:
    clocks = {
        (name, called)
        for name, tree in trees("portfolio")
        for called, call in calls(tree)
        if called in ("now", "utcnow", "today") and ast.unparse(call.func).startswith(("datetime", "date."))
    }
    assert clocks == {("portfolio/base/time.py", "now")}


def test_everything_that_others_may_use_says_what_it_means() -> None:
    silent = [
        f"{name}: {node.name}"
        for name, tree in trees("portfolio")
        if "/migrations/" not in name
        for node in public(tree.body)
        if ast.get_docstring(node) is None
    ]
    assert silent == []


def public(body: Iterable[ast.stmt]) -> Iterator[ast.FunctionDef | ast.ClassDef]:
    """The functions and classes that do not begin with an underscore, and those inside public classes."""
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            if not any("overload" in ast.unparse(one) for one in node.decorator_list):
                yield node
            if isinstance(node, ast.ClassDef):
                yield from public(node.body)


def test_no_file_has_a_name_that_says_nothing() -> None:
    empty = {"utils", "helpers", "helper", "manager", "service", "services", "common", "misc", "lib"}
    assert [named(path) for path in files(".", ".py") if empty & {path.stem, *path.parent.parts[-1:]}] == []


def test_nothing_is_left_to_be_done_later() -> None:
    marks = ("TO" + "DO", "FIX" + "ME")
    left = [
        named(path)
        for folder in ("portfolio", "templates", "tests")
        for path in files(folder)
        if path.suffix in (".py", ".html", ".css", ".js") and any(mark in path.read_text("utf-8") for mark in marks)
    ]
    assert left == []


def test_every_function_in_the_tests_is_a_test_or_is_used_by_one() -> None:
    """A sentence that lost its `test_` would never be run."""
    used: set[str] = set()
    for _, tree in trees("tests"):
        used |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        used |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    idle = [
        f"{name}: {node.name}"
        for name, tree in trees("tests")
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and not is_collected(name, node) and node.name not in used
    ]
    assert idle == []


def is_collected(name: str, node: ast.FunctionDef) -> bool:
    """Whether pytest finds a function: a test in a file of tests, a fixture or a hook."""
    if any("fixture" in ast.unparse(one) for one in node.decorator_list) or node.name.startswith("pytest_"):
        return True
    return node.name.startswith("test_") and Path(name).name.startswith("test_")


def test_every_race_is_run_without_the_lock_too() -> None:
    [tree] = [tree for name, tree in trees("tests/concurrency") if name.endswith("test_races.py")]
    run = {
        called
        for called, call in calls(tree)
        if isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) == "municipality"
    }
    assert run == {what.__name__ for what in municipality.ALL}
