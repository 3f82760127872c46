"""Tests of loader, type expressions, parser and resolve where a case folder would say less than a table."""

from __future__ import annotations

import errno
import itertools
import os
import shutil
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eventwright.diagnostics.values import LINE_BREAK, Position, Report, Severity, Span
from eventwright.model.names import camel, snake
from eventwright.output import resources
from eventwright.pipeline import read_spec
from eventwright.syntax.loader import Mapping, load, to_python
from eventwright.syntax.scanning import part_of
from eventwright.syntax.typeexpr import parse_type
from eventwright.targets.python.identifiers import attribute
from support import CASES
from support.compiling import compiled

REAL = resources.specs() / "openai_responses"
SEEDED = CASES / "many-mistakes-in-three-files" / "spec"


def findings(text: str) -> list[tuple[str, str]]:
    report = Report()
    load(text, "f", report)
    return [(diagnostic.rule.code, str(diagnostic.span)) for diagnostic in report.diagnostics]


# --- Loader ---


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("1", 1),
        ("-3", -3),
        ("1.5", 1.5),
        ("1e3", 1000.0),
        ("true", True),
        ("yes", "yes"),
        ("no", "no"),
        ("0x10", "0x10"),
        ("1_000", "1_000"),
        ("12:30", "12:30"),
        ("2024-01-01", "2024-01-01"),
        ("~", None),
        ("'1'", "1"),
        ('"true"', "true"),
        ("9" * 30, int("9" * 30)),
        ("1e999", "1e999"),
        ("9" * 5000, "9" * 5000),
    ],
)
def test_scalars_mean_what_yaml_1_2_says(written: str, meant: object) -> None:
    report = Report()
    node = load(f"a: {written}\n", "f", report)
    assert node is not None and to_python(node) == {"a": meant}
    assert not report.diagnostics


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("é: 1\nü: {ö: a, x: b, x: c}\n", [("E102", "f:2:17")]),
        ("😀: {a: 1, a: 2}", [("E102", "f:1:11")]),
        ("\ufeffa: 1\na: 2\n", [("E102", "f:2:1")]),
        ("a: 1\r\na: 2\r\n", [("E102", "f:2:1")]),
        ("a: b: c\n", [("E101", "f:1:5")]),
        ('a: "b\nc: d\n', [("E101", "f:1:4")]),
        ("a: [1, 2\nb: c\n", [("E101", "f:1:4")]),
        ("a: [1 2}\n", [("E101", "f:1:8")]),
        ("a: *b\n", [("E103", "f:1:4")]),
        ("a: !!python/object:os.system x\n", [("E103", "f:1:4")]),
        ("a: 1\n---\nb: 2\n", [("E103", "f:2:1")]),
        ("a:\n\tb: 1\n", [("E101", "f:2:1")]),
        ("a: b\x00\n", [("E101", "f:1:5")]),
        ("1: a\ntrue: b\n? [c]\n: d\n", [("E104", "f:1:1"), ("E104", "f:2:1"), ("E104", "f:3:3")]),
    ],
)
def test_places_count_characters(text: str, expected: list[tuple[str, str]]) -> None:
    assert findings(text) == expected


@pytest.mark.parametrize("depth", [61, 1000, 100_000])
@pytest.mark.parametrize(("left", "right"), [("[", "]"), ("{a: ", "}")])
def test_deep_nesting_ends_with_a_finding(depth: int, left: str, right: str) -> None:
    assert [code for code, _ in findings(f"a: {left * depth}{right * depth}")] in (["E105"], ["E101"])


def test_alias_bombs_end_at_the_first_anchor() -> None:
    letters = "abcdefghijklmnopqrstuvwxyz"
    pairs = itertools.pairwise(letters)
    bomb = "a: &a [x, x]\n" + "".join(f"{new}: &{new} [*{old}, *{old}]\n" for old, new in pairs)
    assert findings(bomb) == [("E103", "f:1:4")]


