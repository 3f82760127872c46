"""The site in a browser: `make test-docs` builds it and runs these."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from support.served import Served
from support.witness import Witness

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}

SAMPLES = (
    "index.html",
    "realtime_client_events/index.html",
    "anthropic_events/deviations.html",
    "responses_events/enums/index.html",
    "gemini_events/package.html",
    "accumulate.html",
    "project-pages/examples/proxy_anthropic.html",
    "project-pages/bench/mutations.html",
    "responses_events/events/response.output_text.delta.html",
    "responses_events/types/OutputMessage.html",
    "responses_events/unions/OutputItem.html",
    "responses_events/enums/ResponseStatus.html",
)
"""A page of every kind."""


_ROOT = "http://site/"


class _Addresses(HTMLParser):
    """Collects the links and the anchors of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.anchors: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id" and value:
                self.anchors.add(value)
            elif name in ("href", "src") and value:
                self.links.append(value)


@pytest.fixture(scope="module")
def addresses(site: Path) -> dict[str, _Addresses]:
    """Links and anchors of every page, by its path below the site."""
    found = {}
    for file in sorted(site.rglob("*.html")):
        # Nobody is led to it, and it holds the addresses that a server has at its root.
        if file.name != "404.html":
            parsed = _Addresses()
            parsed.feed(file.read_text(encoding="utf-8"))
            found[file.relative_to(site).as_posix()] = parsed
    return found


def _links(page: str, parsed: _Addresses) -> Iterator[tuple[str, str]]:
    """Give where the links of a page lead: the path below the site, and the anchor; other hosts as they are."""
    for link in parsed.links:
        target, anchor = urldefrag(urljoin(f"{_ROOT}{page}", link))
        path = unquote(target.removeprefix(_ROOT))
        yield f"{path}index.html" if not path or path.endswith("/") else path, unquote(anchor)


def test_every_link_and_anchor_is_there(site: Path, addresses: dict[str, _Addresses]) -> None:
    wrong = set()
    for page, parsed in addresses.items():
        for path, anchor in set(_links(page, parsed)):
            known = addresses.get(path)
            if known is None and not path.startswith("data:") and not (site / path).is_file():
                wrong.add(f"{page}: {path} is not there")
            elif known and anchor and anchor not in known.anchors:
                wrong.add(f"{page}: {path} has no #{anchor}")
    assert sorted(wrong) == []


def test_every_page_is_reached_from_the_home_page(addresses: dict[str, _Addresses]) -> None:
    seen: set[str] = set()
    todo = ["index.html"]
    while todo:
        page = todo.pop()
        if page not in seen and page in addresses:
            seen.add(page)
            todo += [path for path, _ in _links(page, addresses[page])]
    assert sorted(set(addresses) - seen) == []


def test_what_is_for_language_models_leads_to_text_that_is_there(site: Path) -> None:
    lists = list(site.rglob("llms.txt"))
    assert len(lists) > 1
    for file in lists:
        links = re.findall(r"\]\(([^)]+)\)", file.read_text(encoding="utf-8"))
        assert [link for link in links if not (file.parent / link).is_file()] == [], file


@pytest.mark.parametrize("path", SAMPLES)
def test_a_page_complains_of_nothing(served: Served, browser: Browser, path: str) -> None:
    context = browser.new_context(viewport=PHONE)
    witness = Witness(context, served.light)
    page = context.new_page()
    page.goto(f"{served.light}{path}", wait_until="load")
    width = page.evaluate("document.documentElement.scrollWidth")
    context.close()
    assert witness.faults == []
    assert width <= PHONE["width"]


_FITTED = """
async ([paths, script]) => {
  const wide = [];
  const article = document.querySelector("article");
  for (const path of paths) {
    const text = await (await fetch(path)).text();
    article.innerHTML = new DOMParser().parseFromString(text, "text/html").querySelector("article").innerHTML;
    // A script element would tell nobody of an error.
    new Function(script)();
    const width = document.documentElement.scrollWidth;
    if (width > innerWidth) wide.push(`${path}: ${width} px`);
  }
  return wide;
}
"""


