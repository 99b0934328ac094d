"""What a run on servers of your own takes: tokens, GPUs, hours, cost. Arithmetic on assumptions, and no measurement.

    python benchmarks/cluster_arithmetic.py [--samples 1e8] [--calls 4.5] [--system 150] [--shared 1000] [--body 250]
        [--out 120] [--group 10] [--ranks 8] [--hit 0.9] [--prefill 20000] [--decode 2500] [--gpus 32] [--usd 2.5]
        [--settled 0.0] [--busy 0.85] [--markdown]

Every figure that is put in is an option; each has a line in the table that says what it assumes. `judge/cluster/RAY.md`
has the formulas.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass

SECONDS = 3600


@dataclass(frozen=True)
class Assumed:
    """What is put in; tokens are a call's, rates a GPU's tokens a second."""

    samples: float
    calls: float
    system: float
    shared: float
    body: float
    out: float
    group: float
    ranks: float
    hit: float
    prefill: float
    decode: float
    gpus: float
    usd: float
    settled: float
    busy: float


@dataclass(frozen=True)
class Found:
    """What comes out."""

    calls: float
    tokens_in: float
    cached: float
    computed: float
    tokens_out: float
    gpu_hours: float
    hours: float
    usd: float

    @property
    def share(self) -> float:
        """Of the input tokens, those that a prefix cache has."""
        return self.cached / self.tokens_in


def work_out(given: Assumed) -> Found:
    """The formulas, one a line.

    A prefix can be had from the cache in all calls but the first that has it: the system text in all but one call a
    server (so: all), the context that is shared in all but one of a group's calls at each engine that takes any, since
    each has a cache of its own. Of these a share `hit` is had.
    """
    calls = given.samples * given.calls * (1 - given.settled)
    tokens_in = calls * (given.system + given.shared + given.body)
    again = 1 - min(1.0, given.ranks / max(1.0, given.group * given.calls))
    cached = calls * given.hit * (given.system + again * given.shared)
    computed = tokens_in - cached
    tokens_out = calls * given.out
    gpu_seconds = (computed / given.prefill + tokens_out / given.decode) / given.busy
    hours = gpu_seconds / SECONDS / given.gpus
    gpu_hours = gpu_seconds / SECONDS
    return Found(calls, tokens_in, cached, computed, tokens_out, gpu_hours, hours, gpu_hours * given.usd)


def rows(given: Assumed, found: Found) -> list[tuple[str, str, str]]:
    """(what, figure, where it comes from)."""
    return [
        ("samples", _round(given.samples), "given"),
        ("calls a sample", f"{given.calls:g}", "assumed: dimensions of the rubric, one call each"),
        ("settled by code", f"{given.settled:.0%}", "assumed: findings that ask nobody"),
        ("system text", f"{given.system:g} tokens", "assumed: the same in all calls"),
        ("shared context", f"{given.shared:g} tokens", "assumed: the same in a group's calls"),
        ("the rest of a prompt", f"{given.body:g} tokens", "assumed: the artefact and the question"),
        ("reply", f"{given.out:g} tokens", "assumed: reason, evidence, label"),
        ("samples a group", f"{given.group:g}", "assumed: they share their context, and come one after the other"),
        ("engines at an address", f"{given.ranks:g}", "given: a group's calls go to all; each has its own cache"),
        ("prefixes had", f"{given.hit:.0%}", "assumed: of those that could be had; the rest was evicted"),
        ("prefill", f"{given.prefill:g} tokens/s a GPU", "assumed: measure it with your model and server"),
        ("decode", f"{given.decode:g} tokens/s a GPU", "assumed: batched; measure it with your model and server"),
        ("GPU busy", f"{given.busy:.0%}", "assumed: of the time; starting, tails and faults are the rest"),
        ("a GPU hour", f"${given.usd:g}", "assumed"),
        ("calls", _round(found.calls), "samples × calls × (1 − settled)"),
        ("input tokens", _round(found.tokens_in), "calls × (system + shared + rest)"),
        ("of them cached", f"{_round(found.cached)} ({found.share:.0%})",
         "calls × had × (system + (1 − engines/(group × calls a sample)) × shared)"),
        ("computed", _round(found.computed), "input − cached"),
        ("output tokens", _round(found.tokens_out), "calls × reply"),
        ("GPU hours", _round(found.gpu_hours), "(computed / prefill + output / decode) / busy / 3600"),
        (f"hours on {given.gpus:g} GPUs", f"{found.hours:.1f}", "GPU hours / GPUs"),
        ("cost", f"${_round(found.usd)}", "GPU hours × dollars an hour"),
        ("a thousand samples", f"${1000 * found.usd / given.samples:.3f}", "cost / samples × 1000"),
    ]  # fmt: skip


def main() -> None:
    """Prints the table."""
    options = vars(_options())
    markdown = options.pop("markdown")
    given = Assumed(**options)
    told = rows(given, work_out(given))
    if markdown:
        print("| | | |\n|---|--:|---|")
    for name, figure, source in told:
        print(f"| {name} | {figure} | {source} |" if markdown else f"{name:24} {figure:>26}   {source}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    defaults = {
        "samples": 1e8, "calls": 4.5, "system": 150, "shared": 1000, "body": 250, "out": 120, "group": 10, "ranks": 8,
        "hit": 0.9, "prefill": 20_000, "decode": 2_500, "gpus": 32, "usd": 2.5, "settled": 0.0, "busy": 0.85,
    }  # fmt: skip
    for name, value in defaults.items():
        parser.add_argument(f"--{name}", type=float, default=value)
    parser.add_argument("--markdown", action="store_true")
    return parser.parse_args()


def _round(number: float) -> str:
    """Three digits: more would claim what no assumption holds."""
    for size, letter in ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")):
        if number >= size:
            return f"{number / size:.3g}{letter}"
    return f"{number:.3g}"


if __name__ == "__main__":
    main()
