"""Who may write a run: one process, by a lock that the kernel drops when it dies; and how the disk complains."""

from __future__ import annotations

import contextlib
import fcntl
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from ...errors import LockedError, StorageError

_DAMAGED = "the file is damaged: copy it aside, or start over under another name"


class Lock:
    """A lock on a file beside the database: closing any descriptor of the database itself would drop SQLite's own."""

    def __init__(self, path: Path) -> None:
        """Raises LockedError naming the process that owns the run, StorageError when the file cannot be made."""
        self._name = Path(f"{path}-lock")
        with storage_errors(path):
            self._descriptor = self._take(path)

    def release(self) -> None:
        """Gives it back; a second time does nothing."""
        if self._descriptor >= 0:
            # unlinked while still held: whoever locks the old inode sees that the name has gone, and tries again
            self._name.unlink(missing_ok=True)
            os.close(self._descriptor)
            self._descriptor = -1

    def _take(self, path: Path) -> int:
        while True:
            descriptor = os.open(self._name, os.O_RDWR | os.O_CREAT, 0o600)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                owner = os.pread(descriptor, 32, 0).decode(errors="replace").strip() or "unknown"
                os.close(descriptor)
                raise LockedError(f"{path}: process {owner} owns this run; wait for it or end it") from None
            if self._is_named(descriptor):
                os.ftruncate(descriptor, 0)
                os.pwrite(descriptor, b"%d\n" % os.getpid(), 0)
                return descriptor
            os.close(descriptor)

    def _is_named(self, descriptor: int) -> bool:
        try:
            return os.stat(self._name).st_ino == os.fstat(descriptor).st_ino
        except FileNotFoundError:
            return False


@contextlib.contextmanager
def storage_errors(path: Path) -> Iterator[None]:
    """Turns what SQLite and the system say into StorageError or LockedError with the place and the remedy."""
    try:
        yield
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorname", "").startswith("SQLITE_BUSY"):
            raise LockedError(f"{path}: another program holds the file ({error}); close it and run again") from error
        raise StorageError(f"{path}: {error}; {_remedy(error)}") from error
    except UnicodeDecodeError as error:  # SQLite's own words about a damaged schema
        raise StorageError(f"{path}: {_DAMAGED}") from error
    except OSError as error:
        raise StorageError(
            f"{path}: {error.strerror or error}; give a folder that exists and can be written"
        ) from error


def _remedy(error: sqlite3.Error) -> str:
    name = getattr(error, "sqlite_errorname", "") or ""
    if name.startswith("SQLITE_FULL"):
        return "free some space and run the same command again: all that was committed is kept"
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return _DAMAGED
    return "mend the disk or folder and run the same command again: all that was committed is kept"
