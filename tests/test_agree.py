"""The agreement report: figures equal to plain references, like held against like, and nothing left out unsaid."""

from __future__ import annotations

import math
import operator
from dataclasses import replace
from pathlib import Path

import numpy as np
import orjson
import pytest
from recjudge.cli import main
from recjudge.human_labels import Label, Labels, Pairing, Settings, agree, alpha, pair, recorded, scale_of
from recjudge.human_labels.agreement import AgreementReport, Figure, Section
from recjudge.human_labels.intervals import combine
from recjudge.human_labels.policy.seal import seal_path
from recjudge.judge import shipped
from sklearn.metrics import cohen_kappa_score

from comparable import labels_file, verdict, written

QUICK = Settings(draws=200)
THREE = scale_of("ordinal:1..5")


def world(items: int = 120, *, raters: str = "abc", noise: float = 0.8, judge: float = 0.8, per: int = 3) -> Labels:
    """Five-point labels of people and one model, `per` items a group; the same every time."""
    random = np.random.default_rng(7)
    truth = random.normal(size=items)
    rows = []
    for name, error, role in [*((name, noise, "expert") for name in raters), ("model", judge, "model")]:
        heard = np.digitize(truth + error * random.normal(size=items), [-1.2, -0.4, 0.4, 1.2]) + 1
        rows += [
            Label(f"i{place}", "clarity", name, float(code), THREE, role, "one" if place < items / 2 else "two")
            for place, code in enumerate(heard)
        ]
    known = {f"i{place}": {"group": f"g{place // per}", "text": "x" * (1 + place % 9)} for place in range(items)}
    return Labels(tuple(rows), known, source="made up", digest="0" * 64)


def report(labels: Labels, **more: object) -> AgreementReport:
    return agree(labels, recorded(labels), settings=QUICK, **more)  # type: ignore[arg-type]


def only(found: AgreementReport) -> Section:
    (section,) = found.sections
    return section


def of(section: Section, name: str, side: str = "judge") -> Figure:
    found = getattr(section, side).figure(name)
    assert found is not None
    return found


def test_people_and_judge_are_held_against_people_the_same_way() -> None:
    labels = world()
    section = only(report(labels))
    table = labels.table("clarity")
    model = labels.table("clarity", human=False).values[:, 0]
    pairs = [(0, 1), (0, 2), (1, 2)]
    people = [cohen_kappa_score(*table.values[:, list(two)].T, weights="quadratic") for two in pairs]
    judge = [cohen_kappa_score(model, table.values[:, one], weights="quadratic") for one in range(3)]
    assert of(section, "kappa_quadratic", "people").interval.value == pytest.approx(np.mean(people))
    assert of(section, "kappa_quadratic").interval.value == pytest.approx(np.mean(judge))
    assert of(section, "alpha_ordinal", "people").interval.value == pytest.approx(alpha(table, "ordinal"))


def test_every_figure_has_n_coverage_and_an_interval_over_whole_groups() -> None:
    section = only(report(world()))
    assert (section.n, section.clusters, section.raters, section.labels) == (120, 40, 3, 360)
    for figure in (*section.judge.figures, *section.people.figures, *section.ceilings):
        assert 0 < figure.interval.n <= figure.planned
        assert figure.interval.clusters <= 40
        bounded = figure.interval.low <= figure.interval.value <= figure.interval.high
        assert bounded or figure.note, figure.name


def test_without_a_judge_people_stand_alone() -> None:
    labels = world()
    found = agree(labels, settings=QUICK)
    section = only(found)
    assert section.judge is None
    assert section.alt_test is None
    assert found.headline.startswith("clarity (expert): people agree at alpha")


def test_one_rater_has_no_ceiling_and_no_human_level() -> None:
    section = only(report(world(raters="a")))
    assert section.people is None
    assert not section.ceilings
    assert any("there is no ceiling" in line for line in section.sentences)
    assert "level of people" not in report(world(raters="a")).headline


def test_one_expert_and_a_crowd_ask_for_the_crowds_place_alone() -> None:
    labels = world(raters="abcd")
    crowd = tuple(replace(row, role="crowd") if row.annotator in "bcd" else row for row in labels.rows)
    found = report(replace(labels, rows=crowd))
    one = next(section for section in found.sections if section.role == "expert")
    assert one.alt_test is not None
    assert one.alt_test.place == "an annotator of the crowd as proxy of the one expert"
    assert {row.annotator for row in one.alt_test.against} == {"b", "c", "d"}


