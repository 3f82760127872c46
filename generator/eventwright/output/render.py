"""Turns views into text with Jinja templates. The only module that knows Jinja."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import jinja2

from . import resources


@dataclass(frozen=True, slots=True)
class Page:
    """One file to be made.

    Attributes:
        path: Where it goes, below the output folder.
        template: Name of its template.
        view: What the template sees as `page`.
        shared: Whether each event of the spec has a part in it, so that two branches which add one both change it.
    """

    path: PurePosixPath
    template: str
    view: object
    shared: bool = False


class TemplateProblem(Exception):
    """A template cannot be used.

    Attributes:
        template: Name of the template below its folder.
        line: Line of the template, None where Jinja names none.
        problem: What is wrong, on one line.
    """

    def __init__(self, template: str, line: int | None, problem: str) -> None:
        super().__init__(f"{template}:{line}: {problem}" if line else f"{template}: {problem}")
        self.template = template
        self.line = line
        self.problem = problem


class _Loader(jinja2.FileSystemLoader):
    """Finds templates in folders, and remembers their names."""

    def __init__(self, folders: Sequence[Path]) -> None:
        super().__init__([str(folder) for folder in folders])
        self.loaded: set[str] = set()

    def get_source(self, environment: jinja2.Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        self.loaded.add(template)
        return super().get_source(environment, template)


class _Compiled(jinja2.FileSystemBytecodeCache):
    """Keeps what Jinja makes of templates; where nothing can be kept, they are made anew in each run."""

    def load_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        with contextlib.suppress(OSError):
            super().load_bytecode(bucket)

    def dump_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        with contextlib.suppress(OSError):
            Path(self.directory).mkdir(parents=True, exist_ok=True)
            super().dump_bytecode(bucket)


def _compiled() -> _Compiled | None:
    try:
        return _Compiled(str(resources.user_cache() / "templates"))
    except RuntimeError:
        return None


class Renderer:
    """Renders pages with the templates of one or more folders, the first folder that has a template winning."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = folders
        self._loader = _Loader(folders)
        self._environment = jinja2.Environment(
            loader=self._loader,
            # To make Python of the templates takes a seventh of a run.
            bytecode_cache=_compiled(),
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            # A renderer lives for one run; to look at a file again whenever it is included takes a tenth of the time.
            auto_reload=False,
            # The views quote for the language that their template writes.
            autoescape=False,
        )

    @property
    def has_own_templates(self) -> bool:
        """Whether any template may be somebody's own."""
        return len(self._folders) > 1

    @property
    def used(self) -> frozenset[str]:
        """Names of the templates that were rendered or included so far."""
        return frozenset(self._loader.loaded)

    def render(self, page: Page) -> str:
        """Give the text of a page.

        Raises:
            TemplateProblem: The template is missing, is not valid Jinja, or uses what its view does not have.
        """
        try:
            return self._environment.get_template(page.template).render(page=page.view)
        except jinja2.TemplateNotFound as error:
            raise TemplateProblem(str(error), None, "no such template") from error
        except jinja2.TemplateSyntaxError as error:
            problem = error.message or "not valid Jinja"
            raise TemplateProblem(error.name or page.template, error.lineno, problem) from error
        except Exception as error:
            # Whatever an expression of a template raises comes out of `render` as it is.
            template, line = self._culprit(error, page.template)
            # Of the class of a view, only the name says something to whom a template belongs.
            problem = re.sub(r"'[\w.]*\.(\w+) object'", r"'\1'", str(error))
            raise TemplateProblem(template, line, problem) from error

    def _culprit(self, error: Exception, template: str) -> tuple[str, int | None]:
        """Find the innermost template line in a traceback; Jinja maps its frames to the template's lines."""
        place: tuple[str, int | None] = (template, None)
        trace = error.__traceback__
        while trace is not None:
            file = Path(trace.tb_frame.f_code.co_filename)
            for folder in self._folders:
                if file.is_relative_to(folder):
                    place = (file.relative_to(folder).as_posix(), trace.tb_lineno)
            trace = trace.tb_next
        return place
