"""Trains the grammar signal on clean sentences and the same with one slip, and shows what it is worth to people.

    python benchmarks/train_grammar.py [--cache FOLDER] [--page-only]

Writes `judge/embedded/learned/grammar.json` and `benchmarks/results/grammar.md`. Clean sentences are
HelpSteer2's (answers and questions); no label of a person is used. Training asks for torch, judging does not. One
thread and fixed seeds: a second run on the same machine gives the same weights.
"""

from __future__ import annotations

import argparse
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import orjson
from corrupting import Pair, pairs_of  # type: ignore[import-not-found]  # beside this script
from grammar_page import page_of  # type: ignore[import-not-found]
from known_words import known_of  # type: ignore[import-not-found]
from minimal_pairs import pairs as of_templates  # type: ignore[import-not-found]
from recjudge.human_labels import load_set
from recjudge.judge.embedded.learned import grammar
from recjudge.judge.embedded.learned.states import TOKEN_LAYERS, States

Numbers = Any
SENTENCES, RULES_EACH, TEMPLATES_EACH = 4_000, 2, 36
WORDS = range(4, 19)
HELD = 12
"""One sentence in so many is held out, with all that was made of it."""
EPOCHS, BATCH, RATE, DECAY, WIDTH, WINDOW, DROPPED = 1, 48, 2e-3, 0.02, 96, 5, 0.2
WEIGHTS = Path(grammar.__file__).with_name("grammar.json")


def main() -> None:
    """Trains, writes the weights, evaluates what was written."""
    options = _options()
    pairs = made_pairs(options.seed)
    train, held = [one for one in pairs if not _held(one)], [one for one in pairs if _held(one)]
    if not options.page_only:
        store = Store.of([text for pair in pairs for text in (pair.clean, pair.wrong)], options.cache)
        WEIGHTS.write_bytes(trained(store, train, held, options.seed))
    options.out.write_text(page_of(held, States(), len(train), seed=options.seed, kept_in=options.cache))


def made_pairs(seed: int) -> list[Pair]:
    """Of short clean sentences by rules, and of templates."""
    rng, sentences = Random(seed), clean_sentences()
    known = known_of(sentences)
    rng.shuffle(sentences)
    short = [one for one in sentences if len(one.split()) in WORDS][:SENTENCES]
    by_rule = [pair for sentence in short for pair in pairs_of(sentence, known, rng, RULES_EACH)]
    return [*by_rule, *of_templates(TEMPLATES_EACH, rng)]


def clean_sentences() -> list[str]:
    """Sentences of decent form, without repeats: a capital, a stop, no list, few names and digits."""
    samples = load_set("helpsteer2").samples
    texts = [sample.text for sample in samples] + [str(sample.context["prompt"]) for sample in samples]
    found: dict[str, None] = {}
    for text in dict.fromkeys(texts):
        for line in re.split(r"\n+", text):
            bare = re.sub(r"^\s*(?:[-*•#>]+|\d+[.)])\s*", "", line).replace("**", "")
            parts = re.split(r"(?<=[.!?])\s+(?=[A-Z\"'])", bare)
            found |= dict.fromkeys(part.strip() for part in parts if _decent(part.strip()))
    return list(found)


def _decent(sentence: str) -> bool:
    words = sentence.split()
    return (
        4 <= len(words) <= 26
        and re.fullmatch(r"[A-Z][A-Za-z0-9 ,;'’\"\-()%$&:]*[.!?]", sentence) is not None
        and sum(map(str.isdigit, sentence)) < 6
        and sum(word[:1].isupper() for word in words[1:]) <= len(words) / 3
    )


def _held(pair: Pair) -> bool:
    return zlib.crc32(pair.clean.encode()) % HELD == 0


@dataclass(frozen=True)
class Store:
    """Token states of many sentences, one after the other."""

    tokens: Numbers
    """(tokens, layers, 384) in half precision."""
    offsets: Numbers
    """(tokens, 2): where a token is in its sentence."""
    starts: Numbers
    places: dict[str, int]

    @classmethod
    def of(cls, texts: Sequence[str], folder: Path | None) -> Store:
        """Read by the network, or from `folder` where the same sentences were read before."""
        distinct = list(dict.fromkeys(texts))
        name = f"grammar_{zlib.crc32(chr(10).join(distinct).encode()):08x}"
        file = folder / f"{name}.npz" if folder else None
        if file is None or not file.exists():
            found = _read(distinct)
            if file is None:
                return cls(*found, {text: place for place, text in enumerate(distinct)})
            np.savez(file, *found)
        with np.load(file) as kept:
            tokens, offsets, starts = (kept[key] for key in kept.files)
        return cls(tokens, offsets, starts, {text: place for place, text in enumerate(distinct)})

    def size(self, text: str) -> int:
        """Its tokens."""
        place = self.places[text]
        return int(self.starts[place + 1] - self.starts[place])

    def batch(self, texts: Sequence[str]) -> tuple[Numbers, Numbers]:
        """(texts, longest, layers * 384) states and (texts, longest) mask."""
        longest = max(map(self.size, texts))
        x = np.zeros((len(texts), longest, len(TOKEN_LAYERS) * 384), np.float32)
        mask = np.zeros((len(texts), longest), np.float32)
        for row, text in enumerate(texts):
            size, start = self.size(text), self.starts[self.places[text]]
            x[row, :size] = self.tokens[start : start + size].reshape(size, -1)
            mask[row, :size] = 1
        return x * np.float32(grammar.SCALE), mask

    def marks(self, pair: Pair, longest: int) -> Numbers:
        """(longest,) 1 for a token that a slip is in."""
        place = self.places[pair.wrong]
        ends = self.offsets[self.starts[place] : self.starts[place + 1]]
        marks = np.zeros(longest, np.float32)
        for start, end in pair.spans:
            marks[: len(ends)][(ends[:, 0] < end) & (ends[:, 1] > start)] = 1
        return marks


