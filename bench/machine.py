"""What a run ran on, without saying whose machine it was."""

from __future__ import annotations

import datetime
import os
import platform
import sysconfig
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path


def ran_on(libraries: Iterable[str]) -> list[tuple[str, str]]:
    """Describe date, Python, machine and libraries."""
    return [
        ("date", datetime.datetime.now(datetime.timezone.utc).date().isoformat()),
        ("Python", f"{platform.python_implementation()} {platform.python_version()}, {_build()}"),
        ("CPU", f"{_cpu()}, {os.cpu_count()} cores"),
        ("system", f"{platform.system()} {platform.machine()}"),
        ("libraries", ", ".join(f"{name} {metadata.version(name)}" for name in libraries)),
    ]


def _build() -> str:
    """Say whether the interpreter was optimised with a profile: that alone makes a third of its speed."""
    arguments = sysconfig.get_config_var("CONFIG_ARGS") or ""
    return "optimised with a profile" if "--enable-optimizations" in arguments else "built without a profile"


def _cpu() -> str:
    information = Path("/proc/cpuinfo")
    if information.exists():
        for line in information.read_text(encoding="utf-8", errors="replace").splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "model name":
                return value.strip()
    return platform.processor() or platform.machine()
