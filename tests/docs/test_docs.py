"""The docs: nothing is missing, no link leads nowhere, and no text of a spec gets out of its place."""

from __future__ import annotations

import functools
import hashlib
import json
import os
import posixpath
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventwright.diagnostics.values import Report, Span
from eventwright.model import ir
from eventwright.model.lifecycle import Hold, Off, Profile, RuleNote
from eventwright.model.prose import first_sentence
from eventwright.model.sequences import Alternatives, Chain, Repeat, Sequence, Symbol
from eventwright.pipeline import render
from eventwright.targets import all_targets
from eventwright.targets.docs import markdown as markup
from eventwright.targets.docs.guides import GUIDES
from eventwright.targets.docs.site import FileNames
from support import ROOT, SPEC, TEMPLATES

markdown = pytest.importorskip("markdown", reason="the docs are rendered with the Markdown library of the site")
markdown_it = pytest.importorskip("markdown_it", reason="a second dialect of Markdown keeps the escaping honest")
ruamel_yaml = pytest.importorskip("ruamel.yaml")

TAG = ir.Tag(((ir.MemberTag(("type",)),),))
NOWHERE = Span("nowhere.yaml")

Files = Mapping[PurePosixPath, str]

NASTY = (
    "plain",
    "a | b || c \\| d",
    "<script>alert(1)</script> <img src=x onerror=alert(1)> </td></table> <!-- x",
    "{{ page }} {% raw %} {# x #} { .cls #id } {: title=x}",
    "[link](https://evil.example) ![image](x.png) [ref][1] [^1] <https://evil.example> https://evil.example",
    "*a* **b** _c_ __d__ ~~e~~ ==f== ^g^ a_b_c :smile: $x$ ++k++",
    "one\ntwo\r\nthree\u2028four\x85five\n\n# heading\n\n- item\n\n    code\n\n```\nfence\n",
    "tab\there \x00 nul \x02 stx \x03 etx \x1b escape \x7f",
    "right \u202e to \u2066 left \u200b zero \ufeff mark",
    "unmatched ` tick, ``two ` of`` them, ` | <b>`, `{{ x }}`, ```three```",
    "\\ \\` \\\\ \\* \\[ end\\",
    "&lt; &amp; &#60; & R&D",
    "# heading",
    "- item",
    "+ item",
    "1. item",
    "2) item",
    "> quote",
    "!!! note",
    "??? note",
    '=== "tab"',
    "::: module",
    ": definition",
    "---",
    "***",
    "===",
    "~~~",
    "```",
    "    indented",
    "| cell |",
    "[x]: https://evil.example",
    "*[HTML]: x",
    '--8<-- "/etc/passwd"',
    "[TOC]",
    "\"quoted\" 'text'",
    "\U0001f600 \u00e9 \u6f22\u5b57",
)


# Reading Markdown back.


