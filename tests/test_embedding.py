"""The embedding model: right numbers, honest blindness, one conversion, bounded memory."""

from __future__ import annotations

import pickle
import resource
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from recjudge.errors import StorageError
from recjudge.judge.embedded import minilm
from recjudge.judge.embedded.embedding import MiniLM, load_embedder, missing
from recjudge.judge.embedded.language import readable

pytestmark = pytest.mark.skipif(missing() is not None, reason=str(missing()))

TEXTS = [
    "Light trail running shoes",
    "These shoes grip wet rock and weigh little, so they suit the mountain runs you like.",
    "A recipe for plum cake with cinnamon.",
    "word " * 300,
]


@pytest.fixture(scope="module")
def model() -> MiniLM:
    return MiniLM()


def _folder() -> Path:
    folder = minilm.model_folder()
    assert folder is not None
    return folder


def test_vectors_equal_a_second_implementation(model: MiniLM) -> None:
    import numpy as np
    from tokenizers import Tokenizer

    from minilm_oracle import embed

    tokenizer = Tokenizer.from_file(str(_folder() / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(256)
    weights = minilm.read_weights(_folder() / "model.safetensors")
    oracle = [embed(weights, tokenizer.encode(text).ids) for text in TEXTS]
    model.prepare(TEXTS)
    for one, first in zip(TEXTS, oracle, strict=True):
        for other, second in zip(TEXTS, oracle, strict=True):
            assert model.similarity(one, other) == pytest.approx(float(np.dot(first, second)), abs=2e-6)


def test_a_text_alone_and_in_a_batch_has_one_vector(model: MiniLM) -> None:
    alone = MiniLM()
    model.prepare(TEXTS)
    assert alone.similarity(TEXTS[0], TEXTS[1]) == pytest.approx(model.similarity(TEXTS[0], TEXTS[1]), abs=1e-6)


def test_like_things_are_closer_than_unlike_ones(model: MiniLM) -> None:
    near, far = model.similarity(TEXTS[0], TEXTS[1]), model.similarity(TEXTS[0], TEXTS[2])
    assert near is not None
    assert far is not None
    assert near > far + 0.2


@pytest.mark.parametrize(
    "text",
    ["红色连衣裙适合夏天", "Красное платье", "", "12 345", "Das ist nicht für dich und mich", "để cho và của một"],
)
def test_the_model_says_where_it_is_blind(model: MiniLM, text: str) -> None:
    assert model.similarity(text, "a red dress for summer") is None
    assert model.similarity("a red dress for summer", text) is None


@pytest.mark.parametrize(
    "text", ["USB-C cable 2m", "Café crème mug", "Nike 跑鞋 men's trail running shoes", "the the the"]
)
def test_english_product_words_are_readable(text: str) -> None:
    assert readable(text)


def test_vectors_beyond_the_bound_are_dropped_oldest_first() -> None:
    model = MiniLM(keep=2)
    expected = model.similarity("red shoes", "blue shoes")
    model.prepare(["green hat", "white hat", "black hat"])
    assert len(model._slots) == 2
    assert model.similarity("red shoes", "blue shoes") == pytest.approx(expected, abs=1e-6)


def test_threads_that_embed_the_same_texts_agree(model: MiniLM) -> None:
    shared, texts = MiniLM(keep=60), [f"folding chair number {n}" for n in range(40)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(shared.prepare, [texts] * 4))
        found = list(pool.map(lambda text: shared.similarity(text, "folding chair"), texts))
    assert found == pytest.approx([model.similarity(text, "folding chair") for text in texts], abs=1e-6)
    assert sorted(shared._slots.values()) == list(range(len(shared._slots)))


def test_a_copy_in_another_process_gives_the_same_number(model: MiniLM) -> None:
    copy = pickle.loads(pickle.dumps(model))
    assert copy.name == model.name
    assert copy.similarity("red shoes", "blue shoes") == pytest.approx(
        model.similarity("red shoes", "blue shoes"), abs=1e-6
    )


@pytest.mark.slow
def test_memory_stays_flat_however_many_texts_are_seen() -> None:
    model = MiniLM(keep=500)
    model.prepare([f"quick drying towel number {n}" for n in range(1000)])
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    model.prepare([f"light camping stove number {n}" for n in range(5000)])
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000  # kB


def test_damaged_weights_are_named_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"\0" * 100)
    (tmp_path / "tokenizer.json").write_bytes((_folder() / "tokenizer.json").read_bytes())
    with pytest.raises(StorageError, match=r"model\.safetensors: damaged .*--force-reinstall"):
        MiniLM(folder=tmp_path, cache=tmp_path / "cache").prepare(["red shoes"])


def test_a_damaged_tokenizer_is_named(tmp_path: Path) -> None:
    (tmp_path / "tokenizer.json").write_text("{}")
    with pytest.raises(StorageError, match=r"tokenizer\.json: damaged"):
        MiniLM(folder=tmp_path).prepare(["red shoes"])


def test_a_damaged_converted_graph_is_made_anew(tmp_path: Path) -> None:
    graph = minilm.onnx_file(_folder() / "model.safetensors", tmp_path)
    assert isinstance(graph, Path)
    size = graph.stat().st_size
    graph.write_bytes(b"half a file")
    assert MiniLM(cache=tmp_path).similarity("red shoes", "red shoes") == pytest.approx(1)
    assert graph.stat().st_size == size


def test_a_cache_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    assert MiniLM(cache=blocked / "cache").similarity("red shoes", "red shoes") == pytest.approx(1)


def test_two_processes_converting_at_once_leave_one_good_file(tmp_path: Path) -> None:
    code = "import sys, pathlib; from recjudge.judge.embedded.embedding import MiniLM; "
    code += "assert MiniLM(cache=pathlib.Path(sys.argv[1])).similarity('red shoes', 'red shoes') > 0.99"
    started = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path)]) for _ in range(2)]
    assert [process.wait(60) for process in started] == [0, 0]
    assert len(list(tmp_path.iterdir())) == 1


def test_what_is_not_installed_is_named_with_its_command() -> None:
    words = missing(["onnxruntime", "no_such_module"])
    assert words is not None
    assert "no_such_module; install with: pip install" in words
    assert "onnxruntime," not in words


def test_the_name_carries_the_weights_hash() -> None:
    embedder = load_embedder()
    assert embedder is not None
    assert embedder.name == "minilm-l6-v2@53aa51172d14"


def test_making_the_embedder_loads_nothing_heavy() -> None:
    code = "import sys; from recjudge.judge.embedded.embedding import load_embedder; load_embedder(); "
    code += "print([m for m in ('numpy', 'onnx', 'onnxruntime', 'tokenizers') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
