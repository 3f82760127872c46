"""The command line. The only module that prints, and with `writer` the only one that touches the output folder.

A run with nothing to do should take no longer than Python itself, so heavy modules are imported where they are used.
"""

from __future__ import annotations

import contextlib
import errno
import inspect
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from ..output import inputs, resources
from ..syntax.files import SPEC_SUFFIXES, spec_files

if TYPE_CHECKING:
    from ..diagnostics.values import Diagnostic
    from ..model import ir
    from ..output import writer
    from ..pipeline import Result

F = TypeVar("F", bound=Callable[..., Any])

DEFAULT_SPEC = Path("schema/openai_responses")
DEFAULT_OUT = Path("generated")

FINE, FOUND = 0, 1

_EXIT_CODES = """
\b
Exit codes:
  0  fine
  1  {one}
  2  wrong usage
"""


class _Group(click.Group):
    """Lists commands in the order in which one meets them, not by name, and shows what the system refuses in a line."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except OSError as error:
            # That nobody reads the output any more is for `click` to deal with.
            if error.errno == errno.EPIPE:
                raise
            where = f"'{error.filename}': " if error.filename is not None else ""
            raise click.ClickException(f"{where}{error.strerror or error}") from error


def _documented(examples: str, one: str) -> Callable[[F], F]:
    """Add examples and exit codes to the help of a command."""

    def decorate(function: F) -> F:
        shown = "\n".join(f"  {line}" for line in examples.strip().splitlines())
        text = inspect.cleandoc(function.__doc__ or "")
        function.__doc__ = f"{text}\n\n\b\nExamples:\n{shown}\n{_EXIT_CODES.format(one=one)}"
        return function

    return decorate


def _with_options(*options: Callable[[F], F]) -> Callable[[F], F]:
    def decorate(function: F) -> F:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


_SPEC = click.argument("spec", required=False)
_SPEC_OPTION = click.option("--spec", metavar="SPEC", help="Folder of the spec, or the name of one that ships.")
_OUT = click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=DEFAULT_OUT,
    show_default=True,
    help="Folder of the output.",
)
_TEMPLATES = click.option(
    "--templates",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    multiple=True,
    help="Folder of templates that go before those of the same names that ship (see `eventwright list templates`);"
    " may be repeated, the first wins.",
)
_FORMAT = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github", "sarif"]),
    default="text",
    show_default=True,
    help="How findings are shown.",
)
_STRICT = click.option("--strict", is_flag=True, help="Let warnings fail, too.")
_QUIET = click.option("--quiet", "-q", is_flag=True, help="Show nothing but errors.")
_NO_COLOR = click.option("--no-color", is_flag=True, help="No colour; the variable NO_COLOR does the same.")


def _print_version(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    if not value or ctx.resilient_parsing:
        return
    from importlib import metadata

    try:
        click.echo(f"eventwright {metadata.version('eventwright')}")
    except metadata.PackageNotFoundError:
        click.echo("eventwright, from a source checkout")
    ctx.exit()


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_print_version, help="Show the version."
)
def main() -> None:
    """Compile the YAML spec of an event stream into a Python package, JSON Schema and docs.

    SPEC is a folder of YAML files. Without it, `schema/openai_responses` below the working folder is taken, or else the
    only folder in `schema/` that holds YAML. The name of a spec that ships, such as `openai_responses`, works
    everywhere.

    \b
    Examples:
      eventwright generate
      eventwright check --strict
      eventwright explain E301
    """


@main.command()
@_with_options(_SPEC, _OUT, _TEMPLATES)
@click.option("--force", is_flag=True, help="Overwrite files that were edited by hand.")
@_with_options(_FORMAT, _QUIET, _NO_COLOR)
@_documented(
    """
