"""The site, as a browser gets it: from a server, and from the disk."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from support import ROOT
from support.served import Served, serve

sys.path.append(str(ROOT / "tools"))

import browser as finding

SITE = ROOT / "build" / "site"


@pytest.fixture(scope="session")
def site() -> Path:
    """Folder of the site."""
    assert (SITE / "index.html").is_file(), "run `make docs` first"
    return SITE


@pytest.fixture(scope="session")
def served(site: Path) -> Iterator[Served]:
    """The site on two servers of this machine."""
    with serve(site) as served:
        yield served


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    path = finding.find()
    assert path, finding.MISSING
    # As root there is no sandbox to be had.
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    started = playwright.chromium.launch(executable_path=path, args=arguments)
    yield started
    started.close()
