"""Whether the index of the input that a ledger has is the one that this reading would give: then it is left alone."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

from .ledger import Ledger
from .rows import InputRow


class Index:
    """What is read now, beside what was noted when the ledger's index was made."""

    def __init__(self, ledger: Ledger, of: str) -> None:
        """`of` is the hash of the input and of all that says how it is read."""
        self._ledger, self._of = ledger, of
        self._noted = ledger.ending.noted_index() or ""
        self._rows = hashlib.sha256()

    @property
    def likely(self) -> bool:
        """The ledger's index was made of the same input, read in the same way."""
        return self._noted.startswith(f"{self._of} ")

    @property
    def same(self) -> bool:
        """All rows that went `through` are those of the ledger's index."""
        return self._noted == self._now

    def through(self, rows: Iterable[InputRow]) -> Iterator[InputRow]:
        """The same rows, hashed."""
        self._rows = hashlib.sha256()
        for row in rows:
            self._rows.update(repr(tuple(row)).encode(errors="surrogatepass"))
            yield row

    def note(self) -> None:
        """The index is made of what went `through`, and is sound."""
        self._ledger.ending.note_index(self._now)

    @property
    def _now(self) -> str:
        return f"{self._of} {self._rows.hexdigest()}"
