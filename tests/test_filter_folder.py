"""The folder of a filter: written as a whole or not at all, blind for people, and verified when it is read."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from recjudge.errors import StorageError, UsageError
from recjudge.judge import Sample, read
from recjudge.rubrics import by_task, load_rubric
from recjudge.training import folder as folders
from recjudge.training import read_certificate, read_kept, whole_folder, write_filtered

from filtered import filtered, ids, many, policy, row


def test_a_folder_is_read_as_it_was_written(tmp_path: Path) -> None:
    found = filtered([*many(40), row("bad", 0.1)], audit=5)
    folder = write_filtered(found, tmp_path / "train")
    assert sorted(path.name for path in folder.iterdir()) == sorted(folders.FILES)
    assert list(read_kept(folder)) == list(found.kept)
    made = read_certificate(folder)
    assert made == replace(found.certificate, files=made.files, selection=made.selection, policy=made.policy,
                           lines=made.lines, yields=made.yields)  # fmt: skip
    assert made.files["kept.jsonl"] == hashlib.sha256((folder / "kept.jsonl").read_bytes()).hexdigest()


def test_every_kept_row_says_whether_it_is_certified_and_by_which_policy(tmp_path: Path) -> None:
    for certified in (True, False):
        folder = write_filtered(filtered(many(9), certified=certified), tmp_path / str(certified))
        rows = [json.loads(line) for line in (folder / "kept.jsonl").read_text().splitlines()]
        assert {one["certified"] for one in rows} == {certified}
        assert {one["policy"] is None for one in rows} == {not certified}
        assert rows[0]["verdict"]["grade"] == "Superior"


def test_what_is_left_out_is_written_with_its_reason(tmp_path: Path) -> None:
    folder = write_filtered(filtered([*many(5), row("bad", 0.1)]), tmp_path / "train")
    (line,) = map(json.loads, (folder / "left_out.jsonl").read_text().splitlines())
    assert (line["step"], line["reason"], line["sample"]["id"]) == ("not accepted", "under the policy's line", "bad")


def test_the_audit_is_blind_and_can_be_read_for_labelling(tmp_path: Path) -> None:
    found = filtered(many(40, system="secret_route", group="u1"), audit=5)
    path = write_filtered(found, tmp_path / "train") / "audit.jsonl"
    assert "Superior" not in path.read_text()
    assert "verdict" not in path.read_text()
    assert "secret_route" not in path.read_text()
    samples = [one for one in read(path, tasks=by_task([load_rubric("text")])) if isinstance(one, Sample)]
    assert ids([row(one.id) for one in samples]) == ids(found.audit.rows) == list(found.certificate.audit["ids"])
    assert samples[0].meta["audit_probability"] == found.audit.probability


@pytest.mark.parametrize("name", folders.FILES)
def test_a_file_that_was_changed_or_lost_is_noticed(tmp_path: Path, name: str) -> None:
    folder = write_filtered(filtered(many(9), audit=2), tmp_path / "train")
    (folder / name).write_bytes((folder / name).read_bytes().replace(b"r1", b"r2", 1) + b" ")
    if name != folders.CERTIFICATE:
        with pytest.raises(UsageError, match=f"{name}: not the file that was certified"):
            read_certificate(folder)
    (folder / name).unlink()
    with pytest.raises(UsageError, match=f"{name}: cannot be read"):
        list(read_kept(folder))


def test_a_folder_with_other_files_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "train").mkdir()
    (tmp_path / "train" / "thesis.tex").write_text("years")
    with pytest.raises(UsageError, match=r"train: holds thesis\.tex, which no filter wrote"):
        write_filtered(filtered(many(9)), tmp_path / "train")
    (tmp_path / "file").write_text("x")
    with pytest.raises(UsageError, match="file: a file; name a folder"):
        write_filtered(filtered(many(9)), tmp_path / "file")


def test_a_folder_that_cannot_be_made_is_a_storage_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StorageError, match="cannot be written"):
        write_filtered(filtered(many(9)), tmp_path / "file" / "train")


@pytest.mark.parametrize("exchange", [True, False])
def test_a_fault_at_any_operation_leaves_the_old_set_whole(
    tmp_path: Path, exchange: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not exchange:
        monkeypatch.setattr(whole_folder, "_exchanged", lambda one, other: False)
    old, new = filtered(many(9)), filtered(many(12))
    folder = write_filtered(old, tmp_path / "train")
    names: list[str] = []
    write_filtered(old, folder, before=names.append)
    for place in range(names.index("name") + 1):

        def full(name: str, left: list[str] = names[place:], place: int = place) -> None:
            if name == names[place]:
                raise OSError(28, "No space left on device")

        with pytest.raises(StorageError, match="No space left on device"):
            write_filtered(new, folder, before=full)
        assert list(read_kept(folder)) == list(old.kept)
        assert [path.name for path in tmp_path.iterdir()] == ["train"]
    assert list(read_kept(write_filtered(new, folder))) == list(new.kept)


KILLED = """
import os, sys
sys.path.insert(0, sys.argv[2])
from pathlib import Path
from filtered import filtered, many
from recjudge.training import read_kept, write_filtered
folder = Path(sys.argv[1])
old, new = (filtered(many(n), certified=False) for n in (9, 12))
for there in (False, True):
    for at in range(1, 20):
        if there:
            write_filtered(old, folder)
        child = os.fork()
        if not child:
            seen = [0]
            def before(name):
                seen[0] += 1
                if seen[0] == at:
                    os._exit(9)
            write_filtered(new, folder, before=before)
            os._exit(0)
        ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        found = [row.sample.id for row in read_kept(folder)] if folder.exists() else []
        print(there, at, ended, len(found))
        if not ended:
            break
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="renameat2 is Linux's")
def test_killed_at_any_operation_the_old_set_stands_or_the_new_one(tmp_path: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path / "train"), str(Path(__file__).parent)],
        capture_output=True, text=True, check=True,
    ).stdout.split("\n")[:-1]  # fmt: skip
    found = [tuple(line.split()) for line in told]
    fresh = {rows for there, _, ended, rows in found if there == "False" and ended == "9"}
    replaced = [rows for there, _, ended, rows in found if there == "True" and ended == "9"]
    assert fresh == {"0"}
    # the last operation only clears what was replaced away
    assert replaced == ["9"] * (len(replaced) - 1) + ["12"]
    assert len(replaced) == 8
    assert found[-1][2:] == ("0", "12")
    # what the last killed process left is cleared by the next
    write_filtered(filtered(many(9)), tmp_path / "train")
    assert [path.name for path in tmp_path.iterdir()] == ["train"]


def test_what_a_killed_process_left_is_cleared_and_what_it_put_aside_comes_back(tmp_path: Path) -> None:
    folder = write_filtered(filtered(many(9)), tmp_path / "train")
    ended = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True)
    process = int(ended.stdout)
    (tmp_path / f".train.{process}.part").mkdir()
    folder.rename(tmp_path / f".train.{process}.old")
    (tmp_path / f".train.{process}.old" / "notes").write_text("mine")
    with pytest.raises(UsageError, match="notes, which no filter wrote"):
        write_filtered(filtered(many(9)), folder)
    assert [path.name for path in tmp_path.iterdir()] == ["train"]


def test_the_policy_of_the_tests_accepts_what_they_take_for_good() -> None:
    assert policy().lines[0].accept < 0.95
