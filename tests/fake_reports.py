"""A whole agreement report made by hand: every part filled, texts from outside wherever a noun takes any."""

from __future__ import annotations

import math
from dataclasses import replace

from recjudge.human_labels import Interval
from recjudge.human_labels.agreement import (
    AgreementReport,
    Bin,
    Confusion,
    Disagreement,
    Figure,
    Kept,
    Reached,
    Section,
    Selective,
    Side,
    Stratum,
)
from recjudge.human_labels.validity.alt_test import Against, AltTest

COEFFICIENTS = (
    ("alpha_ordinal", "Krippendorff alpha (ordinal, by marginal frequencies)"),
    ("kappa_quadratic", "Weighted kappa (quadratic)"),
    ("ac2_quadratic", "Gwet AC2 (quadratic)"),
    ("spearman", "Spearman"),
    ("kendall", "Kendall tau-b"),
    ("icc_2_1", "ICC(2,1), absolute agreement"),
    ("kappa", "Cohen kappa"),
    ("agreement", "Raw agreement"),
)


def figure(name: str, title: str, value: float, reach: float = 0.06, n: int = 1600, note: str = "") -> Figure:
    """A figure over 100 clusters."""
    found = Interval(value, value - reach, value + reach, n=n, clusters=100, method="bca", design_effect=2.41)
    return Figure(name, title, found, 1600, note)


def disagreement(number: int, outside: str = "") -> Disagreement:
    return Disagreement(
        id=f"sample-{number:04}{outside}",
        text=f"Because you watched two films by the same director, here is a third one.{outside}",
        people=f"alice 5, bob 4, eve 5{outside}",
        judge=f"{1 + number % 3}{outside}",
        reason=f"The reason given names no event of the history, and the film is by someone else.{outside}",
        distance=4.0 - number % 3 if number < 30 else 1.0,
    )


