"""Reads the files of a spec into declarations."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import replace
from pathlib import Path, PurePosixPath

from ..diagnostics.rule import Rule, Severity
from ..diagnostics.values import Position, Report, Span
from ..model.names import is_plain
from .declarations import FileDecl, SpecDecl, Text
from .files import SPEC_FILE, spec_files
from .loader import load
from .parser import includes, parse_file, parse_spec, unreadable_file

NO_SPEC_FILE = Rule(
    "E106",
    Severity.ERROR,
    "no spec file",
    "The folder is probably not the one that was meant.",
)
UNREADABLE_FILE = Rule(
    "E107",
    Severity.ERROR,
    "file that cannot be read",
    "Spec files are UTF-8, so that they mean the same on every machine.",
)

UNUSABLE_INCLUDE = Rule(
    "E110",
    Severity.ERROR,
    "folder that cannot be included",
    (
        "`include` adds the files of a folder that several specs share: types, enums, unions and groups. Such a folder"
        " has no spec.yaml and no events, and a name of its own."
    ),
)


def read_declarations(folder: Path, report: Report) -> SpecDecl | None:
    """Read the spec in a folder as it is written; None when there is none, which is reported."""
    sources = spec_sources(folder, report)
    if sources is None:
        return None
    if not sources:
        report.add(NO_SPEC_FILE, Span(folder.as_posix()), "no spec file", "put YAML files into the folder")
        return None
    root, readable = None, True
    spec_text = sources.pop(PurePosixPath(SPEC_FILE), None)
    if spec_text is not None:
        before = report.error_count
        root = load(spec_text, (folder / SPEC_FILE).as_posix(), report)
        readable = root is not None or report.error_count == before
    files = [_file(folder / path, path, text, report) for path, text in sources.items()]
    for include in includes(root, report):
        found = _included(folder, include, {file.path.parts[0] for file in files}, report)
        if found is None:
            return None
        files += found
    name = folder.resolve().name
    name = name if is_plain(name) else "events"
    return parse_spec(root, (folder / SPEC_FILE).as_posix(), name, files, report, readable=readable)


def _file(file: Path, path: PurePosixPath, text: str, report: Report) -> FileDecl:
    before = report.error_count
    node = load(text, file.as_posix(), report)
    if node is None and report.error_count > before:
        return unreadable_file(text, path.with_suffix(""), file.as_posix())
    return parse_file(node, path.with_suffix(""), file.as_posix(), report)


def _included(folder: Path, include: Text, taken: Container[str], report: Report) -> list[FileDecl] | None:
    """Read the files of a folder that a spec includes; None where one of them cannot be opened, which is reported."""
    place = folder / include.value
    top = place.resolve().name
    problem = hint = ""
    if not place.is_dir():
        problem, hint = (
            f"there is no folder '{include.value}'",
            f"make it; paths begin in '{folder.as_posix()}'",
        )
    elif place.resolve().is_relative_to(folder.resolve()) or folder.resolve().is_relative_to(place.resolve()):
        problem, hint = f"'{include.value}' is a part of the spec, or the other way round", "move it beside the spec"
    elif (place / SPEC_FILE).is_file():
        problem, hint = f"'{include.value}' is a spec itself", f"move what both share to a folder without '{SPEC_FILE}'"
    elif not spec_files(place):
        problem, hint = f"'{include.value}' holds no YAML file", "put the files there that several specs share"
    elif top in taken:
        problem, hint = f"there is a file or folder '{top}' already", "rename one of the two"
    if problem:
        report.add(UNUSABLE_INCLUDE, include.span, problem, hint)
        return []
    sources = spec_sources(place, report)
    if sources is None:
        return None
    files = [_file(place / path, PurePosixPath(top, path), text, report) for path, text in sources.items()]
    for event in (event for file in files for event in file.events):
        message = f"event '{event.tag.value}' in a folder that specs share"
        report.add(UNUSABLE_INCLUDE, event.tag.span, message, "move it into the spec whose stream it belongs to")
    return [replace(file, included=True, events=()) for file in files]


def spec_sources(folder: Path, report: Report) -> dict[PurePosixPath, str] | None:
    """Give the text of every YAML file below a folder, by path, sorted.

    Returns:
        None where a file or folder cannot be opened, which is reported (E107): without what it declares, nothing can
        be said about the rest.
    """
    sources: dict[PurePosixPath, str] = {}
    unread: list[Path] = []

    def report_unread(error: OSError, path: Path) -> None:
        unread.append(path)
        report.add(
            UNREADABLE_FILE, Span(path.as_posix()), f"cannot be read: {error.strerror or error}", "change its rights"
        )

    for path in spec_files(folder, lambda error: report_unread(error, Path(error.filename))):
        try:
            sources[PurePosixPath(path.relative_to(folder).as_posix())] = path.read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            data = error.object[: error.start]
            line = data.count(b"\n") + 1
            column = len(data[data.rfind(b"\n") + 1 :].decode("utf-8")) + 1
            span = Span(path.as_posix(), Position(line, column), Position(line, column + 1))
            report.add(
                UNREADABLE_FILE, span, f"byte 0x{error.object[error.start]:02x} is not UTF-8", "save the file as UTF-8"
            )
            sources[PurePosixPath(path.relative_to(folder).as_posix())] = error.object.decode("utf-8", "replace")
        except OSError as error:
            report_unread(error, path)
    return None if unread else sources
