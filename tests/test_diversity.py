"""What sets show: each metric against values worked by hand and against brute force over all pairs."""

import math
import random
from collections import Counter
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from recjudge.errors import UsageError
from recjudge.judge.sets.diversity import (
    SET_METRICS,
    FifoIdf,
    TextSet,
    measure,
    measure_set,
)
from recjudge.judge.sets.duplicates import NEAR
from recjudge.judge.sets.textset import normalise, tokenise

from set_texts import LINES, edited, sentences

# ---- tokens ------------------------------------------------------------------------------------------------------


def test_words_are_levelled_and_chinese_is_cut_into_characters():
    assert tokenise("Don’t PANIC, it's well-made!") == ["dont", "panic", "its", "well", "made"]
    assert tokenise("保温杯500ml，ＯＫ") == ["保", "温", "杯", "500ml", "ok"]
    assert tokenise("หมา ❤️ हिन्दी") == ["ห", "ม", "า", "❤", "हिन्दी"]
    assert tokenise(" …!? \u200b") == []


def test_case_width_and_punctuation_do_not_tell_texts_apart():
    assert normalise("Ｒed  dress!") == normalise("red dress") == "red dress"


# ---- distinct-n --------------------------------------------------------------------------------------------------


def test_distinct_n_counts_kinds_over_all():
    metrics = measure_set(["red dress", "red shoes", "red dress"])
    assert metrics["distinct_1"].value == pytest.approx(3 / 6)
    assert metrics["distinct_2"].value == pytest.approx(2 / 3)


def test_single_words_have_no_distinct_2():
    assert measure_set(["red", "blue"])["distinct_2"].value is None


# ---- ROUGE-L -----------------------------------------------------------------------------------------------------


def test_rouge_diversity_by_hand():
    # LCS(a b c d, a c d) = 3 of 4 + 3 tokens; with "x y" nothing is shared
    metric = measure_set(["a b c d", "a c d", "x y"])["rouge_diversity"]
    assert metric.value == pytest.approx(1 - (6 / 7) / 3)
    assert metric.exact
    assert metric.low is None
    assert set(metric.pair) == {"a b c d", "a c d"}


def test_rouge_reads_chinese():
    assert measure_set(["轻薄跑鞋", "轻薄凉鞋"])["rouge_diversity"].value == pytest.approx(1 - 6 / 8)


@given(LINES)
@settings(max_examples=60, deadline=None)
def test_rouge_diversity_is_the_mean_over_all_pairs(texts):
    scores = [rouge_l(one.split(), other.split()) for one, other in combinations(texts, 2)]
    assert measure(TextSet(tuple(texts)), ["rouge_diversity"])["rouge_diversity"].value == pytest.approx(
        1 - sum(scores) / len(scores)
    )


def test_sampled_rouge_holds_the_true_value_in_its_interval():
    texts = tuple(sentences(80, 30))
    whole = SET_METRICS["rouge_diversity"](TextSet(texts)).value
    metrics = [SET_METRICS["rouge_diversity"](TextSet(texts, seed=seed, cap=500)) for seed in range(200)]
    held = sum(metric.low <= whole <= metric.high for metric in metrics)
    assert not metrics[0].exact
    assert held >= 178  # 190 expected of 200; 178 or fewer has probability 2e-4


def rouge_l(one, other):
    table = [[0] * (len(other) + 1) for _ in range(len(one) + 1)]
    for i, a in enumerate(one):
        for j, b in enumerate(other):
            table[i + 1][j + 1] = table[i][j] + 1 if a == b else max(table[i][j + 1], table[i + 1][j])
    return 2 * table[-1][-1] / (len(one) + len(other))


# ---- cosine distances --------------------------------------------------------------------------------------------


def test_ngram_distance_by_hand():
    # " ab ", " ab ", " xy ": the pair of equal texts has distance 0, the other two 1
    assert measure_set(["ab", "AB!", "xy"])["ngram_distance"].value == pytest.approx(2 / 3)


@given(LINES | st.lists(st.text(min_size=1, max_size=12), min_size=2, max_size=8))
@settings(max_examples=80, deadline=None)
def test_ngram_distance_is_the_mean_over_all_pairs(texts):
    found = TextSet(tuple(texts))
    metric, size = SET_METRICS["ngram_distance"](found), found.grams.size
    bags = [bag(normalise(text), size) for text in texts if tokenise(text)]
    distances = [1 - cosine(one, other) for one, other in combinations(bags, 2)]
    if not distances:
        assert metric.value is None
    else:
        assert metric.value == pytest.approx(sum(distances) / len(distances), abs=1e-9)


def test_blocks_of_texts_give_the_same_ngrams_as_one_text_at_a_time():
    texts = sentences(5000, 4)
    grams = TextSet(tuple(texts)).grams
    rows = sorted({normalise(text) for text in texts})
    assert [int(size) for size in grams.sizes] == [len(bag(row, 3)) for row in rows]
    assert int(grams.counts.sum()) == sum(map(len, rows))


