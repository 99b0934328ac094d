"""The command labels plan: how many labels are needed."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import Annotated

import typer

from .printing import Json, print_json, print_rows

Goal = Annotated[
    str | None,
    typer.Option(help="rate, ppi, kappa, ac1, alt-test or certificate; without it, all of them with their defaults."),
]


def labels_plan(
    goal: Goal = None,
    rate: Annotated[float | None, typer.Option(help="Pass rate expected; default 0.8.")] = None,
    half_width: Annotated[float | None, typer.Option(help="Half the interval's width wanted.")] = None,
    level: Annotated[float | None, typer.Option(help="Confidence of the interval; default 0.95.")] = None,
    deff: Annotated[float | None, typer.Option(help="Design effect: 1 + (samples a group - 1) x ICC.")] = None,
    per_cluster: Annotated[int | None, typer.Option(help="Samples labelled a group.")] = None,
    sensitivity: Annotated[float | None, typer.Option(help="ppi: share of true passes the judge passes.")] = None,
    specificity: Annotated[float | None, typer.Option(help="ppi: share of true failures it fails.")] = None,
    unlabelled: Annotated[int | None, typer.Option(help="ppi: samples judged and not labelled.")] = None,
    kappa: Annotated[float | None, typer.Option(help="kappa expected.")] = None,
    ac1: Annotated[float | None, typer.Option(help="AC1 expected.")] = None,
    annotators: Annotated[int | None, typer.Option(help="alt-test: people who label.")] = None,
    people_noise: Annotated[float | None, typer.Option(help="alt-test: their spread, in points of 1 to 5.")] = None,
    judge_noise: Annotated[float | None, typer.Option(help="alt-test: the judge's.")] = None,
    epsilon: Annotated[
        float | None, typer.Option(help="alt-test: margin; .2 for experts, .15 skilled, .1 crowd.")
    ] = None,
    power: Annotated[float | None, typer.Option(help="alt-test: probability of passing wanted.")] = None,
    defect_rate: Annotated[float | None, typer.Option(help="certificate: share of bad that must be excluded.")] = None,
    confidence: Annotated[float | None, typer.Option(help="certificate: default 0.95.")] = None,
    failures: Annotated[int | None, typer.Option(help="certificate: bad ones that may be found; default 0.")] = None,
    seed: Annotated[int | None, typer.Option(help="Of what is simulated.")] = None,
    json: Json = False,
) -> None:
    """Count the labels a goal needs, with its assumptions."""
    from ..errors import UsageError
    from ..human_labels import GOALS, plan_labels
    from ..reports import label_plan_rows

    given = {
        "rate": rate, "half_width": half_width, "level": level, "deff": deff, "per_cluster": per_cluster,
        "sensitivity": sensitivity, "specificity": specificity, "unlabelled": unlabelled, "kappa": kappa, "ac1": ac1,
        "annotators": annotators, "people_noise": people_noise, "judge_noise": judge_noise, "epsilon": epsilon,
        "power": power, "defect_rate": defect_rate, "confidence": confidence, "failures": failures, "seed": seed,
    }  # fmt: skip
    options = {name: value for name, value in given.items() if value is not None}
    if goal is None and options:
        named = ", ".join(f"--{name.replace('_', '-')}" for name in options)
        raise UsageError(f"{named}: name the goal it is for with --goal: {', '.join(GOALS)}")
    plans = [plan_labels(name, **options) for name in ([goal] if goal else GOALS)]
    if json:
        print_json([asdict(plan) for plan in plans])
        return
    print_rows("Labels needed", ("goal", "labels", "groups", "for"), label_plan_rows(plans))
    assumed: dict[str, list[str]] = {}
    for plan in plans:
        for words in plan.assumptions:
            assumed.setdefault(words, []).append(plan.goal)
    sys.stdout.write("".join(f"{', '.join(goals)}: {words}\n" for words, goals in assumed.items()))
