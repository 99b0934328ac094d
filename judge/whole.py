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
    try:
        yield temporary
        temporary.replace(target)
    except OSError as error:
        raise StorageError(f"{target}: cannot be written ({error.strerror or error}); {remedy}") from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
