"""Find a Chromium for the browser tests: one on the machine, else from apt (as root), else Playwright's own.

`python -m tests.browser.find_browser` prints the path of the one that is there; with `--install` it first
fetches one where there is none. Without a browser it ends with exit code 1 and says what to install.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
MAC_APPLICATIONS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
APT = ("apt-get", "-qq", "-o", "DPkg::Lock::Timeout=120")
ADVICE = "No browser for the tests: install Chromium or Google Chrome (Debian: apt-get install chromium)."


def starts(path: str) -> bool:
    """Whether the program is a browser that starts; Ubuntu's chromium package may be an empty shell."""
    try:
        told = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return told.returncode == 0 and "Chrom" in told.stdout


def own_browser_of_playwright() -> str:
    """Where Playwright keeps, or would keep, the Chromium it downloads."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        return playwright.chromium.executable_path


def find_browser() -> str | None:
    """The path of a browser that starts, or None."""
    on_path = [path for name in NAMES if (path := shutil.which(name))]
    on_mac = [path for path in MAC_APPLICATIONS if Path(path).exists()]
    for path in (*on_path, *on_mac):
        if starts(path):
            return path
    own = own_browser_of_playwright()
    return own if Path(own).exists() and starts(own) else None


def succeeds(command: tuple[str, ...]) -> bool:
    """Run a command whose chatter nobody needs; True when it went well."""
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        return subprocess.run(command, capture_output=True, env=environment, check=False).returncode == 0
    except OSError:
        return False


def install_browser() -> str | None:
    """Fetch a browser, by apt where we may and else by Playwright; its path, or None when neither worked."""
    if os.name == "posix" and os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing Chromium with apt-get ...", file=sys.stderr)
        succeeds((*APT, "update"))
        succeeds((*APT, "install", "-y", "--no-install-recommends", "chromium", "fonts-liberation"))
        if found := find_browser():
            return found
    print("Downloading Chromium with Playwright ...", file=sys.stderr)
    succeeds((sys.executable, "-m", "playwright", "install", "chromium"))
    return find_browser()


def main() -> None:
    """Print the browser's path, after fetching it if asked to; otherwise say what is missing."""
    found = find_browser()
    if found is None and "--install" in sys.argv[1:]:
        found = install_browser()
    if found is None:
        sys.exit(ADVICE)
    print(found)


if __name__ == "__main__":
    main()
