"""A run's index and verdicts in input order, a page at a time, so that no long read holds the log back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ...errors import StorageError
from .rows import Judged
from .sealing import seal_input, seal_verdict
from .store import Store

_PAGE = 1000
START_OVER = "copy the file aside and start over under another name"


def input_pages(store: Store, run: int, *, sealed: bool = True) -> Iterator[list[Any]]:
    """Whole rows of the index; `sealed`: each is held against its hash. Raises `StorageError` for a damaged one."""
    sql = "SELECT * FROM inputs WHERE run=? AND seq>? ORDER BY seq LIMIT ?"
    after = -1
    while rows := store.rows(sql, (run, after, _PAGE)):
        for row in rows if sealed else ():
            if row[-1] != seal_input(row[:-1]):
                raise damaged(store, f"input {row[1]} ({row[4]})")
        yield rows
        after = rows[-1][1]


def judged(store: Store, run: int, pages: Iterator[list[Any]], *, sealed: bool = True) -> Iterator[Judged]:
    """The verdict of each row of the index that has one."""
    for page in pages:
        keys = list({bytes.fromhex(row[2]) for row in page})
        sql = f"SELECT * FROM verdicts WHERE run=? AND key IN ({','.join('?' * len(keys))})"  # noqa: S608
        found = {row[1].hex(): row for row in store.rows(sql, (run, *keys))}
        for _, seq, key, id_, place, *_ in page:
            if (row := found.get(key)) is not None:
                if sealed and row[-1] != seal_verdict(row[:-1]):
                    raise damaged(store, f"the verdict on {id_!r} ({place})")
                yield Judged(seq, place, id_, row[4], row[2])


def damaged(store: Store, what: str) -> StorageError:
    """What the file holds is not what was written into it."""
    return StorageError(f"{store.path}: {what} is damaged; {START_OVER}")
