"""Fails a test whose stream is not valid, and says what a server should do."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import chain
from typing import Any, TypeAlias, Union

from .errors import DecodeError, NotAStreamError, printable
from .framing import FramingError, as_bytes
from .model import Model, UnknownEvent
from .reporting import FileReport, counted, number, where
from .vetting import FILE_RULES, Checks, vet

_SHOWN = 10
_SHOWN_ALSO = 3

Text: TypeAlias = "Union[bytes, bytearray, memoryview, str]"
"""A stream as it is sent, or a part of it."""


def assert_valid(
    checks: Checks,
    stream: Iterable[Model | Mapping[str, Any] | Text] | Text,
    profile: str | None,
    extra: Collection[str],
) -> None:
    """Raise an AssertionError if anything is wrong with a stream.

    Args:
        checks: What there is to know of the package.
        stream: The stream as it is sent, whole or in chunks, or its events or their wire objects.
        profile: Name of a provider whose streams are forgiven what is known of them.
        extra: Ids of rules that are off, and are to be applied.

    Raises:
        AssertionError: It is not valid; the message lists what is wrong.
        TypeError: It is something else.
        ValueError: There is no such profile or rule.
    """
    __tracebackhide__ = True
    report = _report(checks, stream, profile, extra)
    if report.findings:
        raise AssertionError("\n".join(_lines(checks, report)))


def _report(checks: Checks, stream: Any, profile: str | None, extra: Collection[str]) -> FileReport:
    __tracebackhide__ = True
    linter = checks.linter(profile, extra)
    if _is_text(stream):
        return _vetted(checks, [stream], profile, extra)
    if not hasattr(stream, "__iter__") or _is_event(stream):
        hint = "; collect it in a list first" if hasattr(stream, "__aiter__") else ""
        raise TypeError(f"a stream is an iterable of events, or bytes or chunks of them, not {_named(stream)}{hint}")
    parts: Iterator[Any] = iter(stream)
    count = known = 0
    for part in parts:
        if _is_text(part):
            if count:
                raise TypeError(f"a stream is either events or chunks; no. {count} is {_named(part)}")
            return _vetted(checks, chain([part], parts), profile, extra)
        if not _is_event(part):
            raise TypeError(f"no. {count} of the stream is {_named(part)}, neither an event nor a chunk")
        try:
            event = part if isinstance(part, Model) else checks.decode(part)
        except DecodeError as error:
            raise AssertionError(f"event {count} of the stream cannot be read: {error}") from None
        linter.feed(event)
        known += not isinstance(event, UnknownEvent)
        count += 1
    if not known:
        raise AssertionError(f"the stream is not valid: {checks.unknown(count)}")
    linter.close()
    return FileReport("", count, 1, linter.findings, [])


def _is_text(value: Any) -> bool:
    return isinstance(value, (bytes, bytearray, memoryview, str))


def _is_event(value: Any) -> bool:
    return isinstance(value, (Model, Mapping))


def _vetted(checks: Checks, chunks: Iterable[Any], profile: str | None, extra: Collection[str]) -> FileReport:
    __tracebackhide__ = True
    body = b"".join(
        chunk.encode("utf-8", "surrogatepass") if isinstance(chunk, str) else as_bytes(chunk) for chunk in chunks
    )
    try:
        return vet(checks, "", body, profile=profile, extra=extra)
    except (NotAStreamError, FramingError) as error:
        raise AssertionError(f"the stream cannot be read: {error}") from None


def _lines(checks: Checks, report: FileReport) -> Iterator[str]:
    rules = {**checks.rules, **FILE_RULES}
    yield f"the stream is not valid: {counted(report.findings)} in {number(report.events, 'event')}"
    for finding in report.findings[:_SHOWN]:
        yield f"  {where(report, finding)}: {finding.severity} {finding.rule}: {printable(finding.message)}"
        for also in finding.also[:_SHOWN_ALSO]:
            yield f"    then {where(report, also)}: {also.rule}: {printable(also.message)}"
        if len(finding.also) > _SHOWN_ALSO:
            yield f"    and {len(finding.also) - _SHOWN_ALSO} more that follow from it"
        yield f"    What to do: {printable(rules[finding.rule].fix)}"
    if len(report.findings) > _SHOWN:
        yield f"  and {len(report.findings) - _SHOWN} more"


def _named(value: object) -> str:
    return type(value).__name__
