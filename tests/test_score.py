"""The straight line: what goes in comes out judged or listed, once, in order, and a second run pays nothing."""

from __future__ import annotations

import asyncio
import gc
import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from recjudge import Judge, Options, Sample, Scored, Scripted, Status, score
from recjudge.errors import InputError, RunMismatch, UsageError
from recjudge.judge import Ledger, Prompt, Reply, ledger_path, read_verdicts
from recjudge.judge.garbage import rare_collections

from makers import dimension, rubric, said


def rows(count: int, **more: Any) -> list[dict[str, Any]]:
    return [{"id": f"s{n}", "task": "text", "output": f"Sentence number {n}.", **more} for n in range(count)]


def written(folder: Path, lines: list[Any], name: str = "outputs.jsonl") -> Path:
    path = folder / name
    path.write_text("".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines))
    return path


def scripted(answer: Any = None) -> tuple[Judge, Scripted]:
    provider = Scripted(answer or (lambda prompt: said("good")))
    return Judge.of(provider, rubric()), provider


def test_verdicts_come_in_input_order_and_as_a_file(tmp_path: Path) -> None:
    judge, _ = scripted()
    done = score(written(tmp_path, rows(40)), judge, out=tmp_path / "out.verdicts.jsonl")
    assert [verdict.id for verdict in done] == [f"s{n}" for n in range(40)]
    assert [verdict.place for verdict in done][:2] == ["outputs.jsonl:1", "outputs.jsonl:2"]
    assert done.path.read_bytes().count(b"\n") == 40


def test_a_second_run_asks_nothing_and_writes_the_same_bytes(tmp_path: Path) -> None:
    source, out = written(tmp_path, rows(10)), tmp_path / "out.verdicts.jsonl"
    score(source, scripted()[0], out=out)
    first = out.read_bytes()
    judge, provider = scripted()
    score(source, judge, out=out)
    assert (out.read_bytes(), provider.prompts) == (first, [])


def test_the_bytes_do_not_depend_on_the_number_of_workers(tmp_path: Path) -> None:
    source = written(tmp_path, rows(30))
    files = []
    for workers in (1, 64):
        out = tmp_path / f"{workers}.verdicts.jsonl"
        score(source, scripted()[0], out=out, options=Options(concurrency=workers))
        files.append(out.read_bytes())
    assert files[0] == files[1]


def test_added_rows_are_judged_and_the_old_ones_are_not_asked_again(tmp_path: Path) -> None:
    out = tmp_path / "out.verdicts.jsonl"
    score(written(tmp_path, rows(3)), scripted()[0], out=out)
    judge, provider = scripted()
    done = score(written(tmp_path, rows(4)), judge, out=out)
    assert len(list(done)) == 4
    assert len(provider.prompts) == 2


def test_identical_rows_are_judged_once_and_each_has_its_line(tmp_path: Path) -> None:
    judge, provider = scripted()
    done = score(written(tmp_path, [*rows(2), *rows(2)]), judge, out=tmp_path / "o.verdicts.jsonl")
    assert [verdict.place for verdict in done] == [f"outputs.jsonl:{n}" for n in (1, 2, 3, 4)]
    assert len(provider.prompts) == 4


def test_one_id_for_two_samples_stops_the_run_and_names_both_lines(tmp_path: Path) -> None:
    judge, provider = scripted()
    twice = [*rows(1), {"id": "s0", "task": "text", "output": "Another."}]
    with pytest.raises(InputError, match=r"outputs.jsonl:1, outputs.jsonl:2: 'id' 's0'"):
        score(written(tmp_path, twice), judge, out=tmp_path / "o.verdicts.jsonl")
    assert provider.prompts == []


def test_a_bad_line_stops_the_run_before_the_first_call(tmp_path: Path) -> None:
    judge, provider = scripted()
    with pytest.raises(InputError, match=r"outputs.jsonl:2: .*\nunreadable records: 1; nothing was judged"):
        score(written(tmp_path, [*rows(1), "{broken"]), judge, out=tmp_path / "o.verdicts.jsonl")
    assert provider.prompts == []


