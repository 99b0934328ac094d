"""What a Student was trained on, and what is unlike it: flagged, and abstained on where that is asked for."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from recjudge import load_rubric
from recjudge.errors import UsageError
from recjudge.judge import Doubting, Sample, Status, Student
from recjudge.judge.checks.words import words_of
from recjudge.judge.student import domains, knows_domain, unlike
from recjudge.judge.student.domain import distances

from makers_students import small_student

SAID = "The boots keep your feet dry on long wet trails, and this pair is light, warm and sturdy for hikes you like."
WORDS = words_of(SAID)


def text(seed: int, size: int) -> str:
    random = np.random.default_rng(seed)
    return f"{' '.join(random.choice(sorted(WORDS), size))}.".capitalize()


def sample(words: str, id: str = "s") -> Sample:
    return Sample(id, "explanation", words, {"interest": "hiking", "item": {"title": "Boots"}})


TRAINED = [sample(text(seed, 10 + seed % 8), f"t{seed}") for seed in range(400)]
NEW = [sample(text(seed, 10 + seed % 8), f"n{seed}") for seed in range(1000, 1400)]
STRANGE = {
    "long": sample(text(7, 120)),
    "Chinese": sample("这双防水登山靴在雨天的长途徒步中让您的双脚保持干燥,非常适合春季。"),
    "symbols": sample("!!! $$$ 99% 100% *** #1 $$$ !!! 99% 100% *** #1 BUY"),
}


@pytest.fixture
def student(tmp_path: Path) -> Student:
    made = domains({"explanation": TRAINED}, {"explanation": load_rubric("explanation")})
    return replace(small_student(tmp_path / "student"), made=made)


def test_few_samples_of_the_same_kind_are_unlike_what_it_was_trained_on(student: Student) -> None:
    assert sum(map(bool, unlike(student, TRAINED))) <= 0.03 * len(TRAINED)
    assert sum(map(bool, unlike(student, NEW))) <= 0.06 * len(NEW)


@pytest.mark.parametrize("kind", STRANGE)
def test_what_it_never_saw_is_flagged_with_the_reason(student: Student, kind: str) -> None:
    (words,) = unlike(student, [STRANGE[kind]])
    assert words.startswith("unlike what it was trained on: ")
    assert {"long": "120 long", "Chinese": "language zh", "symbols": "standard deviations"}[kind] in words


def test_a_samples_distance_does_not_depend_on_the_batch(student: Student) -> None:
    seen = student.made["domain"]["explanation"]
    one = [float(distances(seen, [each])[0]) for each in TRAINED[:20]]
    assert one == pytest.approx(distances(seen, TRAINED[:20]))


def test_it_is_flagged_with_a_line_and_abstained_on_when_asked(student: Student) -> None:
    def judged(**line: float | bool) -> object:
        return asyncio.run(Doubting(student, **line).judge(STRANGE["long"]))  # type: ignore[arg-type]

    flagged, silent = judged(below=0.1), judged(unlike=True)
    assert flagged.grade is not None  # type: ignore[attr-defined]
    assert any(flag.startswith("unlike") for flag in flagged.flags)  # type: ignore[attr-defined]
    assert (silent.status, silent.grade) == (Status.ABSTAINED, None)  # type: ignore[attr-defined]
    assert silent.reason.startswith("unlike what it was trained on")  # type: ignore[attr-defined]


def test_what_is_like_it_is_judged_as_without(student: Student) -> None:
    like = next(one for one, words in zip(NEW, unlike(student, NEW), strict=True) if not words)
    verdict = asyncio.run(Doubting(student, unlike=True).judge(like))
    assert replace(verdict, judge=student.name) == asyncio.run(student.judge(like))


def test_a_student_without_a_record_cannot_be_asked_to(tmp_path: Path) -> None:
    plain = small_student(tmp_path / "plain")
    assert not knows_domain(plain)
    assert unlike(plain, [STRANGE["long"]]) == [""]
    with pytest.raises(UsageError, match="distill it anew"):
        Doubting(plain, unlike=True)


def test_a_record_of_other_features_is_not_read(student: Student) -> None:
    old = {"explanation": student.made["domain"]["explanation"] | {"version": 0}}
    assert not knows_domain(replace(student, made={"domain": old}))


def test_too_few_samples_make_no_record() -> None:
    assert domains({"explanation": TRAINED[:29]}, {"explanation": load_rubric("explanation")}) == {}
