"""Reads the input of a run once, before anything is paid: what is there, what is there twice, what cannot be read."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from ..errors import InputError
from .ledger.index import Index
from .ledger.ledger import Ledger
from .ledger.rows import InputRow, Listed
from .reading.listing import Listing
from .reading.problems import Problem
from .reading.samples import Tally, Unit
from .records import Sample
from .running.refusals import conflicting, several
from .running.spool import Spool
from .sets.sets import Sets

AFTER_SAMPLES = 1 << 40
"""Where the rows of sets begin, after every sample."""


@dataclass
class Indexing:
    """One reading of the input, into the ledger's index, the spool of samples and the sets."""

    units: Callable[[Tally], Iterable[Unit]]
    """Reads the input from its start."""
    ledger: Ledger
    spool: Spool
    sets: Sets
    kinds: Sequence[str]
    """Of `sample` and `set`, what gets a verdict."""
    n_samples: int = 0

    def go(self, sha256: str, of: str, skip_invalid: bool, why: Callable[[Sequence[Problem]], list[str]]) -> Listing:
        """What cannot be read. An index that was made of the same input, read in the same way, is left as it is.

        sha256: the input's; of: hash of it and of all that says how it is read; why: what a judge has to add.
        Raises `InputError` for what cannot be read, unless `skip_invalid`, and for an id that stands for two samples.
        """
        index, problems, tally = Index(self.ledger, of), Listing(), Tally()
        if index.likely:
            deque(index.through(self._rows(problems, tally)), 0)
            if index.same:
                return problems
            self.spool.clear()
            self.sets.clear()
            problems, tally = Listing(), Tally()
        self.ledger.start_input()
        self.ledger.add_inputs(index.through(self._rows(problems, tally)))
        if problems and not skip_invalid:
            raise InputError("\n".join([several(problems), *why(problems)]))
        self.ledger.add_listed(Listed(p.place, p.field, p.problem, p.remedy) for p in problems)
        self.ledger.finish_input(sha256, tally.records)
        if conflicts := self.ledger.conflicts():
            raise InputError(conflicting(conflicts))
        index.note()
        return problems

    def _rows(self, problems: Listing, tally: Tally) -> Iterator[InputRow]:
        self.n_samples = 0
        for seq, unit in enumerate(self.units(tally)):
            if isinstance(unit, Problem):
                problems.add(unit)
            elif isinstance(unit, Sample):
                if "set" in self.kinds:
                    self.sets.add(unit)
                if "sample" in self.kinds:
                    self.spool.add(unit)
                    self.n_samples += 1
                    yield InputRow(seq, unit.key, unit.id, unit.place, "sample", unit.group)
        for seq, found in enumerate(self.sets, AFTER_SAMPLES):
            yield InputRow(seq, found.key, found.id, "", "set")