eventwright generate
eventwright generate schema/my_stream --out build/generated
eventwright generate openai_responses --templates my_templates
""",
    "the spec has errors, or the output cannot be written; nothing was changed then",
)
def generate(
    spec: str | None,
    out: Path,
    templates: tuple[Path, ...],
    force: bool,
    form: str,
    quiet: bool,
    no_color: bool,
) -> None:
    """Generate the output of SPEC.

    All or nothing: when anything goes wrong, the output stays as it is. Files that are equal are not touched, files
    that are no longer generated are removed, and files that somebody has edited are not overwritten.
    """
    screen = _Screen(form, quiet=quiet, color=_wants_color(no_color))
    folder = _find_spec(spec)
    _refuse_output_among_inputs(out, folder, templates)
    sys.exit(_generate(folder, out, _all_templates(templates), screen, force=force))


@main.command(short_help="Tell whether the spec is clean and its output current.")
@_with_options(_SPEC, _OUT, _TEMPLATES, _STRICT, _FORMAT, _QUIET, _NO_COLOR)
@_documented(
    """
eventwright check
eventwright check --strict --format github
""",
    "the spec has errors (with --strict: or warnings), or the output is not current",
)
def check(
    spec: str | None,
    out: Path,
    templates: tuple[Path, ...],
    strict: bool,
    form: str,
    quiet: bool,
    no_color: bool,
) -> None:
    """Tell whether SPEC is clean and its output current; write nothing.

    Shows what `generate` would change as a unified diff, or, with another --format, as a finding for each file. The
    paths of the diff begin in the working folder, or in the folder of the output where that lies elsewhere: `patch -p1`
    makes the changes there.
    """
    from ..output import staleness, writer

    screen = _Screen(form, quiet=quiet, color=_wants_color(no_color))
    folder = _find_spec(spec)
    _refuse_output_among_inputs(out, folder, templates)
    result, digest = _compile(folder, _all_templates(templates), screen)
    diagnostics = result.report.diagnostics
    if result.report.has_errors:
        screen.findings(diagnostics)
        sys.exit(FOUND)
    try:
        planned = writer.plan(out, result.files, digest)
    except writer.WriteError as error:
        screen.findings(diagnostics, [staleness.unusable(out, str(error))])
        screen.failure(str(error))
        sys.exit(FOUND)
    screen.findings(diagnostics, staleness.findings(out, planned))
    if planned.is_current:
        screen.note(f"{out.as_posix()} is current")
        sys.exit(FOUND if strict and diagnostics else FINE)
    screen.diff(writer.unified_diff(planned.files, _seen_from_here(out)))
    if planned.interrupted:
        screen.failure(
            f"an earlier run was interrupted while it wrote {out.as_posix()}; `eventwright generate` mends it"
        )
    elif planned.edited or planned.foreign:
        _say_what_is_in_the_way(screen, f"{out.as_posix()} is not current", writer.Edited(planned))
    else:
        screen.failure(f"{out.as_posix()} is not current ({_counts(planned)}); run `eventwright generate`")
    sys.exit(FOUND)


@main.command()
@_with_options(_SPEC, _STRICT, _FORMAT, _QUIET, _NO_COLOR)
@_documented(
    """
eventwright lint
eventwright lint schema/my_stream --format sarif > findings.sarif
""",
    "the spec has errors (with --strict: or warnings)",
)
def lint(spec: str | None, strict: bool, form: str, quiet: bool, no_color: bool) -> None:
    """Check SPEC alone; look at no output."""
    from ..pipeline import read_spec

    screen = _Screen(form, quiet=quiet, color=_wants_color(no_color))
    _, report = read_spec(_find_spec(spec))
    screen.findings(report.diagnostics)
    if not report.diagnostics:
        screen.note("no findings")
    sys.exit(FOUND if report.has_errors or (strict and report.diagnostics) else FINE)


@main.command(short_help="Say what a rule is for, with examples.")
@click.argument("code", required=False)
@_documented(
    """
eventwright explain
eventwright explain E301
""",
    "never",
)
def explain(code: str | None) -> None:
    """Say what the rule CODE is for, with a bad and a good example; without CODE, list all rules."""
    from ..diagnostics.suggest import did_you_mean
    from ..pipeline import all_rules
    from ..rules.explained import examples

    rules = all_rules()
    if code is None:
        for name, rule in rules.items():
            click.echo(f"{name}  {rule.title}")
        return
    found = rules.get(code.upper())
    if found is None:
        hint = did_you_mean(code.upper(), rules) or "`eventwright explain` lists all"
        raise click.UsageError(f"no rule '{code}'; {hint}")
    click.echo(f"{found.code} ({found.severity.value}): {found.title}\n\n{_wrapped(found.why)}\n")
    shown = examples(found.code)
    for what, folder in (("Bad", shown.bad), ("Good", shown.good)):
        click.echo(f"{what}:\n\n{_shown_files(shown.shown(folder))}")
    click.echo(f"Both are whole specs: see {shown.bad.parent.as_posix()}")


@main.command("list", short_help="List events, types, who uses what, or templates.")
@click.argument("what", type=click.Choice(["events", "types", "uses", "templates"]), default="events")
@click.argument("name", required=False)
@_SPEC_OPTION
@_documented(
    """
