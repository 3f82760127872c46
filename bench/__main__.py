"""The command line of the benchmarks."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Final

from .corpus import VARIABLE, Corpus, load_corpus
from .machine import ran_on
from .project import GENERATED, ROOT
from .report import Section, markdown
from .screen import progress_done

_LIBRARIES: Final = (
    "cattrs",
    "datamodel-code-generator",
    "mashumaro",
    "msgspec",
    "openai",
    "orjson",
    "pydantic",
)

_SAVED: Final = ROOT / "bench" / "results.md"


def main() -> None:
    """Measure, print, and write what was asked for."""
    options = _options()
    sys.path.insert(0, str(GENERATED))
    sections = [section for name in options.only for section in _SUBJECTS[name](options.quick)]
    progress_done()
    machine = ran_on(_LIBRARIES)
    text = markdown(sections, machine)
    print(text, end="")
    if options.save:
        options.save.write_text(text, encoding="utf-8")
    if options.json:
        found = {"ran_on": dict(machine), "sections": [dataclasses.asdict(section) for section in sections]}
        options.json.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


# Each needs libraries of its own, and loads them when it is its turn.


def _decode(quick: bool) -> list[Section]:
    from . import decoding

    return decoding.measure(_corpus(quick), 4 if quick else 14)


def _peers(quick: bool) -> list[Section]:
    from . import comparing

    return comparing.measure(_corpus(quick), 2 if quick else 7)


def _packages(quick: bool) -> list[Section]:
    from . import packages

    return packages.measure(2 if quick else 7)


def _import(quick: bool) -> list[Section]:
    from . import importing

    return importing.measure(1 if quick else 7)


def _generate(quick: bool) -> list[Section]:
    from . import generating

    return generating.measure(1 if quick else 5, quick=quick)


def _stream(quick: bool) -> list[Section]:
    from . import streaming

    return streaming.measure(_corpus(quick), 2 if quick else 7, deltas=5_000 if quick else 100_000)


@cache
def _corpus(quick: bool) -> Corpus:
    return load_corpus(every=20 if quick else 1)


_SUBJECTS: Final[dict[str, Callable[[bool], list[Section]]]] = {
    "decode": _decode,
    "packages": _packages,
    "peers": _peers,
    "import": _import,
    "generate": _generate,
    "stream": _stream,
}


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description="Measure eventwright and what it generates beside other libraries.",
        epilog=f"Events come from the *.jsonl below the folder that {VARIABLE} names, else from the spec's examples.",
    )
    parser.add_argument("--quick", action="store_true", help="few rounds: some seconds, and figures to match")
    parser.add_argument(
        "--only",
        type=_subjects,
        default=list(_SUBJECTS),
        metavar="NAMES",
        help=f"measure only these, separated by commas: {', '.join(_SUBJECTS)}",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures as JSON, too")
    parser.add_argument(
        "--save",
        type=Path,
        nargs="?",
        const=_SAVED,
        metavar="FILE",
        help="write the report, to bench/results.md if not told",
    )
    return parser.parse_args()


def _subjects(text: str) -> list[str]:
    names = text.split(",")
    unknown = [name for name in names if name not in _SUBJECTS]
    if unknown:
        raise argparse.ArgumentTypeError(f"no subject '{unknown[0]}'; there are {', '.join(_SUBJECTS)}")
    return names


if __name__ == "__main__":
    main()
