"""`eventwright docs`."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import click

from ..project import Build, Pages
from .options import (
    FINE,
    FORMAT,
    FOUND,
    NO_COLOR,
    QUIET,
    SPEC,
    TEMPLATES,
    OutFolder,
    all_templates,
    chosen_builds,
    documented,
    project_pages,
    with_options,
)
from .outputs import compiled
from .screen import Screen, wants_color

if TYPE_CHECKING:
    from ..website.additions import Added
    from ..website.sources import Compiled


@click.command(short_help="Build the docs as a site, for a browser.")
@with_options(SPEC)
@click.option(
    "--out",
    type=OutFolder(file_okay=False, path_type=Path),
    default=Path("build/site"),
    show_default=True,
    help="Folder of the site; a site that is there is replaced.",
)
@click.option("--title", help="What the site is called.  [default: the title of the spec, if there is one only]")
@click.option(
    "--inspector",
    is_flag=True,
    help="Add a page that reads streams in the browser. Its interpreter, of 6 MB, is taken from npm once.",
)
@with_options(TEMPLATES, FORMAT, QUIET, NO_COLOR)
@documented(
    """
eventwright docs
eventwright docs schema/my_stream --out public
eventwright docs --inspector
""",
    "a spec has errors, or the site cannot be built; the one that was there stays",
)
def docs(
    spec: str | None,
    out: Path,
    title: str | None,
    inspector: bool,
    templates: tuple[Path, ...],
    form: str,
    quiet: bool,
    no_color: bool,
) -> None:
    """Build the docs of SPEC, or of all specs of the project, as a site with a home page and a search.

    It needs no server: open its `index.html`, or copy the folder to where a server finds it. Nothing in it asks for
    anything from another host. Where all specs are built, `[[pages]]` of `eventwright.toml` are part of the site.
    """
    screen = Screen(form, quiet=quiet, color=wants_color(no_color))
    pages = project_pages() if spec is None else ()
    sys.exit(_run(chosen_builds(spec, templates=templates), pages, out, title, inspector, screen))


def _run(
    builds: Sequence[Build],
    pages: Sequence[Pages],
    out: Path,
    title: str | None,
    with_inspector: bool,
    screen: Screen,
) -> int:
    from ..output.render import TemplateProblem
    from ..website import building, inspector, programs, sources

    try:
        building.look(out)
        found = _compile(builds, screen)
        if found is None:
            return FOUND
        with screen.progress(f"building {out.as_posix()}"):
            name = title or (found[0].spec.title if len(found) == 1 else "Event streams")
            assets = _assets(found, screen) if with_inspector else {}
            page = inspector.inspector_page(found) if assets else None
            added = _added(pages, {build.spec: one.spec.name for build, one in zip(builds, found, strict=True)})
            files = sources.sources(found, name, all_templates(builds[0].templates), added, page)
            building.build(files, assets, out)
    except (TemplateProblem, building.SiteError, programs.ProgramError) as error:
        screen.failure(str(error))
        return FOUND
    screen.note(f"open {(out / 'index.html').as_posix()}")
    return FINE


def _added(pages: Sequence[Pages], packages: Mapping[Path, str]) -> list[Added]:
    """Read the pages of the project.

    Raises:
        SiteError: One is not UTF-8.
    """
    from ..website.additions import Added, Addition
    from ..website.building import SiteError

    found = []
    for each in pages:
        about = tuple(packages[spec] for spec in each.about)
        texts = {}
        for file in each.files:
            try:
                texts[file] = Path(file).read_text(encoding="utf-8-sig")
            except UnicodeDecodeError:
                raise SiteError(f"'{file}' is not UTF-8; save it as UTF-8") from None
        found.append(Added(each.title, tuple(Addition(file, text, about) for file, text in texts.items())))
    return found


def _assets(found: Sequence[Compiled], screen: Screen) -> Mapping[PurePosixPath, bytes]:
    """Give what the inspector needs; nothing if that is not to be had, which is told."""
    from ..website import inspector, interpreter

    if not any(one.package for one in found):
        screen.note("the site has no inspector: no spec has a Python package; put 'python' among its targets")
        return {}
    try:
        return inspector.inspector_assets(found)
    except interpreter.InterpreterError as error:
        screen.note(f"the site has no inspector: {error}")
        return {}


def _compile(builds: Sequence[Build], screen: Screen) -> list[Compiled] | None:
    """Compile the specs and show what is wrong with them; None if there are errors."""
    from ..website.sources import Compiled

    # The docs of a spec are shown even if the project makes none of it.
    builds = [Build(build.spec, {**build.outs, "docs": Path()}, build.templates) for build in builds]
    results = [compiled(build, all_templates(build.templates), screen)[0] for build in builds]
    screen.diagnostics([each for result in results for each in result.report.diagnostics])
    if any(result.report.has_errors for result in results):
        return None
    return [
        Compiled(result.spec, result.outputs["docs"], result.outputs.get("python", {}))
        for result in results
        if result.spec is not None
    ]
