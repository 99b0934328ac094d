"""Samples and sets as bytes, for a file of this run alone and for its worker processes; and judges, for these."""

from __future__ import annotations

import copyreg
import io
import marshal
import pickle
from dataclasses import fields
from functools import partial
from operator import attrgetter
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
    """The item with its key, which was worked out before."""
    if not isinstance(packed, bytes):
        return packed
    kind, *cells = marshal.loads(packed)  # noqa: S302 - written by this run, never by others
    made: type[Item] = SetOf if kind == "set" else Sample
    names = _OF_SET if kind == "set" else _OF_SAMPLE
    item: Item = made.__new__(made)
    item.__dict__.update(zip(names, cells, strict=True))  # a frozen dataclass sets its fields one by one, dearly
    return item


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
        return ("set", *_set_cells(item))
    return ("sample", *_sample_cells(item))


def _again(model: MiniLM) -> tuple[Any, ...]:
    return partial(MiniLM, folder=model.folder, cache=model.cache, keep=model.keep), ()


_OF_SAMPLE = (*(one.name for one in fields(Sample)), "key")
_OF_SET = (*(one.name for one in fields(SetOf)), "key")
_sample_cells, _set_cells = attrgetter(*_OF_SAMPLE), attrgetter(*_OF_SET)
_REBUILT: dict[type, Any] = {MiniLM: _again}
"""What holds a network loads it anew in its own process."""
