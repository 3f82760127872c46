"""The command `sample` of a generated package: prints examples of events and of whole streams."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence

from .breaking import bad_events, break_rule
from .composing import Samples, compose, described, example
from .encoding import encode, json_text
from .errors import printable
from .framing import encode_frame
from .reporting import print_lines

_EPILOG = """\
Without arguments all streams and events are listed.

exit status:
  0    printed
  2    wrong usage, or there is no such event, stream or rule
"""


def sample(samples: Samples, arguments: Sequence[str]) -> int:
    """Run the command.

    Args:
        samples: What it needs of its package.
        arguments: Those of the command line behind its name.

    Returns:
        The exit status: 0, or 2 where there is no such thing.
    """
    parser = _parser(samples)
    options = parser.parse_args(arguments)
    if options.tag and (options.stream or options.broken):
        parser.error("either a TAG, for one event, or a stream, with --stream or --break")
    if not (options.tag or options.stream or options.broken):
        print_lines(map(printable, _listed(samples)))
        return 0
    try:
        print_lines(_frames(samples, options))
    except ValueError as error:
        parser.error(str(error))
    return 0


def _parser(samples: Samples) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=f"python -m {samples.checks.package} sample",
        description="Print an example of an event, or of a whole stream.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("tag", metavar="TAG", nargs="?", help="one event with this tag")
    parser.add_argument("--stream", metavar="NAME", help="a whole stream")
    parser.add_argument("--seed", metavar="N", type=int, default=0, help="what texts and ids depend on; default: 0")
    parser.add_argument(
        "--break",
        metavar="RULE",
        dest="broken",
        help="change the stream so that this rule is broken, and no other; default: the smallest in which it can be",
    )
    parser.add_argument("--format", choices=["sse", "jsonl"], default="sse", help="default: sse")
    return parser


def _frames(samples: Samples, options: argparse.Namespace) -> list[str]:
    """Give what is to be printed of each event."""
    lines: dict[int, str] = {}
    if options.broken:
        broken = break_rule(samples, options.broken, name=options.stream, seed=options.seed)
        events = broken.bad if options.format == "sse" else bad_events(broken)
        lines.update([broken.line] if broken.line is not None else [])
    elif options.stream:
        events = compose(samples, options.stream, options.seed)
    else:
        events = [example(samples, options.tag, options.seed)]
    wires = [encode(event) for event in events]
    if options.format == "jsonl":
        return list(map(json_text, wires))
    named = [lines.get(at) or samples.stream.plan_.line(wire) for at, wire in enumerate(wires)]
    frames = (encode_frame(json_text(wire), event=line) for wire, line in zip(wires, named, strict=True))
    return [frame.decode().removesuffix("\n") for frame in frames]


def _listed(samples: Samples) -> Iterator[str]:
    """Give a line for each stream, and one for each event."""
    streams = described(samples)
    width = max(map(len, streams))
    yield "Streams, for --stream:"
    for name, doc in streams.items():
        yield f"  {name:<{width}}  {doc}"
    yield ""
    yield "Events, for TAG:"
    for law in samples.checks.lifecycle.events.values():
        yield f"  {law.tag}"
