"""A service that runs for long: nothing of a request is left behind when it is answered."""

from __future__ import annotations

import asyncio
import gc
import time
from pathlib import Path

import pytest
from recjudge.training.serving import Service
from recjudge.training.serving.shapes import RewardsAsked

from serves import SHOE, student

WARM, MORE, AT_ONCE = 20_000, 80_000, 200
"""Requests until the caches of texts are full, and those after it."""
STATM = Path("/proc/self/statm")


@pytest.mark.slow
@pytest.mark.skipif(not STATM.exists(), reason="reads the process's memory where Linux shows it")
def test_a_hundred_thousand_requests_leave_nothing_behind(tmp_path: Path) -> None:
    service = Service(student(tmp_path))
    service.start()
    try:
        asyncio.run(_asked(service, 0, WARM))
        before = _pages()
        asyncio.run(_asked(service, WARM, WARM + MORE))
        after = _pages()
    finally:
        service.stop()
    assert service.held == 0
    assert not service._open
    assert (after - before) * 4096 < 100 * MORE, f"{(after - before) * 4096 / MORE:.0f} bytes a request are kept"


async def _asked(service: Service, first: int, end: int) -> None:
    async def one(number: int) -> None:
        text = f"Waterproof mesh keeps your feet dry for {number} minutes"
        asked = RewardsAsked(completions=[text], columns={"item": [SHOE]})
        (answer,) = await service.rewards(asked, time.monotonic(), 30.0)
        assert answer.reward is not None

    for start in range(first, end, AT_ONCE):
        await asyncio.gather(*map(one, range(start, start + AT_ONCE)))


def _pages() -> int:
    gc.collect()
    return int(STATM.read_text().split()[1])
