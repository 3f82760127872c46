"""Finds the files that an output is made from, and hashes them. Cheap to import, for runs with nothing to do."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path

from ..syntax.files import files_below, included_folders, spec_files
from . import resources


def template_files(folder: Path) -> list[Path]:
    """Give every file below a folder of templates, sorted; hidden files are none of ours."""
    return [path for path in files_below(folder) if path.is_file()]


def input_files(spec: Path, templates: Sequence[Path]) -> list[Path]:
    """Give every file whose change may change the output, the compiler's own left out."""
    included = (path for folder in included_folders(spec) for path in spec_files(folder))
    return [*spec_files(spec), *included, *(path for folder in templates for path in template_files(folder))]


def input_hash(spec: Path, templates: Sequence[Path]) -> str:
    """Hash all that the output is made from: spec, templates, and the compiler itself.

    Files count by their names below their folder, so that the hash is the same wherever they stand.
    """
    return _digest(_named(spec, templates))


def _named(spec: Path, templates: Sequence[Path]) -> Iterator[tuple[str, Path | None]]:
    # The folder's name is the name of a spec that gives itself none.
    yield f"spec {spec.resolve().name}", None
    for path in spec_files(spec):
        yield f"spec {path.relative_to(spec).as_posix()}", path
    for rank, folder in enumerate(included_folders(spec)):
        for path in spec_files(folder):
            yield f"included {rank} {folder.name} {path.relative_to(folder).as_posix()}", path
    for rank, folder in enumerate(templates):
        for path in template_files(folder):
            yield f"template {rank} {path.relative_to(folder).as_posix()}", path
    yield f"compiler {_compiler_hash()}", None


@cache
def _compiler_hash() -> str:
    """Hash the compiler, which does not change while it runs."""
    return _digest((resources.relative_to_compiler(path), path) for path in resources.compiler_sources())


def _digest(named: Iterable[tuple[str, Path | None]]) -> str:
    total = hashlib.sha256()
    for name, path in named:
        try:
            content = path.read_bytes() if path is not None else b""
        except OSError:
            # The compiler reports what it cannot read; here it only must not look like a file that it could.
            content = b"\0unreadable"
        total.update(f"{len(name)} {name} {len(content)} ".encode("utf-8", "surrogateescape"))
        total.update(content)
    return total.hexdigest()
