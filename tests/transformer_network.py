"""Facts of the network of a transformer Student: what it shares, how it scores, and which files it reads."""

from __future__ import annotations

import contextlib
import io
import json
from pathlib import Path
from typing import Any

from tiny_models import causal_in, encoder_in
from transformer_world import GRADES, refusal, rows_for, settings, world


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
