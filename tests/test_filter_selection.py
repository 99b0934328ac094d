"""What is taken of the accepted rows: copies, near-duplicates, routes, categories, balance, age."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest
from recjudge.errors import InputError, UsageError
from recjudge.judge.sets import alike, repeats
from recjudge.training import Row

from filtered import filtered, ids, many, row, why, word

LONG = "a quiet kettle for slow mornings with a long spout and a steady hand over the cup"


def in_category(id: str, category: str | None, group: str = "u1", **more: Any) -> Row:
    return row(id, text=f"words of {id}", group=group, context={"item": {"category": category}}, **more)


def test_rows_the_same_in_all_but_the_id_are_kept_once() -> None:
    rows = [*many(5), row("one", text="same words"), row("two", text="same words")]
    assert why(filtered(rows)) == {"two": "duplicate"}
    assert why(filtered(rows, duplicates=True)) == {}


def test_the_same_words_for_another_user_are_no_copy() -> None:
    assert why(filtered([row("one", text="shoes", group="u1"), row("two", text="shoes", group="u2")])) == {}


@pytest.mark.parametrize(("within", "gone"), [("group", 1), ("all", 2), ("item", 1)])
def test_near_duplicates_are_looked_for_where_it_is_said(within: str, gone: int) -> None:
    rows = [
        row("a", text=LONG, group="u1", item="i1"),
        row("b", text=f"{LONG}!", group="u1", item="i2"),
        row("c", text=LONG.upper(), group="u2", item="i1"),
    ]
    found = filtered(rows, near=0.9, within=within)
    assert list(why(found).values()) == ["near-duplicate"] * gone
    assert any(f"looked for within: {within}" in note for note in found.certificate.notes)


def test_after_near_duplicates_are_left_out_no_two_are_alike_and_each_left_out_is_like_one_that_stays() -> None:
    texts = [
        f"{word(n % 40)} {word(n % 40 + 100)} {word(n % 40 + 200)} {word(n % 40 + 300)} {n % 3}" for n in range(120)
    ]
    out = repeats(texts, least=0.8)
    stay = [text for place, text in enumerate(texts) if place not in out]
    assert len(stay) == 40
    assert not any(alike(one, other) for at, one in enumerate(stay) for other in stay[:at])
    assert all(alike(texts[one], texts[other]) and other not in out for one, other in out.items())


def test_minhash_leaves_out_what_comparing_all_pairs_does() -> None:
    random = np.random.default_rng(3)
    base = [" ".join(word(int(n)) for n in random.integers(0, 10**6, 8)) for _ in range(300)]
    texts = base + [f"{text} {word(7)[:1]}" for text in base[:150]]
    exact, sampled = repeats(texts, least=0.8), repeats(texts, least=0.8, cap=100)
    assert len(exact) == 150
    assert set(sampled) <= set(exact)
    assert len(sampled) >= 148


def test_texts_without_a_word_repeat_nothing() -> None:
    assert repeats(["", "…", "!", ""]) == {}


def test_a_text_that_two_routes_wrote_for_one_user_is_kept_once_and_no_route_is_favoured() -> None:
    rows = [row(f"{route}{n}", text=f"{word(n)} x", group=f"u{n}", system=route) for n in range(200) for route in "ab"]
    found = filtered(rows, across_routes=True)
    assert set(why(found).values()) == {"across routes"}
    assert len(found.kept) == 200
    assert 70 < Counter(one.sample.system for one in found.kept)["a"] < 130


def test_a_category_is_capped_for_each_user() -> None:
    rows = [in_category(f"{user}{n}", "tea", user) for user in ("u", "v") for n in range(5)]
    found = filtered([*rows, in_category("none", None, "u")], per_category=2, category="item.category")
    assert Counter(one.sample.group for one in found.kept if one.sample.id != "none") == {"u": 2, "v": 2}
    assert "none" in ids(found.kept)


def test_a_category_that_no_row_has_is_an_error() -> None:
    with pytest.raises(UsageError, match=r"no row has a category at 'item.kind'; name its place with --category"):
        filtered([in_category("a", "tea")], per_category=2, category="item.kind")


@pytest.mark.parametrize("by", ["system", "group", "category"])
def test_balance_brings_every_class_to_the_smallest(by: str) -> None:
    sizes = {"a": 12, "b": 5, "c": 7}
    rows = [in_category(f"{name}{n}", name, name, system=name) for name, size in sizes.items() for n in range(size)]
    found = filtered(rows, balance=by, category="item.category")
    assert Counter(one.sample.system for one in found.kept) == {"a": 5, "b": 5, "c": 5}


def test_half_of_the_rows_as_old_as_the_half_life_go_and_none_of_today() -> None:
    fresh = [row(f"f{n}", text=word(n), context={"now": "2026-11-21"}) for n in range(100)]
    old = [row(f"o{n}", text=word(n + 500), context={"now": "2026-11-07T10:00:00"}) for n in range(400)]
    found = filtered([*fresh, *old], half_life=14)
    assert set(ids(fresh)) <= set(ids(found.kept))
    assert 150 < len(found.kept) - 100 < 250


def test_the_newest_stay_where_some_must_go() -> None:
    rows = [in_category(f"d{day}", "tea", "u", meta={"day": f"2026-11-{day:02}"}) for day in range(1, 11)]
    found = filtered(rows, per_category=3, category="item.category", newest_first=True, time="day")
    assert ids(found.kept) == ["d8", "d9", "d10"]


def test_a_row_without_the_date_asked_for_is_named() -> None:
    with pytest.raises(InputError, match=r"r0: no ISO date at 'now'.*name its place with --time"):
        filtered(many(3), half_life=14)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"within": "user"}, "within 'user' is unknown; known: group, item, all"),
        ({"balance": "age"}, "balance 'age' is unknown; known: system, group, category"),
        ({"near": 1.5}, "near-duplicates 1.5"),
        ({"per_category": 0}, "per_category 0: give 1 or more"),
        ({"half_life": 0}, "half_life 0: give more than 0"),
        ({"half_life": float("inf")}, "half_life inf: give more than 0"),
        ({"half_life": float("nan")}, "half_life nan: give more than 0"),
        ({"audit": -1}, "audit -1: give 0 or more"),
    ],
)
def test_an_option_that_is_none_is_refused(options: dict[str, Any], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        filtered(many(3), **options)


def test_selections_come_in_their_order_and_each_row_goes_for_one_reason() -> None:
    rows = [*many(30, group="u", system="s"), row("copy", text=many(1)[0].sample.text, group="u", system="s")]
    found = filtered(rows, near=0.9, balance="group", across_routes=True)
    assert why(found) == {"copy": "duplicate"}
    assert found.certificate.left_out == {"duplicate": 1}


@pytest.mark.parametrize("seed", range(20))
def test_whatever_is_asked_every_row_ends_in_one_place(seed: int) -> None:
    random = np.random.default_rng(seed)
    texts = [f"{word(int(n))} {word(int(n) + 1)}" for n in random.integers(0, 30, 60)]
    rows = [
        row(f"r{n}", [0.95, 0.1, None][random.choice(3, p=[0.7, 0.2, 0.1])], text, group=f"u{n % 4}",
            system="abc"[n % 3], context={"category": "xyz"[n % 3], "now": f"2026-11-{n % 20 + 1:02}"})
        for n, text in enumerate(texts)
    ]  # fmt: skip
    choices: dict[str, list[Any]] = {
        "near": [None, 0.7], "within": ["group", "all"], "across_routes": [False, True], "per_category": [None, 3],
        "balance": [None, "system", "group", "category"], "half_life": [None, 20], "newest_first": [False, True],
        "audit": [None, 0, 7], "duplicates": [False, True], "all_pass": [False, True],
    }  # fmt: skip
    found = filtered(rows, seed=seed, **{name: some[random.integers(len(some))] for name, some in choices.items()})
    places = [*ids(found.kept), *ids(found.audit.rows), *why(found)]
    assert Counter(places) == Counter(ids(rows))
    assert found.certificate.bad["bound_kept"] <= found.certificate.kept
    assert sum(found.certificate.left_out.values()) + found.certificate.kept + len(found.audit.rows) == len(rows)


def test_the_same_seed_selects_the_same_rows() -> None:
    rows = [row(f"r{n}", text=word(n), system="ab"[n % 3 == 0]) for n in range(60)]
    first, again, other = (ids(filtered(rows, balance="system", audit=5, seed=seed).kept) for seed in (1, 1, 2))
    assert first == again != other
