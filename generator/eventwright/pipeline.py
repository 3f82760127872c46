"""From a spec folder to the text of every output file, in memory: the table of contents of the compiler."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from types import ModuleType

from . import binding, output, project, rules, syntax, targets
from .binding.resolve import resolve
from .diagnostics.rule import Rule
from .diagnostics.values import Report
from .model import ir
from .output import resources
from .output.manifests import Product
from .output.overrides import check_overrides, report_problem
from .output.render import Page, Renderer, TemplateProblem
from .rules.allowances import settle
from .rules.apply import check
from .syntax.reading import read_declarations
from .targets.target import Job, Snippet, Target, Unusable


@dataclass(frozen=True, slots=True)
class Result:
    """What a compilation gives.

    Attributes:
        products: What each target makes of the spec; empty when the report has errors.
        report: All diagnostics.
        spec: What the spec means; None when it has errors.
    """

    products: Sequence[Product]
    report: Report
    spec: ir.Spec | None = None

    @property
    def outputs(self) -> dict[str, Mapping[PurePosixPath, str]]:
        """Text of every output file by its path below the output folder, for each target by its name."""
        return {product.target: product.files for product in self.products}

    @property
    def files(self) -> dict[PurePosixPath, str]:
        """Text of every output file of all targets."""
        return {path: text for product in self.products for path, text in product.files.items()}


def compile_spec(
    folder: Path, templates: Sequence[Path] | None = None, chosen: Sequence[Target] | None = None
) -> Result:
    """Compile the spec in a folder.

    Args:
        folder: Where the YAML files are.
        templates: Folders of templates, at the end the one that ships; the first that has a template wins. None means
            the one that ships alone.
        chosen: What to make; all targets that there are if it is None.
    """
    makers = _makers(chosen)
    spec, report = read_spec(folder, makers)
    if spec is None:
        return Result((), report)
    products = render(spec, makers, [resources.templates()] if templates is None else templates, report)
    return Result(() if report.has_errors else products, report, spec)


def read_spec(folder: Path, chosen: Sequence[Target] | None = None) -> tuple[ir.Spec | None, Report]:
    """Read and check the spec in a folder.

    Args:
        folder: Where the YAML files are.
        chosen: What is to be made of it, all targets that there are if it is None: each has rules of its own.

    Returns:
        The resolved spec, None when there are errors, and the report with all diagnostics.
    """
    report = Report()
    declared = read_declarations(folder, report)
    if declared is None:
        return None, report
    spec = resolve(declared, report)
    check(spec, declared, report)
    for target in _makers(chosen):
        for rule in target.rules:
            rule(spec, report)
    if declared.allow or any(file.allow for file in declared.files):
        settle(declared, report, _rules_of(syntax, binding, rules, targets))
    return (None if report.has_errors else spec), report


def _makers(chosen: Sequence[Target] | None) -> Sequence[Target]:
    return list(targets.all_targets().values()) if chosen is None else chosen


def render(spec: ir.Spec, makers: Sequence[Target], templates: Sequence[Path], report: Report) -> list[Product]:
    """Make the files of each target; a template that cannot be used is reported, and what it makes is left out."""

    def snippets(event: ir.Event) -> tuple[Snippet, ...]:
        return tuple(target.snippet(spec, event) for target in makers if target.snippet is not None)

    renderer = Renderer(templates)
    broken: set[str] = set()
    products = []
    for target in makers:
        files: dict[PurePosixPath, str] = {}
        shared = set()
        for page in target.pages(Job(spec, snippets)):
            if page.template in broken:
                continue
            if page.shared:
                shared.add(page.path)
            try:
                files[page.path] = _text(renderer, page, target)
            except TemplateProblem as error:
                broken.add(page.template)
                report_problem(error, templates, report)
        files.update(target.files(spec))
        products.append(Product(spec.name, target.name, files, frozenset(shared)))
    if not broken:
        check_overrides(templates, renderer.used, report)
    return products


def _text(renderer: Renderer, page: Page, target: Target) -> str:
    text = target.polish(page.path, renderer.render(page))
    if renderer.has_own_templates:
        try:
            target.verify(page.path, text)
        except Unusable as error:
            raise TemplateProblem(page.template, None, str(error)) from error
    return text


def all_rules() -> dict[str, Rule]:
    """Give every rule of the compiler by its code: the values that the modules of each stage hold."""
    return _rules_of(syntax, binding, rules, targets, output, project)


def _rules_of(*stages: ModuleType) -> dict[str, Rule]:
    names = [stage.__name__ for stage in stages]
    for stage in stages:
        names += [module.name for module in pkgutil.walk_packages(getattr(stage, "__path__", ()), f"{stage.__name__}.")]
    found: dict[str, Rule] = {}
    for name in names:
        if ".runtime" not in name:
            values = vars(importlib.import_module(name)).values()
            found.update({value.code: value for value in values if isinstance(value, Rule)})
    return dict(sorted(found.items(), key=lambda entry: entry[0][1:]))
