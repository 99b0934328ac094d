"""The learned embedded judge: columns that mean something, weights that ship, silence where nothing was learned."""

from __future__ import annotations

import asyncio
import math

import pytest
from recjudge.judge import Sample, Status, load_judge, shipped
from recjudge.judge.embedded.embedding import missing
from recjudge.judge.embedded.learned.against_history import told
from recjudge.judge.embedded.learned.against_source import MEANINGS, against_source
from recjudge.judge.embedded.learned.columns import KINDS, meaning
from recjudge.judge.embedded.learned.judge import Learned
from recjudge.judge.embedded.learned.model import Model, models
from recjudge.judge.embedded.learned.states import States

pytestmark = pytest.mark.skipif(missing() is not None, reason=str(missing()))

SOURCE = (
    "The council of Ashford approved a new bridge over the Stour on Monday. Work will begin in March and take two "
    "years. The bridge will cost 12 million pounds, the mayor said. Residents had asked for it since the flood of 2019."
)
FAITHFUL = "Ashford's council approved a bridge over the Stour. It will cost 12 million pounds."
WRONG = "Ashford's council did not approve a bridge over the Thames. It will cost 90 million pounds."


@pytest.fixture(scope="module")
def states() -> States:
    return States()


def _sample(text: str, **context: object) -> Sample:
    return Sample(id="a", task="text", output={"text": text}, context=context)


def test_slips_of_fact_are_seen_by_the_columns_that_name_them(states: States) -> None:
    right = dict(zip(MEANINGS, against_source(FAITHFUL, SOURCE, states), strict=True))
    wrong = dict(zip(MEANINGS, against_source(WRONG, SOURCE, states), strict=True))
    assert (right["new_amounts"], wrong["new_amounts"]) == (0, 1)
    assert wrong["negation"] > right["negation"]
    assert wrong["l6_precision"] < right["l6_precision"]


def test_a_text_alone_and_among_others_has_the_same_columns(states: States) -> None:
    alone = against_source(FAITHFUL, SOURCE, States())
    states.of([FAITHFUL * 3, WRONG, SOURCE])
    assert against_source(FAITHFUL, SOURCE, states) == pytest.approx(alone, abs=2e-4, nan_ok=True)


def test_one_sentence_has_no_order_of_sentences(states: States) -> None:
    assert math.isnan(dict(zip(MEANINGS, against_source("A bridge.", SOURCE, states), strict=True))["in_order"])


def test_what_follows_because_is_the_reason() -> None:
    assert told("They bought both because they camp.") == "they camp."
    assert told("They camp.") == "They camp."


@pytest.mark.parametrize("model", models(), ids=lambda model: f"{model.made['set']}/{model.dimension}")
def test_weights_that_ship_hold_together(model: Model) -> None:
    assert len(model.names) == len(model.centre) == len(model.scale) == len(model.weights)
    assert all(map(math.isfinite, (*model.centre, *model.scale, *model.weights)))
    assert min(model.scale) > 0
    assert all(meaning(model.kind, name) for name in model.names)
    assert model.target.learned
    dimension = next(dim for dim in shipped()[model.task].dimensions if dim.name == model.dimension)
    assert model.question == dimension.question


def test_the_judge_answers_by_what_it_learned_and_shows_what_moved_it() -> None:
    judge = load_judge("local/learned")
    verdict = asyncio.run(judge.judge(_sample(FAITHFUL, source=SOURCE)))
    found = {finding.dimension: finding for finding in verdict.findings}
    assert "local/learned@" in verdict.judge
    assert found["factuality"].by == "learned:summeval/factuality"
    assert "learned from people's labels of summeval" in found["factuality"].reason
    assert all(words[:2] in ("+ ", "- ") for words in found["factuality"].evidence)


def test_without_a_source_or_in_another_language_nothing_learned_is_said() -> None:
    judge = Learned()
    dimension = next(dim for dim in shipped()["text"].dimensions if dim.name == "factuality")
    assert judge._model(_sample(FAITHFUL, source=SOURCE), dimension) is not None
    assert judge._model(_sample(FAITHFUL), dimension) is None
    assert judge._model(_sample("这座桥将于三月动工。", source=SOURCE), dimension) is None
    other = dimension.model_copy(update={"question": "Is every statement kind?"})
    assert judge._model(_sample(FAITHFUL, source=SOURCE), other) is None


def test_a_text_unlike_all_that_was_learned_from_gets_no_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("recjudge.judge.embedded.learned.model.STRANGE", -1.0)
    judge = Learned()
    dimension = next(dim for dim in shipped()["text"].dimensions if dim.name == "factuality")
    assert judge._answer(_sample(FAITHFUL, source=SOURCE), dimension).status is Status.ABSTAINED


def test_without_the_model_it_is_the_judge_of_rules() -> None:
    judge = Learned(None, None)
    assert judge.name == "local/lexical"
    dimension = next(dim for dim in shipped()["text"].dimensions if dim.name == "factuality")
    assert not judge._answer(_sample(FAITHFUL, source=SOURCE), dimension).by.startswith("learned")


def test_every_kind_says_what_its_columns_mean() -> None:
    assert all(words for kind in KINDS.values() for words in kind.meanings.values())
