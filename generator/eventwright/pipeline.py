"""From a spec folder to the text of every output file, in memory."""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from . import docview, ir, pyview, schemaview, streamview
from .check import check
from .diagnostics import Position, Report, Span, did_you_mean
from .inputs import spec_files, template_files
from .loader import load
from .names import is_module_name
from .parser import parse_file, parse_spec, unreadable_file
from .pytext import tidy
from .render import Page, Renderer, TemplateProblem
from .resolve import resolve
from .syntax import SpecDecl

SPEC_FILE = "spec.yaml"

VIEWS: tuple[Callable[[ir.Spec], Iterator[Page]], ...] = (
    pyview.pages,
    streamview.pages,
    schemaview.pages,
    docview.pages,
)
"""Who makes the pages: each kind of output is one view module with its templates."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a compilation gives.

    Attributes:
        files: Text of every output file by its path below the output folder; empty when the report has errors.
        report: All findings.
    """

    files: dict[PurePosixPath, str]
    report: Report


def compile_spec(folder: Path, templates: Sequence[Path]) -> Result:
    """Compile the spec in a folder.

    Args:
        folder: Where the YAML files are.
        templates: Folders of templates, at the end the one that ships; the first that has a template wins.
    """
    spec, report = read_spec(folder)
    if spec is None:
        return Result({}, report)
    renderer = Renderer(templates)
    files: dict[PurePosixPath, str] = {}
    broken: set[str] = set()
    for view in VIEWS:
        for page in view(spec):
            if page.template in broken:
                continue
            try:
                text = renderer.render(page)
                if page.path.suffix == ".py":
                    text = tidy(text)
                    if len(templates) > 1:
                        _check_python(page, text)
                files[page.path] = text
            except TemplateProblem as error:
                broken.add(page.template)
                hint = "mend the template, or remove it to use the one that ships"
                message = f"template cannot be used: {error.problem}"
                report.error("E901", _template_span(error, templates), message, hint)
    files.update(pyview.runtime_files(spec))
    if not broken:
        _check_overrides(templates, renderer.used, report)
    return Result({} if report.has_errors else files, report)


def _check_overrides(templates: Sequence[Path], used: Collection[str], report: Report) -> None:
    """Warn of files that nothing asks for: most likely their names are misspelt."""
    *own, shipped = templates
    known = [path.relative_to(shipped).as_posix() for path in template_files(shipped)]
    all_names = "`eventwright list templates` lists those that can be overridden"
    for folder in own:
        names = [path.relative_to(folder).as_posix() for path in template_files(folder)]
        guesses = {name: did_you_mean(name, known) for name in names if name not in known and name not in used}
        # A file of another kind may well explain the templates beside it.
        idle = [name for name, guess in guesses.items() if guess or name.endswith(".jinja")]
        if len(guesses) == len(names) and not idle:
            report.warning("W903", Span(folder.as_posix()), "the folder holds no template", all_names)
        for name in idle:
            hint = f"{guesses[name]} {all_names}".lstrip()
            report.warning("W903", Span((folder / name).as_posix()), f"'{name}' overrides no template", hint)


def _check_python(page: Page, text: str) -> None:
    """Refuse what a template of somebody's own has made of a module; those that ship are known to write Python."""
    try:
        ast.parse(text)
    except SyntaxError as error:
        line = text.splitlines()[error.lineno - 1].strip() if error.lineno and error.text else ""
        problem = f"'{page.path}' is not Python: {error.msg} at line {error.lineno}: {line}"
        raise TemplateProblem(page.template, None, problem) from error


def _template_span(error: TemplateProblem, templates: Sequence[Path]) -> Span:
    """Mark the whole line, since Jinja tells no column."""
    file = next((folder / error.template for folder in templates if (folder / error.template).is_file()), None)
    if file is None or error.line is None:
        return Span(error.template if file is None else file.as_posix())
    lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    line = lines[error.line - 1] if error.line <= len(lines) else ""
    begin = len(line) - len(line.lstrip())
    start, end = Position(error.line, begin + 1), Position(error.line, max(len(line), begin + 1) + 1)
    return Span(file.as_posix(), start, end)


def read_spec(folder: Path) -> tuple[ir.Spec | None, Report]:
    """Read and check the spec in a folder.

    Returns:
        The resolved spec, None when there are errors, and the report with all findings.
    """
    report = Report()
    declared = read_declarations(folder, report)
    if declared is None:
        return None, report
    resolved = resolve(declared, report)
    check(resolved, declared, report)
    return (None if report.has_errors else resolved), report


def read_declarations(folder: Path, report: Report) -> SpecDecl | None:
    """Read the spec in a folder as it is written; None when there is none, which is reported."""
    sources = spec_sources(folder, report)
    if sources is None:
        return None
    if not sources:
        report.error("E106", Span(folder.as_posix()), "no spec file", "put YAML files into the folder")
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
    name = name if is_module_name(name) else "events"
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
        report.error("E107", Span(path.as_posix()), f"cannot be read: {error.strerror or error}", "mend its rights")

    for path in spec_files(folder, lambda error: report_unread(error, Path(error.filename))):
        try:
            sources[PurePosixPath(path.relative_to(folder).as_posix())] = path.read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            data = error.object[: error.start]
            line = data.count(b"\n") + 1
            column = len(data[data.rfind(b"\n") + 1 :].decode("utf-8")) + 1
            span = Span(path.as_posix(), Position(line, column), Position(line, column + 1))
            report.error("E107", span, f"byte 0x{error.object[error.start]:02x} is not UTF-8", "save the file as UTF-8")
            sources[PurePosixPath(path.relative_to(folder).as_posix())] = error.object.decode("utf-8", "replace")
        except OSError as error:
            report_unread(error, path)
    return None if unread else sources
