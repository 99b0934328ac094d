"""A Student's folder, written as a whole: a crash leaves the old folder or the new one."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from ...errors import StorageError, UsageError
from ...judge.student import is_student
from ..folder import clear_the_dead, take_name


def whole_folder(
    folder: Path, write: Callable[[Path], object], before: Callable[[str], None] = lambda name: None
) -> Path:
    """`write` fills a folder of another name, which then takes this one; a Student that is there is replaced.

    `before` hears the name of each step on the disk before it is done. Raises `UsageError` for what is no Student's
    folder, `StorageError` where it cannot be written.
    """
    folder = Path(folder).resolve()
    clear_the_dead(folder)
    ours(folder)
    temporary = folder.with_name(f".{folder.name}.{os.getpid()}.part")
    try:
        before("make")
        temporary.mkdir(parents=True)
        write(temporary)
        before("name")
        take_name(temporary, folder, before)
    except OSError as error:
        raise StorageError(
            f"{folder}: cannot be written ({error.strerror or error}); mend that and distill again"
        ) from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return folder


def ours(folder: Path) -> None:
    """Raises `UsageError` for a folder that holds anything but a Student."""
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder}: a file; name a folder with --out")
    if folder.is_dir() and any(folder.iterdir()) and not is_student(str(folder)):
        raise UsageError(f"{folder}: holds other files and no Student; name another folder with --out")
