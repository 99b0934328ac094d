"""Checks of what a history shows: cited events, bursts, needs and likings, tags seen before."""

from __future__ import annotations

from typing import Any

import pytest
from recjudge.judge import Sample
from recjudge.judge.checks.checks import CHECKS
from recjudge.judge.context import events

from checked import RUNS, check, intent, tag, text


def test_a_cited_event_must_exist() -> None:
    hit = check("evidence_exists", intent("trail running", evidence=["h1", "h9"], history=RUNS))
    assert hit
    assert (hit.code, hit.evidence) == ("hallucination", ("h9",))
    assert check("evidence_exists", intent("trail running", "see h12 and h1", history=RUNS))
    assert check("evidence_exists", intent("trail running", "from h1 and h3", ["h1", "h2"], history=RUNS)) is None


@pytest.mark.parametrize(
    "reason",
    ["The user bought ski goggles and a ski jacket.", 'She searched for "how to keep bees" twice', "多次浏览了猫砂盆"],
)
def test_a_behaviour_that_no_event_resembles_is_a_hallucination(reason: str) -> None:
    assert check("named_behaviour", intent("x", reason, history=RUNS))


@pytest.mark.parametrize(
    "reason",
    [
        "She bought trail shoes, then a flask, and viewed a trail map.",
        "bought several related items",
        "Purchased sneakers for trails",
    ],
)
def test_a_behaviour_in_other_words_is_none(reason: str) -> None:
    assert check("named_behaviour", intent("trail running", reason, history=RUNS)) is None


def test_merchandise_of_a_sport_is_not_the_sport() -> None:
    history = [{"id": "a", "title": "Slam anime basketball figure"}, {"id": "b", "title": "Anime basketball keychain"}]
    hit = check("unrelated", intent("basketball", evidence=["a", "b"], history=history))
    assert hit
    assert hit.code == "no_correlation"
    assert check("unrelated", intent("anime collecting", evidence=["a", "b"], history=history)) is None


def test_one_event_a_burst_and_clothes_alone_are_too_little() -> None:
    pot = {"id": "a", "time": "2026-01-01", "title": "tea pot"}
    skirts = [
        {"id": "a", "time": "2026-01-01", "title": "tennis skirt"},
        {"id": "b", "time": "2026-04-01", "title": "tennis dress"},
    ]
    assert check("too_little", intent("tea", history=[pot]))
    assert check(
        "too_little", intent("tea", history=[pot, pot | {"id": "b", "time": "2026-01-02", "title": "tea cups"}])
    )
    assert check("too_little", intent("tennis", history=skirts))
    assert (
        check("too_little", intent("tea", history=[pot, pot | {"id": "b", "time": "2026-03-02", "title": "tea cups"}]))
        is None
    )


def test_of_a_short_history_one_event_with_a_common_word_is_not_called_too_little() -> None:
    pot, lamp, rug = ({"id": name, "title": name} for name in ("tea pot", "desk lamp", "wool rug"))
    assert check("too_little", intent("tea", history=[pot, lamp])) is None
    assert check("too_little", intent("tea", history=[pot, lamp, rug]))


def test_events_without_a_common_word_may_support_an_interest_unless_they_are_known_to_be_about_something_else() -> (
    None
):
    titles = ("pour-over coffee kettle", "burr grinder", "Ethiopian beans 250 g")
    kettle, grinder, beans = ({"id": name, "title": name} for name in titles)
    assert check("too_little", intent("home coffee brewing", history=[kettle, grinder, beans])) is None
    cited = intent("home coffee brewing", history=[kettle, grinder, beans], evidence=[titles[0]])
    assert check("too_little", cited)
    elsewhere = [{"id": name, "title": name} for name in ("badminton racket", "wool rug for the living room")]
    assert check("too_little", intent("home coffee brewing", history=[kettle, *elsewhere]))


PAINTER = [{"id": title, "title": title} for title in ("Watercolour set 24 pans", "Portable easel", "painting tips")]


@pytest.mark.parametrize(
    "words",
    [
        "You bought a laptop last week, so this easel fits.",
        "Because you recently viewed running shoes, this easel is for you.",
        "You have just purchased a dog harness.",
    ],
)
def test_an_explanation_that_tells_the_user_of_what_they_never_did_is_hit(words: str) -> None:
    hit = check("named_behaviour", text(words, item={"title": "Easel"}, history=PAINTER), field="text", you=True)
    assert hit
    assert hit.code is None, "the step's"


