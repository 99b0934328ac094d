"""Pages of agreement and of a run: what stands on them, what never does, the same bytes for the same input."""

from __future__ import annotations

import io
import json
import math
import re
import time
from dataclasses import replace

import pytest
from recjudge.human_labels import Interval
from recjudge.human_labels.agreement import AgreementReport, Confusion, Figure, Reached
from recjudge.reports import (
    agreement_json,
    agreement_markdown,
    agreement_page,
    figure_json,
    print_agreement,
)
from recjudge.reports.figures import beside, light
from recjudge.reports.pages.bars import heat
from recjudge.reports.pages.curves import precision_yield
from recjudge.reports.pages.marks import notch, number, percent, visible
from recjudge.reports.pages.strips import Axis, Mark, Strip, axis_of, strip_picture
from rich.console import Console

from fake_reports import disagreement, figure, report, section
from page_words import pictures, words


def test_the_headline_and_the_light_come_before_every_figure() -> None:
    said = words(agreement_page(report()))
    assert said.index("Do not act on it yet") < said.index("The judge may stand in") < said.index("Read this first")
    assert said.index("the sealed labels were opened 3 times") < said.index("Krippendorff alpha")


def test_every_figure_has_its_n_coverage_interval_clusters_and_design_effect() -> None:
    page = agreement_page(report(sections=1))
    rows = re.findall(r'<td class="name">.*?</tr>', page.split("All figures")[1], re.DOTALL)
    assert len(rows) == 8 + 12 + 2
    for row in rows:
        assert {"value", "n", "coverage", "clusters", "design effect", "interval by"} <= set(
            re.findall(r'data-is="([^"]+)"', row)
        )


def test_every_picture_says_in_words_what_it_shows() -> None:
    found = pictures(agreement_page(report(sections=1)))
    assert len(found) > 20
    assert all(each["role"] == "img" and len(each["aria-label"] or "") > 15 for each in found)
    said = [each["aria-label"] or "" for each in found]
    assert any("people .71 [.65, .77], n 1600; judge .63 [.57, .69], n 1600" in label for label in said)
    assert any("chosen line: score at least .700" in label for label in said)


def test_a_value_without_n_cannot_be_rendered() -> None:
    bare = Figure("kappa", "Cohen's kappa", Interval(0.7, 0.6, 0.8, n=0, clusters=0), 10)
    whole = section()
    assert whole.people is not None
    broken = replace(report(), sections=(replace(whole, people=replace(whole.people, figures=(bare,))),))
    for render in (agreement_page, agreement_markdown, agreement_json):
        with pytest.raises(ValueError, match="n = 0"):
            render(broken)


def test_the_same_report_gives_the_same_bytes_and_no_time_stands_in_them() -> None:
    assert agreement_page(report()) == agreement_page(report())
    assert agreement_markdown(report()) == agreement_markdown(report())
    assert json.dumps(agreement_json(report())) == json.dumps(agreement_json(report()))


def test_the_json_has_null_with_a_note_where_a_figure_is_not_defined() -> None:
    found = agreement_json(report(sections=1))
    json.dumps(found, allow_nan=False)
    mcc = next(each for each in found["sections"][0]["judge"]["figures"] if each["name"] == "mcc")
    assert (mcc["value"], mcc["low"], mcc["n"]) == (None, None, 0)
    assert mcc["note"].startswith("not defined")


def test_the_last_digits_of_arithmetic_do_not_reach_the_json() -> None:
    one = Figure("kappa", "k", Interval(0.1 + 0.2, -1e-17, 0.5, n=4, clusters=4), 8)
    found = figure_json(one)
    assert (found["value"], str(found["low"]), found["coverage"]) == (0.3, "0.0", 0.5)


def test_the_markdown_has_the_figures_of_the_page() -> None:
    text = agreement_markdown(report())
    assert text.startswith("# Agreement with people\n\n**Do not act on it yet**")
    assert ".71 [.65, .77] n 1,600 | .63 [.57, .69] n 1,600" in text
    assert text.count("\n## explanation.") == 2


def test_the_terminal_shows_people_beside_the_judge_and_warnings_first() -> None:
    shown = io.StringIO()
    print_agreement(Console(file=shown, width=120), report())
    text = shown.getvalue()
    assert text.index("warning: the sealed labels") < text.index("Weighted kappa")
    assert re.search(r"Weighted kappa \(quadratic\) +\.69 \[\.63, \.75\] 1,600 +\.60 \[\.54, \.66\] 1,600", text)
    assert "721 of 1,600 (45%)" in text


