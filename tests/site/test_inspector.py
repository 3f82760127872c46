"""The inspector in a browser, from a server and from the disk: it reads streams of every spec, finds what is wrong, and
asks nobody for anything."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from support import ROOT
from support.served import Served
from support.witness import Witness

DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
SECONDS = 120_000
"""What it may take to start the interpreter on a machine that is busy, in milliseconds."""

ANSWER = (ROOT / "examples" / "answer.sse").read_text(encoding="utf-8")
STREAMS: dict[str, list[dict[str, Any]]] = {
    "chat_events": [
        {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
        for choice in (
            {"index": 0, "delta": {"role": "assistant", "content": "Hi"}, "finish_reason": None},
            {"index": 0, "delta": {}, "finish_reason": "stop"},
        )
    ],
    "anthropic_events": [
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "Hi"}},
    ],
    "ag_ui_events": [
        {"type": "TEXT_MESSAGE_START", "messageId": "m", "role": "assistant"},
        {"type": "TEXT_MESSAGE_CONTENT", "messageId": "m", "delta": "Hi"},
    ],
    "gemini_events": [{"candidates": [{"content": {"parts": [{"text": "Hi"}], "role": "model"}, "index": 0}]}],
    "realtime_server_events": [
        {
            "type": "response.output_text.delta",
            "event_id": "e",
            "response_id": "r",
            "item_id": "i",
            "output_index": 0,
            "content_index": 0,
            "delta": "Hi",
        }
    ],
    "realtime_client_events": [{"type": "response.create"}],
}
"""A small stream of each spec but the first, of which there is a recording."""


def _text(package: str) -> str:
    wires = STREAMS.get(package)
    return ANSWER if wires is None else "".join(f"{json.dumps(wire)}\n" for wire in wires)


def _look(site: Path) -> None:
    if not (site / "inspector.html").is_file():
        pytest.skip("the site has no inspector: `make docs` said why")


@pytest.fixture(scope="module", params=["server", "disk"])
def inspector(request: pytest.FixtureRequest, site: Path, served: Served, browser: Browser) -> Iterator[Page]:
    """The page, in which an interpreter is started once for all tests."""
    _look(site)
    context = browser.new_context(viewport=DESK, reduced_motion="reduce")  # type: ignore[arg-type]
    url = served.light if request.param == "server" else f"{site.as_uri()}/"
    witness = Witness(context, url)
    page = context.new_page()
    page.goto(f"{url}inspector.html", wait_until="load")
    yield page
    context.close()
    assert witness.faults == []


def _read(page: Page, package: str, text: str) -> None:
    page.get_by_label("Spec").select_option(package)
    page.get_by_label("Stream", exact=True).fill(text)
    page.get_by_role("button", name="Read it").click()
    expect(page.locator("[data-part=findings] p").first).to_be_visible(timeout=SECONDS)
    expect(page.locator("[data-part=event] summary").first).to_be_visible(timeout=SECONDS)


def test_it_reads_a_stream_of_every_spec(inspector: Page) -> None:
    packages = [option.get_attribute("value") for option in inspector.locator("[data-part=spec] option").all()]
    assert {"responses_events", *STREAMS} == set(packages)
    for package in packages:
        assert package
        text = _text(package)
        _read(inspector, package, text)
        count = len(re.findall(r"^data: \{|^\{", text, re.MULTILINE))
        expect(inspector.locator("[data-part=count]")).to_contain_text(f"{count} of {count} event")
        assert "%" in inspector.locator("[data-part=findings]").inner_text()


def test_it_shows_the_places_the_state_and_what_is_not_known(inspector: Page) -> None:
    _read(inspector, "responses_events", ANSWER)
    assert inspector.locator("[data-part=timeline] .names div").all_inner_texts() == [
        "stream",
        "item 0",
        "part 0",
        "item 1",
    ]
    findings = inspector.locator("[data-part=findings]").inner_text()
    assert "response.mood.changed unknown tag" in findings
    inspector.get_by_role("listbox").press("Home")
    for _ in range(6):
        inspector.get_by_role("listbox").press("ArrowDown")
    expect(inspector.locator("[data-part=where]")).to_have_text(re.compile("Event 6, line"))
    expect(inspector.locator("[data-part=state] dd").first).to_have_text("I will look", timeout=SECONDS)


def test_it_shows_the_findings_of_a_broken_stream(inspector: Page) -> None:
    frames = ANSWER.strip().split("\n\n")
    del frames[6]
    _read(inspector, "responses_events", "\n\n".join(frames).replace('"created_at":1767225600', '"created_at":"now"'))
    findings = inspector.locator("[data-part=findings]")
    assert "sequence-number-step" in findings.inner_text()
    rows = inspector.locator("[role=option]")
    expect(rows.filter(has_text="breaks a rule").first).to_have_attribute("id", "row-6")
    inspector.get_by_label("only those with problems").check()
    expect(inspector.locator("[data-part=count]")).to_contain_text(re.compile(r"^[2-9] of 25"))
    inspector.get_by_label("only those with problems").uncheck()
    findings.get_by_text("What to do").first.click()
    assert "Why" in findings.inner_text()
    inspector.get_by_role("listbox").press("Home")
    mark = inspector.locator("[data-part=event] mark").first
    expect(mark).to_have_text("wrong type", timeout=SECONDS)


def test_a_profile_is_offered_where_there_are_some(inspector: Page) -> None:
    _read(inspector, "responses_events", ANSWER.replace('"item_id":"msg_01"', '"item_id":"msg_of_its_own"'))
    findings = inspector.locator("[data-part=findings]")
    expect(findings).to_contain_text("item-id-differs")
    inspector.get_by_label("Profile").select_option("copilot")
    expect(findings.locator("p").first).to_be_visible(timeout=SECONDS)
    expect(findings).not_to_contain_text("item-id-differs")
    inspector.get_by_role("button", name="Copy a link").click()
    expect(inspector.locator("[data-part=status]")).to_contain_text("whoever has the link")
    assert "#spec=responses_events&profile=copilot&stream=" in inspector.url
    inspector.get_by_label("Spec").select_option("gemini_events")
    assert inspector.get_by_label("Profile").is_hidden()


def test_a_stream_without_a_lifecycle_has_lanes(inspector: Page) -> None:
    _read(inspector, "chat_events", _text("chat_events"))
    lanes = inspector.locator("[data-part=timeline] .names div")
    assert lanes.all_inner_texts() == ["choices 0 content", "choices 0 finish_reason"]


def test_a_link_brings_the_stream_back(inspector: Page) -> None:
    _read(inspector, "gemini_events", _text("gemini_events"))
    inspector.get_by_role("button", name="Copy a link").click()
    expect(inspector.locator("[data-part=status]")).to_contain_text("whoever has the link")
    address = inspector.url
    assert "#spec=gemini_events&stream=" in address
    other = inspector.context.new_page()
    other.goto(address, wait_until="load")
    expect(other.locator("[data-part=findings] p").first).to_be_visible(timeout=SECONDS)
    assert other.get_by_label("Stream", exact=True).input_value() == _text("gemini_events")
    other.close()


_WATCHED = """
() => {
  window.longest = 0;
  let last = performance.now();
  const look = () => {
    window.longest = Math.max(window.longest, performance.now() - last);
    last = performance.now();
    setTimeout(look, 10);
  };
  look();
}
"""


def test_a_hundred_thousand_events_do_not_freeze_the_page(inspector: Page, tmp_path: Path) -> None:
    count = 100_000
    file = tmp_path / "long.jsonl"
    where = {
        "type": "response.output_text.delta",
        "item_id": "m",
        "output_index": 0,
        "content_index": 0,
        "logprobs": [],
    }
    file.write_text("".join(f"{json.dumps(where | {'sequence_number': at, 'delta': 'x'})}\n" for at in range(count)))
    _read(inspector, "responses_events", ANSWER)
    inspector.evaluate(_WATCHED)
    inspector.get_by_label("File", exact=True).set_input_files(file)
    # While it is read, the page answers.
    expect(inspector.locator("[data-part=count]")).to_contain_text("000 events", timeout=SECONDS)
    inspector.get_by_role("listbox").press("End")
    expect(inspector.locator("[data-part=count]")).to_have_text(f"{count:,} of {count:,} events", timeout=SECONDS)
    expect(inspector.locator("[data-part=findings] p").first).to_be_visible(timeout=SECONDS)
    inspector.get_by_role("listbox").press("End")
    expect(inspector.locator("[data-part=where]")).to_contain_text(f"Event {count - 1}")
    assert inspector.locator("[role=option]").count() < 100
    assert inspector.evaluate("window.longest") < 1500


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_keeps_a_reader_out(inspector: Page, scheme: str) -> None:
    _read(inspector, "responses_events", ANSWER)
    inspector.set_viewport_size(PHONE)  # type: ignore[arg-type]
    inspector.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    inspector.wait_for_timeout(500)
    assert inspector.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    inspector.set_viewport_size(DESK)  # type: ignore[arg-type]
    # It would ask for the style sheets, which only a server gives.
    options = {"resultTypes": ["violations"], "preload": False}
    found = Axe().run(inspector, options=options).response["violations"]
    assert [
        f"{each['id']}: {node['target']} {node.get('failureSummary')}"
        for each in found
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"]
    ] == []


def test_what_the_disk_lacks_is_named(site: Path, browser: Browser) -> None:
    _look(site)
    context = browser.new_context()
    page = context.new_page()
    page.route("**/from-disk/packages/*", lambda route: route.abort())
    page.goto(f"{site.as_uri()}/inspector.html", wait_until="load")
    page.get_by_label("Stream", exact=True).fill(ANSWER)
    page.get_by_role("button", name="Read it").click()
    told = "packages/responses_events.zip is not there (404); build the site again"
    expect(page.locator("[data-part=status]")).to_have_text(told, timeout=SECONDS)
    page.route("**/from-disk/tree.js.js", lambda route: route.abort())
    page.reload(wait_until="load")
    told = "The inspector does not start: tree.js is not there; build the site again"
    expect(page.locator("[data-part=starting]")).to_have_text(told)
    assert page.locator("[data-part=form]").is_hidden()
    context.close()
