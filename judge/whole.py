"""Files that are there whole or as they were: written under a temporary name, then renamed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ..errors import StorageError


def write_whole(path: Path, text: str) -> Path:
    """UTF-8 text, its folder made where there is none. Raises `StorageError`."""
    with whole(path) as temporary:
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("wb") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
    return path


@contextmanager
def whole(target: Path, remedy: str = "mend that and run it again") -> Iterator[Path]:
    """A temporary name that becomes `target` when all went well, and nothing when it did not.

    Raises `StorageError`, which ends with the remedy.
    """
    # of this process alone: two that write the same file never share a half
    temporary = target.with_name(f".{target.name}.{os.getpid()}.part")
    with suppress(OSError):
        for left in left_by_the_dead(target):
            left.unlink()
    try:
        yield temporary
        temporary.replace(target)
    except OSError as error:
        raise StorageError(f"{target}: cannot be written ({error.strerror or error}); {remedy}") from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def left_by_the_dead(target: Path, kinds: tuple[str, ...] = ("part",)) -> list[Path]:
    """What processes that were killed left beside a file or folder under `.name.PROCESS.kind`, in order."""
    if not target.parent.is_dir():
        return []
    found = []
    for path in sorted(target.parent.iterdir()):
        name, _, kind = path.name.rpartition(".")
        name, _, owner = name.rpartition(".")
        if name == f".{target.name}" and kind in kinds and owner.isdigit() and not _lives(int(owner)):
            found.append(path)
    return found


def _lives(process: int) -> bool:
    if process == os.getpid() or os.name == "nt":
        # Windows has no signal that only asks
        return process != os.getpid()
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