def test_the_terminal_lists_three_disagreements_and_says_no_sentence_twice() -> None:
    shown = io.StringIO()
    print_agreement(Console(file=shown, width=400), report(sections=3))
    text = shown.getvalue()
    assert text.count("      people: ") == 3
    sides = [side for each in report(sections=3).sections for side in (each, each.people, each.judge) if side]
    assert {text.count(words) for side in sides for words in side.sentences} == {1}


def test_a_narrow_terminal_keeps_a_figure_and_its_interval_on_one_line() -> None:
    shown = io.StringIO()
    print_agreement(Console(file=shown, width=80), report())
    assert re.search(r"\.69 \[\.63, \.75\] 1,600 +\.60 \[\.54, \.66\] 1,600", shown.getvalue())
    assert max(map(len, shown.getvalue().splitlines())) <= 80


@pytest.mark.parametrize(
    ("value", "words"), [(0.624, ".62"), (-0.05, "−.05"), (0, ".00"), (-0.001, ".00"), (1, "1.00"), (-1.5, "−1.50")]
)
def test_numbers_are_written_as_the_sentences_write_them(value: float, words: str) -> None:
    assert number(value) == words


@pytest.mark.parametrize(("value", "words"), [(0, "0"), (0.2, ".2"), (-0.2, "−.2"), (0.25, ".25"), (1, "1")])
def test_an_axis_has_short_numbers(value: float, words: str) -> None:
    assert notch(value) == words


def test_many_sections_are_one_line_each_on_the_terminal() -> None:
    shown = io.StringIO()
    print_agreement(Console(file=shown, width=120), report(sections=12))
    assert "12 sections, one line each: alpha_ordinal" in shown.getvalue()
    assert len(shown.getvalue().splitlines()) < 40


@pytest.mark.parametrize(
    ("given", "colour"),
    [
        (report(sections=2), "red"),
        (report(sections=1), "amber"),
        (report(sections=1, warned=False), "green"),
        (replace(report(), sections=(replace(section(), judge=None),)), "grey"),
    ],
)
def test_the_light_follows_the_alt_test_and_the_warnings(given: AgreementReport, colour: str) -> None:
    assert light(given).colour == colour


def test_a_judge_surely_below_people_is_red_even_without_an_alt_test() -> None:
    one = section()
    assert one.judge is not None
    low = replace(one.judge, figures=(figure("alpha_ordinal", "alpha", 0.3),))
    assert light(replace(report(), sections=(replace(one, judge=low, alt_test=None),))).colour == "red"


def test_people_alone_have_a_page_without_a_judge() -> None:
    one = replace(
        section(), judge=None, alt_test=None, strata=(), rounds=(), reliability=(), curve=(), disagreements=(),
        differing=0,
    )  # fmt: skip
    said = words(agreement_page(replace(report(), judge="", rubrics=(), sections=(one,))))
    assert "No judge yet" in said
    assert "Where people and the judge differ" not in said


def test_a_judge_with_a_single_rater_has_a_page_without_people_among_themselves() -> None:
    one = replace(section(), people=None, ceilings=(), alt_test=None, raters=1)
    assert "Judge with people: openai/judge-large" in words(agreement_page(replace(report(), sections=(one,))))
    assert all(pair.people is None for pair in beside(one))


def test_an_empty_report_says_so() -> None:
    empty = AgreementReport("Nothing was labelled twice.", "", (), "", ())
    assert "Nothing was labelled twice." in words(agreement_page(empty))
    assert agreement_json(empty)["sections"] == []


def test_disagreements_are_cut_and_the_page_says_how_many_there_are() -> None:
    said = words(agreement_page(report(sections=1, listed=100)))
    assert "721 of 1,600 items, the 60 widest apart shown" in said
    assert said.count("Judge's reason") == 60


def test_a_ceiling_of_a_figure_is_drawn_on_its_line() -> None:
    top = replace(figure("ceiling_loo", "Ceiling", 0.69), of="spearman")
    one = replace(section(), ceilings=(top,))
    assert next(pair for pair in beside(one) if pair.name == "spearman").ceiling == top
    label = next(
        each["aria-label"] or "" for each in pictures(agreement_page(replace(report(), sections=(one,))))
        if (each["aria-label"] or "").startswith("Spearman.")
    )  # fmt: skip
    assert "ceiling .69 [.63, .75]" in label


