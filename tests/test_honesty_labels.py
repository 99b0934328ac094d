"""Each dishonest path with labels is tried through the door, and is refused or meets the words that spoil it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from recjudge.human_labels import seal_for

from comparable import judged, labels_file, system, verdict, written


def test_s3_figures_on_labels_that_may_have_been_tuned_on_say_so(run: Any, tmp_path: Path) -> None:
    verdicts, labels = _tellable(tmp_path)
    for command in ("agree", "estimate"):
        out = run(command, verdicts, "--labels", labels)[1]
        assert "prompts were tuned on these, the figures are optimistic, in-sample" in out
    assert run("calibrate", verdicts, "--labels", labels, "--precision", "0.8", "--score", "rank")[0] == 0
    for command in ("agree", "estimate", "report"):
        code, out, _ = run(command, verdicts, "--labels", labels, *(["--json"] if command == "report" else []))
        assert code == 0
        assert "calibration labels alone: optimistic, in-sample" in out
        assert "test labels opened once" in out


def test_s3_a_line_on_labels_not_sealed_says_so_in_the_policy(run: Any, tmp_path: Path) -> None:
    verdicts, labels = _tellable(tmp_path)
    code, out, _ = run("calibrate", verdicts, "-l", labels, "--precision", "0.8", "--score", "rank", "--all-labels")
    assert code == 0
    assert "no labels were sealed: figures are in-sample if anything was tuned on them" in out
    assert "no test labels" in out
    assert "in-sample" in json.loads((tmp_path / "policy.json").read_text())["notes"][0]


def test_s3_every_look_at_the_sealed_labels_is_counted_and_printed(run: Any, tmp_path: Path) -> None:
    verdicts, labels = _tellable(tmp_path)
    calibrate = ("calibrate", verdicts, "-l", labels, "--precision", "0.8", "--score", "rank")
    assert "test labels opened once" in run(*calibrate)[1]
    assert "test labels opened twice" in run(*calibrate)[1]
    assert "test labels alone; test labels opened 3 times" in run("agree", verdicts, "-l", labels, "--open-test")[1]
    assert "test labels opened 4 times" in run("estimate", verdicts, "-l", labels, "--open-test")[1]


def test_s3_lowering_the_precision_until_a_line_is_found_is_counted(run: Any, tmp_path: Path) -> None:
    verdicts, labels = _tellable(tmp_path)
    calibrate = ("calibrate", verdicts, "-l", labels, "--score", "rank", "--precision")
    assert run(*calibrate, "0.999")[0] == 1
    code, _, err = run(*calibrate, "0.99")
    assert code == 1
    assert "this was search 2 for a line on these labels" in err
    code, out, _ = run(*calibrate, "0.8")
    assert code == 0
    assert "a line was looked for 3 times on these calibration labels" in out
    assert "holds with a confidence of 85% at least, not 95%" in out


def test_s3_the_labels_a_line_rests_on_are_no_fresh_ones_in_another_file(run: Any, tmp_path: Path) -> None:
    verdicts, labels = _tellable(tmp_path)
    assert run("calibrate", verdicts, "-l", labels, "--precision", "0.8", "--score", "rank")[0] == 0
    copy = tmp_path / "fresh.jsonl"
    copy.write_bytes(b"\n".join(reversed(Path(labels).read_bytes().splitlines())) + b"\n")
    code, out, err = run("milestone", verdicts, "-l", str(copy))
    assert (code, out) == (1, "")
    assert "the labels the policy was made from, not fresh ones" in err


def test_s3_and_are_left_out_where_some_are_fresh(run: Any, tmp_path: Path) -> None:
    letters = "A" * 250 + "B" * 50
    verdicts = written(tmp_path / "v.jsonl", judged(letters))
    labels = labels_file(tmp_path / "l.jsonl", {f"s{n}": letters[n] for n in range(100, 300)})
    assert run("calibrate", verdicts, "-l", labels, "--precision", "0.8", "--score", "rank")[0] == 0
    grown = labels_file(tmp_path / "grown.jsonl", {f"s{n}": letters[n] for n in range(300)})
    out = run("milestone", verdicts, "-l", grown)[1]
    assert "200 labels that the policy was made from are left out" in out
    assert "of 100 accepted samples labelled afresh" in out


def test_s3_a_line_of_another_judge_is_not_drawn(run: Any, tmp_path: Path) -> None:
    verdicts, labels = _tellable(tmp_path)
    assert run("calibrate", verdicts, "-l", labels, "--precision", "0.8", "--score", "rank")[0] == 0
    other = written(tmp_path / "o.jsonl", judged(_LETTERS, "j/two@1"))
    code, out, err = run("agree", other, "-l", labels, "--policy", "policy.json")
    assert (code, out) == (2, "")
    assert "the line text.grade is of j/one@1" in err


def test_s3_a_line_that_the_sealed_labels_deny_is_said_to_fail(run: Any, tmp_path: Path) -> None:
    verdicts, labels = _tellable(tmp_path)
    seal = seal_for(Path(labels), now=datetime(2026, 11, 1, tzinfo=UTC))
    said = {f"s{n}": _LETTERS[n] if seal.side(f"s{n}") == "calibration" else "B" for n in range(300)}
    labels_file(Path(labels), said)
    code, out, _ = run("calibrate", verdicts, "-l", labels, "--precision", "0.8", "--score", "rank")
    assert code == 0
    assert "the sealed labels are surely below the promise: 0.0% of the" in out
    assert "do not act on this line" in out


def test_s4_agreement_on_the_overlap_stands_beside_its_coverage_and_its_worst_case(run: Any, tmp_path: Path) -> None:
    """The judge is right on the 140 easy samples and silent on the 60 hard ones: kappa 1 there, .30 at worst."""
    said = {f"s{n}": "AB"[n % 2] for n in range(200)}
    labels = labels_file(tmp_path / "l.jsonl", said)
    verdicts = written(tmp_path / "v.jsonl", judged("AB" * 70 + "-" * 60))
    code, out, _ = run("agree", verdicts, "--labels", labels)
    assert code == 0
    assert "60 of 200 labelled items are unjudged (60 parse_failed); coverage 70%" in out
    assert "accuracy would lie between .70 and 1.00" in out
    found = json.loads(run("agree", verdicts, "--labels", labels, "--json")[1])["sections"][0]["judge"]
    kappa = next(one for one in found["figures"] if one["name"] == "kappa")
    assert (kappa["n"], kappa["planned"], kappa["coverage"]) == (140, 200, 0.7)
    worst, best = found["bounds"]["kappa"]
    assert worst < 0.6 < best == 1.0
    worst = f"{found['bounds']['kappa_quadratic'][0]:.2f}".removeprefix("0")
    assert "Cohen's kappa (quadratic weights) 1.00 140 = 70%" in out
    assert f"Cohen's kappa (quadratic weights) {worst} to 1.00" in out.partition("had all been judged: ")[2]


def test_s4_a_test_passed_on_what_was_judged_is_said_to_be_that(run: Any, tmp_path: Path) -> None:
    said = [labels_file(tmp_path / who, {f"s{n}": "AB"[n % 2] for n in range(200)}, who) for who in "xyz"]
    labels = tmp_path / "l.jsonl"
    labels.write_bytes(b"".join(Path(one).read_bytes() for one in said))
    out = run("agree", written(tmp_path / "v.jsonl", judged("AB" * 70 + "-" * 60)), "--labels", str(labels))[1]
    assert out.startswith(
        "With care: text.grade (expert): the alt-test is passed on what was judged; 60 of 200 were not"
    )


def test_s4_an_estimate_bounds_what_was_not_judged(run: Any, tmp_path: Path) -> None:
    labels = labels_file(tmp_path / "l.jsonl", {f"s{n}": "AB"[n % 2] for n in range(0, 200, 2)} | {"s1": "B"})
    verdicts = written(tmp_path / "v.jsonl", judged("AB" * 70 + "-" * 60))
    out = run("estimate", verdicts, "--labels", labels)[1]
    assert "unjudged" in out
    assert "had all failed, or all passed" in out
    assert "labelled samples were not judged: their labels are in no figure" in out


def test_s6_repeats_of_one_user_are_no_sample_size(run: Any, tmp_path: Path) -> None:
    """Twenty users of thirty alike samples each: the interval is that of twenty, and t says so."""
    users = [f"u{n // 30}" for n in range(600)]
    letters = "".join("AB"[n // 30 % 4 == 0] for n in range(600))
    truth = "".join("AB"[n // 30 % 5 == 0] for n in range(600))
    labels = labels_file(tmp_path / "l.jsonl", {f"s{n}": truth[n] for n in range(600)})
    made = [verdict(f"s{n}", letters[n], group=users[n]) for n in range(600)]
    alone = written(tmp_path / "alone.jsonl", [verdict(f"s{n}", letters[n]) for n in range(600)])
    grouped = written(tmp_path / "v.jsonl", made)
    out = run("agree", grouped, "--labels", labels)[1]
    assert "600 items come from 20 clusters" in out
    assert "below 30 clusters intervals are Student's t" in out
    wide, narrow = (_figure(run, path, labels, "accuracy") for path in (grouped, alone))
    assert (wide["n"], wide["clusters"], wide["value"]) == (600, 20, narrow["value"])
    assert wide["high"] - wide["low"] > 3 * (narrow["high"] - narrow["low"])
    assert wide["design_effect"] > 20


def test_s6_copies_under_other_ids_are_noticed(run: Any, tmp_path: Path) -> None:
    labels = labels_file(tmp_path / "l.jsonl", {f"s{n}": "AB"[n // 3 % 2] for n in range(90)})
    made = [verdict(f"s{n}", "AB"[n // 3 % 2], text=_words(n // 3)) for n in range(90)]
    verdicts = written(tmp_path / "v.jsonl", made)
    for command in ("agree", "estimate"):
        out = run(command, verdicts, "--labels", labels)[1]
        assert "90 of 90 labelled samples share their text with a sample of another cluster (30 texts)" in out


def test_s6_one_cluster_has_no_interval_and_no_estimate(run: Any, tmp_path: Path) -> None:
    labels = labels_file(tmp_path / "l.jsonl", {f"s{n}": "AB"[n % 2] for n in range(100)})
    verdicts = written(tmp_path / "v.jsonl", judged("AABB" * 25, group="one"))
    found = _figure(run, verdicts, labels, "accuracy")
    assert (found["low"], found["high"]) == (None, None)
    assert "one cluster" in found["note"]
    code, _, err = run("estimate", verdicts, "--labels", labels)
    assert code == 1
    assert "one cluster" in err


def test_s6_a_line_rests_on_one_sample_a_cluster(run: Any, tmp_path: Path) -> None:
    labels = labels_file(tmp_path / "l.jsonl", {f"s{n}": _LETTERS[n] for n in range(300)})
    verdicts = written(tmp_path / "v.jsonl", [verdict(f"s{n}", _LETTERS[n], group=f"u{n % 12}") for n in range(300)])
    code, _, err = run("calibrate", verdicts, "-l", labels, "--precision", "0.8", "--score", "rank")
    assert code == 1
    assert "independent" in err


def test_s7_a_text_that_the_judge_was_shown_is_no_calibration(run: Any, tmp_path: Path) -> None:
    text = "a light two person tent that dries before breakfast on a windy ridge"
    made = [verdict(f"s{n}", _LETTERS[n], text=_words(n)) for n in range(299)] + [verdict("s299", "B", text=text)]
    verdicts = written(tmp_path / "v.jsonl", made)
    labels = labels_file(tmp_path / "l.jsonl", {f"s{n}": _LETTERS[n] for n in range(300)})
    shown = tmp_path / "fewshot.txt"
    shown.write_text(f"Example: {text.upper()}! This is a good one.\n")
    calibrate = ("calibrate", verdicts, "-l", labels, "--precision", "0.8", "--score", "rank", "--shown", str(shown))
    code, out, err = run(*calibrate)
    assert (code, out) == (1, "")
    assert "1 leak between what was tuned and what is tested; first: fewshot.txt:1 and sample 's299'" in err
    assert not (tmp_path / "policy.json").exists()
    assert "leaks allowed: 1 leak" in run(*calibrate, "--allow-leaks")[1]


def test_s7_nor_one_that_stands_on_both_sides_of_the_seal(run: Any, tmp_path: Path) -> None:
    made = [verdict(f"s{n}", _LETTERS[n], text=_words(n // 2)) for n in range(300)]
    labels = labels_file(tmp_path / "l.jsonl", {f"s{n}": _LETTERS[n] for n in range(300)})
    verdicts = written(tmp_path / "v.jsonl", made)
    code, _, err = run("calibrate", verdicts, "-l", labels, "--precision", "0.8", "--score", "rank")
    assert code == 1
    assert "leaks between what was tuned and what is tested" in err
    assert "100% alike" in err


def test_s8_the_raw_rate_is_the_judges_opinion_and_the_corrected_one_the_headline(run: Any, tmp_path: Path) -> None:
    """People pass 30 %, sensitivity .9, specificity .8: the judge passes 41 %."""
    truth = ("A" * 3 + "B" * 7) * 100
    said = "".join(_errs(n, truth[n]) for n in range(1000))
    labels = labels_file(tmp_path / "l.jsonl", {f"s{n}": truth[n] for n in range(300)})
    code, out, _ = run("estimate", written(tmp_path / "v.jsonl", judged(said)), "--labels", labels)
    assert code == 0
    assert "text.grade, labels by expert: 30.0% of the 1000 judged samples truly pass, 95% interval" in out
    assert "the judge's opinion 41.0%" in out
    assert "its word taken for the truth" in out
    assert out.index("truly pass") < out.index("the judge's opinion")


def test_s8_without_labels_a_rate_is_called_an_opinion(run: Any, tmp_path: Path) -> None:
    a = written(tmp_path / "a.jsonl", system("A", "AB" * 50))
    b = written(tmp_path / "b.jsonl", system("B", "AA" * 50))
    assert "this is the judge's opinion of the systems, not people's" in run("compare", a, b)[1]


def test_s8_a_judge_no_better_than_a_coin_corrects_nothing(run: Any, tmp_path: Path) -> None:
    labels = labels_file(tmp_path / "l.jsonl", {f"s{n}": "AABB"[n % 4] for n in range(200)})
    verdicts = written(tmp_path / "v.jsonl", judged("BABA" * 100))
    code, out, err = run("estimate", verdicts, "--labels", labels, "--shifted")
    assert code == 1
    assert "truly pass" not in out
    assert "sensitivity + specificity is 1.00" in err


def test_s12_one_rater_is_no_human_level(run: Any, tmp_path: Path) -> None:
    labels = labels_file(tmp_path / "l.jsonl", {f"s{n}": "ABS"[n % 3] for n in range(120)})
    verdicts = written(tmp_path / "v.jsonl", judged("ABS" * 40))
    code, out, _ = run("agree", verdicts, "--labels", labels)
    assert code == 0
    assert "One rater: there is no ceiling, so nothing here says that a judge is as good as people." in out
    assert "the alt-test cannot be held in 1 of 1 sections" in out
    assert "level of people" not in out
    assert "may stand in" not in out.lower()
    found = json.loads(run("agree", verdicts, "--labels", labels, "--json")[1])["sections"][0]
    assert (found["people"], found["ceilings"], found["alt_test"]) == (None, [], None)
    page = (tmp_path / "reports" / "agreement.html").read_text()
    assert "level of people" not in page
    assert "One rater" in page


_LETTERS = ("A" * 4 + "B") * 60


def _tellable(folder: Path) -> tuple[str, str]:
    """300 verdicts that people agree with, as a file, and their labels."""
    labels = labels_file(folder / "l.jsonl", {f"s{n}": _LETTERS[n] for n in range(300)})
    return written(folder / "v.jsonl", judged(_LETTERS)), labels


def _words(number: int) -> str:
    """A text of its own for each number."""
    return " ".join(f"word{number}x{place}" for place in range(10))


def _errs(number: int, truth: str) -> str:
    """What a judge of sensitivity .9 and specificity .8 says, the same in every hundred."""
    place = number // 10 % 10
    if truth == "A":
        return "B" if place == 0 else "A"
    return "A" if place < 2 else "B"


def _figure(run: Any, verdicts: str, labels: str, name: str) -> dict[str, Any]:
    figures = json.loads(run("agree", verdicts, "--labels", labels, "--json")[1])["sections"][0]["judge"]["figures"]
    found: dict[str, Any] = next(one for one in figures if one["name"] == name)
    return found