def _read(texts: Sequence[str]) -> tuple[Numbers, Numbers, Numbers]:
    states = States(keep=64)
    tokens, offsets = [], []
    for start in range(0, len(texts), 256):
        part = list(texts[start : start + 256])
        codes = states.embedder.tokenizer.encode_batch(part)
        for read, code in zip(states.of(part), codes, strict=True):
            tokens.append(read.tokens.transpose(1, 0, 2))
            offsets.append(np.array(code.offsets[1:-1], np.int32))
    return np.concatenate(tokens), np.concatenate(offsets), np.cumsum([0, *map(len, tokens)])


def trained(store: Store, train: Sequence[Pair], held: Sequence[Pair], seed: int) -> bytes:
    """The weights' file. The probability's slope and offset are fitted on the held-out half of `held`."""
    import torch
    from grammar_head import Head, loss_of  # type: ignore[import-not-found]

    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    head = Head(len(TOKEN_LAYERS) * 384, WIDTH, WINDOW, DROPPED)
    optimizer = torch.optim.AdamW(head.parameters(), lr=RATE, weight_decay=DECAY)
    sizes = np.array([store.size(pair.wrong) // 4 for pair in train])
    steps, step = EPOCHS * (len(train) // BATCH), 0
    for epoch in range(EPOCHS):
        order = rng.permutation(len(train))
        order = order[np.argsort(sizes[order], kind="stable")]
        batches = [order[at : at + BATCH] for at in range(0, len(order) - BATCH + 1, BATCH)]
        rng.shuffle(batches)
        total = 0.0
        for batch in batches:
            for group in optimizer.param_groups:
                group["lr"] = RATE * min(1.0, step / 100) * (0.5 + 0.5 * np.cos(np.pi * step / steps))
            chosen = [train[at] for at in batch]
            x, mask = store.batch([pair.clean for pair in chosen] + [pair.wrong for pair in chosen])
            marks = np.zeros(mask.shape, np.float32)
            for row, pair in enumerate(chosen):
                marks[len(chosen) + row] = store.marks(pair, mask.shape[1])
            loss = loss_of(head, *map(torch.from_numpy, (x, mask, marks)))
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(head.parameters(), 1.0)
            optimizer.step()
            total, step = total + float(loss.detach()), step + 1
        print(f"epoch {epoch + 1}: loss {total / len(batches):.3f}", flush=True)
    head.train(False)
    slope, offset = _calibrated(head, store, held)
    arrays = {name: grammar.packed(one.detach().numpy()) for name, one in head.state_dict().items()}
    made = {"set": "helpsteer2", "pairs": len(train), "seed": seed}
    return orjson.dumps(
        {"made": made, "slope": slope, "offset": offset, "arrays": arrays}, option=orjson.OPT_APPEND_NEWLINE
    )


def _calibrated(head: Any, store: Store, held: Sequence[Pair]) -> tuple[float, float]:
    """Slope and offset of the probability, by logistic regression on every second held-out pair."""
    import torch

    texts = [text for pair in held[::2] for text in (pair.clean, pair.wrong)]
    with torch.no_grad():
        scores = np.array([float(head(*map(torch.from_numpy, store.batch([text])))[1][0]) for text in texts])
    x, wrong, weights = np.c_[scores, np.ones(len(scores))], np.arange(len(texts)) % 2, np.array([1.0, 0.0])
    for _ in range(30):
        likely = 1 / (1 + np.exp(-x @ weights))
        curve = (x * (likely * (1 - likely))[:, None]).T @ x + 1e-6 * np.eye(2)
        weights = weights + np.linalg.solve(curve, x.T @ (wrong - likely))
    return round(float(weights[0]), 5), round(float(weights[1]), 5)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--cache", type=Path, help="A folder that keeps the states between runs.")
    parser.add_argument("--page-only", action="store_true", help="Evaluate the weights that ship.")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results" / "grammar.md")
    return parser.parse_args()


if __name__ == "__main__":
    main()
