"""The page across rounds: what it says first, what it draws, what it says is missing."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from recjudge.errors import UsageError
from recjudge.reports import rounds_page
from recjudge.reports.pages.lines import line_chart, reach, said
from recjudge.reports.pages.rounds_page import MOST_CLASSES
from recjudge.reports.pages.rounds_words import (
    people_words,
    rounds_headline,
    rounds_light,
    rounds_warnings,
    stop_words,
)
from recjudge.training.rounds import Figure, Stop

from fake_rounds import on_disk, one, several, share
from page_words import pictures, words

PROMISED = {1: 0.9, 2: 0.9, 3: 0.9}


def labels(page: str) -> list[str]:
    return [each["aria-label"] or "" for each in pictures(page)]


def test_the_sentence_the_stop_and_people_come_before_every_figure(tmp_path: Path) -> None:
    told = words(rounds_page(on_disk(tmp_path)))
    order = [
        "Quality rose by .21 [.18, .24] over 3 rounds, as the judge sees it, paired over 50 prompts.",
        "No rule has stopped it: it can go on.",
        "people pass .88 [.81, .95] (n = 50), in round 1 .92 [.85, .99] (n = 50); at least .90 was promised.",
        "Quality and yield",
    ]
    places = [told.index(each) for each in order]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("change", "begins"),
    [
        (Figure(0.1, 0.05, 0.15, 40), "Quality rose by .10 [.05, .15] over 3 rounds"),
        (Figure(-0.1, -0.15, -0.05, 40), "Quality fell by .10 [.05, .15] over 3 rounds"),
        (Figure(0.01, -0.02, 0.04, 1), "Quality did not change beyond chance over 3 rounds: .01 [−.02, .04]"),
        (Figure(0.1, None, None, 1), "Quality moved by .10 over 3 rounds, paired over 1 prompt; there is no interval"),
        (Figure(None), "Whether quality rose over 3 rounds is not known"),
        (None, "Whether quality rose over 3 rounds is not known"),
    ],
)
def test_the_sentence_is_no_stronger_than_the_interval(change: Figure | None, begins: str) -> None:
    assert rounds_headline(several(change=change)).startswith(begins)


def test_who_stopped_it_is_said_with_the_rules_own_words() -> None:
    stopped = several(stopped=Stop("gap", "judge minus people is .30 [.10, .50], above the .05 allowed"))
    assert stop_words(stopped) == (
        "It stopped by itself after round 3, for the gap between judge and people: judge minus people is "
        ".30 [.10, .50], above the .05 allowed."
    )
    assert stop_words(several(stopped=None)) == "No rule has stopped it: it can go on."


def test_a_stop_that_came_after_later_rounds_is_no_less_one() -> None:
    found = several()
    found[1] = replace(found[1], stopped=Stop("gap", "judge minus people is .30"))
    assert stop_words(found).startswith("Round 1 is stopped, for the gap between judge and people: judge minus people")
    assert stop_words(found).endswith("What people said of it came after rounds 2, 3 had been made.")
    assert rounds_light(found, PROMISED).colour == "red"


@pytest.mark.parametrize(
    ("last", "colour"),
    [
        ({}, "green"),
        ({"stopped": Stop("diversity", "…")}, "red"),
        ({"change": Figure(-0.1, -0.2, -0.05, 40)}, "red"),
        ({"audit": Figure(0.7, 0.6, 0.8, 50)}, "red"),
        ({"audit": Figure(0.85, 0.8, 0.95, 50)}, "green"),
        ({"gap": Figure(0.3, 0.09, 0.5, 50)}, "red"),
        ({"gap": Figure(0.3, 0.07, 0.5, 50)}, "green"),
        ({"change": Figure(0.1, -0.1, 0.3, 40)}, "amber"),
        ({"audit": None}, "amber"),
    ],
)
def test_the_light_is_green_only_where_people_looked_and_the_rise_is_sure(last: dict[str, object], colour: str) -> None:
    assert rounds_light(several(**last), PROMISED).colour == colour


def test_without_a_policy_a_rise_is_no_green() -> None:
    assert rounds_light(several(), {}).colour == "amber"
    assert "nothing was promised" in people_words(several(), {})


def test_before_the_first_round_nothing_is_claimed() -> None:
    told = words(rounds_page(several(1, stopped=None)))
    assert "Before the first round the judge's mean quality is .42 [.37, .47] (n = 200); no round is finished" in told
    assert "Not yet" in told
    assert "No people looked at any round" in told
    assert "Change of quality" not in told


def test_every_figure_is_drawn_across_rounds_with_its_intervals_and_told_in_words(tmp_path: Path) -> None:
    drawn = labels(rounds_page(on_disk(tmp_path)))
    for begins in ("Quality. round 0: .42 [.37, .47], n 200; round 1: .49", "Share not Bad. round 0", "Yield. round 1",
                   "Change of quality since round 0. round 1: .07 [.04, .10], n 50", "distinct 2. round 0: .81 no",
                   "shoes. round 1: .24 [.16, .32], n 160", "Judge minus people. round 1: .02"):  # fmt: skip
        assert [label for label in drawn if label.startswith(begins)], begins
    (audit,) = (label for label in drawn if label.startswith("Precision of what was accepted"))
    assert audit.endswith("round 3: .88 [.81, .95], n 50; promised: at least .90")


def test_every_figure_stands_in_the_table_with_its_interval_and_n() -> None:
    told = words(rounds_page(several()).split("All figures")[1])
    for each in (".63 [.58, .68] n 200, 50 clusters", ".690 no interval n 200", ".32 [.24, .40] n 160",
                 ".45 [.40, .50] n 480, 120 clusters", ".06 [.00, .12] n 50"):  # fmt: skip
        assert each in told


def test_a_missing_figure_breaks_the_line_and_is_said() -> None:
    figures = [share(0.4), share(0.5), None, share(0.6), Figure(None)]
    drawn = line_chart("Quality", range(5), figures, reach(figures))
    assert len(re.findall(r'class="line judge"', drawn)) == 1
    assert drawn.count(">?<") == 2
    assert drawn.count("not known") == 4
    assert drawn.count("dot judge") == 3


def test_what_is_missing_small_or_not_comparable_is_told_first() -> None:
    rounds = several(audit=Figure(0.9, 0.6, 1.0, 12), judge="openai/other")
    rounds[2] = replace(rounds[2], audit=None, quality=Figure(None), notes=("outputs: 3 could not be had: timeout",))
    told = rounds_warnings(rounds, {1: 0.9, 2: 0.9})
    assert told == (
        "round 3: no certificate's promise: nothing bounds how many of the kept rows are bad",
        "round 2: no label of people: precision and the gap between judge and people are not known",
        "round 2: quality is not known",
        "round 3: the audit stands on n = 12: fewer than 30, the interval is rough",
        "the judge is not the same in all rounds: figures before and after are not comparable",
        "round 2: outputs: 3 could not be had: timeout",
    )


def test_bounds_promises_reasons_and_digests_stand_at_the_foot(tmp_path: Path) -> None:
    told = words(rounds_page(on_disk(tmp_path)))
    foot = told.split("What was trained on")[1]
    assert "round 3 180 4.2 14 .900 .945 5" in foot
    assert "Certificate of rounds 1–3: text.grade: at least 0.9 of what it accepts is right" in foot
    assert "Stopped no" in foot
    assert f"filtered/kept.jsonl {'cd' * 32}" in foot
    assert "round-002 · 25 s" in foot


def test_what_is_gone_from_the_disk_is_said(tmp_path: Path) -> None:
    rounds = on_disk(tmp_path)
    (rounds[1].folder / "manifest.json").write_text("{")
    (rounds[2].folder / "filtered" / "kept.jsonl").write_text("other\n")
    told = words(rounds_page(rounds))
    assert "Its manifest could not be read: files and digests are not known." in told
    assert "Round 2: no certificate that can be verified stands in round-002/filtered." in told
    assert "round 2: no certificate's promise" in told


def test_of_many_classes_the_largest_are_drawn_on_one_axis_and_the_rest_is_told() -> None:
    rounds = several(2, yields={"category": {f"class {k:02}": share(0.3, 100 + k) for k in range(40)}})
    page = rounds_page(rounds)
    drawn = [label for label in labels(page) if label.startswith("class ")]
    assert len(drawn) == MOST_CLASSES
    assert drawn[0].startswith("class 39.")
    assert f"the {MOST_CLASSES} with the most outputs of 40; the table has all" in words(page)
    assert "accepted, category class 00" in words(page)


def test_classes_that_are_each_of_one_round_alone_are_no_lines() -> None:
    rounds = [replace(of, yields={"system": {f"model {of.number}": share(0.3)}}) for of in several()]
    page = rounds_page(rounds)
    assert "Yield by class" not in words(page)
    assert "accepted, system model 2" in words(page)


def test_axes_hold_every_bound_on_round_numbers_and_do_not_magnify_noise() -> None:
    for figures in ([share(0.5, half=0.001)], [share(0.02), share(0.97)], [Figure(1.0, 0.9, 1.0, 9)], [Figure(None)]):
        axis = reach(figures)
        assert 0 <= axis.low < axis.high <= 1
        assert axis.high - axis.low >= 0.2 - 1e-9
        assert 3 <= len(axis.ticks) <= 7
        ends = [end for each in figures for end in (each.low, each.high) if end is not None]
        assert all(axis.low - 1e-9 <= end <= axis.high + 1e-9 for end in ends)
    assert reach([Figure(0.1, -0.3, 0.2, 9)], (0.0,), -1.0).low <= -0.3


def test_a_figure_in_words_has_its_n() -> None:
    assert said(Figure(0.62, 0.55, 0.68, 1200)) == ".62 [.55, .68], n 1,200"
    assert said(Figure(0.62, None, None, 9)) == ".62 no interval, n 9"
    assert said(None) == said(Figure(None)) == "not known"


def test_the_page_is_one_file_without_scripts_addresses_or_times(tmp_path: Path) -> None:
    rounds = on_disk(tmp_path)
    page = rounds_page(rounds)
    assert page == rounds_page(rounds)
    assert "<script" not in page
    assert "http" not in page.replace("http-equiv", "")
    assert str(tmp_path) not in page


def test_many_rounds_are_one_page_of_moderate_size() -> None:
    rounds = [one(number, Path("nowhere"), diversity={}) for number in range(60)]
    page = rounds_page([replace(of, quality=share(0.5), passing=share(0.5)) for of in rounds])
    assert len(page) < 900_000
    quality = re.search(r"<title>Quality</title>.*?</svg>", page, re.DOTALL)
    assert quality is not None
    assert quality[0].count('text-anchor="middle"') <= 10


def test_no_round_is_no_page() -> None:
    with pytest.raises(UsageError, match="recjudge round"):
        rounds_page([])


def test_the_manifest_of_a_round_is_read_as_it_is_written(tmp_path: Path) -> None:
    from recjudge.training.rounds.manifest import Manifest, write_manifest

    made = Manifest(0, "r", 0, "m", "local", ("text@1",), "uncertified", "", {}, {})
    rounds = several(1, tmp_path)
    write_manifest(rounds[0].folder, made.done("answer", {"outputs.jsonl": "ab" * 32}, {}, {}))
    assert json.loads((rounds[0].folder / "manifest.json").read_text())["steps"]
    assert f"outputs.jsonl {'ab' * 32}" in words(rounds_page(rounds))