eventwright list
eventwright list types --spec schema/my_stream
eventwright list uses OutputItem
eventwright list templates
""",
    "the spec has errors",
)
def list_(what: str, name: str | None, spec: str | None) -> None:
    """List events or types, or who uses the type NAME and what it uses, or the templates that can be overridden."""
    if what == "uses" and name is None:
        raise click.UsageError("'uses' needs the NAME of a type or event; `eventwright list types` lists them")
    if what != "uses" and name is not None:
        meant = f"{what} --spec" if Path(name).is_dir() or name in resources.shipped_specs() else "uses"
        raise click.UsageError(f"'{what}' takes no NAME; did you mean `eventwright list {meant} {name}`?")
    if what == "templates":
        shipped = resources.templates()
        _print_table(
            [(path.relative_to(shipped).as_posix(), path.as_posix()) for path in inputs.template_files(shipped)]
        )
        return
    from ..pipeline import read_spec

    resolved, report = read_spec(_find_spec(spec))
    if resolved is None:
        _Screen("text", quiet=True, color=_wants_color(False)).findings(report.diagnostics)
        sys.exit(FOUND)
    if name is not None:
        _print_uses(resolved, name)
    elif what == "events":
        _print_table([(event.tag, event.record.name, event.record.module.as_posix()) for event in resolved.events])
    else:
        _print_table(
            [
                (each.name, kind, module.path.as_posix())
                for module in resolved.modules
                for kind, declared in (("enum", module.enums), ("type", module.records), ("union", module.unions))
                for each in declared
            ]
        )


@main.group(cls=_Group)
def new() -> None:
    """Add something to a spec."""


@new.command("event", short_help="Add an event beside its siblings.")
@click.argument("tag")
@click.option("--file", type=click.Path(dir_okay=False, path_type=Path), help="File that the event goes into.")
@_SPEC_OPTION
@_documented(
    """
eventwright new event response.output_text.paused
eventwright new event response.video.delta --file schema/openai_responses/events/video.yaml
""",
    "the spec has errors, or the event cannot be added; nothing was changed then",
)
def new_event(tag: str, file: Path | None, spec: str | None) -> None:
    """Add the event TAG to the file of its siblings, with everything but words.

    The rest of the file stays as it is, comments included.
    """
    from ..authoring import new_event as stub
    from ..diagnostics.values import Report
    from ..pipeline import read_spec
    from ..syntax.loader import load
    from ..syntax.reading import read_declarations

    folder = _find_spec(spec)
    if not tag.strip():
        raise click.UsageError("the TAG is empty; write it as it is on the wire")
    resolved, report = read_spec(folder)
    declared = read_declarations(folder, Report())
    screen = _Screen("text", quiet=True, color=_wants_color(False))
    if resolved is None or declared is None:
        screen.findings(report.diagnostics)
        sys.exit(FOUND)
    if any(event.tag == tag for event in resolved.events):
        raise click.UsageError(f"the event '{tag}' is there already; `eventwright list uses {tag}` says more")
    near = stub.sibling(declared, tag)
    target = file or (Path(near.file.file) if near else _new_file(folder, tag))
    if not target.resolve().is_relative_to(folder.resolve()):
        raise click.UsageError(f"'{target.as_posix()}' is not in the spec '{folder.as_posix()}'; name a file below it")
    if not target.parent.is_dir():
        raise click.UsageError(f"there is no folder '{target.parent.as_posix()}'; make it first")
    if target.suffix not in SPEC_SUFFIXES or target.name.startswith("."):
        raise click.UsageError(
            f"'{target.as_posix()}' would be no file of the spec; give it a name such as 'more.yaml'"
        )
    use = near.use if near and (file is None or Path(near.file.file) == file) else ()
    before = target.read_text(encoding="utf-8") if target.exists() else _new_file_text(target, tag)
    try:
        after = stub.inserted(
            before,
            load(before, target.as_posix(), Report()),
            tag,
            stub.declaration(resolved, near.file if near else None, tag, use),
        )
    except stub.NoPlace as error:
        raise click.UsageError(f"'{target.as_posix()}' cannot take the event: {error}; give another --file") from error
    existed = target.exists()
    _replace(target, after)
    _, report = read_spec(folder)
    if report.has_errors:
        # Shown before the file goes back, while the lines that the findings point at are there.
        screen.findings(report.diagnostics)
        if existed:
            _replace(target, before)
        else:
            target.unlink()
        screen.failure(f"'{tag}' was not added")
        sys.exit(FOUND)
    lint = "eventwright lint" if spec is None else f"eventwright lint {spec}"
    click.echo(f"added '{tag}' to {target.as_posix()}; write its description and its fields, then `{lint}`")


@main.command(short_help="Generate on every change.")
@_with_options(_SPEC, _OUT, _TEMPLATES)
@click.option(
    "--interval", type=click.FloatRange(0.05), default=0.3, show_default=True, help="Seconds between two looks."
)
@_with_options(_QUIET, _NO_COLOR)
@_documented(
    """