def test_roles_have_sections_of_their_own_unless_pooled() -> None:
    labels = world()
    mixed = replace(
        labels, rows=tuple(replace(row, role="crowd") if row.annotator == "c" else row for row in labels.rows)
    )
    assert [section.role for section in report(mixed).sections] == ["expert", "crowd"]
    pooled = agree(mixed, recorded(mixed, pool=True), pool=True, settings=QUICK)
    assert [section.role for section in pooled.sections] == ["expert+crowd"]
    assert "roles pooled on request: 240 labels by expert, 120 labels by crowd" in pooled.warnings


def test_a_judge_as_noisy_as_people_passes_and_a_deaf_one_is_below() -> None:
    close, deaf = report(world(300, judge=0.5)), report(world(300, judge=5.0))
    assert "may stand in for an annotator on 1" in close.headline
    assert "below people on 1" in deaf.headline
    assert only(close).alt_test.passed
    assert only(deaf).alt_test.passed is False


def test_rounds_strata_and_disagreements_are_of_the_items_labelled() -> None:
    section = only(report(world()))
    assert [(name, figure.interval.n) for name, figure in section.rounds] == [("one", 60), ("two", 60)]
    unanimous = [stratum for stratum in section.strata if stratum.by == "unanimity"]
    assert sum(stratum.figure.planned for stratum in unanimous) == 120
    lengths = [stratum for stratum in section.strata if stratum.by == "length"]
    assert sum(stratum.figure.planned for stratum in lengths) == 120
    distances = [one.distance for one in section.disagreements]
    assert distances == sorted(distances, reverse=True)
    assert section.differing >= len(section.disagreements) > 0


def judged(letters: str, people: str, **more: object) -> Pairing:
    verdicts = [verdict(f"s{place}", letter, group=f"u{place // 2}") for place, letter in enumerate(letters)]
    words = {"S": "Superior", "A": "Average", "B": "Bad"}
    scale = scale_of("ordinal:Bad|Average|Superior")
    rows = [
        Label(f"s{place}", "grade", by, float(scale.code(words[letter]) or 0), scale)
        for place, letter in enumerate(people)
        for by in "ab"
    ]
    (found,) = pair(verdicts, Labels(tuple(rows)), shipped().values())
    return replace(found, **more)


def test_unjudged_items_lower_coverage_and_widen_bounds() -> None:
    pairing = judged("SSAB" * 10 + "-" * 10, "SSAB" * 10 + "BBBBBBBBBB")
    section = only(agree(Labels(()), [pairing], settings=QUICK))
    accuracy = of(section, "accuracy")
    assert (accuracy.interval.value, accuracy.interval.n, accuracy.planned) == (1.0, 40, 50)
    assert accuracy.coverage == pytest.approx(0.8)
    assert section.judge.bounds["accuracy"] == pytest.approx((0.8, 1.0))
    low, high = section.judge.bounds["kappa"]
    assert low < 0.8 < high == 1.0
    assert "10 unjudged" in accuracy.note
    assert any(line.startswith("10 of 50 labelled items are unjudged (10 parse_failed)") for line in section.sentences)


def test_worst_case_kappa_counts_what_is_missing_as_disagreement() -> None:
    pairing = judged("SBSB" * 5 + "--", "SBSB" * 5 + "SB")
    low, _ = only(agree(Labels(()), [pairing], settings=QUICK)).judge.bounds["kappa"]
    truth, said = [2, 0] * 10 + [2, 0], [2, 0] * 10 + [0, 2]
    assert low == pytest.approx(cohen_kappa_score(truth, said))


def test_classes_are_named_by_their_words_and_modes() -> None:
    section = only(agree(Labels(()), [judged("SSABB" * 8, "SABBB" * 8)], settings=QUICK))
    names = {figure.name for figure in section.judge.figures}
    assert {"precision_binary", "f1_weighted", "precision:Superior", "recall:Bad", "specificity_binary"} <= names
    assert "positive: Average, Superior" in of(section, "f1_binary").title
    assert of(section, "precision:Superior").interval.value == 0.5
    assert section.judge.confusion.counts == ((16, 8, 0), (0, 0, 8), (0, 0, 8))


