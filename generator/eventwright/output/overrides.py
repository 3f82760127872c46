"""What is wrong with the templates of somebody's own."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from ..diagnostics.rule import Rule, Severity
from ..diagnostics.suggest import did_you_mean
from ..diagnostics.values import Position, Report, Span
from .inputs import template_files
from .render import TemplateProblem

UNUSABLE_TEMPLATE = Rule(
    "E901",
    Severity.ERROR,
    "template that cannot be used",
    "A template of one's own must be valid Jinja and may use only what its view object has.",
)
IDLE_TEMPLATE = Rule(
    "W903",
    Severity.WARNING,
    "template that overrides nothing",
    (
        "A template takes the place of the one that ships under the same name, or is included by one that does. Any "
        "other name is asked for by nobody, so the output would be as if the file were not there."
    ),
)


def report_problem(error: TemplateProblem, templates: Sequence[Path], report: Report) -> None:
    """Report a template that cannot be used (E901)."""
    hint = "correct the template, or remove it to use the one that ships"
    report.add(UNUSABLE_TEMPLATE, _template_span(error, templates), f"template cannot be used: {error.problem}", hint)


def check_overrides(templates: Sequence[Path], used: Collection[str], report: Report) -> None:
    """Warn of files that nothing asks for (W903): most likely their names are misspelt."""
    *own, shipped = templates
    known = [path.relative_to(shipped).as_posix() for path in template_files(shipped)]
    all_names = "`eventwright list templates` lists those that can be overridden"
    for folder in own:
        names = [path.relative_to(folder).as_posix() for path in template_files(folder)]
        guesses = {name: did_you_mean(name, known) for name in names if name not in known and name not in used}
        # A file of another kind may well explain the templates beside it.
        idle = [name for name, guess in guesses.items() if guess or name.endswith(".jinja")]
        if len(guesses) == len(names) and not idle:
            report.add(IDLE_TEMPLATE, Span(folder.as_posix()), "the folder holds no template", all_names)
        for name in idle:
            hint = f"{guesses[name]} {all_names}".lstrip()
            report.add(IDLE_TEMPLATE, Span((folder / name).as_posix()), f"'{name}' overrides no template", hint)


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
