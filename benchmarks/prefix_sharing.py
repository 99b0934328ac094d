"""What encoding a context once saves a transformer Student: whole sequences against a shared prefix, in one run.

    python benchmarks/prefix_sharing.py [--repeats 7] [--device cpu]

Needs the `train` extra. A random causal model, one group of candidates a call; CPU seconds of this process (wall time
on another device), both ways by turns, after one call of each that is not counted. Beside each ratio stands that of
the tokens that go through the model.
"""

from __future__ import annotations

import argparse
import platform
import random
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
CONTEXTS, GROUPS, CANDIDATE = (64, 256, 1024), (3, 8, 16), 32


def main() -> None:
    """Measures every case and writes the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--out", type=Path, default=HERE / "results" / "prefix_sharing.md")
    options = parser.parse_args()
    import torch

    torch.set_num_threads(1)
    network = _network(options.device)
    rows = []
    for context in CONTEXTS:
        for group in GROUPS:
            tokens = _group(context, group)
            cells = [_case(_scoring(network, tokens), options), _case(_training(network, tokens), options)]
            bound = group * (context + CANDIDATE) / (context + group * CANDIDATE)
            rows.append(f"| {context} | {group} | {cells[0]} | {cells[1]} | {bound:.2f} |")
            print(rows[-1], flush=True)
    weights = sum(weight.numel() for weight in network.body.parameters())
    options.out.write_text(_page(rows, weights, options))


def _page(rows: list[str], weights: int, options: argparse.Namespace) -> str:
    import torch
    import transformers

    return "\n".join(
        [
            "# A context encoded once for its candidates: how much faster",
            "",
            f"Python {platform.python_version()}, {platform.machine()}, torch {torch.__version__}, transformers "
            f"{transformers.__version__}, {options.device}, one thread, float32; a random Llama of {weights:,} "
            f"weights, candidates of {CANDIDATE} tokens. Seconds of whole sequences over those with a shared prefix: "
            f"median of n = {options.repeats} turns, and the least and the greatest.",
            "",
            "| context, tokens | candidates | scoring | a training step | ratio of tokens |",
            "|--:|--:|--:|--:|--:|",
            *rows,
            "",
            "Scores and gradients of both ways are equal to 1e-5 (`tests/transformer_facts.py`). An encoder sees both "
            "ways, so that no prefix of it can be shared exactly: its pairs are encoded whole.",
            "",
        ]
    )


def _case(call: Callable[[bool], None], options: argparse.Namespace) -> str:
    clock = time.process_time if options.device == "cpu" else time.perf_counter
    call(True)
    call(False)
    ratios = []
    for _ in range(options.repeats):
        spent = []
        for share in (False, True):
            began = clock()
            call(share)
            spent.append(clock() - began)
        ratios.append(spent[0] / spent[1])
    return f"{statistics.median(ratios):.2f} ({min(ratios):.2f}–{max(ratios):.2f})"


def _scoring(network: Any, tokens: list[Any]) -> Callable[[bool], None]:
    import torch
    from recjudge.judge.student import points

    def call(share: bool) -> None:
        with torch.inference_mode():
            points(network, tokens, share=share).cpu()

    return call


def _training(network: Any, tokens: list[Any]) -> Callable[[bool], None]:
    from recjudge.judge.student import points

    def call(share: bool) -> None:
        network.body.zero_grad()
        points(network, tokens, share=share).sum().backward()

    return call


def _group(context: int, group: int) -> list[Any]:
    from recjudge.judge.student import Tokens

    drawn = random.Random(0)
    prefix = tuple(drawn.randrange(3, 1000) for _ in range(context))
    return [Tokens(prefix, tuple(drawn.randrange(3, 1000) for _ in range(CANDIDATE))) for _ in range(group)]


def _network(device: str) -> Any:
    import tempfile

    import torch
    from recjudge.judge.student import network_in
    from transformers import LlamaConfig, LlamaModel

    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=1000, hidden_size=256, intermediate_size=688, num_hidden_layers=4, num_attention_heads=4,
        max_position_embeddings=2048, pad_token_id=0, bos_token_id=1, eos_token_id=2,
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        LlamaModel(config).save_pretrained(folder)
        return network_in(Path(folder), 1, device=device)


if __name__ == "__main__":
    main()
