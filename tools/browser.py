"""Finds the browser that `make test-docs` drives: `python3 tools/browser.py [--install]` prints its path.

Debian has it as a package. Elsewhere install Chromium or Chrome, or name one in EVENTWRIGHT_BROWSER.
"""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MISSING = "no browser: install Chromium (Debian: apt-get install chromium), or name one in EVENTWRIGHT_BROWSER"


def find() -> "str | None":
    """Give the path of a browser, None if there is none."""
    for name in (os.environ.get("EVENTWRIGHT_BROWSER"), *NAMES):
        if name and (path := shutil.which(name)):
            return path
    return None


def install() -> None:
    """Install the package of Debian, where that is to be had."""
    if shutil.which("apt-get") and os.geteuid() == 0:
        print("installing the package chromium", flush=True)
        for command in (["update"], ["install", "--yes", "--no-install-recommends", "chromium"]):
            subprocess.call(["apt-get", "-qq", *command], stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    if "--install" in sys.argv and not find():
        install()
    sys.exit(print(find()) if find() else MISSING)
