"""Reads the files of a spec into declarations."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from ..diagnostics.rule import Rule, Severity
from ..diagnostics.values import Position, Report, Span
from ..model.names import is_plain
from .declarations import SpecDecl
from .files import spec_files
from .loader import load
from .parser import parse_file, parse_spec, unreadable_file

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

SPEC_FILE = "spec.yaml"
"""What says how a spec as a whole is; the other files declare its parts."""


def read_declarations(folder: Path, report: Report) -> SpecDecl | None:
    """Read the spec in a folder as it is written; None when there is none, which is reported."""
    sources = spec_sources(folder, report)
    if sources is None:
        return None
    if not sources:
        report.add(NO_SPEC_FILE, Span(folder.as_posix()), "no spec file", "put YAML files into the folder")
        return None
    files = []
    root, readable = None, True
    for path, text in sources.items():
        shown = (folder / path).as_posix()
        before = report.error_count
        node = load(text, shown, report)
        unreadable = node is None and report.error_count > before
        if path.as_posix() == SPEC_FILE:
            root, readable = node, not unreadable
        elif unreadable:
            files.append(unreadable_file(text, path.with_suffix(""), shown))
        else:
            files.append(parse_file(node, path.with_suffix(""), shown, report))
    name = folder.resolve().name
    name = name if is_plain(name) else "events"
    return parse_spec(root, (folder / SPEC_FILE).as_posix(), name, files, report, readable=readable)


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
