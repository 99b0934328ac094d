"""What an agreement coefficient with its interval costs, beside the peers in the same run, as ratios.

    python benchmarks/agreement_speed.py [--irrcac PYTHON] [--out benchmarks/results/agreement_speed.md]

`--irrcac` is a Python of an environment that has irrCAC; without it that row is left out and said so. What a peer would
need more than a minute for is timed on fewer resamples and multiplied.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from recjudge.human_labels import Table, interval, mean_of, scale_of
from recjudge.human_labels.coefficients.alpha import alpha_sums
from recjudge.human_labels.validity.ceilings import leave_one_out, of_ceiling

DRAWS = 1000
GOAL = 2.0
"""Seconds for alpha with its interval, 10,000 items by 5 annotators, on two cores."""
IRRCAC = """
import sys, time, warnings
warnings.filterwarnings("ignore")
import numpy as np, pandas as pd
from irrCAC.raw import CAC
table = pd.DataFrame(np.load(sys.argv[1]))
start = time.perf_counter()
found = CAC(table, weights="ordinal").krippendorff()["est"]["coefficient_value"]
print(time.perf_counter() - start, found)
"""


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    what: str
    seconds: float
    value: str
    how: str = ""


def main() -> None:
    """Times all, prints the table and writes it."""
    options = _options()
    small, large = _labels(10_000, 5, options.seed), _labels(200_000, 5, options.seed)
    groups = np.repeat(np.arange(1000), 10).tolist()
    score = np.nanmean(small.values, axis=1) + np.random.default_rng(1).normal(size=10_000)
    scores = small.values[:, 0]
    blocks = [
        (
            f"Alpha (ordinal), 10,000 items x 5 annotators, {DRAWS:,} resamples",
            [
                _ours("recjudge, items", lambda: interval(alpha_sums(small, "ordinal"), draws=DRAWS)),
                _ours("recjudge, 1,000 clusters", lambda: interval(alpha_sums(small, "ordinal"), groups, draws=DRAWS)),
                _krippendorff_loop(small, options.loops),
                _scipy_loop(small, options.loops),
                *_irrcac(small, options.irrcac),
            ],
        ),
        (
            "Alpha (ordinal), 200,000 items x 5 annotators: one million labels",
            [
                _ours("recjudge, value", lambda: alpha_sums(large, "ordinal").value),
                _ours("recjudge, value and interval", lambda: interval(alpha_sums(large, "ordinal"), draws=DRAWS)),
                _krippendorff(large),
            ],
        ),
        (
            f"Mean of 10,000 scores, BCa, {DRAWS:,} resamples",
            [_ours("recjudge", lambda: interval(mean_of(scores), draws=DRAWS)), _scipy_mean(scores)],
        ),
        (
            f"Ceilings (Spearman, leave-one-out), 10,000 items x 5 annotators, {DRAWS:,} resamples",
            [
                _ours("people's ceiling", lambda: interval(leave_one_out(small), draws=DRAWS)),
                _ours("judge / ceiling, whole scores", lambda: interval(of_ceiling(small, scores), draws=DRAWS)),
                _ours("judge / ceiling, scores all different", lambda: interval(of_ceiling(small, score), draws=DRAWS)),
            ],
        ),
    ]
    page = _page(blocks, options)
    print(page)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(page)
    if blocks[0][1][0].seconds > GOAL:
        sys.exit(f"alpha with its interval took {blocks[0][1][0].seconds:.2f} s; the goal is {GOAL} s")


def _labels(items: int, raters: int, seed: int) -> Table:
    """Five-point labels of a shared quality, a tenth of the cells empty."""
    random = np.random.default_rng(seed)
    heard = random.normal(size=(items, 1)) + 0.8 * random.normal(size=(items, raters))
    values = np.digitize(heard, [-1.2, -0.4, 0.4, 1.2]) + 1.0
    values[random.random(values.shape) < 0.1] = np.nan
    return Table(("",) * items, ("",) * raters, values, scale_of("ordinal:1..5"))


def _ours(what: str, run: Callable[[], Any], times: int = 5) -> Row:
    run()
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        found = run()
        taken.append(time.perf_counter() - start)
    value = f"{found:.4f}" if isinstance(found, float) else f"{found.value:.4f} [{found.low:.4f}, {found.high:.4f}]"
    return Row(what, statistics.median(taken), value, f"median of {times}")


def _krippendorff(table: Table) -> Row:
    import krippendorff

    start = time.perf_counter()
    value = krippendorff.alpha(reliability_data=table.values.T, level_of_measurement="ordinal")
    return Row("krippendorff, value alone", time.perf_counter() - start, f"{value:.4f}", "once")


def _krippendorff_loop(table: Table, loops: int) -> Row:
    import krippendorff

    random = np.random.default_rng(0)
    start = time.perf_counter()
    for _ in range(loops):
        rows = random.integers(0, len(table.values), len(table.values))
        krippendorff.alpha(reliability_data=table.values[rows].T, level_of_measurement="ordinal")
    taken = (time.perf_counter() - start) * DRAWS / loops
    value = krippendorff.alpha(reliability_data=table.values.T, level_of_measurement="ordinal")
    return Row("krippendorff in a loop", taken, f"{value:.4f}", f"{loops} resamples, times {DRAWS / loops:g}")


def _scipy_loop(table: Table, loops: int) -> Row:
    """scipy over row numbers; percentile, since its BCa would call the statistic once more for every item."""
    import krippendorff
    from scipy.stats import bootstrap

    def alpha(rows: Any) -> float:
        return float(krippendorff.alpha(reliability_data=table.values[rows].T, level_of_measurement="ordinal"))

    start = time.perf_counter()
    bootstrap((np.arange(len(table.values)),), alpha, n_resamples=loops, vectorized=False, method="percentile")
    taken = (time.perf_counter() - start) * DRAWS / loops
    how = f"percentile; {loops} resamples, times {DRAWS / loops:g}"
    return Row("scipy.stats.bootstrap of krippendorff", taken, "", how)


def _scipy_mean(values: Any) -> Row:
    from scipy.stats import bootstrap

    kept = values[~np.isnan(values)]
    start = time.perf_counter()
    found = bootstrap((kept,), np.mean, n_resamples=DRAWS, rng=0).confidence_interval
    taken = time.perf_counter() - start
    return Row("scipy.stats.bootstrap", taken, f"{kept.mean():.4f} [{found.low:.4f}, {found.high:.4f}]", "once")


def _irrcac(table: Table, python: Path | None) -> list[Row]:
    if python is None:
        return []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.npy"
        np.save(path, table.values)
        done = subprocess.run([python, "-c", IRRCAC, path], capture_output=True, text=True, check=True)
    taken, value = done.stdout.split()
    return [
        Row("irrCAC, value alone", float(taken), f"{float(value):.4f}", "once; its ordinal weights, another metric")
    ]


def _page(blocks: list[tuple[str, list[Row]]], options: Any) -> str:
    command = "python benchmarks/agreement_speed.py" + (" --irrcac PYTHON" if options.irrcac else "")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "linux" else 1024**2)
    lines = [
        "# Agreement: cost",
        "",
        f"`{command}`: one run on {os.cpu_count()} cores, wall seconds, peak {peak:.0f} MB.",
    ]
    for title, rows in blocks:
        lines += [
            "",
            f"## {title}",
            "",
            "| | seconds | times the first row | value [95 %] | timed |",
            "|---|--:|--:|---|---|",
        ]
        first = rows[0].seconds
        lines += [
            f"| {row.what} | {row.seconds:.3f} | {row.seconds / first:,.1f} | {row.value} | {row.how} |" for row in rows
        ]
    if not options.irrcac:
        lines += ["", "irrCAC was not measured: no environment with it was given."]
    return "\n".join(lines) + "\n"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--irrcac", type=Path)
    parser.add_argument("--loops", type=int, default=20, help="resamples a looping peer is timed on")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results" / "agreement_speed.md")
    return parser.parse_args()


if __name__ == "__main__":
    main()
