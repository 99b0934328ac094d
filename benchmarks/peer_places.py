"""Where peers of recjudge are installed for a comparison: a virtual environment each, made once, versions pinned."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

PINNED = {
    "autoevals": ("autoevals==0.4.1", "openai==3.52.0"),
    "openevals": ("openevals==0.2.2", "openai==3.52.0"),
    "phoenix": ("arize-phoenix-evals==3.9.4", "openai==3.52.0", "pandas"),
    "deepeval": ("deepeval==4.3.1", "openai==3.52.0"),
}
"""Newest releases when the comparison was written."""


def cache() -> Path:
    """The user's cache folder, or what `RECJUDGE_BENCH_CACHE` names."""
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return Path(os.environ.get("RECJUDGE_BENCH_CACHE") or home / "recjudge" / "bench")


def place(name: str, seconds: float = 300.0) -> Path | str:
    """The Python of a peer's environment, made where it is not there; in words why there is none.

    seconds: most that the installation may take.
    """
    pins = PINNED[name]
    home = cache() / "-".join(pins).replace("==", "-")
    python = home / "bin" / "python"
    if (home / "done").exists():
        return python
    shutil.rmtree(home, ignore_errors=True)
    venv.create(home, with_pip=True)
    command = [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", *pins]
    try:
        ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=seconds)
    except subprocess.TimeoutExpired:
        return f"not installed within {seconds:.0f} s"
    if ended.returncode:
        # pip's messages may name the address of an index, which is nobody's business
        said = [line for line in ended.stderr.splitlines() if line.startswith("ERROR") and "://" not in line]
        return f"pip could not install it: {said[-1][:120] if said else 'no reason given'}"
    (home / "done").touch()
    return python


if __name__ == "__main__":
    for one in PINNED:
        print(one, place(one), file=sys.stderr)
