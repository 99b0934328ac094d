"""A Student's folder, written as a whole, in the place of an earlier Student and of nothing else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ...errors import UsageError
from ...judge.student import is_student
from ..whole_folder import whole_folder


def student_folder(
    folder: Path, write: Callable[[Path], object], before: Callable[[str], None] = lambda name: None
) -> Path:
    """`write` fills it; a Student that is there is replaced. Raises as `whole_folder`, and as `ours`."""
    return whole_folder(folder, write, may_replace=ours, before=before, remedy="mend that and distill again")


def ours(folder: Path) -> None:
    """Raises `UsageError` for a folder that holds anything but a Student."""
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder}: a file; name a folder with --out")
    if folder.is_dir() and any(folder.iterdir()) and not is_student(str(folder)):
        raise UsageError(f"{folder}: holds other files and no Student; name another folder with --out")
