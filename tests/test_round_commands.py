"""Generators and trainers that are commands: what they read, what is made of their lines, and how they fail."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from recjudge.errors import InputError, UsageError
from recjudge.judge import Sample, read, shipped
from recjudge.rubrics import by_task
from recjudge.training import completion_of
from recjudge.training.rounds.generators import GeneratorSettings, generator_of
from recjudge.training.rounds.trainers import TrainerSettings, trainer_of

ROWS: list[dict[str, Any]] = [
    {"id": "p1", "task": "item_tag", "prompt": "Tags for a runner", "context": {"interest": "running"}, "group": "u1"},
    {"id": "p2", "task": "tag", "context": {"interest": "tea"}, "group": "u2", "meta": {"route": "a"}},
]
ECHO = """
import json, sys
for line in sys.stdin:
    row = json.loads(line)
    for n in range(row["k"]):
        print(json.dumps({"id": row["id"], "output": f"{row['context']['interest']} {n} {row['seed']}"}))
"""


def command(code: str, *words: str, **more: Any) -> GeneratorSettings:
    return GeneratorSettings(kind="command", command=[sys.executable, "-c", code, *words], **more)


def written(code: str, k: int = 2, **more: Any) -> tuple[list[dict[str, Any]], list[str]]:
    made = generator_of(command(code, **more))
    records = list(made.generate(ROWS, k=k, seed=7))
    return records, [failure.reason for failure in made.failures]


def test_a_command_writes_k_records_for_each_prompt() -> None:
    records, failures = written(ECHO, name="mine")
    assert [record["id"] for record in records] == ["p1-0", "p1-1", "p2-0", "p2-1"]
    assert records[0] == {
        "id": "p1-0", "task": "item_tag", "context": {"interest": "running", "prompt": "Tags for a runner"},
        "group": "u1", "system": "mine", "output": "running 0 7", "meta": {"written": "running 0 7"},
    }  # fmt: skip
    assert failures == []


def test_its_records_are_read_as_samples() -> None:
    records, _ = written(ECHO)
    samples = list(read(records, tasks=by_task(shipped().values())))
    assert all(isinstance(sample, Sample) for sample in samples)
    assert [sample.text for sample in samples] == [record["output"] for record in records]
    assert samples[2].meta["route"] == "a"


def test_what_a_generator_wrote_bare_is_not_taught_as_json() -> None:
    records, _ = written(ECHO)
    samples = [one for one in read(records, tasks=by_task(shipped().values())) if isinstance(one, Sample)]
    assert samples[0].output == {"tag": "running 0 7"}
    assert completion_of(samples[0]) == "running 0 7"


def test_a_row_without_a_prompt_is_asked_with_the_fields_that_its_rubric_names() -> None:
    records, _ = written(
        "import json, sys\nfor line in sys.stdin:\n    row = json.loads(line)\n"
        "    print(json.dumps({'id': row['id'], 'output': row['messages'][0]['content']}))",
        k=1,
    )
    assert records[0]["output"] == "Tags for a runner"
    assert records[1]["output"].startswith("Write an item tag")
    assert records[1]["output"].endswith("tea")


def test_what_it_does_not_write_is_counted_and_never_made_up() -> None:
    code = 'print(\'{"id": "p1", "output": "shoe"}\\n{"id": "p1", "error": "no idea"}\')'
    records, failures = written(code)
    assert [record["output"] for record in records] == ["shoe"]
    assert failures == ["no idea", "the command wrote no line for it", "the command wrote no line for it"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "line 1 of its output: not JSON"),
        ('{"id": "p9", "output": "x"}', "line 1 of its output: id"),
        ('{"id": "p1"}', "line 1 of its output: output"),
        ('{"id": "p1", "output": "x"}\\n' * 3, "line 3 of its output: more than 2"),
    ],
)
def test_a_line_that_is_no_output_is_named(line: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        written(f"print('{line}')")


def test_a_command_that_fails_says_how() -> None:
    with pytest.raises(UsageError, match=r"ended with 3: .*it broke"):
        written("import sys; print('it broke', file=sys.stderr); sys.exit(3)")


def test_a_command_that_hangs_is_ended() -> None:
    with pytest.raises(UsageError, match=r"not done within 0.3 s"):
        written("import threading; threading.Event().wait()", timeout=0.3)


def test_a_command_that_is_not_there_is_named() -> None:
    with pytest.raises(UsageError, match="no-such-program: cannot be run"):
        list(generator_of(GeneratorSettings(kind="command", command=["no-such-program"])).generate(ROWS, k=1, seed=0))


def test_the_model_of_the_round_is_put_into_the_command() -> None:
    made = generator_of(
        command("import sys; print(sys.argv[1:], file=sys.stderr); sys.exit(1)", "{model}", "{k}"), "m2"
    )
    with pytest.raises(UsageError, match=r"\['m2', '4'\]"):
        list(made.generate(ROWS, k=4, seed=0))


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([{"task": "tag", "prompt": "p"}], "row 1: id"),
        ([{"id": "a", "task": "poem", "prompt": "p"}], "row 1: task 'poem'"),
        ([{"id": "a", "task": "tag"}], "row 1: no prompt"),
        ([ROWS[0], ROWS[0]], "row 2: id 'p1' is that of row 1"),
    ],
)
def test_a_row_of_prompts_that_cannot_be_asked_is_named(rows: list[dict[str, Any]], said: str) -> None:
    with pytest.raises(InputError, match=said):
        list(generator_of(command(ECHO)).generate(rows, k=1, seed=0))


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "command"}, {"kind": "openai"}, {"kind": "openai", "model": "m", "command": ["x"]},
        {"kind": "openai", "model": "m", "temprature": 1.0}, {"kind": "magic"},
        {"kind": "openai", "model": "m", "top_p": 0.0},
    ],
)  # fmt: skip
def test_settings_that_do_not_hold_together_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        GeneratorSettings(**wrong)


TRAIN = (
    "import pathlib, sys; model, data, out, seed = sys.argv[1:]; "
    "(pathlib.Path(out) / 'config.json').write_text(f'{model} {pathlib.Path(data).read_text()} {seed}')"
)


def trainer(code: str) -> TrainerSettings:
    words = [sys.executable, "-c", code, "{model}", "{data}", "{out}", "{seed}"]
    return TrainerSettings(kind="command", command=words)


def test_a_command_trains_into_a_folder_that_is_there_whole(tmp_path: Path) -> None:
    data, out = tmp_path / "rows.jsonl", tmp_path / "model"
    data.write_text("rows")
    assert trainer_of(trainer(TRAIN)).train("m0", data, out, seed=5) == str(out)
    assert (out / "config.json").read_text() == "m0 rows 5"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["model", "rows.jsonl"]


def test_a_training_that_fails_leaves_the_old_model(tmp_path: Path) -> None:
    data, out = tmp_path / "rows.jsonl", tmp_path / "model"
    data.write_text("rows")
    trainer_of(trainer(TRAIN)).train("m0", data, out, seed=5)
    with pytest.raises(UsageError, match="ended with 1"):
        trainer_of(trainer(f"{TRAIN}; sys.exit(1)")).train("m1", data, out, seed=6)
    with pytest.raises(UsageError, match="wrote nothing"):
        trainer_of(trainer("pass")).train("m1", data, out, seed=6)
    assert (out / "config.json").read_text() == "m0 rows 5"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["model", "rows.jsonl"]


def test_settings_of_a_trainer_that_do_not_hold_together_are_refused() -> None:
    for wrong in ({"kind": "command"}, {"kind": "sft", "command": ["x"]}, {"kind": "sft", "learning_rte": 1e-4}):
        with pytest.raises(ValidationError):
            TrainerSettings(**json.loads(json.dumps(wrong)))


def test_grpo_without_a_judge_has_no_reward() -> None:
    with pytest.raises(UsageError, match="needs a judge"):
        trainer_of(TrainerSettings(kind="grpo"))
