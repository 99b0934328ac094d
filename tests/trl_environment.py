"""An environment with what the `train` extra names, made once a test run and gone with it."""

from __future__ import annotations

import atexit
import shutil
import subprocess
import sys
import tempfile
import tomllib
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@cache
def trl_python() -> Path:
    """Its interpreter. Skips the test where the packages cannot be had: that is no fault of the rows."""
    folder = Path(tempfile.mkdtemp(prefix="trl-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    python = folder / "bin" / "python"
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]["train"]
    steps = [[sys.executable, "-m", "venv", str(folder)], [*_installer(python), *wanted]]
    for step in steps:
        done = subprocess.run(step, capture_output=True, text=True, check=False, timeout=900)
        if done.returncode:
            pytest.skip(f"the train extra cannot be installed here: {done.stderr.strip()[-300:]}")
    return python


def _installer(python: Path) -> list[str]:
    """uv where it is there, as in the Makefile; else pip."""
    uv = [sys.executable, "-m", "uv"]
    if subprocess.run([*uv, "--version"], capture_output=True, check=False).returncode == 0:
        return [*uv, "pip", "install", "-q", "--python", str(python)]
    return [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
