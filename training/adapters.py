"""The judge as a reward in trainers other than TRL: verl and OpenRLHF, each with the signature its sources show.

Neither has a word for a completion without a reward, so the caller must give one: `unjudged` has no default.

| trainer | read in | what it does with None | with NaN |
|---|---|---|---|
| verl 0.9.1 | `experimental/reward_loop/reward_manager/naive.py`, `experimental/agent_loop/agent_loop.py` | one None leaves the whole batch without rewards | not looked for: spoils the mean of its group |
| OpenRLHF 0.11.2 | `utils/agent.py`, `trainer/ppo_utils/experience_maker.py` | takes it for "ask the reward model" | not looked for: spoils the mean of its group |
"""  # noqa: E501  (a table's row is one line)

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any, Literal

import orjson

from ..errors import RecjudgeError
from .reward import Reward


class Unjudged(RecjudgeError):
    """A completion has no reward, and the caller asked that training stops there."""


def verl_score(reward: Reward, *, unjudged: float | Literal["raise"]) -> Callable[..., dict[str, float]]:
    """verl's `compute_score(data_source, solution_str, ground_truth, extra_info=None)` on a reward function.

    Put it under a name of a file and give both: `reward.custom_reward_function.path` and `.name` (verl 0.9.1,
    `trainer/ppo/reward.py`, `get_custom_reward_fn`). verl asks for one completion a call, many at a time from threads;
    those that wait are judged together. The columns are those of `extra_info`, beside `data_source` and `ground_truth`;
    an `extra_info.prompt` is the prompt.

    Returns `{"score", "unjudged"}`: verl trains on the first and carries both as `reward_extra_info`. `unjudged` is the
    score of what could not be judged, or `"raise"`: then `Unjudged` is raised. Whatever number it is, the trainer
    learns from it as if the judge had said it.
    """
    if unjudged != "raise":
        _checked(unjudged, "give a number, or 'raise'")

    def compute_score(
        data_source: str, solution_str: str, ground_truth: Any, extra_info: Mapping[str, Any] | None = None, **_: Any
    ) -> dict[str, float]:
        row = {"data_source": data_source, "ground_truth": ground_truth, **(extra_info or {})}
        prompt = row.pop("prompt", None)
        columns = {key: [value] for key, value in row.items()}
        found = reward.explain(None if prompt is None else [prompt], [solution_str], **columns)[0]
        if found.reward is not None:
            return {"score": found.reward, "unjudged": 0.0}
        if isinstance(unjudged, str):
            raise Unjudged(f"a completion could not be judged ({found.why}); mend it, or give a number as `unjudged`")
        return {"score": float(unjudged), "unjudged": 1.0}

    compute_score.__name__ = reward.__name__
    return compute_score


def openrlhf_reward(
    reward: Reward, *, unjudged: float, ends: Sequence[str], tensor: Callable[[list[float]], Any] | None = None
) -> Callable[..., dict[str, Any]]:
    """OpenRLHF's `reward_func(queries, prompts, labels, **kwargs) -> {"rewards", "scores", "extra_logs"}`.

    Name it `reward_func` in the file that `--reward.remote_url` (formerly `--remote_rm_url`) gives. A query is the
    prompt and the response, special tokens and all: the response is what follows the prompt, up to the first of `ends`
    (`["<|im_end|>"]`). A label that is a mapping, or the JSON of one, holds the columns; any other is the column
    `label`. `tensor` makes the numbers what the trainer takes, `torch.tensor` when left out.

    `unjudged` is the reward of what could not be judged, and `extra_logs.unjudged` tells which. There is no `"raise"`:
    OpenRLHF logs what a reward function raises and goes on without a reward (0.11.2, `SingleTurnAgentExecutor`).
    Raises `ValueError` for a query that does not begin with its prompt.
    """
    _checked(unjudged, "OpenRLHF swallows what a reward function raises; give a number")

    def reward_func(queries: Sequence[str], prompts: Sequence[str], labels: Sequence[Any], **_: Any) -> dict[str, Any]:
        made = tensor or _torch()
        answers, columns = query_rows(queries, prompts, labels, ends)
        found = reward.explain(prompts, answers, **columns)
        rewards = made([unjudged if one.reward is None else one.reward for one in found])
        return {
            "rewards": rewards,
            "scores": rewards,
            "extra_logs": {"unjudged": made([float(one.reward is None) for one in found])},
        }

    return reward_func


def query_rows(
    queries: Sequence[str], prompts: Sequence[str], labels: Sequence[Any], ends: Sequence[str]
) -> tuple[list[str], dict[str, list[Any]]]:
    """OpenRLHF's queries as completions and columns. Raises `ValueError` for a query without its prompt."""
    answers = [_response(query, prompt, ends) for query, prompt in zip(queries, prompts, strict=True)]
    rows = [_columns(label) for label in labels]
    names = dict.fromkeys(name for row in rows for name in row)
    return answers, {name: [row.get(name) for row in rows] for name in names}


def _checked(unjudged: object, remedy: str) -> None:
    if not isinstance(unjudged, (int, float)) or not math.isfinite(unjudged):
        raise ValueError(f"unjudged: {unjudged!r} is no reward; {remedy}")


def _response(query: str, prompt: str, ends: Sequence[str]) -> str:
    if not prompt:
        raise ValueError("the query's prompt is empty, so its response cannot be told from it")
    _, found, answer = query.partition(prompt)
    if not found:
        raise ValueError(f"the query does not hold its prompt ({prompt[:40]!r}…): was the prompt cut? Raise max_len")
    places = [place for end in ends if (place := answer.find(end)) >= 0]
    return answer[: min(places)] if places else answer


def _columns(label: Any) -> Mapping[str, Any]:
    if isinstance(label, str) and label.lstrip().startswith("{"):
        try:
            label = orjson.loads(label)
        except orjson.JSONDecodeError:
            return {"label": label}
    return label if isinstance(label, Mapping) else {"label": label}


def _torch() -> Callable[[list[float]], Any]:
    made: Callable[[list[float]], Any] = import_module("torch").tensor
    return made
