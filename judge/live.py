"""A judge at work between runs: one ledger, one pace and one budget for as long as it lives. For a service."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from ..errors import AccountError, ProviderDown
from .calls.wrappers import Meter, stack
from .judges import AnyJudge, identity
from .ledger.ledger import Ledger
from .providers import Provider
from .records import Sample, Verdict
from .score import Options


class Live:
    """Verdicts one at a time, each with the retries and pace of a run. Made, used and closed in one thread.

    `store` is the ledger's file, in which replies outlive the process; without one they are kept until `close`. Raises
    `RunMismatch`, `LockedError` and `StorageError` as a run does when it opens its ledger.
    """

    def __init__(self, judge: AnyJudge, options: Options, store: Path | None = None) -> None:
        self.judge, self.options, self.meter = judge, options, Meter()
        self._folder = None if store else tempfile.TemporaryDirectory(prefix="recjudge-")
        path = store or Path(self._folder.name if self._folder else "", "live.db")
        self._ledger = Ledger.open(path, identity(judge), fork=options.fork)
        self._over = judge.over(self._wrapped)

    def prepare(self, samples: Sequence[Sample]) -> None:
        """Told of a batch ahead of time; it may take long, and may be called from a thread."""
        self._over.prepare(samples)

    async def verdict(self, sample: Sample) -> Verdict:
        """One verdict. Raises what ends a run; after that the next call begins anew, as the next run would."""
        over = self._over
        try:
            return await over.judge(sample)
        except (ProviderDown, AccountError):
            if self._over is over:
                # a stack that gave up stays so: it was made for a run
                self._over = self.judge.over(self._wrapped)
            raise

    async def close(self) -> None:
        """Gives connections and files back."""
        await self._over.close()
        self._ledger.close()
        if self._folder:
            self._folder.cleanup()

    def _wrapped(self, provider: Provider) -> Provider:
        opt = self.options
        return stack(
            provider, self._ledger, concurrency=opt.concurrency, attempts=opt.attempts, deadline=opt.deadline,
            prices=opt.price, max_cost=opt.max_cost, seed=opt.seed, meter=self.meter,
        )  # fmt: skip
