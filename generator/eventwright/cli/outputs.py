"""What commands that look at the output of several specs share: compiling one, and collecting what came of each."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from ..output import inputs
from ..project import Build
from .screen import Screen

if TYPE_CHECKING:
    from ..diagnostics.values import Diagnostic
    from ..output.manifests import Product
    from ..output.writer import Edited
    from ..pipeline import Result


@dataclass(slots=True)
class Done:
    """What came of one spec.

    Attributes:
        about: Folder of the spec, empty where it is about none.
        diagnostics: What is wrong with the spec and the templates.
        output: What is wrong with the output.
        diff: What would change in the output.
        failures: What went wrong, in words.
        notes: What was done, in words.
        failed: Whether the command has not done what it is for.
    """

    about: str
    diagnostics: list[Diagnostic] = field(default_factory=list)
    output: list[Diagnostic] = field(default_factory=list)
    diff: str = ""
    failures: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    failed: bool = False

    def fail(self, *failures: str) -> None:
        """Note what went wrong."""
        self.failures.extend(failures)
        self.failed = True


Act: TypeAlias = "Callable[[Path, Sequence[Product], str, Done], None]"
"""What a command does with an output folder, the products that belong there, and the hash of their inputs."""


class Outputs:
    """What a run makes, and where.

    Attributes:
        are_known: Whether the names of all specs are known, which a spec with errors does not tell.
    """

    def __init__(self) -> None:
        self.are_known = True
        self._makers: dict[tuple[Path, str, str], str] = {}

    def add(self, build: Build, out: Path, products: Iterable[Product], done: Done) -> bool:
        """Note what is made of a spec, and tell whether it may be written.

        It may not where another spec of the run makes the same, and where the next run would read it as input.
        """
        maker = build.spec.as_posix()
        for product in products:
            if (taken := _among_inputs(build, out, product)) is not None:
                done.fail(f"output for '{product.target}' would go among {taken}; choose another `--out`, or `out`")
                return False
            first = self._makers.setdefault((out, product.package, product.target), maker)
            if first != maker:
                shown = f"'{maker}' makes '{product.package}' in '{out.as_posix()}', as '{first}' does"
                done.fail(f"{shown}; give one of them another `name` in its spec.yaml, or another `out`")
                return False
        return True

    @property
    def folders(self) -> list[Path]:
        """The output folders."""
        return list(dict.fromkeys(out for out, _, _ in self._makers))

    def kept(self, out: Path) -> set[tuple[str, str]]:
        """Give package and target of what the run makes in an output folder."""
        return {(package, target) for folder, package, target in self._makers if folder == out}


def compile_into(
    build: Build, templates: Sequence[Path], outputs: Outputs, screen: Screen, done: Done, act: Act
) -> None:
    """Compile a spec, and act on what is made of it, folder by folder; of a spec with errors nothing is made."""
    result, digest = compiled(build, templates, screen)
    done.diagnostics.extend(result.report.diagnostics)
    if result.report.has_errors:
        outputs.are_known = False
        done.failed = True
        return
    for out, targets in build.by_out().items():
        products = [product for product in result.products if product.target in targets]
        if outputs.add(build, out, products, done):
            act(out, products, digest, done)


def with_orphans(outputs: Outputs, act: Act) -> list[Done]:
    """Act on what earlier runs have made of specs and for targets that the project no longer has.

    Nothing is done where the names of all specs are not known.
    """
    from ..output import writer

    found = []
    for out in outputs.folders if outputs.are_known else ():
        gone = writer.orphans(out, outputs.kept(out))
        if gone:
            done = Done("")
            act(out, gone, "", done)
            found.append(done)
    return found


def compiled(build: Build, templates: Sequence[Path], screen: Screen) -> tuple[Result, str]:
    """Compile, and give the hash of exactly the inputs that were read, even if somebody is editing them meanwhile."""
    with screen.progress(f"compiling {build.spec.as_posix()}"):
        from ..pipeline import compile_spec
        from ..targets import all_targets

        chosen = [target for name, target in all_targets().items() if name in build.outs]
        before = inputs.input_hash(build.spec, templates)
        while True:
            result = compile_spec(build.spec, templates, chosen)
            after = inputs.input_hash(build.spec, templates)
            if before == after:
                return result, after
            before = after


def _among_inputs(build: Build, out: Path, product: Product) -> str | None:
    """Give the folder of inputs in which a product would land, or which would lie in it; None if there is none."""
    if not product.files:
        return None
    place = Path(os.path.commonpath([(out / path).resolve() for path in product.files]))
    for what, folder in (("the spec", build.spec), *(("the templates", folder) for folder in build.templates)):
        there = folder.resolve()
        if place.is_relative_to(there) or there.is_relative_to(place):
            return f"{what} in '{folder.as_posix()}'"
    return None


def in_the_way(outcome: str, error: Edited) -> list[str]:
    """Say which files a run would not overwrite, and what to do about them."""
    said = [f"{outcome}; {error}"]
    if error.edited:
        said.append("move the edits into the spec or a template, or use `generate --force` to lose them")
    if error.foreign:
        said.append("move these files away or choose another --out, or use `generate --force` to lose them")
    return said