def test_an_axis_reaches_below_zero_only_where_an_interval_does() -> None:
    def strips(value: float) -> list[Strip]:
        return [Strip("x", (Mark("judge", "judge", Interval(value, value - 0.1, value + 0.1, 10, 10)),))]

    assert axis_of(strips(0.5)).low == 0
    assert axis_of(strips(-0.05)).low == pytest.approx(-0.2)
    assert axis_of(strips(1.25)).high == pytest.approx(1.4)
    assert axis_of(strips(0.95)).high == 1


def test_an_undefined_figure_is_written_not_drawn() -> None:
    nothing = Interval(math.nan, math.nan, math.nan, 0, 0, method="none")
    drawn = str(strip_picture(Strip("x", (Mark("judge", "judge", nothing),)), Axis(0, 1, (0.0, 1.0))))
    assert "not defined" in drawn
    assert "nan" not in drawn.lower()


def test_a_heat_map_shades_by_shares_of_the_row_and_leaves_its_ink_readable() -> None:
    cells = heat(Confusion(("a", "b"), ((9, 1), (0, 0))))
    assert cells[0][0].share == pytest.approx(0.9)
    assert math.isnan(cells[1][0].share)
    for row in cells:
        for cell in row:
            assert _contrast(cell.colour, cell.ink) >= 4.5


def test_ink_can_be_read_on_every_shade() -> None:
    for percent_ in range(101):
        cell = heat(Confusion(("a", "b"), ((percent_, 100 - percent_), (0, 1))))[0][0]
        assert _contrast(cell.colour, cell.ink) >= 4.5


def test_a_long_curve_is_thinned_and_keeps_its_ends() -> None:
    curve = [Reached(1 - k / 5000, (k + 1) / 5000, k + 1, 0.9, 0.85) for k in range(5000)]
    drawn = str(precision_yield(curve))
    assert len(drawn) < 12_000
    assert "accepting 100% of all" in drawn


@pytest.mark.parametrize(
    ("share", "text"), [(0, "0%"), (1, "100%"), (0.004, "<1%"), (0.996, ">99%"), (0.5, "50%"), (None, "n/a")]
)
def test_a_share_that_is_neither_none_nor_all_is_written_as_neither(share: float | None, text: str) -> None:
    assert percent(share) == text


def test_a_report_of_many_items_is_a_page_in_under_two_seconds() -> None:
    given = replace(report(sections=4, listed=0))
    many = tuple(disagreement(number) for number in range(1600))
    given = replace(given, sections=tuple(replace(each, disagreements=many) for each in given.sections))
    agreement_page(report())
    began = time.process_time()
    page = agreement_page(given)
    assert time.process_time() - began < 2
    assert len(page) < 1_000_000


def test_emoji_stay_and_hidden_characters_are_written_out() -> None:
    assert visible("👨‍👩‍👧 ❤️ 中文") == "👨‍👩‍👧 ❤️ 中文"
    assert visible("a\u200bb\u202ec\x1b[31m\x00") == "a⟨U+200B⟩b⟨U+202E⟩c⟨U+001B⟩[31m⟨U+0000⟩"
    assert visible("a\u200db") == "a⟨U+200D⟩b"


def _contrast(one: str, other: str) -> float:
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    """Relative luminance of WCAG 2."""
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[k : k + 2], 16) / 255 for k in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_what_a_judge_keeps_is_drawn_and_written_with_its_intervals() -> None:
    one = section()
    assert one.selective is not None
    label = next(
        each["aria-label"] or "" for each in pictures(agreement_page(report(sections=1)))
        if (each["aria-label"] or "").startswith("Agreement and the share kept.")
    )  # fmt: skip
    assert "keeping 50%, confidence at least .750: .80 [.77, .82], n 750" in label or ".81 [" in label
    made = agreement_json(report(sections=1))["sections"][0]["selective"]
    assert (made["rises"], made["aurc"]["value"], len(made["kept"])) == ("rises", 0.19, 10)
    assert "| 50% | .750 |" in agreement_markdown(report(sections=1))


def test_a_judge_without_probabilities_has_no_such_picture() -> None:
    silent = replace(section(), selective=None)
    assert "Agreement and the share kept" not in agreement_page(replace(report(), sections=(silent,)))
    assert agreement_json(replace(report(), sections=(silent,)))["sections"][0]["selective"] is None