def test_a_file_that_was_refused_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        score(written(tmp_path, ["{broken"]), scripted()[0], out=tmp_path / "o.verdicts.jsonl")
    assert [path.name for path in tmp_path.iterdir()] == ["outputs.jsonl"]


def test_skipped_lines_are_listed_and_everything_adds_up(tmp_path: Path) -> None:
    source = written(tmp_path, [*rows(2), "{broken", {"id": "x", "task": "text"}])
    done = score(source, scripted()[0], out=tmp_path / "o.verdicts.jsonl", options=Options(skip_invalid=True))
    assert done.n_records == len(list(done)) + len(done.problems) == 4
    with Ledger.read(ledger_path(done.path)) as ledger:
        assert [listed.place for listed in ledger.listed()] == ["outputs.jsonl:3", "outputs.jsonl:4"]


def test_another_rubric_is_refused_by_field_and_forked_on_request(tmp_path: Path) -> None:
    source, out = written(tmp_path, rows(2)), tmp_path / "o.verdicts.jsonl"
    score(source, scripted()[0], out=out)
    other = Judge.of(Scripted(lambda prompt: said("fair"), name="other"), rubric(dimension("relevance")))
    with pytest.raises(RunMismatch, match="rubric text"):
        score(source, other, out=out)
    done = score(source, other, out=out, options=Options(fork=True))
    assert {verdict.grade for verdict in done} == {"Average"}


def test_unjudged_samples_have_a_status_and_no_grade(tmp_path: Path) -> None:
    judge, _ = scripted(lambda prompt: "no JSON here")
    done = score(written(tmp_path, rows(3)), judge, out=tmp_path / "o.verdicts.jsonl")
    assert {(verdict.grade, verdict.status) for verdict in done} == {(None, Status.PARSE_FAILED)}


def test_what_timed_out_is_asked_again_by_the_next_run(tmp_path: Path) -> None:
    from recjudge.errors import ProviderFault

    def fail(prompt: Prompt) -> str:
        raise ProviderFault("late", status="timeout")

    source, out = written(tmp_path, rows(2)), tmp_path / "o.verdicts.jsonl"
    assert {verdict.status for verdict in score(source, scripted(fail)[0], out=out)} == {Status.TIMEOUT}
    assert {verdict.grade for verdict in score(source, scripted()[0], out=out)} == {"Superior"}


def test_dicts_samples_and_frames_are_judged_without_a_file() -> None:
    import pandas

    judge, _ = scripted()
    sample = Sample(id="s0", task="text", output="Sentence number 0.")
    for source in (rows(1), [sample], pandas.DataFrame(rows(1)), iter(rows(1))):
        assert [(verdict.id, verdict.grade) for verdict in score(source, judge)] == [("s0", "Superior")]


def test_a_frame_of_verdicts_has_a_column_a_dimension() -> None:
    frame = score(rows(2), scripted()[0]).frame()
    assert list(frame["relevance"]) == ["good", "good"]
    assert list(frame["grade"]) == ["Superior", "Superior"]


def test_score_works_inside_a_running_loop() -> None:
    async def notebook() -> Scored:
        return score(rows(1), scripted()[0])

    assert [verdict.grade for verdict in asyncio.run(notebook())] == ["Superior"]


def test_parquet_holds_the_same_verdicts(tmp_path: Path) -> None:
    import pandas

    options = Options(formats=("jsonl", "parquet"))
    done = score(written(tmp_path, rows(3)), scripted()[0], out=tmp_path / "o.verdicts.jsonl", options=options)
    assert list(pandas.read_parquet(done.files[1])["id"]) == [verdict.id for verdict in done]


def test_an_unknown_format_names_the_known_ones() -> None:
    with pytest.raises(UsageError, match="jsonl, parquet"):
        score(rows(1), scripted()[0], options=Options(formats=("xml",)))


