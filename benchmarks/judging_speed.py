"""What a judgement itself costs in CPU: `Judge.judge` on distinct samples, without embeddings, engine or ledger.

    python benchmarks/judging_speed.py [--samples 1000] [--runs 5] [--write]

Variants take turns, run by run, on explanations that no variant has seen; the median is given. Labels of texts taught
models of quick features: their cost is of SummEval's summaries, 16 to a source, in the order of the set.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any
from unittest.mock import patch

sys.path.insert(0, str(Path(__file__).parent))
from embedded_speed import explanations  # type: ignore[import-not-found]
from recjudge.human_labels import load_set
from recjudge.judge import panel
from recjudge.judge.checks import grammar
from recjudge.judge.checks.checks import CHECKS
from recjudge.judge.embedded import local
from recjudge.judge.embedded.measures import MEASURES
from recjudge.judge.garbage import rare_collections
from recjudge.judge.records import Sample

PAGE = Path(__file__).parent / "results" / "judging_speed.md"
WARM = 300


def main() -> None:
    """Measures, prints, and writes the page when asked to."""
    options = _options()
    times: dict[str, list[float]] = {name: [] for name in VARIANTS}
    for run in range(options.runs):
        for place, (name, variant) in enumerate(VARIANTS.items()):
            with variant():
                times[name].append(_cost(options.samples, seed=1_000 + run * len(VARIANTS) + place))
    lines = _page(options, times, _shares(options.samples), _texts())
    print("\n".join(lines))
    if options.write:
        PAGE.write_text("\n".join(lines) + "\n")


@contextmanager
def as_it_is() -> Iterator[None]:
    """Nothing changed."""
    yield


@contextmanager
def always_harper() -> Iterator[None]:
    """Harper is asked of every text, and every pattern is tried."""
    whole = patch.object(grammar, "_harper", lambda text, seen: grammar._lint(text))
    with patch.object(grammar, "may_slip", _yes), patch.object(grammar, "_may_match", _yes), whole:
        yield


@contextmanager
def no_grammar() -> Iterator[None]:
    """The check of grammar finds nothing, at no cost."""
    with patch.object(grammar, "may_slip", _no), patch.object(grammar, "_may_match", _no):
        yield


def _yes(*given: Any) -> bool:
    return True


def _no(*given: Any) -> bool:
    return False


@contextmanager
def untaught() -> Iterator[None]:
    """The measures alone: `local/prior`."""
    with patch.object(sys.modules[__name__], "TAUGHT", False):
        yield


TAUGHT = True
VARIANTS: Mapping[str, Callable[[], Any]] = {
    "as it is": as_it_is,
    "measures alone": untaught,
    "Harper asked of every text": always_harper,
    "without grammar": no_grammar,
}


def _cost(count: int, seed: int) -> float:
    """CPU milliseconds an explanation, after a warm-up on others."""
    return _spent(_samples(count + WARM, seed))


def _texts() -> tuple[float, float]:
    """CPU milliseconds a summary: `local/lexical`, and the measures alone; neither reads a text that the other read."""
    samples = load_set("summeval").samples
    times = []
    for run, taught in enumerate((True, False)):
        with patch.object(sys.modules[__name__], "TAUGHT", taught):
            times.append(_spent([_apart(sample, run) for sample in samples]))
    return times[0], times[1]


def _apart(sample: Sample, run: int) -> Sample:
    """The same sample with a word in front of its text and of its source, so that none was read before."""
    context = {**sample.context, "source": f"Copy {run}. {sample.context['source']}"}
    return replace(sample, output=f"Copy {run}. {sample.output}", context=context)


def _spent(samples: Sequence[Sample]) -> float:
    judge = panel.Judge(local.Local(None, taught=TAUGHT))
    with rare_collections():  # as in a run
        asyncio.run(_judge(judge, samples[:WARM]))
        begun = time.process_time()
        asyncio.run(_judge(judge, samples[WARM:]))
        return (time.process_time() - begun) / (len(samples) - WARM) * 1e3


def _shares(count: int) -> list[tuple[str, float]]:
    """Each check's and measure's milliseconds a sample, dearest first; what two share is the first one's."""
    spent: Counter[str] = Counter()

    def timed(name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def run(*given: Any) -> Any:
            begun = time.thread_time()
            found = work(*given)
            spent[name] += time.thread_time() - begun  # type: ignore[assignment]
            return found

        return run

    parts = [
        ("the sieve", panel, "idle_checks"),
        ("the review", panel, "review"),
        ("what was learned", local, "learned"),
    ]
    checks = {name: timed(name, check) for name, check in CHECKS.items()}
    measures = {name: timed(f"measure {name}", measure) for name, measure in MEASURES.items()}
    with patch.object(panel, "CHECKS", checks), patch.object(local, "MEASURES", measures), ExitStack() as stack:
        for name, module, work in parts:
            stack.enter_context(patch.object(module, work, timed(name, getattr(module, work))))
        _cost(count, seed=5_000)
    return [(name, seconds / (count + WARM) * 1e3) for name, seconds in spent.most_common()]


def _samples(count: int, seed: int) -> list[Sample]:
    return [Sample(**row) for row in explanations(count, seed)]


async def _judge(judge: panel.Judge, samples: Sequence[Sample]) -> None:
    for sample in samples:
        await judge.judge(sample)


def _page(
    options: argparse.Namespace,
    times: Mapping[str, list[float]],
    shares: list[tuple[str, float]],
    texts: tuple[float, float],
) -> list[str]:
    whole = median(times["as it is"])
    lines = [
        "# What a judgement itself costs",
        "",
        f"`python benchmarks/judging_speed.py --samples {options.samples} --runs {options.runs} --write`:",
        "`Judge.judge` of `local/lexical` on distinct explanations, four to an item; CPU",
        f"milliseconds a sample, median of {options.runs} interleaved runs, collecting as rarely as a run does.",
        "Compare the ratios: a machine's own milliseconds are not another's. This one had no core to itself.",
        "",
        "| variant | ms | least to most | of all |",
        "|---|---|---|---|",
    ]
    for name, each in times.items():
        lines.append(
            f"| {name} | {median(each):.2f} | {min(each):.2f} to {max(each):.2f} | {median(each) / whole:.2f} |"
        )
    lines += ["", f"Texts, of which labels taught: {texts[0]:.2f} ms a summary, {texts[1]:.2f} by the measures alone."]
    lines += ["", "| part | ms |", "|---|---|"]
    lines += [f"| {name} | {cost:.3f} |" for name, cost in shares if cost >= 0.005]
    return [*lines, "", "A text's words and an item's facts are read once, and count for the first that asks."]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--samples", type=int, default=1_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--write", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