@pytest.mark.parametrize(
    "words",
    [
        "You've searched for painting tips and looked at easels: this one folds.",
        "You bought watercolours, this easel carries 2 kg of them.",
        "People who bought a laptop like it.",
        "If you bought a coffee machine, you know the feeling.",
        "You watched the sun rise over the hills.",
        "You viewed it twice.",
    ],
)
def test_what_the_user_did_or_what_others_did_is_none_of_it(words: str) -> None:
    sample = text(words, item={"title": "Easel"}, history=PAINTER)
    assert check("named_behaviour", sample, field="text", you=True) is None
    assert check("named_behaviour", text(words, item={"title": "Easel"}), field="text", you=True) is None


@pytest.mark.parametrize(
    "interest",
    [
        "laundry detergent",
        "Preparing for the TOEFL",
        "fixing a leaking pipe",
        "Gifts for clients",
        "考研备考",
        "感冒药",
        "school uniform",
    ],
)
def test_a_need_is_no_liking(interest: str) -> None:
    assert check("necessity", intent(interest))


@pytest.mark.parametrize(
    ("interest", "reason"),
    [
        ("vintage radio restoration as a hobby", ""),
        ("茶道", ""),
        ("watercolour painting", "Paints for pleasure rather than for work, on weekends"),
        ("胶片摄影", "并非工作需要，而是自己喜欢"),
    ],
)
def test_a_liking_is_no_need(interest: str, reason: str) -> None:
    assert check("necessity", intent(interest, reason)) is None


def test_a_need_may_show_in_the_reason_or_in_the_events() -> None:
    supplies = [{"id": "a", "title": "dish soap"}, {"id": "b", "title": "trash bag, 50"}]
    assert check("necessity", intent("spreadsheets", "needed for work by his employer"))
    assert check("necessity", intent("a tidy home", evidence=["a", "b"], history=supplies))


@pytest.mark.parametrize(
    ("words", "now", "seen"),
    [
        ("trail running shoes", "2026-03-20", True),
        ("trail running shoes", "2026-04-20", False),
        ("trail running poles", "2026-03-20", False),
        ("soft flask", "2026-05-20", True),
    ],
)
def test_a_tag_seen_within_a_month_is_recent(words: str, now: str, seen: bool) -> None:
    assert bool(check("recently_seen", tag(words, history=RUNS, now=now))) is seen


@pytest.mark.parametrize(
    ("words", "profile", "wrong"),
    [
        ("elderly walking cane", {"age": 20}, True),
        ("walking cane", {"age": 70}, False),
        ("baby stroller", {"age": 30}, True),
        ("kids bike", {"age": 38, "children": "one son"}, False),
        ("women's high heels", {"gender": "male", "age": 30}, True),
        ("women's hiking boots", {"gender": "female"}, False),
        ("男士剃须刀", {"gender": "女"}, True),
        ("red wine", {"age": 15}, True),
        ("beef jerky", {"diet": "vegetarian"}, True),
        ("vegan jerky", {"diet": "vegetarian"}, False),
        ("peanut butter", {"allergies": "peanut, shellfish"}, True),
        ("cat tree", {"pets": "one cat"}, False),
    ],
)
def test_a_tag_for_someone_else_is_hit(words: str, profile: dict[str, Any], wrong: bool) -> None:
    sample = tag(words, profile=profile, history=[{"id": "a", "title": "wool yarn"}])
    assert bool(check("audience", sample)) is wrong


def test_a_tag_far_from_its_interest_is_hit() -> None:
    assert check("off_interest", tag("cast iron skillet", "birdwatching"))
    assert check("off_interest", tag("猫抓板", "书法"))
    assert check("off_interest", tag("insulated water bottle", "hiking")) is None
    assert check("off_interest", tag("knee pads", "volleyball")) is None


def test_a_history_without_ids_is_cited_by_position() -> None:
    history = ["2026-05-01 bought trail shoes", "2026-06-11 bought a running vest"]
    for cited, found in (([1, 2], False), ([1, 7], True)):
        output = {"interest": "Trail running", "reason": "two purchases", "evidence": cited}
        one = Sample(id="i", task="intent", output=output, context={"history": history})
        assert bool(CHECKS["evidence_exists"](one, {})) is found


def test_a_plain_line_that_begins_with_a_date_has_it() -> None:
    one = Sample(id="i", task="intent", output="x", context={"history": ["2026-05-01 bought trail shoes", "a lamp"]})
    assert [str(event.when) for event in events(one)] == ["2026-05-01", "None"]
