"""Which specs a project has, and what is made of each. Cheap to import, for runs with nothing to do."""

from __future__ import annotations

import re
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
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
        "ship. Output of specs and targets that it no longer names is removed, so it is read to the letter. "
        "`[[pages]]` adds pages to the site of the docs: `title` is what they are called together, `files` are "
        "Markdown and programs in Python, and `about` names the specs whose pages lead to them."
    ),
)

_HEADER = re.compile(r"\s*\[\[\s*(?P<table>\w+)\s*\]\]")
_KEYS = {"spec": ("path", "out", "targets", "templates"), "pages": ("title", "files", "about")}
"""The keys of each kind of table."""

_PAGE_SUFFIXES = (".md", ".py")
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


@dataclass(frozen=True, slots=True)
class Pages:
    """Pages that a project adds to the site of its docs.

    Attributes:
        title: What they are called together.
        files: Markdown and programs in Python, as paths below the folder of the project; never empty.
        about: Folders of the specs that they are about.
    """

    title: str
    files: tuple[PurePosixPath, ...]
    about: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Project:
    """What a project file says; it names one spec at least."""

    builds: tuple[Build, ...]
    pages: tuple[Pages, ...] = ()


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


def read_project(file: Path, targets: Collection[str]) -> Project:
    """Read a project file.

    Args:
        file: Paths in it begin in its folder.
        targets: The names of all targets.

    Raises:
        ProjectError: It is not what a project file should be.
        OSError: It cannot be read.
    """
    return _Reader(file, targets).project()


class _Reader:
    """Reads one project file, and collects what is wrong."""

    def __init__(self, file: Path, targets: Collection[str]) -> None:
        self._file = file
        self._targets = targets
        self._lines: list[str] = []
        self._found: list[Diagnostic] = []

    def project(self) -> Project:
        data = self._data()
        for key in data.keys() - _KEYS.keys():
            hint = did_you_mean(key, _KEYS) or "begin a spec with `[[spec]]`, and pages for the site with `[[pages]]`"
            self._report(self._line_of(key), f"unknown key '{key}'", hint)
        specs = self._tables(data, "spec")
        if specs == []:
            self._report(1, "no spec", 'name one: `[[spec]]`, and below it `path = "schema/my_stream"`')
        builds = {number: build for number, table in enumerate(specs or []) if (build := self._build(number, table))}
        self._refuse_doubles(builds)
        groups = enumerate(self._tables(data, "pages") or [])
        pages = [self._pages(number, table, list(builds.values())) for number, table in groups]
        if self._found:
            raise ProjectError(sorted(self._found, key=lambda found: found.sort_key))
        return Project(tuple(builds.values()), tuple(pages))

    def _tables(self, data: dict[str, Any], name: str) -> list[dict[str, Any]] | None:
        """Give the tables of a name; None if they are something else, which is told."""
        tables = data.get(name, [])
        if isinstance(tables, list) and all(isinstance(table, dict) for table in tables):
            return tables
        line = next((number for number, text in enumerate(self._lines, 1) if name in text), 1)
        self._report(line, f"'{name}' is no list of tables", f"begin each of them with `[[{name}]]`")
        return None

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
        self._refuse_unknown("spec", number, table)
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

    def _refuse_unknown(self, name: str, number: int, table: dict[str, Any]) -> None:
        for key in table.keys() - set(_KEYS[name]):
            what = "a spec" if name == "spec" else "pages"
            self._report(self._line_of(key, number, name), f"unknown key '{key}' in {what}", _hint(key, _KEYS[name]))

    def _pages(self, number: int, table: dict[str, Any], builds: Sequence[Build]) -> Pages:
        self._refuse_unknown("pages", number, table)
        title = table.get("title")
        if not isinstance(title, str) or not title.strip():
            what = "pages without a title" if title is None else f"'title' is no text, but {title!r}"
            hint = 'say what they are called together: `title = "Programs"`'
            self._report(self._line_of("title", number, "pages"), what, hint)
        files, line = table.get("files"), self._line_of("files", number, "pages")
        if not files or not _is_texts(files):
            what = "pages without files" if files is None else f"'files' is no list of files, but {files!r}"
            self._report(line, what, 'name one at least: `files = ["examples/first.py"]`')
            files = []
        shown = tuple(page for path in files if (page := self._page(path, line)))
        return Pages(str(title), shown, self._about(number, table, builds))

    def _about(self, number: int, table: dict[str, Any], builds: Sequence[Build]) -> tuple[Path, ...]:
        """Give the folders of the specs that pages are about."""
        about, line = table.get("about", []), self._line_of("about", number, "pages")
        if not _is_texts(about):
            hint = 'name specs by their `path`: `about = ["schema/my_stream"]`'
            self._report(line, f"'about' is no list of specs, but {about!r}", hint)
            return ()
        specs = {build.spec.resolve(): build.spec for build in builds}
        for path in about:
            if self._folder(path).resolve() not in specs:
                known = [build.spec.relative_to(self._file.parent).as_posix() for build in builds]
                self._report(line, f"'{path}' is none of the specs of the project", _hint(path, known))
        return tuple(specs.get(self._folder(path).resolve(), Path(path)) for path in about)

    def _page(self, path: str, line: int) -> PurePosixPath | None:
        """Give the path of a page, None if there can be none."""
        file, page = self._folder(path), PurePosixPath(path)
        if page.is_absolute() or ".." in page.parts:
            self._report(line, f"'{path}' is not below the folder of the project file", "move it below that folder")
        elif page.suffix not in _PAGE_SUFFIXES:
            self._report(line, f"'{path}' is neither Markdown nor Python", "give a file in `.md` or in `.py`")
        elif not file.is_file():
            beside = [each.name for each in file.parent.iterdir()] if file.parent.is_dir() else []
            self._report(line, f"'{path}' is no file", self._guess(file.name, beside))
        else:
            return page
        return None

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
        return self._guess(folder.name, beside)

    @staticmethod
    def _guess(name: str, beside: Collection[str]) -> str:
        return f"{did_you_mean(name, beside)} Paths begin in the folder of the project file".lstrip()

    def _all(self) -> str:
        return ", ".join(self._targets)

    def _line_of(self, key: str, number: int | None = None, name: str = "spec") -> int:
        """Find the line of a key: in a table of a name, or before all of them."""
        headers = {line: found["table"] for line, text in enumerate(self._lines, 1) if (found := _HEADER.match(text))}
        named_so = [line for line, table in headers.items() if table == name]
        begin = named_so[number] if number is not None and number < len(named_so) else 1
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
