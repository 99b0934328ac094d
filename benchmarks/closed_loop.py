"""True quality of a generator over rounds of self-training, on a world whose truth is known, under two judges.

    python benchmarks/closed_loop.py [--seeds 3] [--out benchmarks/results/closed_loop.md]

Wants the `train` extra. The world, its model and its judges are those of `tests/closed_loop`; another seed is another
first model, other draws and other audits of the same shop. One run takes about a minute of one core.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

LOOP = Path(__file__).parent.parent / "tests" / "closed_loop" / "loop.py"
JUDGES = {
    "honest": "An honest judge: the embedded one, which never sees the catalogue, under a policy calibrated on labels "
    "of what the first model writes",
    "gamed": "A judge that can be gamed: it asks how a tag sounds; no policy can be had for it, so it accepts "
    "uncertified",
}


def main() -> None:
    """Runs all seeds, prints the page and writes it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results" / "closed_loop.md")
    options = parser.parse_args()
    text = "\n".join(page([run(seed) for seed in range(options.seeds)])) + "\n"
    sys.stdout.write(text)
    options.out.write_text(text)


def run(seed: int) -> dict[str, Any]:
    """One seed, in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        words = [sys.executable, str(LOOP), folder, str(seed)]
        done = subprocess.run(words, capture_output=True, text=True, check=True)
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def page(runs: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """The results as Markdown."""
    minutes = sum(told["cpu"] for told in runs) / 60 / len(runs)
    users = runs[0]["honest"]["rounds"][0]["true"]["n"]
    yield "# The closed loop: true quality over rounds of self-training"
    yield ""
    yield f"A causal model of {runs[0]['weights']:,} weights writes tags for a shop whose catalogue says which are"
    yield f"good. True quality is the mean share of good ones over {users} users whose prompts no training sees, 10"
    yield "tags each; intervals (95 %) draw users, changes are paired by user. What was not written is not good. People"
    yield f"are the catalogue. {minutes:.1f} minutes of one core a seed, the first model's training included."
    yield "Made by `python benchmarks/closed_loop.py`."
    for name, title in JUDGES.items():
        yield f"\n## {title}\n"
        yield (
            "| seed, round | true quality | change since round 0 | judge's own quality | rows trained on "
            "| audit: right, of n | judge minus people | milestone | stopped by |"
        )
        yield "|---|---|---|---|---|---|---|---|---|"
        for seed, told in enumerate(runs):
            for one in told[name]["rounds"]:
                yield _row(seed, one)


def _row(seed: int, one: Mapping[str, Any]) -> str:
    audit = f"{_told(one['audit'])} of {one['audit']['n']}" if one["audit"] else "–"
    stopped = one["stopped"][0] if one["stopped"] else "–"
    cells = [
        f"{seed}, {one['round']}", _told(one["true"]), _told(one["change"]), _told(one["judged"]),
        str(one["kept"] or "–"), audit, _told(one["gap"]), one["milestone"] or "–", stopped,
    ]  # fmt: skip
    return f"| {' | '.join(cells)} |"


def _told(figure: Mapping[str, Any] | None) -> str:
    if figure is None or figure["value"] is None:
        return "–"
    if figure["low"] is None:
        return f"{figure['value']:.2f}"
    return f"{figure['value']:.2f} [{figure['low']:.2f}, {figure['high']:.2f}]"


if __name__ == "__main__":
    main()