def test_a_constant_judge_is_flagged_not_praised() -> None:
    section = only(agree(Labels(()), [judged("S" * 60, "S" * 57 + "BBB")], settings=QUICK))
    assert of(section, "accuracy").interval.value == 0.95
    assert of(section, "kappa").interval.value == pytest.approx(0)
    assert section.sentences[0].startswith("Paradox: raw agreement is .95 but")


def test_the_same_input_gives_the_same_report() -> None:
    assert repr(report(world(40))) == repr(report(world(40)))


def test_a_difference_to_people_is_drawn_together_with_them() -> None:
    labels = world()
    table = labels.table("clarity")
    from recjudge.human_labels import METRICS, interval

    one, other = (METRICS["alpha_ordinal"].make(table.columns(two)) for two in ((0, 1), (0, 2)))
    same = interval(combine(operator.sub, one, one), draws=200)
    assert same.value == 0
    assert math.isnan(same.low)
    assert interval(combine(operator.sub, one, other), draws=200).low < 0


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    monkeypatch.chdir(tmp_path)
    letters = "SABBSASB" * 10
    verdicts = [verdict(f"s{place}", letter, group=f"u{place // 4}") for place, letter in enumerate(letters)]
    said = {f"s{place}": letter for place, letter in enumerate("SABASASB" * 10)}
    return written(tmp_path / "v.jsonl", verdicts), labels_file(tmp_path / "l.jsonl", said)


def test_agree_writes_a_page_and_the_same_figures_in_other_forms(
    files: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["agree", files[0], "-l", files[1], "-o", "out/a.html", "-o", "a.json", "-o", "a.md"]) == 0
    assert capsys.readouterr().out.endswith("wrote out/a.html\nwrote a.json\nwrote a.md\n")
    first = [Path(name).read_bytes() for name in ("out/a.html", "a.json", "a.md")]
    assert main(["agree", files[0], "-l", files[1], "-o", "out/a.html", "-o", "a.json", "-o", "a.md"]) == 0
    assert [Path(name).read_bytes() for name in ("out/a.html", "a.json", "a.md")] == first
    assert orjson.loads(first[1])["sections"][0]["n"] == 80


def test_agree_prints_json_alone(files: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["agree", files[0], "-l", files[1], "--json"]) == 0
    assert orjson.loads(capsys.readouterr().out)["sections"][0]["dimension"] == "grade"


def test_sealed_labels_are_looked_at_only_when_asked_and_counted(
    files: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    main(["calibrate", files[0], "-l", files[1], "--precision", "0.99", "--confidence", "0.95"])
    assert seal_path(Path(files[1])).exists()
    capsys.readouterr()
    counts = {}
    for option in ("--people", "--open-test"):
        words = ["majority"] if option == "--people" else []
        assert main(["agree", files[0], "-l", files[1], "--json", option, *words]) == 0
        found = orjson.loads(capsys.readouterr().out)
        counts[option] = found["sections"][0]["n"]
        assert any("test labels" in line for line in found["warnings"]) is (option != "--open-test")
    assert sum(counts.values()) == 80
    assert found["opened"] == 1


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["-o", "a.docx"], "unknown ending; known: .html, .md, .json"),
        (["-j", "gpt"], "no model 'gpt' among the annotators"),
        (["--role", "crowd"], "no label of people by 'crowd'; the file has 80 by expert"),
        (["--open-test"], "no labels are sealed"),
        (["--passing", "grade=Good"], "'Good' is not on"),
        (["--people", "loudest"], "unknown rule 'loudest'; known: majority"),
        (["--map", "clarity"], "write it as NAME=VALUE"),
        (["-l", "set:nothing"], "unknown labelled set 'nothing'; known: abredial"),
    ],
)
def test_what_cannot_be_done_is_refused_with_the_remedy(
    files: tuple[str, str], capsys: pytest.CaptureFixture[str], words: list[str], told: str
) -> None:
    source = [] if words[0] == "-j" else [files[0]]
    assert main(["agree", *source, "-l", files[1], *words]) == 2
    assert told in capsys.readouterr().err


def test_a_judge_silent_where_it_is_hard_is_not_decided() -> None:
    labels = world(300, judge=0.5)
    answered = {f"i{place}" for place in range(120)}
    rows = tuple(row for row in labels.rows if row.role != "model" or row.id in answered)
    unread = tuple((f"i{place}", "clarity", "model") for place in range(120, 300))
    found = report(replace(labels, rows=rows, unread=unread))
    assert only(found).alt_test.passed
    assert "not decided on 1" in found.headline