eventwright watch
eventwright watch schema/my_stream --templates my_templates
""",
    "never; Ctrl-C ends it",
)
def watch(
    spec: str | None, out: Path, templates: tuple[Path, ...], interval: float, quiet: bool, no_color: bool
) -> None:
    """Generate whenever SPEC or a template changes; report errors and go on."""
    folder, all_templates = _find_spec(spec), _all_templates(templates)
    _refuse_output_among_inputs(out, folder, templates)
    screen = _Screen("text", quiet=quiet, color=_wants_color(no_color))
    screen.note(f"watching {folder.as_posix()}; Ctrl-C ends it")
    last: object = None
    with contextlib.suppress(KeyboardInterrupt):
        while True:
            state = _state(folder, all_templates)
            if state != last:
                last = state
                try:
                    _generate(folder, out, all_templates, screen, force=False)
                except Exception as error:
                    # A mistake of the compiler's own must not end the watch either.
                    screen.failure(f"the compiler failed: {type(error).__name__}: {error}")
            time.sleep(interval)


# --- What the commands share ---


class _Screen:
    """Where everything is shown: findings and diffs on standard output, everything else on standard error."""

    def __init__(self, form: str, *, quiet: bool, color: bool) -> None:
        self._form = form
        self._quiet = quiet
        self._color = color

    def findings(self, diagnostics: Sequence[Diagnostic], output: Sequence[Diagnostic] = ()) -> None:
        """Show findings.

        Args:
            diagnostics: Those about the spec and the templates.
            output: Those about the output, which people see as a diff instead.
        """
        from ..diagnostics import printers
        from ..diagnostics.rule import Severity

        if self._form != "text":
            diagnostics = [*diagnostics, *output]
        if self._quiet:
            diagnostics = [each for each in diagnostics if each.rule.severity is Severity.ERROR]
        if self._form != "text":
            printer = {"json": printers.as_json, "github": printers.github, "sarif": printers.sarif}[self._form]
            click.echo(printer(diagnostics), nl=False)
        elif self._color and diagnostics:
            printers.print_colored(printers.text(diagnostics, printers.FileLines()))
        else:
            click.echo(printers.text(diagnostics, printers.FileLines()), nl=False)

    def diff(self, text: str) -> None:
        if self._form != "text" or self._quiet:
            return
        colors = {"+": "green", "-": "red", "@": "cyan"}
        for line in text.splitlines(keepends=True):
            click.echo(click.style(line, colors.get(line[0])) if self._color else line, nl=False)

    def note(self, text: str) -> None:
        if not self._quiet:
            click.echo(text, err=True)

    def failure(self, text: str) -> None:
        from ..diagnostics.printers import visible

        shown = click.style("error", "red", bold=True) if self._color and sys.stderr.isatty() else "error"
        click.echo(f"{shown}: {visible(text)}", err=True)

    @contextlib.contextmanager
    def progress(self, text: str) -> Iterator[None]:
        """Show that something is going on once it has taken a second."""
        if self._quiet or not sys.stderr.isatty():
            yield
            return
        shown: list[Any] = []

        def start() -> None:
            from rich.console import Console

            status = Console(stderr=True, no_color=not self._color).status(text)
            status.start()
            shown.append(status)

        timer = threading.Timer(1.0, start)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            timer.join()
            for status in shown:
                status.stop()


def _generate(folder: Path, out: Path, templates: Sequence[Path], screen: _Screen, *, force: bool) -> int:
    from ..output import staleness, writer

    if not force and writer.is_current(out, inputs.input_hash(folder, templates)):
        screen.note(f"{out.as_posix()} is current")
        return FINE
    result, digest = _compile(folder, templates, screen)
    diagnostics = result.report.diagnostics
    if result.report.has_errors:
        screen.findings(diagnostics)
        return FOUND
    try:
        done = writer.apply(out, result.files, digest, force=force)
    except writer.Edited as error:
        screen.findings(diagnostics, staleness.refusals(out, error.edited, error.foreign))
        _say_what_is_in_the_way(screen, f"{out.as_posix()} was not changed", error)
        return FOUND
    except writer.WriteError as error:
        screen.findings(diagnostics, [staleness.unusable(out, str(error))])
        screen.failure(str(error))
        return FOUND
    screen.findings(diagnostics)
    screen.note(f"{out.as_posix()}: {_counts(done)}" if done.changes else f"{out.as_posix()} is current")
    return FINE


def _say_what_is_in_the_way(screen: _Screen, outcome: str, error: writer.Edited) -> None:
    screen.failure(f"{outcome}; {error}")
    if error.edited:
        screen.failure("move the edits into the spec or a template, or use `generate --force` to lose them")
    if error.foreign:
        screen.failure("move these files away or choose another --out, or use `generate --force` to lose them")


def _compile(folder: Path, templates: Sequence[Path], screen: _Screen) -> tuple[Result, str]:
    """Compile, and give the hash of exactly the inputs that were read, even if somebody is editing them meanwhile."""
    with screen.progress(f"compiling {folder.as_posix()}"):
        from ..pipeline import compile_spec

        before = inputs.input_hash(folder, templates)
        while True:
            result = compile_spec(folder, templates)
            after = inputs.input_hash(folder, templates)
            if before == after:
                return result, after
            before = after


def _counts(planned: writer.Plan) -> str:
    kinds = ("added", "changed", "removed")
    said = [f"{count} {kind}" for kind in kinds if (count := planned.count(kind))]
    return ", ".join(said) or "only the manifest changed"


def _seen_from_here(out: Path) -> str:
    """Give the path of the output folder from the working folder; empty where it is not below, as `patch` wants it."""
    here, there = Path.cwd(), Path(os.path.abspath(out))
    return there.relative_to(here).as_posix() if there.is_relative_to(here) else ""


def _find_spec(given: str | None) -> Path:
    if given is not None:
        if Path(given).is_dir():
            if not os.access(given, os.R_OK | os.X_OK):
                raise click.UsageError(f"'{given}' cannot be read; mend its rights")
            return Path(given)
        shipped = resources.shipped_specs()
        if given in shipped:
            return shipped[given]
        from ..diagnostics.suggest import did_you_mean

        hint = did_you_mean(given, shipped) or f"specs that ship: {', '.join(shipped) or 'none'}"
        what = "is a file; give its folder" if Path(given).is_file() else f"is no folder and no spec that ships; {hint}"
        raise click.UsageError(f"'{given}' {what}")
    if DEFAULT_SPEC.is_dir():
        return DEFAULT_SPEC
    top = DEFAULT_SPEC.parent
    found = [path for path in sorted(top.iterdir()) if path.is_dir() and spec_files(path)] if top.is_dir() else []
    if len(found) == 1:
        return found[0]
    if found:
        raise click.UsageError(f"several specs in '{top}'; pass one of: {', '.join(path.as_posix() for path in found)}")
    shipped_names = ", ".join(resources.shipped_specs())
    also = f", or the name of one that ships: {shipped_names}" if shipped_names else ""
    raise click.UsageError(f"no spec in '{top}'; pass the folder of one{also}")


def _refuse_output_among_inputs(out: Path, spec: Path, templates: Sequence[Path]) -> None:
    """The next run would read the output of this one as a part of the spec, or see changed templates each time."""
    for what, folder in (("spec", spec), *(("templates", folder) for folder in templates)):
        if out.resolve().is_relative_to(folder.resolve()):
            where = f"is in the {what} '{folder.as_posix()}'" if out.resolve() != folder.resolve() else f"is the {what}"
            raise click.UsageError(f"the output folder '{out.as_posix()}' {where}; choose an --out beside it")


def _all_templates(own: Sequence[Path]) -> list[Path]:
    return [*own, resources.templates()]


def _wants_color(no_color: bool) -> bool:
    return not no_color and not os.environ.get("NO_COLOR") and sys.stdout.isatty()


def _state(folder: Path, templates: Sequence[Path]) -> object:
    """Give something that differs when any input has changed."""
    found = []
    for path in inputs.input_files(folder, templates):
        with contextlib.suppress(OSError):
            status = path.stat()
            found.append((path, status.st_mtime_ns, status.st_size))
    return found


def _print_table(rows: Sequence[tuple[str, ...]]) -> None:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _print_uses(spec: ir.Spec, name: str) -> None:
    from ..diagnostics.suggest import did_you_mean
    from ..model import ir

    uses: dict[str, dict[str, tuple[str, ...]]] = {}
    for record in spec.records.values():
        uses[record.name] = {f"{record.name}.{field.name}": ir.references(field.type) for field in record.fields}
    for union in spec.unions.values():
        uses[union.name] = {union.name: union.records}
    known = {*uses, *spec.enums}
    if name not in known:
        by_tag = {event.tag: event.record.name for event in spec.events}
        if name not in by_tag:
            hint = did_you_mean(name, {*known, *by_tag}) or "`eventwright list types` lists all"
            raise click.UsageError(f"no type or event '{name}'; {hint}")
        name = by_tag[name]
    users = [place for each in uses.values() for place, names in each.items() if name in names]
    if spec.state == name:
        users.append("the state of the stream")
    click.echo(f"{name} is used by:")
    click.echo("".join(f"  {place}\n" for place in users) or "  nothing\n", nl=False)
    own = [(place, inner) for place, names in uses.get(name, {}).items() for inner in names]
    click.echo(f"{name} uses:")
    click.echo("".join(f"  {inner}  ({place})\n" for place, inner in own) or "  nothing\n", nl=False)


def _new_file(folder: Path, tag: str) -> Path:
    from ..model.names import is_plain

    parts = tag.split(".")
    stem = parts[1] if len(parts) > 2 else parts[0]
    stem = stem if is_plain(stem) else "more"
    place = folder / "events"
    return (place if place.is_dir() else folder) / f"{stem}.yaml"


def _new_file_text(target: Path, tag: str) -> str:
    from ..model.names import camel

    # Editors find the schema of the language by a comment at the top; a new file gets that of its neighbours.
    neighbours = spec_files(target.parent)
    first = neighbours[0].read_text(encoding="utf-8").partition("\n")[0] if neighbours else ""
    modeline = f"{first}\n" if first.startswith("# yaml-language-server:") else ""
    parts = tag.split(".")
    title = camel(parts[1] if len(parts) > 2 else parts[0]) or "More"
    return f"{modeline}title: {title}\ndoc: TODO say what these events are about.\n"


def _replace(path: Path, text: str) -> None:
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_text(text, encoding="utf-8", newline="")
        os.replace(part, path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _wrapped(text: str) -> str:
    import textwrap

    return textwrap.fill(text, 100)


def _shown_files(files: Mapping[str, str]) -> str:
    """Show each file below its name; what is invisible in it may be what the example is about."""
    from ..diagnostics.printers import visible

    blocks = []
    for path, text in files.items():
        lines = (f"    {visible(line)}\n" if line else "\n" for line in text.removesuffix("\n").split("\n"))
        blocks.append(f"  {path}\n{''.join(lines)}")
    return "\n".join(blocks)
