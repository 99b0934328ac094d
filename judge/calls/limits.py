"""The pace a provider bears: how many calls at once, when the next may leave, and when to stop trying."""

from __future__ import annotations

import asyncio
from collections import deque
from random import Random

from ...errors import AccountError, ProviderDown, ProviderFault, RecjudgeError
from ..providers.base import Prompt, Provider, Reply
from ..records import Status
from .budget import Meter

_FIRST = 8
"""Calls in flight that a run begins with."""
_BEHIND = 4
"""One call more for so many slots may be under way while replies are being committed."""
_LONGEST = 32.0
"""Seconds of the longest pause after a rejection that names none."""
_RISE = 3.0
_NOISE = 0.25
"""A rise of latency counts from three times the best, and a quarter of a second above that."""
_DRIFT = 1.02


class Throttled:
    """Lets calls through at the pace the provider bears: first come, first served.

    Slow start to the first trouble, then one more a round trip; halved on 429, 529 and on a strong rise of latency, at
    most once a round trip. After a rejection nobody leaves before the time the provider named, and then one by one. A
    reply gives its slot away before it is committed, to at most a fourth more calls than there are slots: so much can
    be billed and not yet on disk.
    """

    def __init__(self, inner: Provider, concurrency: int, rng: Random, meter: Meter, patience: float = 900.0) -> None:
        self.inner, self.most, self.meter, self.patience = inner, concurrency, meter, patience
        self.limit = float(min(_FIRST, concurrency))
        self._rng = rng
        self._queue: deque[asyncio.Future[None]] = deque()
        self._used = 0
        """Slots taken: calls at the provider."""
        self._behind: set[asyncio.Task[object] | None] = set()
        """Whose reply is there and is not committed yet."""
        self._opens = self._next = 0.0
        """Loop times: when a provider lets anyone in again, and when the next one may leave."""
        self._cut_at = float("-inf")
        self._slow_start = True
        self._rejections = self._careful = 0
        self._timer: asyncio.TimerHandle | None = None
        self._latency = _Latency()
        self._over: RecjudgeError | None = None
        meter.concurrency = int(self.limit)

    @property
    def name(self) -> str:
        """The inner provider's."""
        return self.inner.name

    async def ask(self, prompt: Prompt) -> Reply:
        """One call in its turn. Raises ProviderDown when the provider asks for a longer wait than `patience`."""
        began = await self._enter()
        try:
            reply = await self.inner.ask(prompt)
            self._grow()
            return reply
        except ProviderFault as fault:
            if fault.throttled or fault.retry_after is not None:
                self._rejected(fault, began)
            raise
        finally:
            task = asyncio.current_task()
            if task in self._behind:
                self._behind.remove(task)
            else:
                self._used -= 1
            self._admit()

    def answered(self, seconds: float) -> None:
        """Told by the task of a call that its reply is there, and how long it took without any wait of ours."""
        self._behind.add(asyncio.current_task())
        self._used -= 1
        self._admit()
        if self._latency.rose(seconds, round_trip=max(_FIRST, int(self.limit))):
            self._halve(least=self.most / 4)

    async def close(self) -> None:
        """Gives connections back."""
        await self.inner.close()

    async def _enter(self) -> float:
        """Waits for a slot and for the turn; returns the time of leaving."""
        if self._over is not None:
            raise self._over
        loop = asyncio.get_running_loop()
        if not self._queue and self._careful <= 0 and self._free():
            now = loop.time()
            if now >= max(self._opens, self._next):
                self._used, self._next = self._used + 1, now
                return now
        turn: asyncio.Future[None] = loop.create_future()
        self._queue.append(turn)
        self._admit()
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled() and turn.exception() is None:
                self._used -= 1
                self._admit()
            raise
        return loop.time()

    def _free(self) -> bool:
        slots = max(1, int(self.limit))
        return self._used < slots and self._used + len(self._behind) < slots + slots // _BEHIND

    def _admit(self) -> None:
        loop = asyncio.get_running_loop()
        while self._queue and self._free():
            if self._queue[0].done():
                self._queue.popleft()
                continue
            now = loop.time()
            if (opens := max(self._opens, self._next)) > now:
                self._wake(loop, opens)
                return
            self._used += 1
            self._next = now + self._gap()
            self._queue.popleft().set_result(None)

    def _wake(self, loop: asyncio.AbstractEventLoop, when: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = loop.call_at(when, self._admit)

    def _gap(self) -> float:
        """Seconds to the next departure: none in fair weather, a share of a round trip after a rejection."""
        if self._careful <= 0:
            return 0.0
        self._careful -= 1
        return self._latency.typical / max(1.0, self.limit) * self._rng.uniform(0.5, 1.5)

    def _grow(self) -> None:
        self._rejections = max(0, self._rejections - 1)
        if self._used >= int(self.limit):
            self.limit = min(self.most, self.limit + (1.0 if self._slow_start else 1.0 / self.limit))
            self.meter.concurrency = int(self.limit)

    def _rejected(self, fault: ProviderFault, began: float) -> None:
        now = asyncio.get_running_loop().time()
        if began > self._cut_at:
            self._rejections += 1
            self._halve(least=1.0)
        wait = fault.retry_after
        if wait is not None and wait > self.patience:
            error = ProviderDown(f"{self.name}: asks to wait {wait:.0f} s; run the same command again after that")
            self._stop(error)
            raise error from fault
        if wait is None or self._rejections > 2:
            # rejections in a row: the waits that the provider names are too short, or it names none
            longest = min(_LONGEST, 2.0 ** (self._rejections - 1))
            wait = max(wait or 0.0, self._rng.uniform(longest / 2, longest))
        self._opens = max(self._opens, now + wait)
        self.meter.tell("backoff", provider=self.name, wait=round(wait, 3), in_flight=self.meter.concurrency)
        self._careful = 2 * self.most

    def _halve(self, least: float) -> None:
        self.limit = min(self.limit, max(least, self.limit / 2))
        self._cut_at = asyncio.get_running_loop().time()
        self._slow_start = False
        self.meter.concurrency = max(1, int(self.limit))

    def _stop(self, error: RecjudgeError) -> None:
        self._over = error
        for turn in self._queue:
            if not turn.done():
                turn.set_exception(error)
        self._queue.clear()


class _Latency:
    """Mean latency a round trip, against the best there was."""

    def __init__(self) -> None:
        self.typical = 0.5
        self._best = float("inf")
        self._sum, self._n = 0.0, 0

    def rose(self, seconds: float, round_trip: int) -> bool:
        """Adds one; True at the end of a round trip whose mean rose strongly above the best."""
        self._sum, self._n = self._sum + seconds, self._n + 1
        if self._n < round_trip:
            return False
        self.typical, self._sum, self._n = self._sum / self._n, 0.0, 0
        # the best drifts up, so that prompts that are longer for good do not count as trouble for good
        self._best = min(self.typical, self._best * _DRIFT)
        return self.typical > _RISE * self._best + _NOISE


class Breaker:
    """Stops asking a provider that fails every call, probes it from time to time, and ends the run when it stays down.

    Twenty failures in a row pause everybody; then one call at a time goes out as a probe, after longer and longer
    pauses; these are short for a provider that nothing has ever reached. A fault that no further call can mend (key,
    quota, unknown model) ends the run at once.
    """

    trips = 20
    pauses = (5.0, 10.0, 20.0, 40.0, 60.0, 60.0, 60.0)
    pauses_unreached = (1.0, 2.0, 4.0)

    def __init__(self, inner: Provider, meter: Meter) -> None:
        self.inner, self.meter = inner, meter
        self._failed_in_a_row = self._probes = 0
        self._paused = self._probing = self._reached = False
        self._over: RecjudgeError | None = None
        self._changed = asyncio.Event()

    @property
    def name(self) -> str:
        """The inner provider's."""
        return self.inner.name

    async def ask(self, prompt: Prompt) -> Reply:
        """One call, unless the provider is down. Raises AccountError and ProviderDown, from then on for every call."""
        probe = await self._pass()
        try:
            reply = await self.inner.ask(prompt)
        except ProviderFault as fault:
            self._weigh(fault, probe)
            raise
        finally:
            if probe:
                self._probing = False
                self._tell()
        self._recover()
        return reply

    async def close(self) -> None:
        """Gives connections back."""
        await self.inner.close()

    async def _pass(self) -> bool:
        """Returns when a call may go out; True when it is the probe."""
        while self._open:
            if self._probing:
                await self._changed.wait()
                continue
            self._probing = True
            try:
                await asyncio.sleep(self._pauses[self._probes])
            except asyncio.CancelledError:
                self._probing = False
                self._tell()
                raise
            return True
        if self._over is not None:
            raise self._over
        return False

    @property
    def _open(self) -> bool:
        """Whether nobody may pass but the probe."""
        return self._paused and self._over is None

    @property
    def _pauses(self) -> tuple[float, ...]:
        return self.pauses if self._reached else self.pauses_unreached

    def _weigh(self, fault: ProviderFault, probe: bool) -> None:
        self._reached = self._reached or fault.sent
        if fault.fatal:
            self._end(AccountError(f"{self.name}: {fault}"), fault)
        if not _is_the_providers(fault):
            self._recover()
        elif probe and self._paused:
            self._probes += 1
            if self._probes >= len(self._pauses):
                said = "fails every call" if self._reached else "cannot be reached"
                self._end(ProviderDown(f"{self.name}: {said}, for {sum(self._pauses):.0f} s now; last: {fault}"), fault)
        else:
            self._failed_in_a_row += 1
            if not self._paused and self._failed_in_a_row >= self.trips:
                self._paused = self.meter.paused = True
                self.meter.tell("paused", provider=self.name, failures=self._failed_in_a_row)

    def _end(self, error: RecjudgeError, fault: ProviderFault) -> None:
        self._over = self._over or error
        self._tell()
        raise self._over from fault

    def _recover(self) -> None:
        self._reached = True
        self._failed_in_a_row = self._probes = 0
        if self._paused:
            self._paused = self.meter.paused = False
            self.meter.tell("resumed", provider=self.name)
            self._tell()

    def _tell(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()


def _is_the_providers(fault: ProviderFault) -> bool:
    """A failure of the provider as such, not its word on this call: 5xx, a lost connection, silence."""
    return fault.retriable and not fault.throttled and fault.status in (Status.PROVIDER_ERROR, Status.TIMEOUT)
