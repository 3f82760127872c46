"""The target `docs`: a page for each event, type, union and enum."""

from __future__ import annotations

from ..target import Target
from .pages import pages

TARGET = Target("docs", pages)
