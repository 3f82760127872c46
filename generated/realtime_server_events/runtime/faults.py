"""Collects what is wrong with a stream, and puts what follows from one fault under it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from .findings import Finding, RuleDoc

if TYPE_CHECKING:
    from .spots import Spot

MOST_ALSO = 100
"""How many findings stand under one; more are passed over, so that a stream that is all wrong can be shown."""


class Fault:
    """A finding, with those that follow from it.

    Attributes:
        finding: None where the rule does not hold for the stream: what follows from it is passed over, too.
    """

    __slots__ = ("also", "finding")

    def __init__(self, finding: Finding | None) -> None:
        self.finding = finding
        self.also: list[Finding] = []

    def shown(self) -> Finding | None:
        """Give the finding with all that has been found to follow from it so far."""
        found = self.finding
        if found is None or not self.also:
            return found
        return Finding(
            found.rule,
            found.severity,
            found.index,
            found.path,
            found.message,
            found.expected,
            found.got,
            tuple(self.also),
        )


class Faults:
    """The findings of a recording.

    Args:
        rules: What there is to say about each rule.
        off: Rules that do not hold, as `rule` or as `rule of Class`.

    Attributes:
        index: Which event is being looked at.
        is_calm: Whether nothing was wrong with it so far.
    """

    def __init__(self, rules: Mapping[str, RuleDoc], off: Mapping[str, str]) -> None:
        self.index = 0
        self.is_calm = True
        self._rules = rules
        self._off = off
        # In order, as a set that keeps it.
        self._faults: dict[Fault, None] = {}
        self._new: list[Fault] = []

    def holds(self, rule: str, kind: str = "") -> bool:
        """Whether a rule holds, for elements of a class."""
        doc = self._rules.get(rule)
        return (
            doc is not None and doc.severity != "off" and rule not in self._off and f"{rule} of {kind}" not in self._off
        )

    def add(
        self,
        rule: str,
        path: str,
        message: str,
        *,
        expected: str | None = None,
        got: str | None = None,
        kind: str = "",
        index: int | None = None,
        under: Fault | None = None,
    ) -> Fault:
        """Take down a finding.

        Args:
            rule: The rule that is broken.
            path: What it is about.
            message: What was sent and what is wrong with it.
            expected: What should have been there instead.
            got: What was there.
            kind: Class of the element that it is about.
            index: Which event it is about, if not the present one.
            under: The fault that it follows from.

        Returns:
            The fault that it stands under, or is.
        """
        finding: Finding | None = None
        self.is_calm = False
        if self.holds(rule, kind):
            at = self.index if index is None else index
            finding = Finding(rule, self._rules[rule].severity, at, path, message, expected, got)
        if under is not None:
            if finding is not None and under.finding is not None and len(under.also) < MOST_ALSO:
                under.also.append(finding)
            return under
        fault = Fault(finding)
        if finding is not None:
            self._faults[fault] = None
            self._new.append(fault)
        return fault

    def move(self, fault: Fault, under: Fault) -> None:
        """Put a finding under another one that came later, but tells why it came."""
        if fault in self._faults and fault is not under:
            del self._faults[fault]
            if fault.finding is not None and under.finding is not None:
                under.also += [fault.finding, *fault.also][: MOST_ALSO - len(under.also)]

    def is_as_bad(self, fault: Fault, rule: str) -> bool:
        """Whether a fault is at least as bad as one that breaks a rule."""
        doc = self._rules.get(rule)
        is_warning = doc is not None and doc.severity == "warning"
        return is_warning or fault.finding is None or fault.finding.severity == "error"

    def all(self) -> list[Finding]:
        """Give the findings that follow from no other, in order, each with those that follow from it."""
        return [found for fault in self._faults if (found := fault.shown()) is not None]

    def news(self) -> list[Finding]:
        """Give those of them that nobody has been told of yet."""
        new, self._new = self._new, []
        return [found for fault in new if fault in self._faults and (found := fault.shown()) is not None]


class StreamFaults:
    """What is wrong with one stream of a recording.

    Args:
        faults: The findings of the recording.
    """

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._first: dict[tuple[str, str], Fault] = {}

    def holds(self, rule: str, kind: str = "") -> bool:
        """Whether a rule holds, for elements of a class."""
        return self._faults.holds(rule, kind)

    def is_as_bad(self, fault: Fault, rule: str) -> bool:
        """Whether a fault is at least as bad as one that breaks a rule."""
        return self._faults.is_as_bad(fault, rule)

    def move(self, fault: Fault, under: Fault) -> None:
        """Put a finding under another one that came later, but tells why it came."""
        self._faults.move(fault, under)

    def add(
        self,
        rule: str,
        spot: Spot,
        path: str,
        message: str,
        *,
        expected: str | None = None,
        got: str | None = None,
        index: int | None = None,
        under: Fault | None = None,
    ) -> Fault:
        """Take down a finding about an element, or about the stream.

        It follows from what is wrong with the element as a whole, if that is so, and else from what breaks the same
        rule at the same place. The other arguments are those of `Faults.add`.
        """
        first = self._first.get((rule, path))
        fault = self._faults.add(
            rule,
            path,
            message,
            expected=expected,
            got=got,
            kind=spot.kind,
            index=index,
            under=under or spot.blame or first,
        )
        if first is None:
            self._first[rule, path] = fault
        return fault
