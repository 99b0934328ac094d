"""How near the embedded judge comes to its network's own speed: bare onnxruntime, MiniLM, token states, verdicts.

    python benchmarks/embedding_speed.py [--samples 64] [--rounds 3]

Each round runs all of them, one after the other, on the same texts; figures are medians. The machine may be shared:
the ratios of CPU time tell more than the wall clock does. Writes `results/embedding_speed.md`.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from embedded_speed import explanations  # type: ignore[import-not-found]  # beside this script
from recjudge.human_labels import load_set
from recjudge.judge import Sample, load_judge, shipped
from recjudge.judge.checks.identity import neutral
from recjudge.judge.embedded.embedding import MiniLM, batches
from recjudge.judge.embedded.language import readable
from recjudge.judge.embedded.learned.against_source import wanted
from recjudge.judge.embedded.learned.states import States
from recjudge.judge.embedded.measures import texts

WINDOW = 512
FLOPS = 2 * 6 * (4 * 384 * 384 + 2 * 384 * 1536)
"""Of one token in the network's matrices."""


def main() -> None:
    """Times everything in turn, and writes the page. Each round has samples of its own: what one left in a cache helps
    no other."""
    options = _options()
    told = [Sample(**row) for row in explanations(options.samples * options.rounds, 0)]
    news = sorted(load_set("summeval").samples, key=lambda sample: str(sample.context))
    kinds: dict[str, list[Round]] = {"explanations": [], "SummEval": []}
    for start in range(0, options.samples * options.rounds, options.samples):
        for kind, samples in (("explanations", told), ("SummEval", news)):
            kinds[kind].append(_round(kind, samples[start : start + options.samples]))
            print(kind, {name: round(cpu, 2) for name, cpu in kinds[kind][-1].cpu.items()}, flush=True)
    options.out.write_text(_page(kinds))


@dataclass(frozen=True)
class Round:
    """One round of one kind."""

    samples: int
    texts: int
    """Distinct ones."""
    tokens: int
    cpu: dict[str, float]
    """Seconds, all threads."""


def _round(kind: str, samples: Sequence[Sample]) -> Round:
    rubrics = shipped()
    asked: dict[str, Callable[[Sample], list[str]]] = {
        "explanations": lambda sample: texts(sample, rubrics[sample.task]),
        "SummEval": lambda sample: wanted(sample.text, str(sample.context["source"])),
    }
    own = _distinct(text for sample in samples for text in asked[kind](sample))
    cpu = {
        "onnxruntime alone": _bare(own),
        "`MiniLM.prepare`": _timed(partial(_loaded().prepare, own)),
        "`States`": _timed(partial(_read, States(_loaded()), own)),
        "`local`": _judged(samples),
    }
    return Round(len(samples), len(own), sum(map(len, MiniLM().tokens(own))), cpu)


def _bare(texts_: Sequence[str]) -> float:
    """The session on the very batches, and nothing else."""
    model = MiniLM()
    tokens = model.tokens(texts_)
    session = model._session
    import numpy as np

    given = [np.array([tokens[place] for place in batch]) for batch in batches(list(map(len, tokens)))]
    return _timed(lambda: [session.run(["layer6"], {"input_ids": ids}) and None for ids in given])


def _judged(samples: Sequence[Sample]) -> float:
    judge = load_judge("local")
    asyncio.run(judge.judge(replace(samples[-1])))  # loads network, word lists and weights
    fresh = [replace(sample) for sample in samples]

    async def run() -> None:
        for start in range(0, len(fresh), WINDOW):
            judge.prepare(fresh[start : start + WINDOW])
            for sample in fresh[start : start + WINDOW]:
                await judge.judge(sample)

    return _timed(lambda: asyncio.run(run()))


def _timed(work: Callable[[], Any]) -> float:
    """CPU seconds of all threads."""
    started = time.process_time()
    work()
    return time.process_time() - started


def _distinct(given: Any) -> list[str]:
    return [text for text in dict.fromkeys(map(neutral, given)) if readable(text)]


def _loaded() -> MiniLM:
    model = MiniLM()
    model.similarity("a tent", "a lamp")
    return model


def _read(states: States, given: Sequence[str]) -> None:
    for start in range(0, len(given), 1000):
        states.of(given[start : start + 1000])


def _page(kinds: dict[str, list[Round]]) -> str:
    rounds = next(iter(kinds.values()))
    lines = [
        "# Speed of the embedding model and of what stands on it",
        "",
        f"Medians of {len(rounds)} rounds of {rounds[0].samples} samples each, everything in turn, by `python",
        "benchmarks/embedding_speed.py`. CPU seconds of all threads. A ratio is to onnxruntime alone on the same texts",
        "of the same round, each distinct one once and in the same batches.",
        "",
        "| what | tokens a text | new texts a sample | texts a CPU second | samples a CPU second | CPU ratio |",
        "|---|---|---|---|---|---|",
    ]
    for kind, done in kinds.items():
        size, new = median(one.tokens / one.texts for one in done), median(one.texts / one.samples for one in done)
        for name in done[0].cpu:
            speed = median(one.texts / one.cpu[name] for one in done)
            judged = median(one.samples / one.cpu[name] for one in done)
            ratio = median(one.cpu[name] / one.cpu["onnxruntime alone"] for one in done)
            lines.append(f"| {kind}: {name} | {size:.1f} | {new:.1f} | {speed:.0f} | {judged:.0f} | {ratio:.2f} |")
    flops = median(FLOPS * one.tokens / one.cpu["onnxruntime alone"] for done in kinds.values() for one in done)
    lines += ["", f"Onnxruntime alone does {flops / 1e9:.0f} GFLOP a CPU second in the network's matrices."]
    return "\n".join(lines) + "\n"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--samples", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results" / "embedding_speed.md")
    return parser.parse_args()


if __name__ == "__main__":
    main()
