"""x"""

from typing import Any


def inspect(*a: Any) -> int:
    return 0
