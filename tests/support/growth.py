"""How time grows with the input, told apart from what else the machine does."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

TIMES = 8
"""How much larger the large input is: where time is linear it takes 8 times as long, where it is quadratic 64 times."""


def takes_linear_time(prepare: Callable[[int], Callable[[], object]], count: int) -> bool:
    """Whether what `prepare(count)` gives takes about eight times as long as what `prepare(count // 8)` gives.

    Only the processor's time counts, of the fastest of a few runs each, and without the garbage collector: its passes
    depend on all that lives in the process. What shares the machine can slow all runs of one size nevertheless, so a
    ratio that is too large is measured again.
    """
    return any(
        _seconds(prepare, count) <= 2.5 * TIMES * max(_seconds(prepare, count // TIMES), 0.001) for _ in range(4)
    )


def _seconds(prepare: Callable[[int], Callable[[], object]], count: int) -> float:
    best = float("inf")
    collects = gc.isenabled()
    for _ in range(3):
        run = prepare(count)
        gc.collect()
        gc.disable()
        try:
            begin = time.process_time()
            run()
            best = min(best, time.process_time() - begin)
        finally:
            if collects:
                gc.enable()
    return best
