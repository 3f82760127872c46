"""Makes the virtual environment that the Makefile works in: `python3 tools/environment.py FOLDER [EXTRA]`.

Runs that come together wait for one another, and the later ones find it done. Any python3 can run this file, so that
one that is too old is told.
"""

import fcntl
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
INPUTS = [ROOT / "pyproject.toml", ROOT / "constraints.txt"]
PIP = ["-m", "pip", "install", "--quiet", "--quiet", "--constraint", str(ROOT / "constraints.txt")]


def main(folder: Path, extra: str = "") -> int:
    """Install the project into an environment, or what one of its extras needs besides."""
    if sys.version_info < (3, 10):  # noqa: UP036
        print("Python 3.10 or newer is needed; try: make PYTHON=python3.12")
        return 1
    done = folder / ("ready-" + extra if extra else "ready")
    # This file is in every checkout and nobody removes it; the system releases the lock when this process dies.
    with open(__file__) as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if done.exists() and all(file.stat().st_mtime <= done.stat().st_mtime for file in INPUTS):
            return 0
        python = str(folder / "bin" / "python")
        if not has_pip(python) and subprocess.call([sys.executable, "-m", "venv", "--clear", str(folder)]):
            print("python3 has no venv module; install it (Debian: python3-venv)")
            return 1
        print(f"installing {f'what {extra} needs' if extra else 'eventwright'} into {folder}", flush=True)
        # By its name, what is there already gets no second installation: a run beside this one may be using it.
        what = [f"eventwright[{extra}]"] if extra else ["--editable", str(ROOT)]
        if subprocess.call([python, *PIP, *what]):
            return 1
        done.touch()
    return 0


def has_pip(python: str) -> bool:
    """Tell whether there is an environment, and all of it: setting it up may have been broken off."""
    try:
        return not subprocess.call(
            [python, "-m", "pip", "--version"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
    except OSError:
        return False


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), *sys.argv[2:]))
