"""All sources of published figures by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from ...errors import UsageError
from .checking import Reproduced
from .estimates import corrected, exact, prediction_powered
from .preferences import llmbar, pandalm
from .recgpt import recgpt
from .reference import reference
from .textbook import textbook


@dataclass(frozen=True, slots=True)
class Source:
    """Where figures were published."""

    title: str
    parts: tuple[Callable[[], Iterator[Reproduced]], ...]


def reproduce(sources: Sequence[str] = ()) -> Iterator[Reproduced]:
    """Every published figure of these sources (default: all) beside ours. Raises `UsageError` for an unknown source."""
    unknown = next((name for name in sources if name not in SOURCES), None)
    if unknown is not None:
        raise UsageError(f"unknown source {unknown!r}; known: {', '.join(SOURCES)}")
    for name in sources or SOURCES:
        for part in SOURCES[name].parts:
            yield from part()


SOURCES: Mapping[str, Source] = {
    "textbook": Source("Krippendorff's 4 raters x 12 units: alphas; irrCAC: AC1, AC2, Fleiss, Conger", (textbook,)),
    "exact": Source("Newcombe 1998: Wilson and Clopper-Pearson; 59 samples without a failure", (exact,)),
    "lee": Source("Lee et al.: corrected share, its interval, allocation of labels", (corrected,)),
    "ppi": Source("ppi_py: the tuned weight of PPI++ and its mean", (prediction_powered,)),
    "recgpt": Source("RecGPT, Table 9: read back to prevalence, specificity, kappa", (recgpt,)),
    "pandalm": Source("PandaLM: six figures; reference figures", (pandalm, partial(reference, "pandalm"))),
    "llmbar": Source("LLMBar: 250 figures, 18 wrong kappas; reference figures", (llmbar, partial(reference, "llmbar"))),
    "summeval": Source("SummEval: reference figures", (partial(reference, "summeval"),)),
    "abredial": Source("AB-ReDial: reference figures", (partial(reference, "abredial"),)),
    "intentionqa": Source("IntentionQA: reference figures", (partial(reference, "intentionqa"),)),
    "helpsteer2": Source("HelpSteer2: reference figures", (partial(reference, "helpsteer2"),)),
    "cola_dev": Source("CoLA: reference figures", (partial(reference, "cola_dev"),)),
}
"""Name to source, in the order in which they are shown."""