def test_a_list_is_judged_by_element_and_as_a_set(tmp_path: Path) -> None:
    same = ["Soft cotton pillow for side sleepers.", "Soft cotton pillow for side sleepers!", "A lamp."]
    record = {"id": "r", "task": "explanation", "output": same, "context": {"item": "pillow"}}
    done = score([record], "local/lexical")
    verdicts = list(done)
    assert [verdict.id for verdict in verdicts] == ["r#1", "r#2", "r#3", "explanation:list:r"]
    assert (verdicts[-1].kind, verdicts[-1].grade) == ("set", "Bad")
    assert {found.dimension for found in verdicts[-1].findings} == {"diversity"}
    assert verdicts[-1].metrics["near_duplicate_share"] == {
        "n": 3,
        "value": pytest.approx(2 / 3),
        "low": None,
        "high": None,
    }


def test_a_run_that_is_stopped_is_incomplete_and_goes_on_later(tmp_path: Path) -> None:
    source, out = written(tmp_path, rows(50)), tmp_path / "o.verdicts.jsonl"

    async def slow(prompt: Prompt) -> dict[str, Any]:
        await asyncio.sleep(0.02)
        return said("good")

    def watch(progress: Any) -> None:
        if progress.done >= 4:
            progress.stop()

    stopped = score(source, scripted(slow)[0], out=out, watch=watch, options=Options(concurrency=2))
    assert not stopped.complete
    assert 4 <= len(list(stopped)) < 50
    done = score(source, scripted()[0], out=out)
    assert done.complete
    assert len(list(done)) == 50


def test_the_first_records_can_be_tried_and_the_rest_follows(tmp_path: Path) -> None:
    source, out = written(tmp_path, rows(9)), tmp_path / "o.verdicts.jsonl"
    done = score(source, scripted()[0], out=out, options=Options(limit=4))
    assert (done.n_records, len(list(done))) == (4, 4)
    judge, provider = scripted()
    assert len(list(score(source, judge, out=out))) == 9
    assert len(provider.prompts) == 2 * 5


def test_a_file_that_changes_under_the_run_is_refused(tmp_path: Path) -> None:
    source = written(tmp_path, rows(5))

    def meddle(prompt: Prompt) -> dict[str, Any]:
        source.write_text(source.read_text() + json.dumps(rows(6)[5]) + "\n")
        return said("good")

    with pytest.raises(InputError, match="changed while it was judged"):
        score(source, scripted(meddle)[0], out=tmp_path / "o.verdicts.jsonl")
    with Ledger.read(tmp_path / "o.verdicts.db") as ledger:
        assert ledger.n_verdicts() == 5, "what was paid is kept"


def test_samples_of_one_context_are_asked_side_by_side() -> None:
    mixed = [
        {"id": f"s{n}", "task": "text", "output": f"Text {n}.", "context": {"source": f"source {n % 3}"}}
        for n in range(9)
    ]
    judge, provider = scripted()
    score(mixed, judge, options=Options(concurrency=1))
    contexts = [prompt.shared for prompt in provider.prompts]
    assert sum(one != other for one, other in pairwise(contexts)) == 2


def test_another_model_that_answers_is_flagged() -> None:
    reply = Reply(json.dumps(said("good")), model="someone-else")
    provider = Scripted(lambda prompt: reply, name="openai/asked-for")
    verdicts = list(score(rows(1), Judge.of(provider, rubric())))
    assert verdicts[0].flags == ("another model answered: someone-else",)


def test_every_line_reads_back_as_the_verdict_it_was(tmp_path: Path) -> None:
    from recjudge.judge.verdicts import encode

    done = score(written(tmp_path, rows(3)), scripted()[0], out=tmp_path / "o.verdicts.jsonl")
    again = b"".join(encode(verdict) + b"\n" for verdict in read_verdicts(done.path))
    assert again == done.path.read_bytes()


def test_a_line_has_every_field_of_a_finding() -> None:
    from recjudge.judge import Finding, Status
    from recjudge.judge.verdicts import finding_as_line

    found = Finding("d", Status.OK)
    assert finding_as_line(found) == {name: getattr(found, name) for name in Finding.__slots__}


def test_runs_that_overlap_leave_the_collector_as_the_first_found_it() -> None:
    found = gc.get_threshold()
    first, second = rare_collections(), rare_collections()
    first.__enter__()
    second.__enter__()
    assert gc.get_threshold() != found
    first.__exit__(None, None, None)
    assert gc.get_threshold() != found
    second.__exit__(None, None, None)
    assert gc.get_threshold() == found
