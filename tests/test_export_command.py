"""recjudge export on the examples that ship."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from recjudge.cli import main
from recjudge.errors import StorageError
from recjudge.human_labels import seal_for, write_policy
from recjudge.judge import read_verdicts
from recjudge.training import EXPORTERS, cluster_of, read_certificate, write_rows

import filtered as made

EXAMPLES = Path(__file__).parent.parent / "examples"


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export")
    shutil.copy(EXAMPLES / "outputs.jsonl", folder)
    shutil.copy(EXAMPLES / "labels.csv", folder)
    assert main(["score", str(folder / "outputs.jsonl"), "--json"]) == 0
    return folder / "outputs.verdicts.jsonl"


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def run(verdicts: Path, *more: str) -> int:
    return main(["export", str(verdicts), *more])


@pytest.mark.parametrize("format", EXPORTERS)
def test_each_format_is_written_twice_alike(
    verdicts: Path, format: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    for name in ("one", "two"):
        vouched = ["--uncertified"] if format in ("sft", "prompt-completion") else []
        assert run(verdicts, "-f", format, "-o", str(tmp_path / name), "--json", *vouched) == 0
    found = json.loads(capsys.readouterr().out.split("}\n{")[-1].join(["{", ""]))
    assert found["samples"] == 92
    assert len(rows(tmp_path / "one")) == found["rows"] > 10
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_sft_without_anyone_who_vouches_is_refused_and_writes_nothing(
    verdicts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(verdicts, "-f", "sft", "-o", str(tmp_path / "sft.jsonl")) == 2
    assert "--filtered" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_parquet_and_datasets_hold_the_rows_of_the_lines(verdicts: Path, tmp_path: Path) -> None:
    import datasets
    import pyarrow.parquet

    for to in ("jsonl", "parquet", "datasets"):
        assert run(verdicts, "-f", "dpo", "--to", to, "-o", str(tmp_path / f"dpo.{to}")) == 0
    lines = rows(tmp_path / "dpo.jsonl")
    assert datasets.load_from_disk(str(tmp_path / "dpo.datasets")).to_list() == lines
    assert pyarrow.parquet.read_table(tmp_path / "dpo.parquet").to_pylist() == lines


def test_a_datasets_folder_takes_the_place_of_its_like_and_of_nothing_else(
    verdicts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(2):
        assert run(verdicts, "-f", "kto", "--to", "datasets", "-o", str(tmp_path / "kto")) == 0
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    assert run(verdicts, "-f", "kto", "--to", "datasets", "-o", str(tmp_path / "mine")) == 2
    assert (tmp_path / "mine" / "thesis.txt").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["kto", "mine"]


def test_people_order_pairs_and_are_named_as_the_source(verdicts: Path, tmp_path: Path) -> None:
    out = tmp_path / "dpo.jsonl"
    assert run(verdicts, "-f", "dpo", "--labels", str(verdicts.with_name("labels.csv")), "-o", str(out)) == 0
    assert {row["source"] for row in rows(out)} == {"human", "llm"}


def test_the_filtered_folder_says_what_is_taught(verdicts: Path, tmp_path: Path) -> None:
    train, out = tmp_path / "train", tmp_path / "sft.jsonl"
    assert main(["filter", str(verdicts), "--uncertified", "-o", str(train)]) == 0
    assert run(verdicts, "-f", "sft", "--filtered", str(train), "-o", str(out)) == 2
    assert run(verdicts, "-f", "sft", "--filtered", str(train), "--uncertified", "-o", str(out)) == 0
    kept = [row["sample"]["id"] for row in rows(train / "kept.jsonl")]
    assert [row["id"] for row in rows(out)] == kept
    assert {row["policy"] for row in rows(out)} == {"uncertified"}


def test_a_template_is_used_and_the_file_is_named_after_the_verdicts(
    verdicts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "prompt.txt").write_text("About {subject}:\n{context}")
    assert run(verdicts, "-f", "kto", "--prompt-template", str(tmp_path / "prompt.txt")) == 0
    first = rows(verdicts.with_name("outputs.verdicts.kto.jsonl"))[0]
    assert first["prompt"][0]["content"].startswith("About an interest that a model inferred")
    assert "92 rows out of 92 samples" in capsys.readouterr().out


def test_what_is_read_is_never_written_over(verdicts: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = verdicts.read_bytes()
    assert run(verdicts, "-f", "kto", "-o", str(verdicts)) == 2
    assert verdicts.read_bytes() == before


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    out = tmp_path / "rows.jsonl"
    write_rows([{"a": 1}], out)
    with pytest.raises(TypeError):
        write_rows([{"a": 1}, {"a": object()}], out)
    assert out.read_text() == '{"a":1}\n'
    (tmp_path / "folder.jsonl").mkdir()
    with pytest.raises(StorageError):
        write_rows([{"a": 1}], tmp_path / "folder.jsonl")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder.jsonl", "rows.jsonl"]


def test_a_policy_for_another_judge_is_refused(
    verdicts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_policy(made.policy(), tmp_path / "policy.json")
    own = replace(made.policy(), expires="2026-01-01")
    write_policy(own, tmp_path / "old.json")
    for name, words in (("policy", "was not made for this verdict"), ("old", "expired")):
        assert run(verdicts, "-f", "kto", "--policy", str(tmp_path / f"{name}.json"), "-o", str(tmp_path / "kto")) == 2
        assert words in capsys.readouterr().err
    assert not (tmp_path / "kto").exists()


def test_sealed_labels_stay_sealed(verdicts: Path, tmp_path: Path) -> None:
    labels = tmp_path / "labels.csv"
    shutil.copy(verdicts.with_name("labels.csv"), labels)
    groups = {verdict.id: cluster_of(verdict) for verdict in read_verdicts(verdicts)}
    seal = seal_for(labels, now=made.NOW, share=0.5, clusters=groups)
    assert run(verdicts, "-f", "kto", "--labels", str(labels), "-o", str(tmp_path / "kto")) == 0
    human = [row["id"] for row in rows(tmp_path / "kto") if row["source"] == "human"]
    assert human
    assert {seal.side(groups[id]) for id in human} == {"calibration"}


def test_neither_what_was_judged_nor_a_certified_folder_is_written_over(
    verdicts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("outputs.jsonl", "outputs.verdicts.jsonl"):
        path = verdicts.with_name(name)
        before = path.read_bytes()
        for more in ([], ["--source", str(verdicts.with_name("outputs.jsonl"))]):
            assert run(verdicts, "-f", "kto", "-o", str(path), *more) == 2
            assert "is what is read" in capsys.readouterr().err
        assert path.read_bytes() == before
    train = tmp_path / "train"
    assert main(["filter", str(verdicts), "-o", str(train), "--uncertified"]) == 0
    assert run(verdicts, "-f", "kto", "--filtered", str(train), "-o", str(train / "kept.jsonl")) == 2
    assert "certified folder" in capsys.readouterr().err
    read_certificate(train)


def test_a_place_that_cannot_be_a_folder_is_named(
    verdicts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    assert run(verdicts, "-f", "kto", "-o", str(tmp_path / "file" / "kto.jsonl")) == 74
    assert "cannot be made a folder" in capsys.readouterr().err


def test_an_uncertified_folder_vouches_for_nothing_and_is_told_so(
    verdicts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    train = tmp_path / "train"
    assert main(["filter", str(verdicts), "-o", str(train), "--uncertified"]) == 0
    assert run(verdicts, "-f", "sft", "--filtered", str(train)) == 2
    assert "was filtered without a policy; filter again with --policy" in capsys.readouterr().err


@pytest.mark.parametrize("command", [["export", "-f", "dpo"], ["filter", "--uncertified", "-o", "train"]])
def test_a_file_without_verdicts_is_called_that(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "none.jsonl").write_text("")
    assert main([command[0], str(tmp_path / "none.jsonl"), *command[1:]]) == 2
    assert "holds no verdict on a sample" in capsys.readouterr().err
