"""The guides: pages that are about no spec, and that the docs of all specs share."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Guide:
    """A page to read as a whole, for lists of pages: `title` and `summary` are plain text."""

    title: str
    file: str
    summary: str


GUIDES = (
    Guide("First stream", "first-stream.md", "Five minutes from a copy of a package to the answer of a model."),
    Guide("Keep a package", "vendoring.md", "How to have a package in your own code, and how to update it."),
    Guide("Build up a response", "accumulate.md", "How to read a response at any moment, cut off and resumed as well."),
    Guide("Broken contracts", "broken-contract.md", "What to do where a provider sends what it should not."),
    Guide("Serve a valid stream", "serve-a-stream.md", "How a server builds a stream of the Responses API."),
    Guide("Put a gateway right", "mend-a-stream.md", "How a gateway mends, filters and renames what it passes on."),
    Guide("From openai-python", "from-openai-python.md", "What its classes and calls are called here."),
    Guide("From pydantic", "from-pydantic.md", "How to write as a spec what models say, and what is different then."),
    Guide("Your own spec", "own-spec.md", "A project, a spec and its package, in a few minutes."),
    Guide("Other streams", "other-streams.md", "How to come from a recording of any stream to a spec."),
    Guide("Spec language in steps", "course.md", "A first spec of your own, and what each word of it is good for."),
    Guide("Change a spec", "changing-a-spec.md", "How to add what a provider sends to a spec that ships."),
    Guide("Spec language", "spec-language.md", "How the spec behind these pages is written."),
)
"""In the order in which to read them; the template of each is called like its file."""