class Compass:
    """An embedder of four directions, blind to everything else."""

    name = "compass"

    def __init__(self):
        self.places = {"north": (0.0, 1.0), "south": (0.0, -1.0), "east": (1.0, 0.0), "north east": (0.6, 0.8)}

    def prepare(self, texts):
        self.prepared = list(texts)

    def similarity(self, one, other):
        if one not in self.places or other not in self.places:
            return None
        return float(np.dot(self.places[one], self.places[other]))


class Vectors(Compass):
    def vectors(self, texts):
        return [np.array(self.places[text]) if text in self.places else None for text in texts]


@pytest.mark.parametrize("embedder", [Compass(), Vectors()])
def test_embedding_distance_by_hand(embedder):
    # distances 1 (north, east), 0.2 (north, north east), 0.4 (east, north east)
    metric = measure_set(["north", "east", "north east"], embedder=embedder)["embedding_distance"]
    assert metric.value == pytest.approx(1.6 / 3)
    assert metric.exact


def test_a_text_the_model_cannot_read_is_left_out_and_most_of_them_leave_no_value():
    some = measure_set(["north", "south", "跑鞋"], embedder=Vectors())["embedding_distance"]
    assert some.value == pytest.approx(2.0)
    assert "2 of 3 texts readable" in some.words
    most = measure_set(["north", "跑鞋", "水杯"], embedder=Vectors())["embedding_distance"]
    assert most.value is None
    assert "ngram_distance" in most.words


def test_sampled_embedding_distance_has_an_interval():
    texts = ["north", "east", "south", "north east"] * 10
    exact = measure_set(texts, embedder=Vectors())["embedding_distance"].value
    metric = measure_set(texts, embedder=Compass(), cap=400)["embedding_distance"]
    assert metric.low < exact < metric.high
    assert not metric.exact


def bag(text, size):
    if size == 2:
        text = text.replace(" ", "")
    text = f"\0{text}\0"
    return Counter(text[at : at + size] for at in range(len(text) - size + 1))


def cosine(one, other):
    dot = sum(count * other[gram] for gram, count in one.items())
    return dot / math.sqrt(sum(c * c for c in one.values()) * sum(c * c for c in other.values()))


# ---- FIFO IDF ----------------------------------------------------------------------------------------------------


def test_fifo_idf_by_hand():
    memory = FifoIdf(size=3)
    assert memory.push("a b") is None  # nothing is remembered yet
    assert memory.push("a c") == pytest.approx((math.log(1 / 2) + math.log(1 / 1)) / 2)
    assert memory.push("a a d") == pytest.approx((2 * math.log(2 / 3) + math.log(2)) / 3)
    assert memory.full
    assert memory.score("a") == pytest.approx(math.log(3 / 4))  # in every entry: slightly negative
    memory.push("e")  # forgets "a b"
    assert memory.score("b a") == pytest.approx((math.log(3 / 1) + math.log(3 / 3)) / 2)


def test_a_text_without_tokens_is_neither_scored_nor_remembered():
    memory = FifoIdf(size=2)
    memory.push("a")
    assert memory.push("!!!") is None
    assert memory.score("b") == pytest.approx(0.0)  # |M| = 1: log(1 / 1)


@given(LINES, st.integers(1, 5))
@settings(max_examples=60, deadline=None)
def test_fifo_idf_forgets_exactly(texts, size):
    memory = FifoIdf(size)
    for place, text in enumerate(texts):
        window = [set(other.split()) for other in texts[max(0, place - size) : place]]
        tokens = text.split()
        expected = [math.log(len(window) / (sum(t in seen for seen in window) + 1)) for t in tokens] if window else []
        score = memory.push(text)
        assert score is None if not window else score == pytest.approx(sum(expected) / len(tokens))


def test_the_set_metric_scores_only_against_a_full_memory():
    assert measure_set(["a b"] * 160)["fifo_idf"].value is None
    assert measure_set(["a b"] * 162)["fifo_idf"].value == pytest.approx(math.log(160 / 161))
    assert measure_set(["a b"] * 160 + ["c c"])["fifo_idf"].value == pytest.approx(math.log(160))


# ---- near-duplicates ---------------------------------------------------------------------------------------------


def test_near_duplicates_by_hand():
    # 12 trigrams in "\0running shoe\0", 13 in its plural, 11 of them shared: 11 / 14 is not near enough
    assert measure_set(["running shoe", "running shoes"])["near_duplicate_share"].value == 0.0
    metric = measure_set(["trail running shoe", "trail running shoes", "Red dress", "RED-DRESS", "lamp"])
    assert metric["near_duplicate_share"].value == pytest.approx(4 / 5)  # 17 / 20 is
    assert metric["near_duplicate_share"].pair == ("RED-DRESS", "Red dress")
    assert metric["near_duplicate_share"].exact


@given(LINES | st.lists(st.text(alphabet="ab跑鞋 ", min_size=1, max_size=14), min_size=2, max_size=10))
@settings(max_examples=100, deadline=None)
def test_near_duplicate_share_is_what_all_pairs_say(texts):
    found = TextSet(tuple(texts))
    metric, size = SET_METRICS["near_duplicate_share"](found), found.grams.size
    bags = [set(bag(normalise(text), size)) for text in texts if tokenise(text)]
    assert metric.value == (share(bags) if len(bags) > 1 else None)


