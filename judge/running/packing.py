"""Samples and sets as bytes, for a file of this run alone and for its worker processes; and judges, for these."""

from __future__ import annotations

import copyreg
import io
import marshal
import pickle
from functools import partial
from typing import Any

from ..embedded.embedding import MiniLM
from ..records import Sample
from ..sets.sets import SetOf

Item = Sample | SetOf
"""What gets a verdict."""
Packed = bytes | Item
"""An item's bytes; the item itself where it holds Python objects that have none."""


def pack(item: Item) -> Packed:
    """Some microseconds, and every type comes back as it was."""
    try:
        return marshal.dumps(_cells(item))
    except ValueError:  # a date, a Mapping that is no dict: only what Python held already, never what a file held
        return item


def unpack(packed: Packed) -> Item:
    """The item, a sample with its key, which was worked out before."""
    if not isinstance(packed, bytes):
        return packed
    kind, *cells = marshal.loads(packed)  # noqa: S302 - written by this run, never by others
    if kind == "set":
        return SetOf(*cells)
    *fields, key = cells
    sample = Sample(*fields)
    sample.__dict__["key"] = key
    return sample


def pack_judge(judge: Any) -> bytes:
    """A judge for a worker process. Raises what pickle raises for one that holds what cannot go there."""
    file = io.BytesIO()
    pickler = pickle.Pickler(file, protocol=5)
    pickler.dispatch_table = copyreg.dispatch_table | _REBUILT
    pickler.dump(judge)
    return file.getvalue()


def unpack_judge(packed: bytes) -> Any:
    """The judge that the process which started this one packed."""
    return pickle.loads(packed)  # noqa: S301 - from our own parent, through a pipe of its own


def _cells(item: Item) -> tuple[Any, ...]:
    if isinstance(item, SetOf):
        return ("set", item.name, item.texts, item.systems, item.truth, item.seen)
    return (
        "sample", item.id, item.task, item.output, item.context, item.group, item.item, item.system, item.meta,
        item.parent, item.place, item.key,
    )  # fmt: skip


def _again(model: MiniLM) -> tuple[Any, ...]:
    return partial(MiniLM, folder=model.folder, cache=model.cache, keep=model.keep), ()


_REBUILT: dict[type, Any] = {MiniLM: _again}
"""What holds a network loads it anew in its own process."""