@pytest.mark.parametrize(
    ("text", "word", "place"),
    [
        ("a: >-\n  one two\n  three\n", "three", Position(3, 3)),
        ("a: |\n  one\n\n  two three\n", "three", Position(4, 7)),
        ("a: 'one\n    two'\n", "two", Position(2, 5)),
        ("a: one\n  two\n", "two", Position(2, 3)),
        ("a: 'one two'\n", "two", Position(1, 9)),
    ],
)
def test_a_part_of_a_text_is_found_in_its_line(text: str, word: str, place: Position) -> None:
    node = load(text, "f", Report())
    assert isinstance(node, Mapping)
    value = to_python(node.entries[0].value)
    assert isinstance(value, str)
    begin = value.index(word)
    assert part_of(node.entries[0].value.span, value, begin, begin + len(word)).start == place


# --- Type expressions ---


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("list[", 6),
        ("list[a", 7),
        ("a |", 4),
        ("| a", 1),
        ("A b", 2),
        ("a b", 1),
        ("", 1),
        ('"a', 1),
        ("a[b]", 2),
        ("[a]", 1),
    ],
)
def test_broken_types_are_marked_where_they_break(text: str, column: int) -> None:
    report = Report()
    span = Span("f", Position(1, 1), Position(1, 1 + len(text)))
    assert parse_type(text, span, report) is None
    (found,) = report.diagnostics
    assert (found.rule.code, found.span.start) == ("E205", Position(1, column))


def test_types_nest_only_so_deep() -> None:
    report = Report()
    assert parse_type("list[" * 5000 + "a" + "]" * 5000, Span("f"), report) is None
    assert [found.rule.code for found in report.diagnostics] == ["E205"]


# --- Names ---


@pytest.mark.parametrize(
    ("wire", "python"),
    [
        ("from", "from_"),
        ("extra", "extra_"),
        ("x-id", "x_id"),
        ("2fa", "_2fa_"),
        ("__class__", "__class___"),
        ("größe", "größe"),
        ("x²", "x2"),
        ("ﬁle", "file"),
        ("", "__"),
    ],
)
def test_attributes(wire: str, python: str) -> None:
    assert attribute(wire) == python


@given(st.text())
def test_every_attribute_is_an_identifier_that_python_keeps(wire: str) -> None:
    name = attribute(wire)
    assert name.isidentifier()
    assert attribute(name) in (name, f"{name}_")


def test_cases() -> None:
    assert snake("MCPToolCall") == "mcp_tool_call"
    assert camel("response.output_text.delta") == "ResponseOutputTextDelta"


# --- Whole specs ---


def test_the_real_spec_has_no_errors() -> None:
    spec, report = read_spec(REAL)
    assert spec is not None
    assert [found for found in report.diagnostics if found.rule.severity is Severity.ERROR] == []


