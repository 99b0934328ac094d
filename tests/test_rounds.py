"""Rounds of self-training: what they leave behind, how they go on, what they refuse."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from recjudge.errors import InputError, LockedError, RunMismatch, UsageError
from recjudge.human_labels import write_policy
from recjudge.judge import Judge, Local, Scripted
from recjudge.training import read_certificate
from recjudge.training.rounds import LabelsWanted, Stop, read_rounds
from recjudge.training.rounds.lengths import rows_over
from recjudge.training.rounds.lock import owned
from recjudge.training.rounds.manifest import digest_of

import filtered
import makers
import rounds_world as world


def test_a_generator_that_is_trained_on_what_is_right_gets_better_and_the_rounds_say_so(tmp_path: Path) -> None:
    config = world.made(tmp_path, change={"skill": 0.95}, audit=world.labelled())
    start, first, second = world.run(config)
    assert (start.number, start.generated, start.kept, start.change) == (0, 0, 0, None)
    assert (first.model_in, second.model_in, first.model) == ("start", "round-001/model-001", "round-001/model-001")
    assert first.change.low > 0
    assert second.accepted.low > first.accepted.value > 0.3
    assert (first.audit.value, first.gap.value) == (1, 0)
    assert first.stopped is second.stopped is None


def test_every_file_stands_in_the_manifest_with_its_digest(tmp_path: Path) -> None:
    config = world.made(tmp_path, change={"skill": 0.95}, audit=world.labelled())
    world.run(config, rounds=1)
    folder = config.folder / "round-001"
    manifest = json.loads((folder / "manifest.json").read_text())
    files = {name: digest for step in manifest["steps"].values() for name, digest in step["files"].items()}
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert there - set(files) == {"manifest.json", "generated.verdicts.db", "evaluation.verdicts.db"}
    assert all(digest_of(folder / name) == digest for name, digest in files.items())


def test_the_record_agrees_with_the_certificate(tmp_path: Path) -> None:
    config = world.made(tmp_path)
    _, made = world.run(config, rounds=1)
    certificate = read_certificate(made.folder / "filtered")
    assert (made.kept, sum(made.grades.values())) == (certificate.kept, certificate.rows)
    assert made.accepted.value == certificate.accepted / certificate.judged
    assert made.yields["category"]["a"].value == certificate.yields["category"]["a"]["share"]


def test_what_is_read_back_is_what_was_made(tmp_path: Path) -> None:
    config = world.made(tmp_path, audit=world.labelled())
    assert world.run(config) == read_rounds(config.folder) == world.run(config)
    assert world.calls(config).count("train") == 2


def test_the_same_command_with_more_rounds_goes_on(tmp_path: Path) -> None:
    config = world.made(tmp_path)
    world.run(config, rounds=1)
    assert [one.number for one in world.run(config, rounds=2)] == [0, 1, 2]
    assert world.calls(config).count("train") == 2


@pytest.mark.slow
def test_rounds_that_were_moved_go_on(tmp_path: Path) -> None:
    world.run(world.made(tmp_path / "here"), rounds=1)
    (tmp_path / "here").rename(tmp_path / "there")
    # the log stands in the commands by its place
    (tmp_path / "here").mkdir()
    config = world.made(tmp_path / "here")
    moved = config.model_copy(update={"place": str(tmp_path / "there" / "round.toml")})
    assert len(world.run(moved, rounds=2)) == 3


def test_another_config_is_refused_field_by_field(tmp_path: Path) -> None:
    world.run(world.made(tmp_path), rounds=1)
    with pytest.raises(RunMismatch, match=r"prompts\.samples: was 4, is 5\n.*stop\.rows: was 1, is 2\n"):
        world.run(world.made(tmp_path, prompts={"samples": 5}, stop={"rows": 2}))
    assert len(world.run(world.made(tmp_path, round={"rounds": 3}, judge={"attempts": 9}))) == 4


def test_another_judge_and_another_prompt_file_are_refused(tmp_path: Path) -> None:
    config = world.made(tmp_path)
    world.run(config, rounds=1)
    with pytest.raises(RunMismatch, match=r"judge: was \"scripted\", is \"local"):
        world.run(config, judge=Judge(Local(None)))
    other = Judge.of(Scripted(lambda prompt: makers.said()), makers.rubric(threshold=0.9))
    with pytest.raises(RunMismatch, match="rubric text: was"):
        world.run(config, judge=other)
    with (tmp_path / "train.jsonl").open("a") as file:
        file.write(json.dumps(world.rows("more", 1)[0]) + "\n")
    with pytest.raises(RunMismatch, match=r"prompts\.train"):
        world.run(config)


def test_a_file_that_was_changed_in_an_unfinished_round_is_named(tmp_path: Path) -> None:
    config = world.made(tmp_path, audit=world.labelled(command=[], wait=True))
    with pytest.raises(LabelsWanted):
        world.run(config)
    (config.folder / "round-001" / "generated.jsonl").write_text("{}\n")
    with pytest.raises(UsageError, match=r"generated\.jsonl: is missing or was changed"):
        world.run(config)


def test_a_second_process_is_refused(tmp_path: Path) -> None:
    config = world.made(tmp_path)
    with owned(config.folder), pytest.raises(LockedError, match="owns these rounds"):
        world.run(config)


def test_a_round_waits_for_people_and_goes_on_when_they_have_said_it(tmp_path: Path) -> None:
    config = world.made(tmp_path, audit=world.labelled(command=[], wait=True))
    with pytest.raises(LabelsWanted, match="round 1 waits for labels of 10 rows"):
        world.run(config)
    with pytest.raises(LabelsWanted):
        world.run(config)
    assert world.calls(config) == ["generate", "generate", "train", "generate"]
    _label(config.folder / "round-001", tmp_path / "labels" / "001.csv")
    with pytest.raises(LabelsWanted, match="round 2"):
        world.run(config)
    assert read_rounds(config.folder)[1].audit is not None


def test_labels_that_come_later_are_looked_at_by_the_next_run(tmp_path: Path) -> None:
    config = world.made(tmp_path, audit=world.labelled(command=[]), start={"trick": 0.5}, stop={"gap": {"most": 0.05}})
    made = world.run(config)
    assert made[1].audit is None
    assert "audit: no labels: precision and gap are unknown" in made[1].notes
    _label(config.folder / "round-001", tmp_path / "labels" / "001.csv")
    again = world.run(config)
    assert (again[-1].number, again[-1].stopped.rule) == (1, "gap")


def test_labels_of_an_earlier_round_that_come_last_let_a_later_gap_be_seen_to_grow(tmp_path: Path) -> None:
    rules = {"audit": world.labelled(command=[], n=15), "stop": {"gap": {"growth": 0.2}}}
    config = world.made(tmp_path, change={"skill": 0.0, "trick": 0.9}, **rules)
    world.run(config)
    for number in ("002", "001"):
        _label(config.folder / f"round-{number}", tmp_path / "labels" / f"{number}.csv")
        found = world.run(config)
    assert (found[-1].number, found[-1].stopped.rule) == (2, "gap")
    assert world.run(config) == found == read_rounds(config.folder)


def test_labels_of_another_round_are_not_taken_for_this_ones(tmp_path: Path) -> None:
    config = world.made(tmp_path, audit=world.labelled(command=[], wait=True))
    with pytest.raises(LabelsWanted):
        world.run(config)
    _label(config.folder / "round-001", tmp_path / "labels" / "001.csv")
    (tmp_path / "labels" / "002.csv").write_text((tmp_path / "labels" / "001.csv").read_text())
    with pytest.raises(UsageError, match=r"002\.csv: labels none of the 10 rows of the audit sample"):
        world.run(config)


def test_a_command_that_labels_and_is_cut_off_leaves_no_half_a_file(tmp_path: Path) -> None:
    config = world.made(tmp_path, audit=world.labelled(timeout=2.0))
    script, whole = tmp_path / "label.py", world.LABEL
    script.write_text(whole + "    file.flush()\n    import time; time.sleep(600)\n")
    with pytest.raises(UsageError, match=r"not done within 2 s"):
        world.run(config)
    assert list((tmp_path / "labels").iterdir()) == []
    script.write_text(whole)
    assert world.run(config, rounds=1)[-1].audit.n == 10


def test_prompts_of_the_evaluation_are_never_trained_on(tmp_path: Path) -> None:
    config = world.made(tmp_path)
    own = (tmp_path / "train.jsonl").read_text().splitlines()[3]
    with (tmp_path / "evaluation.jsonl").open("a") as file:
        file.write(json.dumps(json.loads(own) | {"id": "another name", "group": "u7"}) + "\n")
    with pytest.raises(InputError, match=r"'another name' \(training: 't3'\) ask the same"):
        world.run(config)


def test_what_the_generator_could_not_write_is_counted_and_judged_by_nobody(tmp_path: Path) -> None:
    config = world.made(tmp_path)
    script = tmp_path / "generate.py"
    script.write_text(script.read_text().replace('"output": f', '"error" if number == 0 else "output": f'))
    _, made = world.run(config, rounds=1)
    assert made.generated == sum(made.grades.values()) == 36
    assert any("outputs: 12 could not be had" in note for note in made.notes)


def test_a_batch_that_was_generated_is_not_asked_for_again(tmp_path: Path) -> None:
    config = world.made(tmp_path, prompts={"batch": 5})
    script, whole = tmp_path / "generate.py", world.GENERATE
    script.write_text(whole.replace("json.loads(line)", "json.loads(line); assert row['id'] not in ('e7',)"))
    with pytest.raises(UsageError, match="AssertionError"):
        world.run(config)
    script.write_text(whole)
    world.run(config, rounds=1)
    # of the start's evaluation: 2 batches and the failure, then batches 2 and 3; two sets more of 3 batches each
    assert world.calls(config).count("generate") == 2 + 2 + 3 + 3


def _label(folder: Path, labels: Path) -> None:
    """People pass what is right."""
    rows = [json.loads(line) for line in (folder / "filtered" / "audit.jsonl").read_text().splitlines()]
    words = [f"{row['id']},grade,ann,{'Superior' if 'right' in row['output'] else 'Bad'}" for row in rows]
    labels.parent.mkdir(exist_ok=True)
    labels.write_text("\n".join(["sample,dimension,annotator,label", *words]) + "\n")


@pytest.mark.parametrize(
    ("start", "margin", "status"),
    [({"trick": 0.5}, 0.02, "degraded"), ({"skill": 1.0}, 0.3, "ok"), ({"skill": 1.0}, 0.02, "underpowered")],
)
def test_a_policy_certifies_what_is_trained_on_and_is_held_against_people_each_round(
    tmp_path: Path, start: dict, margin: float, status: str
) -> None:
    policy = filtered.policy()
    lines = tuple(replace(line, judge="scripted", rubric=makers.rubric().id) for line in policy.lines)
    write_policy(replace(policy, lines=lines), tmp_path / "policy.json")
    policy = {"uncertified": False, "file": "policy.json"}
    audit = world.labelled(margin=margin)
    _, made = world.run(world.made(tmp_path, policy=policy, audit=audit, start=start), rounds=1)
    assert len(made.policy) == 64
    assert made.kept >= made.bad_bound > made.bad_expected > 0
    assert made.milestone == status
    assert made.stopped == (Stop("milestone", made.milestone_reason) if status == "degraded" else None)


def test_a_model_that_is_elsewhere_has_the_name_that_its_trainer_gives(tmp_path: Path) -> None:
    config = world.made(tmp_path)
    script = tmp_path / "train.py"
    script.write_text(script.read_text() + f'(Path(out) / "NAME").write_text({str(tmp_path / "start")!r} + "\\n")\n')
    assert world.run(config, rounds=1)[-1].model == str(tmp_path / "start")


def test_rows_that_the_trainer_cut_are_in_the_notes(tmp_path: Path) -> None:
    config = world.made(tmp_path)
    script = tmp_path / "train.py"
    script.write_text(script.read_text() + '(Path(out) / "training.json").write_text(json.dumps({"cut": 3}))\n')
    made = world.run(config, rounds=1)[-1]
    assert f"training: 3 of {made.kept} rows were cut, being longer than the trainer takes" in made.notes


class Words:
    """A tokenizer whose tokens are words; of a conversation each turn adds one."""

    def __call__(self, text: str, add_special_tokens: bool = True) -> dict[str, list[str]]:
        return {"input_ids": text.split()}

    def apply_chat_template(self, turns: list[dict[str, str]], tokenize: bool) -> str:
        return " ".join(f"> {turn['content']}" for turn in turns)


@pytest.mark.parametrize(
    ("row", "length"),
    [
        ({"prompt": "a b ", "completion": "c"}, 4),
        ({"prompt": "a b ", "chosen": "c", "rejected": "c d e"}, 6),
        ({"messages": [{"content": "a b"}, {"content": "c"}]}, 5),
        ({"prompt": [{"content": "a b"}], "completion": [{"content": "c"}], "label": True}, 5),
    ],
)
def test_a_row_is_cut_where_any_text_of_it_is_too_long(row: dict, length: int) -> None:
    assert [rows_over([row], Words(), most) for most in (length - 1, length, None)] == [1, 0, None]


def test_a_model_that_was_changed_generates_nothing(tmp_path: Path) -> None:
    config = world.made(tmp_path)
    model = Path(world.run(config, rounds=1)[-1].folder, "model-001", "skill.json")
    model.write_text(model.read_text().replace("0.5", "0.9"))
    with pytest.raises(UsageError, match=r"skill\.json: is missing or was changed"):
        world.run(config)


def test_lists_are_judged_element_by_element_and_stand_for_their_prompt(tmp_path: Path) -> None:
    config = world.made(tmp_path, count=4)
    script = tmp_path / "generate.py"
    script.write_text(
        script.read_text().replace('"output": f', '"output": [f').replace('kind."}', 'kind.", "A right text, too."]}')
    )
    start, made = world.run(config, rounds=1)
    assert (made.generated, sum(made.grades.values())) == (16, 32)
    assert (start.quality.n, start.quality.clusters, made.change.n) == (16, 4, 4)
