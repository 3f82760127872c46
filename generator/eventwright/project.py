"""Which specs a project has, and what is made of each. Cheap to import, for runs with nothing to do."""

from __future__ import annotations

import re
import sys
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .diagnostics.rule import Rule, Severity
from .diagnostics.suggest import did_you_mean
from .diagnostics.values import Diagnostic, Position, Span

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

PROJECT_FILE = Path("eventwright.toml")
SPECS = Path("schema")
"""Where the specs are that no project file names."""

DEFAULT_OUT = Path("generated")

UNUSABLE_PROJECT = Rule(
    "E904",
    Severity.ERROR,
    "project file that cannot be used",
    (
        "`eventwright.toml` names the specs of a project, a `[[spec]]` for each: `path` is its folder, `out` where its "
        "output goes, `targets` what is made of it, and `templates` the folders of templates that go before those that "
        "ship. Output of specs and targets that it no longer names is removed, so it is read to the letter."
    ),
)

_HEADER = re.compile(r"\s*\[\[\s*spec\s*\]\]")
_KEYS = ("path", "out", "targets", "templates")
_WHERE = re.compile(r"(?P<problem>.*) \(at line (?P<line>\d+), column (?P<column>\d+)\)")


@dataclass(frozen=True, slots=True)
class Build:
    """One spec, and what is made of it.

    Attributes:
        spec: Folder of the spec.
        outs: Folder of the output of each target, by the name of the target.
        templates: Folders of templates that go before those that ship, the first before the others.
    """

    spec: Path
    outs: Mapping[str, Path]
    templates: tuple[Path, ...] = ()

    def by_out(self) -> dict[Path, list[str]]:
        """Give the targets of each output folder."""
        found: dict[Path, list[str]] = {}
        for target, out in self.outs.items():
            found.setdefault(out, []).append(target)
        return found


class ProjectError(Exception):
    """The project file cannot be used.

    Attributes:
        diagnostics: What is wrong with it; never empty.
    """

    def __init__(self, diagnostics: list[Diagnostic]) -> None:
        super().__init__(diagnostics[0].message)
        self.diagnostics = diagnostics


def build_of(spec: Path, targets: Collection[str], out: Path = DEFAULT_OUT) -> Build:
    """Give what is made of a spec that no project file names.

    Args:
        spec: Folder of the spec.
        targets: The names of all targets.
        out: Where the output goes.
    """
    return Build(spec, dict.fromkeys(targets, out))


def read_project(file: Path, targets: Collection[str]) -> list[Build]:
    """Read a project file.

    Args:
        file: Paths in it begin in its folder.
        targets: The names of all targets.

    Raises:
        ProjectError: It is not what a project file should be.
        OSError: It cannot be read.
    """
    return _Reader(file, targets).builds()


