"""The command behind `python -m` of a generated package: prints a recorded stream and what is odd about it."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sized
from typing import Any, cast

from .checking import excerpt, nearest
from .ending import EndingTable, Path, StreamEnd, worse
from .errors import DecodeError, NotAStreamError, Problem
from .framing import FramingError
from .model import Model, UnknownEvent, UnknownVariant
from .recorded import RecordedText, chunks_of, expected, opened, texts_of
from .recordings import Boundaries
from .shape import INTEGER, SHAPES, Const
from .typed import gaps

_SHOWN_CHARACTERS = 32
_INDEX = re.compile(r"\[\d+\]")
_INTERRUPTED = 130
_HEADER = "  no. event"
_COMMANDS = """\
`check FILE...` tells what is wrong with recorded streams, and `explain [RULE]` what to do about it; `sanitize FILE`
makes ids and texts unrecognizable{sample}. Each has a --help. A file of such a name is written ./check.

"""
_SAMPLE = ", and `sample` prints\nexamples of events and of streams"
_ABSENT = {
    **dict.fromkeys(
        ["check", "explain", "sanitize"], "there is no {command!r}, as the spec does not say when events come"
    ),
    "sample": "there is no 'sample', as streams can be built only if the spec has a state of one type, an event that"
    " opens the stream, and tags in one member",
}
"""What to say of commands that a package does not have."""
_EPILOG = """\
A line shows the number of an event, its tag, and its members: what is special to it first, then where it belongs, then
what is optional. The number is the one that the events carry ("-" where one does not), or else its place in the stream.

"typed" counts the events in which every object has a declared class, and every member is declared and fits its type.

A file may also be one JSON document, of one event or a list of events. UTF-16, as PowerShell writes it, is read. Where
a file holds several streams, or one that ended badly, the summary says how each ended.

exit status:
  0    everything could be read, however odd it is
  1    some text is no JSON object, the stream cannot be split into events, or there are none
  2    wrong usage, or the file cannot be opened
  130  interrupted; the summary is of what was read until then