def test_the_text_of_every_page_fits_a_phone(
    site: Path, served: Served, browser: Browser, addresses: dict[str, _Addresses]
) -> None:
    # To show a thousand pages takes minutes; their texts in the frame of one take seconds.
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    page.goto(f"{served.light}index.html", wait_until="load")
    script = (site / "assets" / "site.js").read_text(encoding="utf-8")
    wide = page.evaluate(_FITTED, [[f"/{path}" for path in addresses], script])
    context.close()
    assert wide == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", SAMPLES)
def test_nothing_keeps_a_reader_out(served: Served, browser: Browser, path: str, scheme: str) -> None:
    context = browser.new_context(viewport=DESK, color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{served.light}{path}", wait_until="load")
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    context.close()
    assert [
        f"{each['id']}: {node['target']} {node.get('failureSummary')}"
        for each in found
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"]
    ] == []


@pytest.fixture(scope="module", params=["server", "disk"])
def searching(request: pytest.FixtureRequest, site: Path, served: Served, browser: Browser) -> Iterator[Page]:
    """A page whose search is open, from a server and from the disk."""
    url = served.url if request.param == "server" else f"{site.as_uri()}/"
    context = browser.new_context(viewport=DESK)
    witness = Witness(context, url)
    page = context.new_page()
    page.goto(f"{url}index.html", wait_until="load")
    page.keyboard.press("/")
    yield page
    context.close()
    assert witness.faults == []


@pytest.mark.parametrize(
    ("words", "title", "kind", "page_of_it"),
    [
        (
            "response.output_text.delta",
            "response.output_text.delta",
            "Events",
            "events/response.output_text.delta.html",
        ),
        ("ResponseTextDeltaEvent", "response.output_text.delta", "Events", "events/response.output_text.delta.html"),
        ("OutputMessage", "OutputMessage", "Types", "types/OutputMessage.html"),
        ("OutputItem", "OutputItem", "Unions", "unions/OutputItem.html"),
        ("iter_events", "iter_events (function)", "Python package", "package.html"),
        ("num_sources_used", "Fields", "Types", "types/ResponseUsage.html"),
    ],
)
def test_the_search_finds_what_it_is(searching: Page, words: str, title: str, kind: str, page_of_it: str) -> None:
    box = searching.get_by_role("combobox")
    box.fill("")
    box.fill(words)
    results = searching.locator(f"a[role=option][href*='/responses_events/{page_of_it}']")
    wanted = results.filter(has=searching.locator("h2", has_text=title)).first
    wanted.wait_for(timeout=20_000)
    assert kind in wanted.locator("menu li").all_inner_texts()


@pytest.mark.parametrize(
    ("words", "page_of_it", "rank"),
    [
        ("final usage", "responses_events/events/response.completed.html", 1),
        ("output text finished stream", "accumulate.html", 1),
        ("rejected", "responses_events/check.html", 5),
        ("xAI leaves out", "responses_events/deviations.html", 5),
        ("follow output_item.added", "responses_events/events/response.output_item.added.html", 3),
    ],
)
def test_the_search_leads_to_the_answer(searching: Page, words: str, page_of_it: str, rank: int) -> None:
    box = searching.get_by_role("combobox")
    box.fill("")
    box.fill(words)
    results = searching.locator(f"a[role=option]:nth-child(-n + {rank} of a[role=option])")
    results.and_(searching.locator(f"[href*='/{page_of_it}']")).first.wait_for(timeout=20_000)


def test_a_long_table_is_cut_down_to_the_rows_of_a_provider(served: Served, browser: Browser) -> None:
    page = browser.new_page(viewport=DESK)
    page.goto(f"{served.url}responses_events/deviations.html", wait_until="load")
    offered = page.locator(".filter button").all_inner_texts()
    assert "xAI" in offered
    assert not {"March", "May"}.intersection(offered)
    page.get_by_role("button", name="xAI", exact=True).click()
    rows = page.locator("article table tbody tr:visible").all_inner_texts()
    assert len(rows) > 5
    assert all("xai" in row.lower() for row in rows)
    assert page.locator(".filter output").inner_text().startswith(f"{len(rows)} of ")
    page.close()