def test_a_folder_that_cannot_be_listed_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rights of a folder do not bind every user, so that a case folder could not show it."""
    shutil.copytree(REAL, tmp_path, dirs_exist_ok=True)
    scandir = os.scandir

    def refuse(path: str) -> object:
        if Path(path).name == "common":
            raise PermissionError(errno.EACCES, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    found = read_spec(tmp_path)[1].diagnostics
    assert [(each.rule.code, str(each.span)) for each in found] == [("E107", (tmp_path / "common").as_posix())]


def test_many_groups_in_a_lattice_take_linear_time(tmp_path: Path) -> None:
    """Each of 60 levels uses both groups of the next: flattened without care, this is 2**60 steps."""
    lines = ["groups:\n"]
    for level in range(60):
        for side in "ab":
            use = f"[G{level + 1}a, G{level + 1}b]" if level < 59 else "[]"
            field = f"f{level}{side}: {{type: string}}"
            lines.append(f"  G{level}{side}: {{use: {use}, fields: {{{field}}}}}\n")
    lines.append("events:\n  x.y: {use: [G0a, G0b]}\n")
    (tmp_path / "lattice.yaml").write_text("".join(lines))
    _, report = read_spec(tmp_path)
    assert "E304" not in {found.rule.code for found in report.diagnostics}


def test_a_chain_of_two_thousand_groups_is_no_recursion(tmp_path: Path) -> None:
    chain = "".join(f"  G{number}: {{use: [G{number + 1}]}}\n" for number in range(2000))
    (tmp_path / "chain.yaml").write_text(f"groups:\n{chain}  G2000: {{}}\nevents:\n  x.y: {{use: [G0]}}\n")
    read_spec(tmp_path)


def check_report(report: Report, folder: Path) -> None:
    """Hold a report to what every reader may rely on."""
    found = report.diagnostics
    assert found == sorted(found, key=lambda each: each.sort_key)
    assert len(found) == len({(each.span.file, each.span.start, each.rule.code, each.message) for each in found})
    for each in found:
        assert each.message and "\n" not in each.message
        if each.span.start is not None and each.span.end is not None:
            with Path(each.span.file).open(encoding="utf-8", errors="replace", newline="") as file:
                lines = LINE_BREAK.split(file.read())
            assert 1 <= each.span.start.line <= len(lines)
            assert 1 <= each.span.start.column <= len(lines[each.span.start.line - 1]) + 1
            assert (each.span.start.line, each.span.start.column) <= (each.span.end.line, each.span.end.column)


PIECES = st.sampled_from([*"[]{}:\n\t'\"#|%\\é", "- ", "&a ", "*a", "!x ", ">-", "type: ", "use: [X]"])


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_mutilated_spec_breaks_the_compiler(data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("spec") / "spec"
    shutil.copytree(SEEDED, folder)
    for path in sorted(folder.rglob("*.yaml")):
        text = path.read_text(encoding="utf-8")
        for _ in range(data.draw(st.integers(0, 2))):
            begin = data.draw(st.integers(0, len(text)))
            end = min(len(text), begin + data.draw(st.integers(0, 30)))
            text = text[:begin] + data.draw(PIECES | st.text(max_size=5)) + text[end:]
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
    _, report = read_spec(folder)
    check_report(report, folder)
    shutil.rmtree(folder.parent)


def test_thousands_of_misspelt_names_among_thousands_are_reported_in_seconds(tmp_path: Path) -> None:
    words = "Alpha Beta Gamma Delta Order Ticket Comment Message Tool Call".split()
    names = [f"{words[at % 10]}{words[at // 10 % 10]}{words[at // 100 % 10]}{at}" for at in range(2000)]
    types = {name: {"doc": "It.", "fields": {"a": {"type": f"{name[:-1]}x{name[-1]}"}}} for name in names}
    begin = time.process_time()
    found = compiled({"types": types, "events": {"a": {"doc": "It."}}}, tmp_path, "demo").report.diagnostics
    assert time.process_time() - begin < 20
    hints = [each.hint for each in found if each.rule.code == "E301"]
    assert len(hints) == 2000
    assert hints[0] == f"did you mean '{names[0]}'?"
    assert hints[-1] == "declare it under types, enums or unions of some file"


def test_a_key_that_is_too_long_for_yaml_is_called_that(tmp_path: Path) -> None:
    text = f"events:\n  noted:\n    fields:\n      {'a' * 1100}: {{type: string, doc: It.}}\n"
    (found,) = [each for each in compiled(text, tmp_path, "demo").report.diagnostics if each.rule.code == "E101"]
    assert (found.message, found.span.start) == ("not YAML: a key of 1100 characters", Position(4, 7))
    assert found.hint.startswith("shorten it to 1024 characters")
    fine = text.replace("a" * 1100, "a" * 1000)
    assert not [each for each in compiled(fine, tmp_path, "demo").report.diagnostics if each.rule.code == "E101"]


@pytest.mark.parametrize("kind", ["integer", "number"])
def test_a_number_of_thousands_of_digits_is_said_to_be_too_long(tmp_path: Path, kind: str) -> None:
    text = f"events: {{noted: {{fields: {{a: {{type: {kind}}}}}, example: {{type: noted, a: {'9' * 5000}}}}}}}\n"
    (found,) = [each for each in compiled(text, tmp_path, "demo").report.diagnostics if each.rule.code == "E602"]
    assert found.hint == "write a number of at most 100 digits"


def test_a_type_of_thousands_of_digits_cannot_be_read(tmp_path: Path) -> None:
    text = f"events: {{noted: {{fields: {{a: {{type: {'9' * 5000}}}}}}}}}\n"
    assert "E205" in [each.rule.code for each in compiled(text, tmp_path, "demo").report.diagnostics]
