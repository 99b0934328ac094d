"""Every command that takes a file of verdicts takes the folder of a sharded run, and finds the same in it."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from recjudge.cli import main
from recjudge.errors import UsageError
from recjudge.judge import Options, score, status
from recjudge.judge.cluster import Cluster, is_sharded
from recjudge.judge.cluster.folder import BEGUN
from recjudge.judge.cluster.sharded import score_sharded
from recjudge.judge.cluster.workers import OneByOne

from plain_judges import Plain

HEAD = "sample,dimension,annotator,role,label\n"


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One input judged into a file and into a folder of several shards, with labels beside them."""
    folder = tmp_path_factory.mktemp("sharded")
    rows = [
        {"id": f"s{n}", "task": "text", "output": f"A text of number {n}.", "system": "ab"[n % 2]} for n in range(12)
    ]
    source = folder / "in.jsonl"
    source.write_text("".join(json.dumps(row) + "\n" for row in rows))
    labels = [f"s{n},fluency,{who},expert,{1 + n % 5}\n" for n in range(12) for who in ("ann", "ben")]
    (folder / "labels.csv").write_text(HEAD + "".join(labels))
    score(source, Plain(), out=folder / "xfile")
    sharded(folder)
    return folder


def sharded(folder: Path, **more: Any) -> None:
    options = Options(engine="ray", cluster=Cluster(shard_size=300))
    score_sharded(
        str(folder / "in.jsonl"), Plain(), out=folder / "xfolder", options=options, workers=OneByOne(), **more
    )


COMMANDS = (
    ["show", "VERDICTS", "s7"],
    ["report", "VERDICTS", "--json", "--out", "TO.html"],
    ["agree", "VERDICTS", "--labels", "labels.csv", "--draws", "100", "--out", "TO.json"],
    ["estimate", "VERDICTS", "--labels", "labels.csv", "--passing", "fluency=4,5", "--json"],
    ["filter", "VERDICTS", "--uncertified", "--audit", "2", "--out", "TO"],
    ["export", "VERDICTS", "--format", "sft", "--uncertified", "--out", "TO.jsonl"],
    ["labels", "check", "labels.csv", "--verdicts", "VERDICTS"],
    ["labels", "export", "VERDICTS", "--rubric", "text", "--n", "3", "--out", "TO"],
    ["compare", "VERDICTS", "xfile", "--json"],
)


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: words[0] if words[0] != "labels" else words[1])
def test_a_command_says_of_the_folder_what_it_says_of_the_file(
    both: Path, words: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(both)
    said = []
    for verdicts in ("xfile", "xfolder"):
        given = [word.replace("VERDICTS", verdicts).replace("TO", f"to-{verdicts}-{words[0]}") for word in words]
        assert main(given) == 0, capsys.readouterr().err
        said.append(re.sub("([ab]: )?(xfile|xfolder)", "VERDICTS", capsys.readouterr().out))
    assert said[0] == said[1]


def test_the_status_of_a_folder_adds_up_its_shards(both: Path, capsys: pytest.CaptureFixture[str]) -> None:
    seen, one = status(both / "xfolder"), status(both / "xfile.db")
    assert (seen.state, seen.owner, seen.samples) == ("finished", None, 12)
    assert (seen.grades, seen.unjudged, seen.calls) == (one.grades, one.unjudged, one.calls)
    shards = len(list((both / "xfolder").glob("in-*.done.json")))
    assert f"{shards} of {shards} shards are done" in seen.rests_on
    assert main(["status", str(both / "xfolder"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["judged"] == 12


def test_a_run_in_shards_is_seen_at_work_and_when_its_driver_is_gone(both: Path, tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_bytes((both / "in.jsonl").read_bytes())
    seen = []

    def watch(progress: Any) -> None:
        if progress.done and not seen:
            seen.append(status(tmp_path / "xfolder"))

    sharded(tmp_path, watch=watch)
    assert seen[0].state == "running"
    assert seen[0].owner is not None
    assert 0 < seen[0].judged < 12
    begun = json.loads((tmp_path / "xfolder" / BEGUN).read_text())
    (tmp_path / "xfolder" / BEGUN).write_text(json.dumps(begun | {"over": False, "began": begun["at"] + "x"}))
    late = datetime.fromisoformat(begun["at"]) + timedelta(seconds=100)
    assert status(tmp_path / "xfolder", now=lambda: late).state == "stopped"


def test_a_folder_without_a_run_has_no_status(tmp_path: Path) -> None:
    assert not is_sharded(tmp_path)
    with pytest.raises(UsageError, match="no sharded run began here"):
        status(tmp_path)