class _Reader:
    """Reads one project file, and collects what is wrong."""

    def __init__(self, file: Path, targets: Collection[str]) -> None:
        self._file = file
        self._targets = targets
        self._lines: list[str] = []
        self._found: list[Diagnostic] = []

    def builds(self) -> list[Build]:
        data = self._data()
        for key in data.keys() - {"spec"}:
            hint = did_you_mean(key, ["spec"]) or "begin a spec with `[[spec]]`"
            self._report(self._line_of(key), f"unknown key '{key}'", hint)
        tables = data.get("spec", [])
        if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
            line = next((number for number, text in enumerate(self._lines, 1) if "spec" in text), 1)
            self._report(line, "'spec' is no list of tables", "begin each spec with `[[spec]]`")
            tables = []
        elif not tables:
            self._report(1, "no spec", 'name one: `[[spec]]`, and below it `path = "schema/my_stream"`')
        builds = {number: build for number, table in enumerate(tables) if (build := self._build(number, table))}
        self._refuse_doubles(builds)
        if self._found:
            raise ProjectError(sorted(self._found, key=lambda found: found.sort_key))
        return list(builds.values())

    def _data(self) -> dict[str, Any]:
        try:
            text = self._file.read_bytes().decode("utf-8-sig")
            self._lines = text.splitlines()
            data: dict[str, Any] = tomllib.loads(text)
        except UnicodeDecodeError as error:
            raise ProjectError([self._diagnostic(1, "not UTF-8", "save the file as UTF-8")]) from error
        except tomllib.TOMLDecodeError as error:
            where = _WHERE.fullmatch(str(error))
            line, problem = (int(where["line"]), where["problem"]) if where else (len(self._lines) or 1, str(error))
            problem = f"not TOML: {problem[:1].lower()}{problem[1:]}"
            shown = self._diagnostic(line, problem, _toml_hint(self._text(line)))
            raise ProjectError([shown]) from error
        return data

    def _build(self, number: int, table: dict[str, Any]) -> Build | None:
        for key in table.keys() - set(_KEYS):
            self._report(self._line_of(key, number), f"unknown key '{key}' in a spec", _hint(key, _KEYS))
        path = table.get("path")
        if not isinstance(path, str) or not path:
            line = self._line_of("path", number)
            what = "a spec without a path" if path is None else f"'path' is no text, but {path!r}"
            self._report(line, what, 'name its folder: `path = "schema/my_stream"`')
            return None
        spec = self._folder(path)
        if not spec.is_dir():
            what = "is a file; give its folder" if spec.is_file() else "is no folder"
            self._report(self._line_of("path", number), f"'{path}' {what}", self._near(spec))
            return None
        targets = self._chosen(number, table)
        templates = tuple(self._own_templates(number, table))
        return Build(spec, dict(self._outs(number, table, targets)), templates)

    def _chosen(self, number: int, table: dict[str, Any]) -> list[str]:
        chosen = table.get("targets", list(self._targets))
        line = self._line_of("targets", number)
        if not _is_texts(chosen) or not chosen:
            what = f"'targets' is no list of names, but {chosen!r}"
            self._report(line, what, f'write `targets = ["python"]`, or leave it out to have all: {self._all()}')
            return list(self._targets)
        for name in chosen:
            if name not in self._targets:
                self._report(line, f"no target '{name}'", _hint(name, self._targets))
        return [name for name in self._targets if name in chosen]

    def _outs(self, number: int, table: dict[str, Any], targets: list[str]) -> Iterator[tuple[str, Path]]:
        out, line = table.get("out", DEFAULT_OUT.as_posix()), self._line_of("out", number)
        by_target = out if isinstance(out, dict) else dict.fromkeys(targets, out)
        for target, folder in by_target.items():
            if target not in self._targets:
                self._report(self._line_of(target, number), f"no target '{target}'", _hint(target, self._targets))
            elif target not in targets:
                hint = "add it to `targets`, or leave it out here"
                self._report(self._line_of(target, number), f"'{target}' is none of the targets of this spec", hint)
            elif not isinstance(folder, str) or not folder:
                hint = 'name a folder: `out = "generated"`, or one for each target: `out = {python = "src"}`'
                self._report(line, f"'out' is no text, but {folder!r}", hint)
        for target in targets:
            folder = by_target.get(target, DEFAULT_OUT.as_posix())
            if isinstance(folder, str) and folder:
                yield target, self._folder(folder)

    def _own_templates(self, number: int, table: dict[str, Any]) -> Iterator[Path]:
        given, line = table.get("templates", []), self._line_of("templates", number)
        if not _is_texts(given):
            hint = 'write `templates = ["my_templates"]`'
            self._report(line, f"'templates' is no list of folders, but {given!r}", hint)
            return
        for path in given:
            folder = self._folder(path)
            if folder.is_dir():
                yield folder
            else:
                self._report(line, f"'{path}' is no folder", self._near(folder))

    def _refuse_doubles(self, builds: Mapping[int, Build]) -> None:
        seen: set[Path] = set()
        for number, build in builds.items():
            folder = build.spec.resolve()
            if folder in seen:
                hint = "name each spec once; `out` may be a table with a folder for each target"
                self._report(self._line_of("path", number), f"'{build.spec.as_posix()}' is named twice", hint)
            seen.add(folder)

    def _folder(self, path: str) -> Path:
        return self._file.parent / path

    def _near(self, folder: Path) -> str:
        beside = [each.name for each in folder.parent.iterdir() if each.is_dir()] if folder.parent.is_dir() else []
        guess = did_you_mean(folder.name, beside)
        return f"{guess} Paths begin in the folder of the project file".lstrip()

    def _all(self) -> str:
        return ", ".join(self._targets)

    def _line_of(self, key: str, number: int | None = None) -> int:
        """Find the line of a key: in the table of a spec, or before all of them."""
        headers = [line for line, text in enumerate(self._lines, 1) if _HEADER.match(text)]
        begin = headers[number] if number is not None and number < len(headers) else 1
        end = next((line for line in headers if line > begin), len(self._lines) + 1)
        named = re.compile(rf"[^#]*?\b{re.escape(key)}\b[\"']?\s*(=|\])")
        return next((line for line in range(begin, end) if named.match(self._text(line))), begin)

    def _text(self, line: int) -> str:
        return self._lines[line - 1] if line <= len(self._lines) else ""

    def _report(self, line: int, message: str, hint: str) -> None:
        self._found.append(self._diagnostic(line, message, hint))

    def _diagnostic(self, line: int, message: str, hint: str) -> Diagnostic:
        text = self._text(line)
        begin = len(text) - len(text.lstrip())
        span = Span(self._file.as_posix(), Position(line, begin + 1), Position(line, max(len(text), begin + 1) + 1))
        return Diagnostic(UNUSABLE_PROJECT, span, message, hint)


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) and each for each in value)


def _hint(name: str, known: Collection[str]) -> str:
    return did_you_mean(name, known) or f"what there is: {', '.join(known)}"


def _toml_hint(line: str) -> str:
    if re.match(r"\s*-?\s*[\w-]+\s*:", line):
        return 'TOML has `=` between key and value: `path = "schema/my_stream"`'
    return 'texts stand in quotes, lists in brackets: `targets = ["python"]`'
