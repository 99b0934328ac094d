"""A run as a page: its grades, dimensions, sets, jury and cost, and its samples, the worst first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ...human_labels import Share
from ...human_labels.agreement import AgreementReport
from ...judge import Spread, Verdict
from ..scoring import Summary, TaskSummary, summarise
from .agreement import agreement_sections
from .engine import render
from .marks import number, percent, span, whole
from .samples import Samples

MOST_SHOWN = 500
"""Most samples listed; the page says how many there are."""
_GRADES = ("Superior", "Average", "Bad")


def run_page(
    verdicts: Iterable[Verdict], *, source: str = "", most: int = MOST_SHOWN, agreement: AgreementReport | None = None
) -> str:
    """The run as one self-contained HTML file, in one pass over its verdicts; the same bytes for the same verdicts.

    At most `most` samples are listed, the worst first. `agreement` adds its sections.
    """
    seen = Samples(most)
    summary = summarise(seen.watch(verdicts))
    return render(
        "run.jinja", summary=summary, seen=seen, source=source, headline=headline(summary), grades=grades,
        ordered=ordered, codes=codes, middle=middle,
        metric_names=metric_names, agreement=agreement,
        parts=agreement_sections(agreement, "a", warned=False) if agreement else "",
    )  # fmt: skip


def headline(summary: Summary) -> str:
    """The sentence a manager needs: how many were judged, and the shares of the best and the worst."""
    judged = f"{whole(summary.judged)} of {whole(summary.planned)} {_samples(summary.planned)} judged"
    if not summary.judged:
        return f"{judged}: nothing was measured."
    parts = []
    for grade in ("Superior", "Bad"):
        share = Share(sum(task.grades[grade] for task in summary.tasks.values()), summary.judged, summary.planned)
        low, high = share.interval
        parts.append(f"{percent(share.value)} [{percent(low)}, {percent(high)}] are {grade}")
    missing = ", ".join(f"{whole(count)} {status}" for status, count in sorted(summary.unjudged.items()))
    rest = f"; unjudged, in none of the shares: {missing}" if missing else ""
    return f"{judged}: {', '.join(parts)}{rest}."


def grades(task: TaskSummary) -> dict[str, Share]:
    """Every grade's share, best first."""
    return {grade: task.share(grade) for grade in _GRADES}


def ordered(task: TaskSummary, dimension: str) -> dict[str, int]:
    """A dimension's labels, best first, what has none at the end."""
    signs = task.polarity.get(dimension, {})
    labels: Mapping[str, int] = task.labels.get(dimension, {})
    return dict(
        sorted(labels.items(), key=lambda pair: (pair[0] not in signs, -signs.get(pair[0], 0), -pair[1], pair[0]))
    )


def codes(task: TaskSummary, dimension: str) -> list[tuple[str, int]]:
    """A dimension's failure codes, most frequent first."""
    found = [(code, count) for (name, code), count in task.codes.items() if name == dimension]
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))


def metric_names(summary: Summary) -> list[str]:
    """Every metric that some set has, sorted."""
    return sorted({name for values in summary.set_metrics.values() for name in values})


def middle(values: Mapping[str, Spread], name: str) -> str:
    """`0.41 [0.20, 0.77], n 12`: median, least and most over the sets where a metric is defined."""
    found = values.get(name)
    if not found:
        return "not measured"
    return f"{number(found.median)} {span(found.least, found.most)}, n {found.n}"


def _samples(count: int) -> str:
    return "sample" if count == 1 else "samples"