"""


def inspect(
    package: str,
    decode: Callable[..., Model],
    problems: Callable[[Model], list[Problem]],
    events: Mapping[str, type[Model]],
    endings: EndingTable,
    openers: Collection[type[Any]],
    keys: tuple[Path, ...],
    done: Collection[str],
    counter: str,
    *,
    lined: bool = False,
    lints: bool = False,
    builds: bool = False,
) -> int:
    """Run the command with the arguments of the process.

    Args:
        package: Name of the generated package.
        decode: Its tolerant decoder.
        problems: Its checker.
        events: The class of each tag.
        endings: What the events say about the end of a stream.
        openers: The events that a stream begins with.
        keys: Members on the wire that lead to the key of an event.
        done: Texts that say that a stream is done.
        counter: Attribute that numbers the events, empty where there is none.
        lined: Whether the decoder takes the `event:` line, as the argument `tag`.
        lints: Whether there are commands that tell what is wrong with a stream.
        builds: Whether there is one that makes examples.

    Returns:
        The exit status; see the text that `--help` prints.
    """
    parser = _parser(package, lints=lints, builds=builds)
    # Those that the package has never come here.
    if (command := "".join(sys.argv[1:2])) in _ABSENT and not os.path.exists(command):
        parser.error(_ABSENT[command].format(command=command))
    options = parser.parse_args()
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure is not None:
        # The stream may be alive, and its text may hold what the terminal cannot show.
        reconfigure(line_buffering=True, errors="backslashreplace")
    try:
        file = opened(options.file)
    except OSError as error:
        parser.error(f"{options.file}: {error.strerror}")
    seen = _Summary(decode, problems, events, Boundaries(endings, openers, keys), counter, lined)
    with file:
        try:
            chunks = chunks_of(file)
            begin = next(chunks, b"")
            texts = texts_of(begin, chunks, options.format, done)
            interrupted = _print_events(texts, seen, not options.quiet, options.problems)
            for line in seen.lines():
                print(line)
        except NotAStreamError as error:
            print(f"{parser.prog}: {options.file}: {error}", file=sys.stderr)
            return 1
        except BrokenPipeError:
            # Whoever reads the output has enough. Python flushes it at the end, which would fail once more.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0
        except KeyboardInterrupt:
            return _INTERRUPTED
    if interrupted:
        return _INTERRUPTED
    if not seen.events:
        print(f"{parser.prog}: {options.file}: no events; {expected(options.format, begin)}", file=sys.stderr)
        return 1
    return 1 if seen.unreadable else 0


def _parser(package: str, *, lints: bool, builds: bool) -> argparse.ArgumentParser:
    """Say what the command takes."""
    parser = argparse.ArgumentParser(
        prog=f"python -m {package}",
        description="Print the events of a recorded stream, one a line, and a summary of what is odd about them.",
        epilog=f"{_COMMANDS.format(sample=_SAMPLE if builds else '') if lints else ''}{_EPILOG}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", metavar="FILE", help="server-sent events or lines of JSON; - for the standard input")
    parser.add_argument(
        "--format", choices=["auto", "sse", "jsonl"], default="auto", help="default: by the first character"
    )
    parser.add_argument("--quiet", action="store_true", help="print the summary only")
    parser.add_argument("--problems", action="store_true", help="print what strict mode would refuse, too")
    return parser


def _print_events(texts: Iterator[RecordedText], seen: _Summary, show_events: bool, show_problems: bool) -> bool:
    """Print the events as they come; tell whether somebody has interrupted it, as one ends a stream that is alive."""
    header = _HEADER
    try:
        for text, line, dones, _ in texts:
            seen.count_dones(dones)
            if text is None:
                continue
            shown, found = seen.add(text, line, dones)
            if show_events or (show_problems and found):
                if header:
                    print(header)
                    header = ""
                print(shown)
            if show_problems:
                for problem in found:
                    print(f"      {problem}")
    except FramingError as error:
        seen.unreadable.append(str(error))
    except KeyboardInterrupt:
        return True
    return False


class _Summary:
    """Reads one text after the other and counts what is in them."""

    def __init__(
        self,
        decode: Callable[..., Model],
        problems: Callable[[Model], list[Problem]],
        events: Mapping[str, type[Model]],
        boundaries: Boundaries,
        counter: str,
        lined: bool,
    ) -> None:
        self._boundaries = boundaries
        # How many events each stream has, and how it ended.
        self._streams: list[tuple[int, StreamEnd | None]] = []
        self._dones = 0
        self.unreadable: list[str] = []
        self._decode = decode
        self._lined = lined
        self._tag_of = {model: tag for tag, model in reversed(list(events.items()))}
        self._problems = problems
        self._known = events.keys()
        self._number = counter
        self._shared = Counter(field.name for model in events.values() for field in SHAPES[model].fields.values())
        self._read = 0
        self._typed = 0
        self._tags: Counter[str] = Counter()
        self._unknown: Counter[str] = Counter()
        self._extra: Counter[str] = Counter()
        self._misfits: Counter[str] = Counter()
        self._codes: Counter[str] = Counter()

    def count_dones(self, dones: int) -> None:
        """Take down how many frames so far said that a stream is done."""
        if dones > self._dones and self._streams:
            count, end = self._streams[-1]
            self._streams[-1] = (count, end or self._boundaries.end_by_done())
        self._dones = dones

    def add(self, text: str | DecodeError, line: str, dones: int) -> tuple[str, list[Problem]]:
        """Count what is in a text that came with an `event:` line; give a line that shows it, and its problems."""
        self._read += 1
        try:
            if isinstance(text, DecodeError):
                raise text
            event = self._decode(text, tag=line) if line and self._lined else self._decode(text)
            found = self._problems(event)
        except DecodeError as error:
            self.unreadable.append(str(error) if error is text else f"no. {self._read}: {error}")
            return f"    ! {error}", []
        tag = self._tag(event)
        self._tags[tag] += 1
        self._count_stream(event, dones)
        self._codes.update(problem.code for problem in found)
        self._count_gaps(event, tag)
        number = getattr(event, self._number, None) if self._number else self._read
        return f"{'-' if number is None else number:>5} {tag}{self._details(event)}", found

    def _tag(self, event: Model) -> str:
        if isinstance(event, UnknownEvent):
            return "(no tag)" if event.type is None else excerpt(event.type)
        shape = SHAPES[type(event)]
        own = None if shape.tag is None else getattr(event, shape.fields[shape.tag].name, None)
        return self._tag_of[type(event)] if own is None else str(own)

    def _count_stream(self, event: Model, dones: int) -> None:
        if self._boundaries.begins(event, dones) or not self._streams:
            self._streams.append((0, None))
        count, end = self._streams[-1]
        found = self._boundaries.end(event)
        self._streams[-1] = (count + 1, end if found is None else worse(end, found))

    def _details(self, event: Model) -> str:
        """Show the values of an event that fit into a few words each, those that say most of it first."""
        shape = SHAPES.get(type(event))
        if shape is None:
            return ""
        fields = [field for key, field in shape.fields.items() if key != shape.tag and field.name != self._number]
        # Integers are positions, most of the time, and what many kinds of events have says where rather than what.
        fields.sort(key=lambda field: (field.optional, field.type is INTEGER, self._shared[field.name]))
        shown = [(field.name, _short(getattr(event, field.name, None))) for field in fields]
        return "".join(f" {name}={text}" for name, text in shown if text)

    def _count_gaps(self, event: Model, tag: str) -> None:
        typed = True
        for gap in gaps(event):
            typed = False
            place = f"{_INDEX.sub('[*]', gap.path)} of {tag}"
            if gap.kind == "extra":
                self._extra[gap.name] += 1
            elif gap.kind == "misfit":
                self._misfits[place] += 1
            elif isinstance(event, UnknownEvent):
                self._unknown[f"{tag}{_guess(gap.name, self._known)}"] += 1
            else:
                self._unknown[f"{excerpt(gap.name)} at {place}{_guess(gap.name, _nested_tags())}"] += 1
        self._typed += typed

    @property
    def events(self) -> int:
        """How many texts are events."""
        return self._tags.total()

    def lines(self) -> Iterator[str]:
        """Give the summary, nothing where nothing was read."""
        for title, counter in (
            ("events", self._tags),
            ("unknown tags", self._unknown),
            ("undeclared fields", self._extra),
            ("fields whose value does not fit", self._misfits),
            ("problems in strict mode", self._codes),
        ):
            if counter:
                yield f"{title}: {counter.total()}"
                yield from (f"{count:>7}  {name}" for name, count in counter.most_common())
        ends = [end or StreamEnd("truncated") for _, end in self._streams]
        if len(ends) > 1 or any(end.kind not in ("completed", "truncated") for end in ends):
            yield f"streams: {len(ends)}"
            counts = (count for count, _ in self._streams)
            yield from (f"{count:>7}  events, {end}" for count, end in zip(counts, ends, strict=True))
        if self.unreadable:
            yield f"not readable: {len(self.unreadable)}"
            yield from (f"         {line}" for line in self.unreadable)
        if self.events:
            yield f"typed: {self._typed} of {self.events} events, {100 * self._typed / self.events:.1f} %"


def _nested_tags() -> list[str]:
    tags = [shape.fields[shape.tag].type for shape in SHAPES.values() if shape.tag]
    return [value for tag in tags if isinstance(tag, Const) for value in tag.values]


def _guess(tag: str, known: Iterable[str]) -> str:
    guess = nearest(tag, known)
    return f", did you mean {guess}?" if guess else ""


def _short(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, UnknownVariant):
        return "(no tag)" if value.tag is None else excerpt(value.tag)
    if isinstance(value, Model):
        return type(value).__name__
    if type(value) is list or type(value) is dict:
        return f"[{len(cast('Sized', value))}]" if value else ""
    if type(value) is str and len(value) > _SHOWN_CHARACTERS:
        return f"{excerpt(value[:_SHOWN_CHARACTERS])}..."
    return excerpt(value)
