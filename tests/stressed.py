"""Judges for the tests of stress: planted bad ones, each wrong in one way, and one that knows what was changed."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from recjudge.judge import Judge, Sample
from recjudge.judge.case import Case
from recjudge.judge.findings import Said, labelled
from recjudge.judge.providers import Scripted
from recjudge.judge.records import Finding
from recjudge.rubrics import Dimension, Rubric

from makers import dimension, rubric

SOURCE = (
    "The lantern weighs 280 grams and gives 300 lumens. It runs 20 hours at half brightness. The housing is made of "
    "aluminium. A hook folds out of the base. It charges over a cable within four evening hours. She sold it to women "
    "on monday in france. The makers promise repairs, spare batteries and printed instructions."
)
TEXTS = (
    "The lantern weighs 280 grams and gives 300 lumens. The housing is made of aluminium. The makers promise repairs, "
    "spare batteries and printed instructions.",
    "The lantern runs 20 hours at half brightness. A hook folds out of the base and weighs 280 grams of aluminium. "
    "She sold it to women on monday in france.",
    "It charges over a cable within four evening hours. The lantern gives 300 lumens. The housing is of aluminium and "
    "it is sold to women in france.",
    "The makers promise repairs and spare batteries. The housing weighs 280 grams. The lantern gives 300 lumens at "
    "half brightness in france.",
)
RUBRIC = rubric(dimension("relevance"), dimension("fluency"), dimension("factuality"))
"""Three points a dimension; asked of a language model."""


def samples() -> list[Sample]:
    """Four groups of texts that have a source; a fifth, of another subject, so that there is a stranger."""
    found = [
        Sample(f"s{at}", "text", text, {"source": SOURCE, "prompt": "Describe the lantern for a shop."}, group=f"g{at}")
        for at, text in enumerate(TEXTS)
    ]
    gardens = "Tomato seedlings need warmth. Water them gently every morning. Strong plants move outdoors during may."
    found.append(Sample("s9", "text", gardens, {"source": gardens, "prompt": "Explain gardening."}, group="g9"))
    return found


@dataclass(frozen=True)
class Rating:
    """An examiner that rates a sample's dimension in [0, 1] by a function: no model, no words."""

    rate: Callable[[Sample, Dimension, Rubric], float]
    name: str = "rating"

    def prepare(self, samples: Any, rubrics: Any) -> None:
        """Nothing to share."""

    def case(self, sample: Sample, rubric: Rubric, notes: Any) -> Case:
        return Case(sample, rubric, Scripted(lambda prompt: ""), notes)

    async def examine(self, case: Case, open_: Any) -> list[Finding]:
        return [self._found(case, dimension_) for dimension_ in open_]

    async def review(self, case: Case, findings: Any) -> None:
        return None

    async def close(self) -> None:
        """Nothing to give back."""

    def _found(self, case: Case, asked: Dimension) -> Finding:
        place = 2 * max(0.0, min(1.0, self.rate(case.sample, asked, case.rubric)))
        low = min(1, int(place))
        shares = {asked.labels[low]: 1 - (place - low), asked.labels[low + 1]: place - low}
        label = max(shares, key=lambda name: shares[name])
        return labelled(asked, Said(label, None, "so it is", ()), by="rating", distribution=shares)


def judge_by(rate: Callable[[Sample, Dimension, Rubric], float], name: str = "rating") -> Judge:
    """A judge with that rule."""
    return Judge(Rating(rate, name), {"text": RUBRIC})


def by_length(sample: Sample, asked: Dimension, given: Rubric) -> float:
    """The longer the better: falls for filler, sources, crowds, tone, "revised"."""
    return len(sample.text.split()) / 80


def by_letters(sample: Sample, asked: Dimension, given: Rubric) -> float:
    """Counts characters, so that white space and CRLF move it; long junk is good."""
    return min(1.0, len(sample.text) / 400)


def by_keyword(word: str) -> Callable[[Sample, Dimension, Rubric], float]:
    """Good is what has the word in it."""
    return lambda sample, asked, given: 1.0 if re.search(word, sample.text) else 0.4


def constant(sample: Sample, asked: Dimension, given: Rubric) -> float:
    """Everything is good."""
    return 1.0


def echo(sample: Sample, asked: Dimension, given: Rubric) -> float:
    """Good is what says the source again, whatever else it says: sees no order, no number, no grammar."""
    words = set(re.findall(r"[a-z]{5,}", sample.text.lower()))
    known = set(re.findall(r"[a-z]{5,}", str(sample.context.get("source")).lower()))
    return 0.3 + 0.7 * len(words & known) / (len(words) or 1)


def by_position(sample: Sample, asked: Dimension, given: Rubric) -> float:
    """Favours the criterion that stands first."""
    return 1.0 if given.dimensions[0].name == asked.name else 0.5


def by_id(sample: Sample, asked: Dimension, given: Rubric) -> float:
    """Favours by who wrote it and what it is called."""
    return 1.0 if sample.system is None else 0.4


def halo(sample: Sample, asked: Dimension, given: Rubric) -> float:
    """Broken grammar anywhere lowers everything."""
    return 0.2 if re.search(r"\b(\w+) \1\b", sample.text) else 0.9


@dataclass
class Moody:
    """Another word each time it is asked."""

    asked: int = field(default=0)

    def __call__(self, sample: Sample, asked: Dimension, given: Rubric) -> float:
        self.asked += 1
        return (self.asked * 7 % 11) / 11


def oracle(sample: Sample, asked: Dimension, given: Rubric) -> float:
    """Knows from the mark of a probe what was changed: junk is bad, the more is false or left out the worse it is."""
    probe = sample.meta.get("probe")
    if not probe:
        return 0.9
    if probe["relation"] == "junk":
        return 0.0
    falls = {"slips": "factuality", "omission": "relevance"}.get(probe["relation"])
    if falls == asked.name:
        return 0.9 - 0.15 * probe["level"]
    spoilt = {"fluency": "fluency", "facts": "factuality"}.get(probe.get("side", ""))
    return 0.3 if spoilt == asked.name else 0.9
