"""A real inference server in the test process: llama.cpp with a tiny model that is written on the spot."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

KEY = "sk-local-llama"
LEANINGS = {"1": 9.0, "2": 8.5, "3": 8.0, '"': 9.5}
"""Logits the model gives these characters wherever it stands; everything else gets about 0."""
WIDTH, HEADS, LAYERS, INNER, CONTEXT = 64, 2, 2, 128, 4096


@dataclass(frozen=True)
class Llama:
    """A running server."""

    url: str
    key: str = KEY


@contextmanager
def serve(folder: Path) -> Iterator[Llama]:
    """Writes the model, starts the server, ends it."""
    import xllamacpp

    path = folder / "leaning.gguf"
    write_model(path)
    params = xllamacpp.CommonParams()
    params.model.path = str(path)
    params.n_ctx = CONTEXT
    params.cache_ram_mib = 0  # what a server keeps is bounded: here the prompts in its two slots
    params.n_parallel = 2
    params.cpuparams.n_threads = 1
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.warmup = False
    params.verbosity = 0
    params.api_keys = [KEY]
    params.model_alias = {"leaning"}
    server = xllamacpp.Server(params)
    yield Llama(f"{server.listening_address}/v1")
    del server


def write_model(path: Path) -> None:
    """A random llama of one token a character whose next-token logits are `LEANINGS`, nearly whatever came before.

    The first coordinate of every embedding is large and no layer writes to it, so after the last norm it is the same
    everywhere; the output matrix reads the leanings off it.
    """
    import gguf
    import numpy as np

    random = np.random.default_rng(0)
    tokens, kinds = _vocabulary(gguf)
    writer = gguf.GGUFWriter(str(path), "llama")
    _describe(writer, gguf, tokens, kinds)

    def noise(*shape: int) -> Any:
        return (random.standard_normal(shape) * 0.02).astype(np.float32)

    embedding, output = noise(len(tokens), WIDTH), noise(len(tokens), WIDTH) * 0.1
    embedding[:, 0] = 1.0
    # the norm scales a vector that is nearly all in one coordinate to sqrt(WIDTH) there
    for character, logit in LEANINGS.items():
        output[tokens.index(character.encode()), 0] = logit / np.sqrt(WIDTH)
    writer.add_tensor("token_embd.weight", embedding)
    writer.add_tensor("output_norm.weight", np.ones(WIDTH, np.float32))
    writer.add_tensor("output.weight", output)
    for layer in range(LAYERS):
        _add_layer(writer, f"blk.{layer}.", noise, np)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _vocabulary(gguf: Any) -> tuple[list[bytes], list[Any]]:
    """Three control tokens, the 256 bytes, and the printable ASCII characters."""
    kind = gguf.TokenType
    characters = ["▁" if code == 32 else chr(code) for code in range(32, 127)]
    tokens = [b"<unk>", b"<s>", b"</s>", *(f"<0x{byte:02X}>".encode() for byte in range(256))]
    kinds = [kind.UNKNOWN, kind.CONTROL, kind.CONTROL] + [kind.BYTE] * 256 + [kind.NORMAL] * len(characters)
    return [*tokens, *(character.encode() for character in characters)], kinds


def _describe(writer: Any, gguf: Any, tokens: list[bytes], kinds: list[Any]) -> None:
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(INNER)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(WIDTH // HEADS)
    writer.add_vocab_size(len(tokens))
    writer.add_file_type(gguf.LlamaFileType.ALL_F32)
    writer.add_tokenizer_model("llama")
    writer.add_tokenizer_pre("default")
    writer.add_token_list(tokens)
    writer.add_token_scores([-float(rank) for rank in range(len(tokens))])
    writer.add_token_types(kinds)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_unk_token_id(0)
    writer.add_add_bos_token(True)
    writer.add_add_space_prefix(False)
    writer.add_chat_template(
        "{% for message in messages %}{{ message['role'] }}: {{ message['content'] }}\n{% endfor %}"
    )


def _add_layer(writer: Any, prefix: str, noise: Any, np: Any) -> None:
    writer.add_tensor(f"{prefix}attn_norm.weight", np.ones(WIDTH, np.float32))
    writer.add_tensor(f"{prefix}ffn_norm.weight", np.ones(WIDTH, np.float32))
    shapes = {"attn_q": (WIDTH, WIDTH), "attn_k": (WIDTH, WIDTH), "attn_v": (WIDTH, WIDTH)}
    shapes |= {"ffn_gate": (INNER, WIDTH), "ffn_up": (INNER, WIDTH)}
    for name, shape in shapes.items():
        writer.add_tensor(f"{prefix}{name}.weight", noise(*shape))
    for name, inner in (("attn_output", WIDTH), ("ffn_down", INNER)):
        back = noise(WIDTH, inner)
        back[0] = 0.0
        writer.add_tensor(f"{prefix}{name}.weight", back)
