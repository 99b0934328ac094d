"""The self-test: published figures come out again, and a wrong one is found."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from recjudge.cli import main
from recjudge.errors import UsageError
from recjudge.human_labels import SOURCES, Reproduced, load_set, reproduce, set_names, summaries
from recjudge.human_labels.labelled_sets import LabelledSet
from recjudge.human_labels.selftest import reference, running
from recjudge.human_labels.selftest.checking import printed
from recjudge.human_labels.selftest.recgpt import Row


@pytest.fixture(scope="module")
def figures() -> list[Reproduced]:
    return list(reproduce())


def test_every_published_figure_comes_out_again(figures: list[Reproduced]) -> None:
    assert [figure for figure in figures if not figure.match] == []
    assert {figure.source for figure in figures} == set(SOURCES)
    assert len(figures) > 1150


def test_all_figures_of_the_issue_are_there(figures: list[Reproduced]) -> None:
    def count(source: str, part: str = "") -> int:
        return sum(figure.source == source and part in figure.what for figure in figures)

    assert count("llmbar", " accuracy %") == count("llmbar", " positional agreement %") == 125
    assert count("pandalm", "kappa of annotators") == count("pandalm", "majority label") == 3
    assert count("llmbar", "the slip done again") == 18
    assert count("recgpt") >= 20


@pytest.mark.parametrize("name", set_names())
def test_no_figure_of_a_reference_file_is_left_out(name: str) -> None:
    stored = {key: value for key, value in load_set(name).reference.items() if key not in ("published", "stored_kappa")}
    stored["dimensions"] = {key: of for key, of in stored["dimensions"].items() if of["n_items_human"]}
    ours = [figure for figure in reference.reference(name) if not figure.what.endswith("anything else")]
    assert len(ours) == sum(1 for _ in _numbers(stored))


def test_nothing_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise AssertionError("the self-test asked the network")

    monkeypatch.setattr("socket.socket.connect", refuse)
    assert all(figure.match for figure in reproduce(["lee", "pandalm", "cola_dev"]))


def test_a_figure_that_is_off_by_one_in_the_last_digit_is_found() -> None:
    published, half = printed(".815")
    assert Reproduced("a", "alpha", published, 0.8154, half).match
    assert not Reproduced("a", "alpha", published, 0.8160, half).match


def test_half_a_unit_of_the_last_digit_is_within_print() -> None:
    assert printed("105") == (105, 0.5)
    assert Reproduced("a", "kappa", *printed(".12")[:1], 0.125, printed(".12")[1]).match


def test_an_undefined_figure_of_ours_never_matches() -> None:
    undefined = Reproduced("a", "alpha", 0.8, math.nan, 1.0)
    assert not undefined.match
    assert math.isnan(summaries([undefined])[0].worst)


def test_a_figure_that_is_wrong_in_print_is_held_against_the_right_one() -> None:
    wrong = Reproduced("llmbar", "kappa", 0.268, 0.8977, 0.00005, 0.8977, "why")
    assert wrong.match
    assert not replace(wrong, ours=0.268).match


def test_wrong_published_figures_say_why(figures: list[Reproduced]) -> None:
    wrong = [figure for figure in figures if figure.right is not None]
    assert len(wrong) == 19
    assert all(figure.note and not replace(figure, right=None).match for figure in wrong)


def test_a_changed_label_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def altered(name: str) -> LabelledSet:
        found = load_set(name)
        first = next(place for place, label in enumerate(found.labels) if label.human)
        labels = list(found.labels)
        labels[first] = replace(labels[first], value=1.0 - labels[first].value)
        return replace(found, labels=tuple(labels))

    monkeypatch.setattr(reference, "load_set", altered)
    missed = [figure.what for figure in reference.reference("cola_dev") if not figure.match]
    assert missed == ["acceptability labels that say 0", "acceptability labels that say 1"]


def test_the_command_ends_with_one_and_lists_what_does_not_match(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def wrong() -> Iterator[Reproduced]:
        yield Reproduced("exact", "a figure that nobody gets", 0.5, 0.6, 0.005)

    monkeypatch.setattr(running, "SOURCES", {"exact": running.Source("wrong", (wrong,))})
    assert main(["selftest"]) == 1
    told = capsys.readouterr()
    assert "a figure that nobody gets" in told.out
    assert "1 of 1 figures do not match" in told.err


def test_the_command_prints_a_line_a_source(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["selftest", "--source", "recgpt", "--source", "exact"]) == 0
    told = capsys.readouterr().out
    assert "Newcombe 1998" in told
    assert "Table 9" in told
    assert "1 of them are wrong in print" in told


def test_every_figure_is_shown_with_its_print_and_ours(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["selftest", "--source", "recgpt", "--all"]) == 0
    told = capsys.readouterr().out
    assert "0.7968 (wrong; right: 0.7981)" in told
    assert "0.61 " in told


def test_machines_get_every_figure(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["selftest", "--source", "ppi", "--json"]) == 0
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert told["count"] == len(told["figures"]) == 2
    assert told["missed"] == 0


def test_an_unknown_source_lists_the_known_ones() -> None:
    with pytest.raises(UsageError, match=r"unknown source 'recgtp'; known: textbook, .*recgpt"):
        list(reproduce(["recgtp"]))


def test_three_of_four_figures_fix_the_confusion_matrix() -> None:
    # 60 samples that people pass, 40 they fail; the judge passes 54 and 10 of them
    row = Row(accuracy=0.84, precision=54 / 64, recall=0.9, f1="")
    assert row.prevalence == pytest.approx(0.6)
    assert row.specificity == pytest.approx(0.75)
    assert row.kappa == pytest.approx((0.84 - 0.528) / 0.472)


def _numbers(value: Any) -> Iterator[float]:
    if isinstance(value, dict):
        for each in value.values():
            yield from _numbers(each)
    elif isinstance(value, int | float):
        yield float(value)
