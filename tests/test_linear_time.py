"""The measure of how time grows can tell."""

from __future__ import annotations

from collections.abc import Callable

from support.growth import takes_linear_time


def test_linear_and_quadratic_time_are_told_apart() -> None:
    def linear(count: int) -> Callable[[], object]:
        return lambda: sum(range(100 * count))

    def quadratic(count: int) -> Callable[[], object]:
        return lambda: [sum(range(count)) for _ in range(count)]

    assert takes_linear_time(linear, 8_000)
    assert not takes_linear_time(quadratic, 2_000)