def test_minhash_finds_edited_copies_and_never_a_stranger():
    texts = sentences(600, 40, kinds=4000)
    copies = [edited(text, seed) for seed, text in enumerate(texts[:200])]
    strangers = SET_METRICS["near_duplicate_share"](TextSet(tuple(texts), cap=1))
    metric = SET_METRICS["near_duplicate_share"](TextSet((*texts, *copies), cap=1))
    assert strangers.value == 0.0
    assert metric.value == pytest.approx(400 / 800, abs=0.005)
    assert not metric.exact


def test_minhash_reads_short_tags():
    tags = list(dict.fromkeys(" ".join(pair) for pair in combinations(sentences(60, 1, kinds=9000), 2)))
    texts = (*tags, *(tag + "s" for tag in tags[::4]))
    exact = SET_METRICS["near_duplicate_share"](TextSet(texts, cap=10**7))
    metric = SET_METRICS["near_duplicate_share"](TextSet(texts, cap=1))
    assert exact.exact
    assert 0.9 * exact.value <= metric.value <= exact.value


def share(bags):
    near = set()
    for (i, one), (j, other) in combinations(enumerate(bags), 2):
        if len(one & other) / len(one | other) >= NEAR:
            near |= {i, j}
    return len(near) / len(bags)


# ---- routes ------------------------------------------------------------------------------------------------------


def test_cross_route_duplicates_by_hand():
    tags, systems = ["red dress", "Red dress!", "lamp", "tea", "tea", "bag"], ["a", "b", "a", "b", "b", None]
    metric = measure_set(tags, systems=systems)["cross_route_duplicates"]
    assert metric.value == pytest.approx(1 / 3)  # red dress, of red dress, lamp and tea; the bag has no route
    assert metric.pair == ("Red dress!",)


def test_exclusive_recall_by_hand():
    metrics = measure_set(
        ["red dress", "lamp", "Lamp", "tea", "bag"],
        systems=["a", "a", "b", "b", "b"],
        ground_truth=["Red Dress", "lamp", "tea", "bag", "kettle", "kettle!"],
    )
    assert metrics["exclusive_recall"].value == pytest.approx(3 / 5)  # the lamp is found twice, the kettle never
    assert metrics["exclusive_recall:a"].value == pytest.approx(1 / 5)
    assert metrics["exclusive_recall:b"].value == pytest.approx(2 / 5)


def test_routes_are_undefined_without_routes_or_ground_truth():
    alone = measure_set(["a", "b"], systems=["x", "x"], ground_truth=["a"])
    assert alone["cross_route_duplicates"].value is alone["exclusive_recall"].value is None
    assert "only one route" in alone["exclusive_recall"].words
    assert "no ground truth" in measure_set(["a", "b"], systems=["x", "y"])["exclusive_recall"].words


def test_a_route_that_found_nothing_has_zero_and_not_none():
    metrics = measure_set(["a", "b"], systems=["x", "y"], ground_truth=["b"])
    assert metrics["exclusive_recall:x"].value == 0.0


# ---- sets as a whole ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("texts", [[], ["…"], ["one text"]])
def test_what_needs_two_texts_has_no_value_for_fewer(texts):
    metrics = measure_set(texts, systems=["a"] * len(texts))
    for name in set(metrics) - {"distinct_1", "distinct_2"}:
        assert metrics[name].value is None
        assert metrics[name].words


def test_texts_without_a_word_are_left_out_and_named():
    metric = measure_set(["red dress", "", "—", "red lamp"])["rouge_diversity"]
    assert metric.n == 2
    assert "2 of 4 texts without a word are left out" in metric.words


@given(LINES, st.randoms(use_true_random=False), st.sampled_from([1, 7, 1000]))
@settings(max_examples=60, deadline=None)
def test_the_order_of_the_texts_changes_nothing(texts, rng, cap):
    systems = [rng.choice(["a", "b", None]) for _ in texts]
    order = rng.sample(range(len(texts)), len(texts))
    one = measure_set(texts, systems=systems, ground_truth=["red"], cap=cap)
    other = measure_set([texts[k] for k in order], systems=[systems[k] for k in order], ground_truth=["red"], cap=cap)
    assert one == other


def test_the_order_changes_nothing_in_a_large_set_of_near_duplicates():
    texts = sentences(300, 12)
    texts += [edited(text, 1) for text in texts]
    shuffled = random.Random(3).sample(texts, len(texts))
    names = ["rouge_diversity", "ngram_distance", "near_duplicate_share"]
    assert measure(TextSet(tuple(texts), cap=50), names) == measure(TextSet(tuple(shuffled), cap=50), names)


def test_lists_of_unequal_length_are_refused():
    with pytest.raises(UsageError, match="systems: 1 names for 2 texts"):
        measure_set(["a", "b"], systems=["x"])
