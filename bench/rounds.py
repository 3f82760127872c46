"""Timing that is fair on a machine with other things to do.

The contestants take turns, one pass each a round, so that a machine that slows down slows all of them. A ratio is taken
within a round, and what is reported is its spread over the rounds. The clock counts the CPU time of the thread where it
is fine enough. The garbage collector stays on, as it does in programs, but is not concerned with what was made before
the race; it is run before each pass. Each result is dropped before the next one is made, as in a program that reads a
stream.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .screen import progress


@dataclass(frozen=True, slots=True)
class Spread:
    """Minimum, median and maximum over the rounds."""

    low: float
    middle: float
    high: float

    @staticmethod
    def of(values: Iterable[float]) -> Spread:
        found = sorted(values)
        return Spread(found[0], statistics.median(found), found[-1])


@dataclass(frozen=True, slots=True)
class Job:
    """One contestant: what it is called with, one input after the other."""

    function: Callable[[Any], object]
    inputs: Sequence[Any]


class Times:
    """Seconds of each contestant in each round."""

    def __init__(self, seconds: dict[str, list[float]]) -> None:
        self._seconds = seconds

    def ratio(self, one: str, other: str) -> Spread:
        """Say how many times as long `one` takes as `other`."""
        return Spread.of(a / b for a, b in zip(self._seconds[one], self._seconds[other], strict=True))

    def seconds(self, name: str) -> list[float]:
        return self._seconds[name]

    def scaled(self, name: str, factor: float) -> Spread:
        return Spread.of(seconds * factor for seconds in self._seconds[name])


def race(what: str, jobs: Mapping[str, Job], rounds: int) -> Times:
    """Time all jobs `rounds` times, after a pass each that does not count."""
    seconds: dict[str, list[float]] = {name: [] for name in jobs}
    gc.collect()
    gc.freeze()
    for turn in range(rounds + 1):
        progress(f"{what}: round {turn} of {rounds}")
        for name, job in jobs.items():
            gc.collect()
            spent = _pass(job)
            if turn:
                seconds[name].append(spent)
    gc.unfreeze()
    return Times(seconds)


def _fine_clock() -> Callable[[], float]:
    return time.thread_time if time.get_clock_info("thread_time").resolution < 1e-5 else time.perf_counter


_clock = _fine_clock()


def _pass(job: Job) -> float:
    function, inputs = job.function, job.inputs
    begin = _clock()
    for each in inputs:
        function(each)
    return _clock() - begin
