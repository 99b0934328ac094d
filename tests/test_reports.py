"""What people read: counts that keep the unjudged apart, and no byte that a terminal would obey."""

from __future__ import annotations

import io
from collections import Counter

import pytest
from recjudge import Judge, Options, Scripted, Verdict, score, summarise
from recjudge.human_labels import Share, wilson
from recjudge.judge import Prompt
from recjudge.reports import Summary, TaskSummary, as_json, print_summary, safe
from rich.console import Console

from makers import rubric, said


def verdicts() -> list[Verdict]:
    """Three good, one bad, one unjudged; a group of three near-duplicates."""

    def answer(prompt: Prompt) -> object:
        if "unread" in prompt.body:
            return "no JSON"
        return said("bad", code="wrong") if "wrong" in prompt.body else said("good")

    texts = ["A small red tent.", "A small red tent!", "A  small red tent.", "something wrong", "something unread"]
    rows = [{"id": f"s{n}", "task": "text", "output": text, "group": "g"} for n, text in enumerate(texts)]
    return list(score(rows, Judge.of(Scripted(answer), rubric()), options=Options(concurrency=2)))


def test_the_unjudged_are_in_no_share_and_widen_the_bounds() -> None:
    summary = summarise(verdicts())
    share = summary.tasks["text"].share("Superior")
    assert (share.count, share.n, share.planned) == (3, 4, 5)
    assert share.bounds == (0.6, 0.8)
    assert dict(summary.unjudged) == {"parse_failed": 1}


def test_what_was_not_measured_is_not_zero() -> None:
    share = Share(0, 0, 3)
    assert (share.value, share.interval, share.bounds) == (None, (0.0, 1.0), (0.0, 1.0))


@pytest.mark.parametrize(
    ("count", "n", "low", "high"),
    [(0, 10, 0, 0.2775), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1), (49, 49, 0.9273, 1)],
)
def test_wilson_has_its_known_values(count: int, n: int, low: float, high: float) -> None:
    assert wilson(count, n) == pytest.approx((low, high), abs=5e-5)


def test_the_worst_samples_come_with_their_reasons() -> None:
    summary = summarise(verdicts())
    assert [verdict.id for verdict in summary.worst] == ["s3"]
    assert summary.tasks["text"].codes["relevance", "wrong"] == 1


def test_the_json_has_n_interval_and_bounds_for_every_share() -> None:
    said = as_json(summarise(verdicts()))
    for share in said["tasks"]["text"]["grades"].values():
        assert set(share) == {"count", "value", "n", "planned", "interval_95", "lower_bound", "upper_bound"}


def test_the_page_names_the_unjudged_and_the_worst() -> None:
    page = io.StringIO()
    print_summary(Console(file=page, width=120), summarise(verdicts()))
    assert "Unjudged, in none of the shares above: 1 parse_failed" in page.getvalue()
    assert "something wrong" in page.getvalue()


def test_safe_text_has_one_line_and_no_control() -> None:
    assert safe("a\x1b[31m\u202eb\nc  d", 20) == "a\ufffd[31m\ufffdb c d"
    assert safe("x" * 50, 10) == "x" * 9 + "…"


def test_a_narrow_terminal_breaks_no_share_in_two() -> None:
    task = TaskSummary(planned=99, grades=Counter(Superior=33, Average=33, Bad=33))
    summary = Summary(tasks={"explanation": task})
    shown = io.StringIO()
    print_summary(Console(file=shown, width=80), summary)
    assert all(line.count("[") == line.count("]") for line in shown.getvalue().splitlines())
    assert not any(line.endswith(" ") for line in shown.getvalue().splitlines())
