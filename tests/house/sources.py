"""The files of the repository, as the tests about the house read them."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
MADE = {".git", ".venv", "__pycache__", "build", "instance", "node_modules", "vendor"}
"""Folders whose files are made and not kept, or that git keeps for itself; and every tool's cache."""


def files(folder: str = ".", suffix: str = "") -> Iterator[Path]:
    """Every file that is kept in the repository, below a folder and with a suffix."""
    for path in sorted((ROOT / folder).iterdir()):
        if path.is_dir():
            kept = path.name not in MADE and not path.name.endswith("_cache") and path.name != ".hypothesis"
            yield from files(str(path.relative_to(ROOT)), suffix) if kept else ()
        elif path.name.endswith(suffix):
            yield path


def named(path: Path) -> str:
    """A file as it is called from the top of the repository."""
    return path.relative_to(ROOT).as_posix()


def trees(folder: str) -> Iterator[tuple[str, ast.Module]]:
    """Every Python file below a folder: its name and what it says."""
    for path in files(folder, ".py"):
        yield named(path), ast.parse(path.read_text("utf-8"))


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """Every call in a tree with the last word of what is called: `commit` for `session.commit()`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func
            if isinstance(called, ast.Name):
                yield called.id, node
            elif isinstance(called, ast.Attribute):
                yield called.attr, node