def section(dimension: str = "relevance", *, outside: str = "", listed: int = 100, passed: bool = True) -> Section:
    """A dimension on a scale of five points, three people and a judge, everything filled."""
    word = f"good{outside}"
    among = Side("people", tuple(figure(name, title, 0.71 - 0.02 * k) for k, (name, title) in enumerate(COEFFICIENTS)))
    judge_figures = [figure(name, title, 0.63 - 0.03 * k, note="mean over annotators" if k == 1 else outside)
                     for k, (name, title) in enumerate(COEFFICIENTS)]  # fmt: skip
    judge_figures += [
        figure("judge_loo", "Spearman of the judge with the mean of all annotators but one, averaged", 0.58),
        figure("f1_binary", "F1 (positive: 4, 5)", 0.81),
        figure("prevalence", "Prevalence of a pass", 0.74),
        Figure("mcc", f"MCC{outside}", Interval(math.nan, math.nan, math.nan, n=0, clusters=0, method="none"), 1600,
               "not defined: no variation in what was said"),
    ]  # fmt: skip
    counts = (
        (61, 40, 12, 4, 1),
        (30, 88, 61, 20, 4),
        (9, 55, 190, 92, 11),
        (2, 18, 101, 310, 96),
        (0, 3, 22, 128, 230),
    )
    return Section(
        task=f"explanation{outside}",
        dimension=dimension,
        role=f"expert{outside}",
        scale=f"ordinal:1..5{outside}",
        n=1600,
        raters=3,
        labels=4790,
        clusters=100,
        undecided=37,
        distribution={"1": 320, "2": 611, "3": 1102, "4": 1604, word: 1153},
        people=replace(among, sentences=(f"People agree substantially with one another.{outside}",)),
        judge=Side(
            f"openai/judge-large{outside}",
            tuple(judge_figures),
            {"alpha_ordinal": (0.58, 0.66)},
            Confusion(("1", "2", "3", "4", word), counts, (1, 2, 3, 4, 2), (False, False, False, True, True)),
            (f"The judge orders samples nearly as people do, and is harsher than they are.{outside}",),
        ),
        ceilings=(
            figure("ceiling_loo", "Leave-one-out ceiling: a rater's spearman with the others' mean", 0.69),
            figure("of_ceiling", "Judge as a share of the leave-one-out ceiling (spearman)", 0.84),
        ),
        alt_test=AltTest(
            2 / 3 if passed else 1 / 3,
            Interval(0.81, 0.77, 0.85, n=1590, clusters=100, method="t"),
            0.2,
            (
                Against(f"alice{outside}", 1590, 0.83, 0.71, 0.0004, True, "cluster t"),
                Against("bob", 1590, 0.80, 0.74, 0.012, passed, "cluster t"),
                Against("eve", 1590, 0.74, 0.79, 0.31, False, "cluster t"),
            ),
            passed,
            f"held over clusters{outside}",
        ),
        strata=tuple(
            Stratum(f"{by}{outside}", f"{value}{outside}", figure("spearman", "Spearman", at, 0.1, n=400))
            for by, values in (("unanimity", ("all agree", "split")), ("language", ("en", "zh", "日本語")))
            for at, value in zip((0.7, 0.41, 0.55), values, strict=False)
        ),
        rounds=tuple((f"2026-{month:02}{outside}", figure("spearman", "Spearman", 0.66 - 0.02 * month, 0.08))
                     for month in range(1, 6)),
        reliability=tuple(
            Bin(k / 10, (k + 1) / 10, 20 + 60 * k, k / 10 + 0.05, 0.12 + 0.075 * k, (0.08 + 0.07 * k, 0.17 + 0.08 * k))
            for k in range(10)
        ),
        curve=tuple(
            Reached(1 - k / 40, (k + 1) / 41, 38 * (k + 1), 0.985 - 0.006 * k, 0.93 - 0.0045 * k) for k in range(41)
        ),
        selective=Selective(
            tuple(
                Kept(1 - k / 20, k / 10, Interval(0.93 - 0.025 * k, 0.9 - 0.025 * k, 0.95 - 0.025 * k, 150 * k, 100))
                for k in range(1, 11)
            ),
            tuple((k / 50, 0.93 - 0.005 * k) for k in range(1, 51)),
            Interval(0.19, 0.17, 0.21, 1500, 100), Interval(0.13, 0.1, 0.16, 1500, 100),
            Interval(0.2, 0.15, 0.25, 1500, 100), (),
        ),
        chosen=0.7,
        disagreements=tuple(disagreement(number, outside) for number in range(listed)),
        differing=721,
        unjudged={"parse_failed": 8, f"refused{outside}": 4},
        sentences=(f"The judge reaches 84 % of what a person reaches against the others.{outside}",),
    )  # fmt: skip


def report(outside: str = "", *, sections: int = 2, listed: int = 100, warned: bool = True) -> AgreementReport:
    """The report of as many sections; `outside` is appended to every text that may come from a file."""
    names = ("relevance", "fluency", "factuality", "grade")
    return AgreementReport(
        headline="The judge may stand in for one of three experts on relevance, not on fluency: it agrees with them "
        f"at alpha 0.63 [0.57, 0.69], they among themselves at 0.71 [0.65, 0.77] (1,600 explanations).{outside}",
        judge=f"openai/judge-large{outside}",
        rubrics=(f"explanation@53cf27e8c44b{outside}",),
        labels=f"labels.csv (SHA-256 0123456789ab){outside}",
        sections=tuple(
            section(f"{names[k % 4]}{outside}", outside=outside, listed=listed, passed=k != 1) for k in range(sections)
        ),
        notes=(f"scale assumed from the rubric{outside}",),
        warnings=(f"the sealed labels were opened 3 times: figures on them are optimistic{outside}",) if warned else (),
        opened=3,
        files=(f"outputs.verdicts.jsonl (SHA-256 ab0123456789){outside}",),
    )