class _Html(HTMLParser):
    """Collects the text of table cells, the tags, and the addresses in a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.rows: list[list[str]] = []
        self.tables: list[list[list[str]]] = []
        self.text = ""
        self.headings: list[str] = []
        self._in_cell = False
        self._in_heading = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.rows.append([])
            self.tables[-1].append(self.rows[-1])
        elif tag in ("td", "th"):
            self.rows[-1].append("")
            self._in_cell = True
        elif re.fullmatch(r"h\d", tag):
            self.headings.append("")
            self._in_heading = True

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self._in_cell = False
        elif re.fullmatch(r"h\d", tag):
            self._in_heading = False

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._in_cell:
            self.rows[-1][-1] += data
        if self._in_heading:
            self.headings[-1] += data

    def handle_comment(self, data: str) -> None:
        self.tags.append("comment")

    def handle_decl(self, decl: str) -> None:
        self.tags.append("declaration")

    def handle_pi(self, data: str) -> None:
        self.tags.append("instruction")


def _site(text: str) -> _Html:
    """Read a page as the site does, with more extensions than it needs."""
    extensions = "tables toc attr_list md_in_html def_list footnotes admonition abbr fenced_code".split()
    parsed = _Html()
    parsed.feed(markdown.markdown(text, extensions=extensions))
    parsed.close()
    return parsed


def _plain_site(text: str) -> _Html:
    """Read a page as the site does, with the extensions that it has."""
    parsed = _Html()
    parsed.feed(markdown.markdown(text, extensions=["tables", "toc", "md_in_html", "fenced_code"]))
    parsed.close()
    return parsed


def _forge(text: str) -> _Html:
    """Read a page as forges that host repositories do."""
    parsed = _Html()
    parsed.feed(markdown_it.MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(text))
    parsed.close()
    return parsed


READERS = [pytest.param(_site, id="extended"), pytest.param(_plain_site, id="site"), pytest.param(_forge, id="forge")]


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


# Specs.

DOCS = PurePosixPath("docs/responses_events")


def _render(spec: ir.Spec) -> Files:
    products = render(spec, list(all_targets().values()), [TEMPLATES], Report())
    return next(product.files for product in products if product.target == "docs")


@functools.cache
def _hostile(text: str) -> Files:
    return _render(_spec(text))


@functools.cache
def _shape(text: str, path: PurePosixPath, read: Callable[[str], _Html]) -> _Html:
    return read(_hostile(text)[path])


@pytest.fixture(scope="module")
def shipped() -> ir.Spec:
    from eventwright.pipeline import read_spec

    spec, report = read_spec(SPEC)
    assert spec is not None, [str(each) for each in report.diagnostics]
    return spec


@pytest.fixture(scope="module")
def files(shipped: ir.Spec) -> Files:
    return _render(shipped)


TAG = ir.Tag(((ir.MemberTag(("type",)),),))


def _field(name: str, type_: ir.Type, doc: str = "", *, optional: bool = False, nullable: bool = False) -> ir.Field:
    return ir.Field(name, type_, optional, nullable, False, doc, doc, "", NOWHERE)


def _spec(text: str) -> ir.Spec:
    """Give a spec that has a text wherever a spec can have free text."""
    path = PurePosixPath("events/one")
    fields = (
        _field("items", ir.ListOf(ir.OneOf((ir.UnionRef("Thing"), ir.Literal(text)))), text),
        _field(f"x {text}", ir.MapOf(ir.EnumRef("State")), text, optional=True, nullable=True),
        _field("index", ir.Primitive.INTEGER, text),
    )
    record = ir.Record("Held", path, text, text, (text or "held",), True, fields, NOWHERE, tag="type")
    rival = ir.Record("Rival", path, text, text, (text or "held",), False, (), NOWHERE, tag="type")
    choices = (ir.Choice("Held", (ir.Test((f"x {text}",)), ir.Test(("items",), text))), ir.Choice("Rival", ()))
    union = ir.Union("Thing", path, text, text, choices, ((text or "held", choices),), choices[:1], NOWHERE, tag=TAG)
    enum = ir.Enum("State", path, text, text, True, (ir.EnumValue(text, text, NOWHERE),), NOWHERE)
    source = ir.Source(0, (f"x {text}",), fields[1].type)
    within = ir.Source(1, (text,), fields[2].type)
    items = ir.Member("items", "Held", fields[0].type)
    held = ir.RecordRef("Held")
    position = ir.Element(ir.Position(ir.Source(0, ("index",), fields[2].type)), "Held", held)
    keyed = ir.Element(ir.Keyed(within, (text, "id")), "Held", held)
    field = ir.Member("index", "Held", fields[2].type)
    folds = (
        ir.Fold((items, position), ir.Operator.SET, source, text),
        ir.Fold((field,), ir.Operator.SET, text, text),
        ir.Each(
            ir.Source(0, (f"x {text}",), ir.ListOf(held)),
            (
                ir.Fold((items, keyed), ir.Operator.MERGE, within, text),
                ir.When(
                    1, (ir.Test((text,), text),), (ir.Fold((items, keyed, field), ir.Operator.ADD, source, text),), text
                ),
            ),
            text,
        ),
        ir.Fold((items, ir.Element(ir.Every(), "Held", held), field), ir.Operator.REMOVE, None, text),
    )
    example: ir.JsonValue = {"type": text, text: [text, {"text": text}]}
    events = tuple(
        ir.Event(
            tag=f"{prefix}{text}",
            variant=text,
            record=ir.Record(name, path, text, text, (f"{prefix}{text}",), False, fields, NOWHERE, tag="type"),
            folds=folds,
            ends=(ir.End("failed", ()),),
            example=example,
            span=NOWHERE,
            variant_span=NOWHERE,
            keys=(ir.Key(f"{prefix}{text}", (f"{prefix}{text}",)),),
        )
        for prefix, name in (("", "FirstEvent"), ("second", "SecondEvent"))
    )
    module = ir.Module(path, "one.yaml", text, text, (enum,), (record, rival), (union,), events)
    spec = ir.Spec("hostile", text, text, "HostileEvent", TAG, "Held", (module,), NOWHERE, NOWHERE)
    return _with_lifecycle(spec, text)


def _with_lifecycle(spec: ir.Spec, text: str) -> ir.Spec:
    """Add a lifecycle that has a text wherever it can have one; no place is called like an event."""
    (module,) = spec.modules
    opener, closer = module.events
    hold = Hold((f"x {text}", "*", text), "=", (text,), (), text, text, NOWHERE)
    inside = replace(
        opener,
        tag=f"inside{text}",
        record=replace(opener.record, name="InsideEvent", tags=(f"inside{text}",)),
        place=f"place{text}",
        holds=(hold, replace(hold, relation="!=")),
    )
    opener = replace(opener, place=f"place{text}", opens=f"place{text}")
    closer = replace(closer, place=f"place{text}", closes=f"place{text}")
    place = ir.Place(
        f"place{text}", ("items", f"[x {text}]"), ("Held", "Rival"), keys=((f"x {text}",),), is_position=True
    )
    inner = Repeat(Alternatives((Symbol(inside.tag, NOWHERE), Chain(()))), "*")
    return replace(
        spec,
        modules=(replace(module, events=(opener, closer, inside)),),
        places=(place,),
        sequences=(
            Sequence("Held", place.name, inner, text, NOWHERE),
            Sequence("State", "", Repeat(Symbol(place.name, NOWHERE), "+"), text, NOWHERE),
        ),
        profiles=(Profile(text, text, (Off(text, "Held", text, NOWHERE), Off(text, "", text, NOWHERE)), NOWHERE),),
        notes=(RuleNote("stream-order", "", text, text, text, NOWHERE),),
    )


# Completeness.


def test_every_declaration_has_a_page(shipped: ir.Spec, files: Files) -> None:
    expected = {f"docs/responses_events/events/{event.tag}.md" for event in shipped.events}
    events = {event.record.name for event in shipped.events}
    expected |= {f"docs/responses_events/types/{name}.md" for name in shipped.records if name not in events}
    expected |= {f"docs/responses_events/unions/{name}.md" for name in shipped.unions}
    expected |= {f"docs/responses_events/enums/{name}.md" for name in shipped.enums}
    expected |= {f"docs/responses_events/{kind}/index.md" for kind in ("types", "unions", "enums")}
    expected |= {f"docs/responses_events/{name}" for name in ("deviations.md", "index.md", "llms.txt", "nav.yml")}
    if shipped.has_lifecycle:
        expected |= {f"docs/responses_events/{name}.md" for name in ("lifecycle", "rules", "check")}
    if shipped.profiles:
        expected.add("docs/responses_events/profiles.md")
    expected |= {f"docs/{guide.file}" for guide in GUIDES} | {"docs/assets/site.css"}
    assert {str(path) for path in files} == expected


def test_lists_name_every_declaration(shipped: ir.Spec, files: Files) -> None:
    for event in shipped.events:
        for page in ("index.md", "llms.txt"):
            assert f"(events/{event.tag}.md)" in files[DOCS / page]
    for kind, declared in (("unions", shipped.unions), ("enums", shipped.enums)):
        for name in declared:
            assert f"({name}.md)" in files[DOCS / f"{kind}/index.md"]
            assert f"({kind}/{name}.md)" in files[DOCS / "llms.txt"]


@pytest.mark.parametrize("hostile", [False, True])
def test_navigation_has_every_page_once(shipped: ir.Spec, hostile: bool) -> None:
    spec = _spec(NASTY[1]) if hostile else shipped
    files = _render(spec)
    nav = ruamel_yaml.YAML(typ="safe").load(files[PurePosixPath("docs", spec.name, "nav.yml")])["nav"]

    def targets(entries: list[dict[str, object]]) -> Iterator[str]:
        for entry in entries:
            for value in entry.values():
                if isinstance(value, list):
                    yield from targets(value)
                else:
                    assert isinstance(value, str)
                    yield value

    found = list(targets(nav))
    assert sorted(found) == sorted(str(path.relative_to("docs")) for path in files if path.suffix == ".md")


def test_fields_stand_in_the_page_of_their_event(shipped: ir.Spec, files: Files) -> None:
    for event in shipped.events:
        rows, *_ = _site(files[DOCS / f"events/{event.tag}.md"]).tables
        assert [row[0] for row in rows] == ["Field", shipped.tag.member, *(field.name for field in event.record.fields)]


# Links.


_PICTURE = re.compile(r'^<div class="sequence">$.*?^</div>$', re.DOTALL | re.MULTILINE)


def _links(text: str) -> Iterator[str]:
    outside_code = re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)
    outside_code = re.sub(r"(`+)(.+?)\1", "code", outside_code)
    for picture in _PICTURE.findall(outside_code):
        yield from re.findall(r'href="([^"]*)"', picture)
    for found in re.finditer(r"(?<!\\)\]\(([^)]*)\)", _PICTURE.sub("", outside_code)):
        yield found[1]


@functools.cache
def _anchors(text: str) -> frozenset[str]:
    page = _site(text)
    given = [value or "" for name, value in page.attributes if name == "id"]
    return frozenset([*given, *(re.sub(r"[^\w -]", "", each.lower()).replace(" ", "-") for each in page.headings)])


def _check_links(files: Files) -> int:
    count = 0
    for path, text in files.items():
        for link in _links(text) if path.suffix in (".md", ".txt") else ():
            count += 1
            target, _, anchor = link.partition("#")
            place = PurePosixPath(posixpath.normpath(path.parent / target)) if target else path
            assert place in files, f"{path} links to {link}"
            if anchor:
                assert anchor in _anchors(files[place]), f"{path} links to {link}"
    return count


def test_every_link_resolves(files: Files) -> None:
    assert _check_links(files) > len(files)


@pytest.mark.parametrize("text", NASTY)
def test_every_link_of_a_hostile_spec_resolves(text: str) -> None:
    assert _check_links(_hostile(text)) > 10


def test_no_page_leads_to_another_host(files: Files) -> None:
    for path, text in files.items():
        # Examples may hold made-up addresses; they stand in blocks of code.
        assert not re.search(r"\w+://", re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)), path


# Escaping.


def test_titles_of_the_navigation_hold_no_tags() -> None:
    # The site writes them into the title element of a page without quoting them.
    nav = _hostile("</title><script>&lt;b&gt;")[PurePosixPath("docs/hostile/nav.yml")]
    assert "\u2039/title\u203a\u2039script\u203a&amp;lt;b&amp;gt;" in nav
    assert "<" not in nav


_DRAWN = frozenset(
    "aria-describedby aria-labelledby cx cy d display fill height r role rx stroke textlength viewbox width x y".split()
)
"""What parts of pictures have as attributes."""


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize("text", NASTY)
def test_hostile_text_stays_in_its_place(text: str, read: Callable[[str], _Html]) -> None:
    allowed = set(
        "h1 h2 h3 p ul li a code pre strong em table thead tbody tr th td hr br span div details summary".split()
    )
    allowed |= set("svg g title desc path circle rect text".split())
    for path, page in _hostile(text).items():
        if path.suffix != ".md" or path.name in [guide.file for guide in GUIDES]:
            continue
        assert not any(ord(c) < 32 and c != "\n" for c in page)
        assert not re.search("[\u202a-\u202e\u2066-\u2069\u2028\u2029\u200b\ufeff\x7f-\x9f]", page)
        parsed = read(page)
        assert set(parsed.tags) <= allowed, path
        for name, value in parsed.attributes:
            assert name in ("href", "id", "class", "style", "markdown") or name in _DRAWN, (path, name)
            if name == "href":
                assert re.fullmatch(r"([A-Za-z0-9_./-]+\.md)?(#[A-Za-z0-9_.-]+)?", value), (path, value)
            if name == "style":
                assert value.startswith("text-align")
        for table in parsed.tables:
            assert len({len(row) for row in table}) == 1, path
        if path.stem in ("Held", "Thing", "State"):
            same = _shape("harmless", path, read)
            headings = [each for each in parsed.headings if each != parsed.headings[0]]
            assert headings == [each for each in same.headings if each != same.headings[0]]
            assert len(parsed.rows) == len(same.rows)


_MARKS = (*"|`\\<>&*_[](){}!#~ a-=:^$\n\u202e", "``", "b.", "://", "1.", "<b>", "&lt;")
_LINES = st.text(max_size=40) | st.lists(st.sampled_from(_MARKS), max_size=14).map("".join)


@pytest.mark.parametrize("read", READERS)
@given(text=_LINES)
def test_code_shows_any_text(read: Callable[[str], _Html], text: str) -> None:
    rows = read(f"| a | b |\n| --- | --- |\n| x | {markup.code(text)} |\n").rows
    assert [len(row) for row in rows] == [2, 2]
    assert _squeezed(rows[1][1]) == _squeezed(markup.visible(text) or '""')


@pytest.mark.parametrize("read", READERS)
@given(text=_LINES)
def test_prose_shows_any_text(read: Callable[[str], _Html], text: str) -> None:
    parsed = read(f"| a | b |\n| --- | --- |\n| x | {markup.prose(text)} |\n")
    assert [len(row) for row in parsed.rows] == [2, 2]
    assert set(parsed.tags) <= {"table", "thead", "tbody", "tr", "th", "td", "code"}
    if "`" not in text:
        assert _squeezed(parsed.rows[1][1]) == _squeezed(markup.plain(text))
    else:
        # Spans of code lose their marks, and nothing else is lost.
        assert re.sub(r"[`\s]", "", parsed.rows[1][1]) == re.sub(r"[`\s]", "", markup.plain(text))


@pytest.mark.parametrize("read", READERS)
@given(text=_LINES)
def test_paragraphs_stay_paragraphs(read: Callable[[str], _Html], text: str) -> None:
    shown = markup.paragraphs(text)
    parsed = read("# Title\n\n" + "\n\n".join(shown) + "\n\nEnd.\n")
    assert [tag for tag in parsed.tags if tag != "code"] == ["h1", *["p"] * len(shown), "p"]


def test_code_in_prose_stays_code() -> None:
    assert markup.prose("Pass `a_b` or `x|y` to *it*.") == "Pass `a_b` or <code>x&#124;y</code> to \\*it\\*."


def test_plain_prose_is_left_alone() -> None:
    text = "Up to 16 pairs (of strings); it's snake_case, isn't it? Yes: 100%, e.g. a/b - \"so\"."
    assert markup.prose(text) == text


@pytest.mark.parametrize("text", NASTY)
def test_examples_and_snippets_can_be_read(text: str) -> None:
    for path, page in _hostile(text).items():
        if path.parent.name != "events":
            continue
        blocks = dict(re.findall(r"^```(json|python)\n(.*?)^```$", page, re.DOTALL | re.MULTILINE))
        assert json.loads(blocks["json"]) == {"type": text, text: [text, {"text": text}]}
        assert "import" in blocks["python"]


def test_snippets_of_the_shipped_spec_compile(shipped: ir.Spec, files: Files) -> None:
    for event in shipped.events:
        page = files[DOCS / f"events/{event.tag}.md"]
        found = re.search(r"^```python\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
        assert found is not None
        compile(found[1], event.tag, "exec")


def test_file_names_are_safe_and_unique() -> None:
    names = FileNames("index")
    taken = [names.take(wanted) for wanted in ("index", "a/b", "../x", ".hidden", "A", "a", "", "\u202e", "a b")]
    stems = ["index-2", "a-b", "x", "hidden", "A", "a-2", "unnamed", "unnamed-2", "a-b-2"]
    assert taken == stems


# Words.


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("One. Two.", "One."),
        ("Only one", "Only one"),
        ("Set `a. B` here. Then go.", "Set `a. B` here."),
        ("Some, e.g. `this`, and more. End.", "Some, e.g. `this`, and more."),
        ("Really? Yes.", "Really?"),
        ("Version 1.5 is out. `x` follows.", "Version 1.5 is out."),
        ("", ""),
    ],
)
def test_first_sentence(text: str, sentence: str) -> None:
    assert first_sentence(text) == sentence


def test_a_fold_is_told_in_words(files: Files) -> None:
    page = files[DOCS / "events/response.output_text.delta.md"]
    assert (
        "Appends `delta` of the event to `text` of the [`OutputTextContent`](../types/OutputTextContent.md) "
        "at position `content_index` of `content` of the [`OutputMessage`](../types/OutputMessage.md) "
        "at position `output_index` of `output`."
    ) in page
    assert "output[output_index as OutputMessage].content[content_index as OutputTextContent].text += delta" in page


def test_events_without_a_fold_say_so(shipped: ir.Spec, files: Files) -> None:
    without = [event for event in shipped.events if event.folds == ()]
    assert without
    for event in without:
        assert "The event adds nothing to the accumulated" in files[DOCS / f"events/{event.tag}.md"]


def test_terminal_events_say_how_the_stream_ends(shipped: ir.Spec, files: Files) -> None:
    for event in shipped.events:
        page = files[DOCS / f"events/{event.tag}.md"]
        assert ("The stream ends with this event" in page) == bool(event.ends)


def test_used_by_names_the_way_to_the_field(files: Files) -> None:
    page = files[DOCS / "unions/OutputItem.md"]
    assert "- Type [`Response`](../types/Response.md), in `output[]`" in page
    assert "- Event [`response.output_item.added`](../events/response.output_item.added.md), in `item`" in page


def test_a_spec_of_nothing_has_docs() -> None:
    files = _render(ir.Spec("empty", "Empty", "", "EmptyEvent", TAG, "", (), NOWHERE, NOWHERE))
    assert _check_links(files) > 0
    assert "0 events" in files[PurePosixPath("docs/empty/index.md")]


# Determinism.


def test_output_does_not_depend_on_hashing() -> None:
    program = "import sys, test_docs; print(test_docs.digest())"
    found = set()
    for seed in ("1", "2"):
        path = os.pathsep.join([str(ROOT / "generator"), str(Path(__file__).parent), str(ROOT / "tests")])
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": path}
        done = subprocess.run(
            [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True, cwd=ROOT
        )
        found.add(done.stdout)
    assert len(found) == 1


def digest() -> str:
    """Give a digest of the docs of the shipped spec and of a hostile one."""
    from eventwright.pipeline import read_spec

    spec, _ = read_spec(SPEC)
    assert spec is not None
    texts = [(str(path), text) for each in (spec, _spec(NASTY[1])) for path, text in _render(each).items()]
    return hashlib.sha256(json.dumps(texts).encode()).hexdigest()


def test_each_field_has_an_address(shipped: ir.Spec, files: Files) -> None:
    for event in shipped.events:
        anchors = _anchors(files[DOCS / f"events/{event.tag}.md"])
        assert {f"field-{field.name}" for field in event.record.fields} <= set(anchors)


def test_what_differs_stands_on_one_page(shipped: ir.Spec, files: Files) -> None:
    rows = _site(files[DOCS / "deviations.md"]).rows
    told = {(row[0], row[1]) for row in rows}
    for record in shipped.records.values():
        for field in record.fields:
            if field.deviates:
                assert (field.name, _squeezed(_site(markup.prose(field.deviates)).text)) in told
    # What is said alike of several is said once, and says where.
    assert len(told) == len(rows)
    assert "[`ResponseLogProb`](types/ResponseLogProb.md#field-bytes)" in files[DOCS / "deviations.md"]
