"""A folder written as a whole: filled under another name, it takes its own; a crash leaves the old one or the new."""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from ..errors import StorageError
from ..judge import left_by_the_dead

_EXCHANGE, _HERE = 2, -100


def whole_folder(
    folder: Path | str,
    write: Callable[[Path], object],
    *,
    may_replace: Callable[[Path], None],
    before: Callable[[str], None] = lambda name: None,
    remedy: str = "mend that and run it again",
) -> Path:
    """`write` fills a folder of another name, which then takes this one; returns its whole path.

    `may_replace` raises for a folder that holds what is not ours; `before` hears the name of each step on the disk
    before it is done. Raises `StorageError` with the remedy where it cannot be written.
    """
    folder = Path(folder).resolve()
    clear_the_dead(folder)
    may_replace(folder)
    temporary = folder.with_name(f".{folder.name}.{os.getpid()}.part")
    try:
        before("make")
        temporary.mkdir(parents=True)
        write(temporary)
        _sync(temporary)
        before("name")
        take_name(temporary, folder, before)
        _sync(folder.parent)
    except OSError as error:
        raise StorageError(f"{folder}: cannot be written ({error.strerror or error}); {remedy}") from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return folder


def clear_the_dead(folder: Path) -> None:
    """What a process that died left beside the folder goes; a folder it had put aside comes back."""
    if not folder.parent.is_dir():
        return
    for path in left_by_the_dead(folder, ("part", "old")):
        if path.suffix == ".old" and not folder.exists():
            path.rename(folder)
        else:
            shutil.rmtree(path, ignore_errors=True)


def take_name(temporary: Path, folder: Path, before: Callable[[str], None] = lambda name: None) -> None:
    """The new folder gets its name; one that is there is exchanged for it in one step where the system knows how.

    The old one may then stand under the temporary name, for the caller to remove.
    """
    if not folder.exists():
        temporary.rename(folder)
        return
    if _exchanged(temporary, folder):
        before("remove")
        return
    aside = folder.with_name(f".{folder.name}.{os.getpid()}.old")
    folder.rename(aside)
    try:
        temporary.rename(folder)
    except OSError:
        aside.rename(folder)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def _exchanged(one: Path, other: Path) -> bool:
    """Linux's renameat2 with RENAME_EXCHANGE: both names change hands at once. False where it is not to be had."""
    if not sys.platform.startswith("linux"):
        return False
    with suppress(OSError, AttributeError):
        rename = ctypes.CDLL(None, use_errno=True).renameat2
        return bool(rename(_HERE, os.fsencode(one.absolute()), _HERE, os.fsencode(other.absolute()), _EXCHANGE) == 0)
    return False


def _sync(folder: Path) -> None:
    """The folder's own entries reach the disk; what cannot sync a folder does without."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
