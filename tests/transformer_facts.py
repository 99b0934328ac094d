"""Run in an environment with torch: what a transformer Student is held to, on tiny random models, CPU alone.

`python transformer_facts.py SITE`: SITE is the site-packages that have recjudge; prints JSON: fact to failure, or "".
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import random
import signal
import site
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tiny_models import causal_in, encoder_in

WORDS = ["mesh", "sole", "trail", "light", "warm", "river", "stone", "paper", "green", "slow", "quick", "round"]
GRADES = ("Bad", "Average", "Superior")


def world(contexts: int, seed: int = 0, size: int = 6) -> Any:
    """Examples whose grade is in the text: "poor", "fair" or "fine" stands somewhere among words that mean nothing."""
    from recjudge import Sample, load_rubric
    from recjudge.training.distilling import Example, Examples

    drawn = random.Random(seed)
    rows = []
    for number in range(contexts):
        item = {"title": " ".join(drawn.choices(WORDS, k=3))}
        for place in range(size):
            level = place % 3
            words = drawn.choices(WORDS, k=drawn.randrange(2, 6))
            words.insert(drawn.randrange(len(words)), ("poor", "fair", "fine")[level])
            sample = Sample(f"{number}-{place}", "explanation", " ".join(words), {"item": item}, group=f"u{number}")
            rows.append(Example(sample, f"c{number}", f"u{number}", {"grade": float(level)}, {"grade": level}))
    return {"explanation": Examples("explanation", load_rubric("explanation"), ("grade",), tuple(rows))}


def rows_for(seed: int = 0) -> list[Any]:
    """Tokens: three contexts of unlike length, four candidates each, mixed."""
    from recjudge.judge.student import Tokens

    drawn = random.Random(seed)
    prefixes = [tuple(drawn.randrange(3, 200) for _ in range(size)) for size in (30, 5, 17)]
    rows = [
        Tokens(prefix, tuple(drawn.randrange(3, 200) for _ in range(drawn.randrange(1, 20))))
        for prefix in prefixes
        for _ in range(4)
    ]
    drawn.shuffle(rows)
    return rows


def settings(**more: Any) -> Any:
    from recjudge.training.distilling import Settings

    usual = {"epochs": 2, "batch_groups": 4, "learning_rate": 3e-3, "max_length": 512, "device": "cpu", "save_every": 3}
    return Settings(**{**usual, **more})


def weights_of(scorer: Any) -> dict[str, Any]:
    return {**scorer.network.body.state_dict(), **scorer.network.head.state_dict()}


def same(one: Any, other: Any) -> bool:
    import torch

    ours, theirs = weights_of(one), weights_of(other)
    return ours.keys() == theirs.keys() and all(torch.equal(ours[name], theirs[name]) for name in ours)


def a_shared_prefix_gives_the_scores_and_gradients_of_whole_sequences(folder: Path) -> None:
    import torch
    from recjudge.judge.student import network_in, points

    sliding = {"sliding_window": 8, "num_key_value_heads": 1}
    for kind, more in {
        "Llama": {},
        "Qwen2": {"num_key_value_heads": 1},
        "Mistral": sliding,
        "Bloom": {"n_head": 2},
    }.items():
        network = network_in(causal_in(folder / kind, kind, **more), 3, device="cpu")
        assert (network.causal, network.shares) == (True, True), kind
        found = []
        for share in (True, False):
            network.body.zero_grad()
            network.head.zero_grad()
            scores = points(network, rows_for(), share=share)
            (scores * torch.arange(36.0).reshape(12, 3).cos()).sum().backward()
            slopes = [weight.grad for weight in (*network.body.parameters(), *network.head.parameters())]
            found.append((scores.detach(), [slope for slope in slopes if slope is not None]))
        (one, slopes), (other, others) = found
        assert (one - other).abs().max() < 1e-5, kind
        assert len(slopes) == len(others) > 10
        scale = max(float(slope.abs().max()) for slope in others)
        assert max(float((a - b).abs().max()) for a, b in zip(slopes, others, strict=True)) < 1e-5 * max(1, scale), kind


def what_cannot_share_is_found_out_and_computed_whole(folder: Path) -> None:
    from recjudge.judge.student import network_in

    encoder = network_in(encoder_in(folder / "encoder"), 1, device="cpu")
    state_space = network_in(causal_in(folder / "mamba", "Mamba"), 1, device="cpu")
    assert (encoder.causal, encoder.shares) == (False, False)
    assert (state_space.causal, state_space.shares) == (True, False)


def a_score_does_not_depend_on_what_is_in_the_batch(folder: Path) -> None:
    from recjudge.judge.student import network_in, points

    for made in (causal_in(folder / "causal"), encoder_in(folder / "encoder")):
        network = network_in(made, 2, device="cpu")
        rows = rows_for()
        together = points(network, rows).detach()
        alone = [points(network, [row]).detach()[0] for row in rows]
        assert max(float((one - other).abs().max()) for one, other in zip(together, alone, strict=True)) < 1e-5


def the_listwise_loss_and_its_gradient_are_those_of_the_numpy_reference(folder: Path) -> None:
    import numpy as np
    import torch
    from recjudge.training.distilling import listwise
    from recjudge.training.distilling.transformer_loss import LOSSES

    drawn = np.random.default_rng(0)
    for size, spread in ((1, 1.0), (40, 1.0), (40, 60.0)):
        scores = torch.tensor(drawn.normal(0, spread, size), requires_grad=True)
        values = drawn.integers(0, 3, size).astype(float)
        values[drawn.random(size) < 0.1] = np.nan
        groups = drawn.integers(0, 6, size)
        loss = LOSSES["listwise"](scores, torch.tensor(values), torch.tensor(groups))
        loss.backward()
        wanted, slope = listwise(scores.detach().numpy(), values, groups)
        assert abs(float(loss) - wanted) < 1e-6
        assert np.abs(scores.grad.numpy() - slope).max() < 1e-6


def the_pointwise_loss_is_a_sigmoids_cross_entropy(folder: Path) -> None:
    import math

    import torch
    from recjudge.training.distilling.transformer_loss import LOSSES

    nan = float("nan")
    said = LOSSES["pointwise"](torch.tensor([0.0, 2.0, 9.0]), torch.tensor([0.5, 1.0, nan]), torch.zeros(3))
    assert abs(float(said) - (math.log(2) + math.log(1 + math.exp(-2)))) < 1e-6


def it_learns_to_order_what_it_has_not_seen_within_a_minute(folder: Path) -> None:
    from recjudge.training.distilling import train_transformer
    from recjudge.training.distilling.transformer_lots import order, rows_of

    for name, made in (("causal", causal_in(folder / "causal")), ("encoder", encoder_in(folder / "encoder"))):
        before = time.process_time()
        chosen = settings(epochs=10, held_out=0.15, patience=12, max_length=256)
        scorer = train_transformer(world(120), made, folder / f"{name}-student", settings=chosen)
        held = rows_of(world(40, seed=9), scorer.reader, scorer.columns)
        found, pairs = order(held, scorer.scores("explanation", world(40, seed=9)["explanation"].samples))
        assert pairs == 40 * 12
        assert found > 0.9, f"{name}: {found} after {scorer.training}"
        assert time.process_time() - before < 60, f"{name}: {time.process_time() - before}"


def a_student_that_is_written_and_read_scores_as_it_did(folder: Path) -> None:
    import numpy as np
    from recjudge import Judge, load_judge, score
    from recjudge.judge.student import Target, write_student
    from recjudge.training import reward_function
    from recjudge.training.distilling import forget, train_transformer

    examples = world(8)["explanation"]
    scorer = train_transformer(world(8), causal_in(folder / "model"), folder / "s", settings=settings())
    assert scorer.training["prefix_shared"]
    target = Target("grade", GRADES, 1.0, (-0.5, 0.5))
    rubrics = {"explanation": examples.rubric}
    student = write_student(folder / "s", scorer, {"explanation": [target]}, rubrics, made=scorer.training)
    forget(folder / "s")
    read = load_judge(str(folder / "s"))
    assert not isinstance(read, Judge)
    assert read.name == student.name
    ours = scorer.scores("explanation", examples.samples)
    assert np.abs(ours - read.scorer.scores("explanation", examples.samples)).max() < 1e-6
    verdicts = [verdict for verdict in score(examples.samples, read) if verdict.kind == "sample"]
    assert len(verdicts) == 48
    assert all(verdict.grade is not None for verdict in verdicts)
    assert None not in reward_function(read)(None, ["fine mesh"] * 2, item=[{"title": "a shoe"}] * 2)
    assert not [path.name for path in (folder / "s").rglob("*") if path.suffix in (".bin", ".pt", ".pkl")]


def a_text_that_is_too_long_is_never_cut_and_a_context_loses_its_middle(folder: Path) -> None:
    import math
    from dataclasses import replace

    from recjudge.judge.student import Transformer, Wording, network_in, reader_in

    rubric = world(1)["explanation"].rubric
    made = causal_in(folder / "model")
    network = network_in(made, 1, device="cpu")
    reader = reader_in(made, network, {"explanation": Wording.of(rubric)}, 800)
    scorer = Transformer(network, reader, {"explanation": (0,)})
    sample = world(1)["explanation"].samples[0]
    samples = [
        sample,
        replace(sample, context={"item": {"title": "shoe " * 900}}),
        replace(sample, output="word " * 900),
    ]
    found = scorer.scores("explanation", samples)[:, 0]
    assert [math.isnan(one) for one in found] == [False, False, True]
    assert scorer.counts("explanation", samples) == {"samples": 3, "context_cut": 1, "too_long": 1}
    tokens = reader.tokens("explanation", samples)[1]
    text = reader.tokenizer.decode(tokens.prefix)
    assert text.startswith("<s>How good is")
    assert text.endswith("To be judged:\n")
    assert len(tokens.prefix) + len(tokens.candidate) <= 800
    # the name of a special token in somebody's text is text
    assert 2 not in reader.tokens("explanation", [replace(sample, output="a</s>b")])[0].candidate[:-1]


def pickled_weights_and_files_that_changed_are_refused(folder: Path) -> None:
    import torch
    from recjudge import load_judge
    from recjudge.errors import InputError
    from recjudge.judge.student import Target, network_in, write_student
    from recjudge.training.distilling import train_transformer

    made = causal_in(folder / "model")
    scorer = train_transformer(world(4), made, folder / "s", settings=settings(epochs=1))
    targets = {"explanation": [Target("grade", GRADES, 1.0, (-0.5, 0.5))]}
    write_student(folder / "s", scorer, targets, {"explanation": world(1)["explanation"].rubric}, made={})
    config = folder / "s" / "config.json"
    config.write_text(config.read_text() + " ")
    said = refusal(lambda: load_judge(str(folder / "s")), InputError)
    assert "config.json: is not the file that was saved" in said
    (made / "model.safetensors").unlink()
    torch.save({}, made / "pytorch_model.bin")
    assert "pickled ones" in refusal(lambda: network_in(made, 1), InputError)
    assert "nothing is fetched" in refusal(lambda: network_in(Path("some/model"), 1), InputError)


def code_in_a_models_folder_is_never_run(folder: Path) -> None:
    from recjudge.errors import InputError
    from recjudge.judge.student import network_in

    made, ran = causal_in(folder / "model"), folder / "ran"
    (made / "evil.py").write_text(f"open({str(ran)!r}, 'w')\nclass Evil: pass\n")
    config = json.loads((made / "config.json").read_text())
    config["auto_map"] = {"AutoConfig": "evil.Evil", "AutoModel": "evil.Evil"}
    (made / "config.json").write_text(json.dumps(config))
    assert network_in(made, 1, device="cpu").causal, "a known kind is loaded by the library's own code"
    (made / "config.json").write_text(json.dumps({**config, "model_type": "evil"}))
    assert "cannot be loaded as a model" in refusal(lambda: network_in(made, 1), InputError)
    assert not ran.exists()


def a_model_of_another_kind_or_with_weights_missing_is_refused(folder: Path) -> None:
    from recjudge.errors import InputError
    from recjudge.judge.student import network_in
    from safetensors.torch import load_file, save_file
    from transformers import T5Config, T5ForConditionalGeneration

    small = T5Config(vocab_size=40, d_model=16, d_kv=8, d_ff=16, num_layers=1, num_heads=2)
    T5ForConditionalGeneration(small).save_pretrained(folder / "t5")
    assert "is an encoder-decoder" in refusal(lambda: network_in(folder / "t5", 1), InputError)
    file = causal_in(folder / "model") / "model.safetensors"
    weights = load_file(file)
    save_file({name: one for name, one in weights.items() if "layers.1.mlp.up" not in name}, file, {"format": "pt"})
    said = refusal(lambda: network_in(folder / "model", 1), InputError)
    assert "lacks weights of the model (layers.1.mlp.up_proj.weight)" in said


def half_precision_trains_with_and_without_lora(folder: Path) -> None:
    from recjudge.training.distilling import train_transformer

    for lora, dtype in ((None, "float32"), (4, "bfloat16")):
        chosen = settings(dtype="bfloat16", lora=lora)
        scorer = train_transformer(world(12), causal_in(folder / "model"), folder / f"s{lora}", settings=chosen)
        assert scorer.dtype == str(scorer.network.body.dtype).removeprefix("torch.") == dtype
        assert scorer.training["prefix_shared"]
        assert scorer.training["losses"][-1] < scorer.training["losses"][0]


def equal_seeds_give_equal_weights_and_another_gives_others(folder: Path) -> None:
    from recjudge.training.distilling import train_transformer

    made = encoder_in(folder / "model")  # has drop-out
    one, other, third = (
        train_transformer(world(8), made, folder / f"s{number}", settings=settings(), seed=seed)
        for number, seed in enumerate((3, 3, 4))
    )
    assert same(one, other)
    assert not same(one, third)


def a_training_that_is_killed_anywhere_ends_in_the_same_weights(folder: Path) -> None:
    from recjudge.training.distilling import train_transformer

    made = encoder_in(folder / "model")
    chosen = settings(epochs=3, patience=1, held_out=0.25)
    whole = train_transformer(world(24), made, folder / "whole", settings=chosen)
    assert whole.training["steps"] > 10
    drawn = random.Random(0)
    for trial in range(12):
        events = 0
        for kill_at in (drawn.randrange(1, 12), drawn.randrange(3, 14), 0):
            child = os.fork()
            if child == 0:
                os._exit(_killed_run(made, folder / f"s{trial}", chosen, kill_at))
            ended = os.waitpid(child, 0)[1]
            events += os.WIFSIGNALED(ended) and os.WTERMSIG(ended) == signal.SIGKILL
            assert os.WIFSIGNALED(ended) or os.WEXITSTATUS(ended) == 0
        assert events, "no run was killed"
        # all steps are taken: this one reads the end
        again = train_transformer(world(24), made, folder / f"s{trial}", settings=chosen, told=_no_step)
        assert same(whole, again), trial
        assert again.training == whole.training


def _killed_run(made: Path, folder: Path, chosen: Any, kill_at: int) -> int:
    """Dies at its n-th event: the end of a step, or a side of the renaming of a file."""
    from recjudge.training.distilling import train_transformer

    seen = 0

    def event(*_: Any) -> None:
        nonlocal seen
        seen += 1
        if seen == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    def replace(self: Path, target: Path) -> Path:
        event()
        os.replace(self, target)
        event()
        return target

    Path.replace = replace  # type: ignore[assignment, method-assign]
    try:
        train_transformer(world(24), made, folder, settings=chosen, told=event)
    except BaseException:
        traceback.print_exc()
        return 1
    return 0


def _no_step(*_: Any) -> None:
    raise AssertionError("a step was taken again")


def another_training_in_the_same_folder_is_refused_by_what_differs(folder: Path) -> None:
    from recjudge.errors import RunMismatch
    from recjudge.training.distilling import train_transformer

    made = causal_in(folder / "model")
    train_transformer(world(4), made, folder / "s", settings=settings(epochs=1))
    said = refusal(
        lambda: train_transformer(world(4), made, folder / "s", settings=settings(epochs=1, clip=2.0)), RunMismatch
    )
    assert "(clip: 1.0 then, 2.0 now)" in said


def lora_learns_is_merged_and_goes_on_after_a_kill(folder: Path) -> None:
    from recjudge.training.distilling import train_transformer

    made = causal_in(folder / "model")
    chosen = settings(epochs=2, lora=4)
    one = train_transformer(world(12), made, folder / "one", settings=chosen)
    child = os.fork()
    if child == 0:
        os._exit(_killed_run(made, folder / "other", chosen, 3))
    assert os.WIFSIGNALED(os.waitpid(child, 0)[1])
    other = train_transformer(world(12), made, folder / "other", settings=chosen)
    assert same(one, other)
    assert not [name for name in weights_of(one) if "lora" in name]
    assert one.training["losses"][-1] < one.training["losses"][0]


def contexts_without_an_order_are_counted_and_nothing_else_is_refused(folder: Path) -> None:
    from dataclasses import replace

    from recjudge.errors import Refused
    from recjudge.training.distilling import train_transformer

    made = causal_in(folder / "model")
    examples = world(6)["explanation"]
    flat = tuple(replace(row, values={"grade": 1.0}) if row.context in ("c0", "c1") else row for row in examples.rows)
    chosen = settings(epochs=1, held_out=0)
    scorer = train_transformer({"explanation": replace(examples, rows=flat)}, made, folder / "s", settings=chosen)
    assert scorer.training["contexts_with_nothing_to_order"] == 2
    alone = {"explanation": replace(examples, rows=flat[:6])}
    said = refusal(lambda: train_transformer(alone, made, folder / "t", settings=chosen), Refused)
    assert "nothing to learn" in said
    train_transformer(alone, made, folder / "u", settings=settings(epochs=1, held_out=0, loss="pointwise"))


def the_command_trains_evaluates_writes_and_its_student_judges(folder: Path) -> None:
    from recjudge import score
    from recjudge.cli import main as recjudge
    from recjudge.judge.student import Linear, Stem, Target, write_student

    rows = [row.sample for row in world(24)["explanation"].rows]
    source, out = folder / "outputs.jsonl", folder / "student"
    source.write_text("".join(json.dumps(_plain(sample)) + "\n" for sample in rows))
    stem = Stem(("words",), (4.0,), (1.0,), ((),), ((4.0,),))  # by the number of words
    targets = {"explanation": [Target("grade", GRADES, 1.0, (-1.0, 1.0))]}
    rubrics = {"explanation": world(1)["explanation"].rubric}
    scorer = Linear({"explanation": stem})
    judge = write_student(folder / "teacher", scorer, targets, rubrics, made={}, guards=frozenset())
    verdicts = folder / "outputs.verdicts.jsonl"
    score(source, judge, out=verdicts)
    made = causal_in(folder / "model")
    words = ["distill", verdicts, "-o", out, "--model", made, "--epochs", 2, "--learning-rate", 0.003, "--seed", 1]
    with contextlib.redirect_stdout(io.StringIO()) as told:
        assert recjudge([*map(str, words), "--max-length", "512", "--device", "cpu", "--json"]) == 0
    card = json.loads(told.getvalue())["card"]
    grade = card["tasks"]["explanation"]["targets"]["grade"]
    assert grade["student"]["pairs"] > 20
    assert grade["calibration"]["brier"]["low"] <= grade["calibration"]["brier"]["high"]
    assert card["made"]["training"]["causal"]
    assert (out / "card.md").read_text().startswith("# A Student: explanation")
    assert not list(folder.glob(".student.training"))
    assert recjudge(["score", str(source), "--judge", str(out), "-o", str(folder / "again.jsonl")]) == 0
    with contextlib.redirect_stderr(io.StringIO()) as said:
        assert recjudge(["distill", str(verdicts), "-o", str(folder / "other"), "--lora", "4"]) == 2
    assert "name its folder with --model" in " ".join(said.getvalue().split())


def _plain(sample: Any) -> dict[str, Any]:
    return {
        "id": sample.id, "task": sample.task, "output": sample.output, "context": sample.context, "group": sample.group
    }  # fmt: skip


def shared_and_whole_training_end_close_together(folder: Path) -> None:
    from recjudge.training.distilling import train_transformer

    made = causal_in(folder / "model")
    one, other = (
        train_transformer(world(8), made, folder / str(share), settings=settings(share=share, learning_rate=1e-4))
        for share in (True, False)
    )
    # not the weights: Adam makes a whole step of a gradient that is a rounding error
    assert abs(one.training["losses"][0] - other.training["losses"][0]) < 1e-4
    assert (one.training["prefix_shared"], other.training["prefix_shared"]) == (True, False)


def refusal(call: Callable[[], Any], kind: type[Exception]) -> str:
    try:
        call()
    except kind as error:
        return str(error)
    raise AssertionError("was not refused")


FACTS: dict[str, Callable[[Path], None]] = {
    name: found
    for name, found in list(globals().items())
    if getattr(found, "__module__", "") == __name__ and list(found.__annotations__) == ["folder", "return"]
}


def main(wanted: list[str]) -> None:
    import torch

    torch.set_num_threads(1)
    told = {}
    for name, fact in FACTS.items():
        if wanted and name not in wanted:
            continue
        with tempfile.TemporaryDirectory() as folder:
            began = time.perf_counter()
            try:
                fact(Path(folder))
                told[name] = ""
            except Exception:
                told[name] = traceback.format_exc()[-1500:]
            sys.stderr.write(f"{time.perf_counter() - began:.1f} s {name}\n")
    print(json.dumps(told))


if __name__ == "__main__":
    site.addsitedir(sys.argv[1])
    main(sys.argv[2:])
