"""Environments with what an extra names, each made once a test run and gone with it."""

from __future__ import annotations

import atexit
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import tomllib
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def trl_python() -> Path:
    """The interpreter of the one with the `train` extra."""
    return python_with("train")


@cache
def python_with(extra: str) -> Path:
    """Its interpreter. Skips the test where the packages cannot be had: that is no fault of what is tested."""
    folder = Path(tempfile.mkdtemp(prefix=f"{extra}-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    python = folder / "bin" / "python"
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"][extra]
    steps = [
        [sys.executable, "-m", "venv", str(folder)],
        [str(python), "-m", "pip", "install", "-q", *wanted],
    ]  # pip: its settings may name a torch without CUDA
    for step in steps:
        done = subprocess.run(step, capture_output=True, text=True, check=False, timeout=900)
        if done.returncode:
            pytest.skip(f"the {extra} extra cannot be installed here: {done.stderr.strip()[-300:]}")
    _sees_what_runs_here(python)
    return python


def _sees_what_runs_here(python: Path) -> None:
    """recjudge and the packages of this interpreter, behind its own: a package that both have is the environment's."""
    asked = [str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    site = Path(subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip())
    here = sysconfig.get_path("purelib")
    # a folder named in a .pth file is put on the path, but .pth files in it, as of an editable recjudge, are not read
    (site / "zz_recjudge.pth").write_text(f"import site; site.addsitedir({here!r})\n")
