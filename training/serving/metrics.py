"""What the service counts, in Prometheus' text format (version 0.0.4)."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import accumulate
from threading import Lock

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
SIZES = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024)
KIND = "text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """Counters and histograms; any thread may add to them."""

    def __init__(self, info: Mapping[str, str], gauges: Mapping[str, tuple[str, Callable[[], float]]]) -> None:
        self._lock, self._info, self._gauges = Lock(), info, gauges
        self._requests: Counter[tuple[str, str]] = Counter()
        self._rewards: Counter[str] = Counter()
        self._late = 0
        self._batches = Histogram(SIZES)
        self._seconds: dict[str, Histogram] = {}

    def request(self, path: str, status: int, seconds: float) -> None:
        """One request was answered."""
        with self._lock:
            self._requests[path, str(status)] += 1
            self._seconds.setdefault(path, Histogram(SECONDS)).add(seconds)

    def rewards(self, statuses: Sequence[str]) -> None:
        """One reward each was given, or was null for a reason of this class."""
        with self._lock:
            self._rewards.update(statuses)

    def batch(self, size: int) -> None:
        """So many samples went to the judge together."""
        with self._lock:
            self._batches.add(size)

    def late(self, size: int) -> None:
        """So many samples were dropped: their request was answered already."""
        with self._lock:
            self._late += size

    def text(self) -> str:
        """All of them."""
        with self._lock:
            return "".join(f"{line}\n" for line in self._lines())

    def _lines(self) -> Iterator[str]:
        yield from _head("recjudge_info", "gauge", "The judge that answers.")
        yield f"recjudge_info{_labels(self._info)} 1"
        yield from _head("recjudge_requests_total", "counter", "Requests by path and HTTP status.")
        for (path, status), count in sorted(self._requests.items()):
            yield f"recjudge_requests_total{_labels({'path': path, 'status': status})} {count}"
        yield from _head("recjudge_rewards_total", "counter", "Rewards by status: ok, or why there is none.")
        for status, count in sorted(self._rewards.items()):
            yield f"recjudge_rewards_total{_labels({'status': status})} {count}"
        yield from _head("recjudge_late_total", "counter", "Samples dropped, their request answered without them.")
        yield f"recjudge_late_total {self._late}"
        for name, (words, value) in self._gauges.items():
            yield from _head(name, "gauge", words)
            yield f"{name} {value():g}"
        yield from _head("recjudge_batch_size", "histogram", "Samples that went to the judge together.")
        yield from self._batches.lines("recjudge_batch_size", {})
        yield from _head("recjudge_request_seconds", "histogram", "Seconds from a request's first byte to its answer.")
        for path, found in sorted(self._seconds.items()):
            yield from found.lines("recjudge_request_seconds", {"path": path})


class Histogram:
    """Counts by upper bound, with their sum."""

    def __init__(self, bounds: Sequence[float]) -> None:
        self.bounds, self.counts, self.total = bounds, [0] * (len(bounds) + 1), 0.0

    def add(self, value: float) -> None:
        """Counts one more."""
        self.counts[bisect_left(self.bounds, value)] += 1
        self.total += value

    def lines(self, name: str, labels: Mapping[str, str]) -> Iterator[str]:
        """Cumulative buckets, sum and count."""
        bounds = [*(f"{bound:g}" for bound in self.bounds), "+Inf"]
        for bound, count in zip(bounds, accumulate(self.counts), strict=True):
            yield f"{name}_bucket{_labels({**labels, 'le': bound})} {count}"
        yield f"{name}_sum{_labels(labels)} {self.total:.6g}"
        yield f"{name}_count{_labels(labels)} {sum(self.counts)}"


def _head(name: str, kind: str, words: str) -> Iterator[str]:
    yield f"# HELP {name} {words}"
    yield f"# TYPE {name} {kind}"


def _labels(labels: Mapping[str, str]) -> str:
    words = ",".join(f'{name}="{_escaped(value)}"' for name, value in labels.items())
    return f"{{{words}}}" if words else ""


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
