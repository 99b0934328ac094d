"""The samples of a run, packed, in a file without a name: what was read once need not be read and checked again."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from struct import Struct

from ..records import Sample
from .packing import Packed, pack

_HEAD = Struct("<32sI")
_IN_MEMORY = 4 << 20
_CHUNK = 1 << 20


class Spool:
    """Add samples in the order read; `windows` gives them back in that order. The file goes with the process."""

    def __init__(self, folder: Path) -> None:
        """`folder` gets the file once there are more than a few megabytes."""
        self._file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY, dir=str(folder))  # noqa: SIM115 - lives on
        self._whole: list[Sample] = []
        """Samples that cannot be packed: they were in memory before."""

    def add(self, sample: Sample) -> None:
        """One more sample."""
        packed = pack(sample)
        if isinstance(packed, bytes):
            self._file.write(_HEAD.pack(bytes.fromhex(sample.key), len(packed)) + packed)
        else:
            self._whole.append(sample)
            self._file.write(_HEAD.pack(bytes.fromhex(sample.key), 0))

    def windows(self, size: int) -> Iterator[list[tuple[str, Packed]]]:
        """Up to `size` samples at a time, each with its key."""
        rows, whole = self._rows(), iter(self._whole)
        window: list[tuple[str, Packed]] = []
        for key, packed in rows:
            window.append((key.hex(), packed or next(whole)))
            if len(window) == size:
                yield window
                window = []
        if window:
            yield window

    def clear(self) -> None:
        """Forgets what was added."""
        self._file.seek(0)
        self._file.truncate()
        self._whole.clear()

    def close(self) -> None:
        """Gives the disk back."""
        self._file.close()

    def __enter__(self) -> Spool:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _rows(self) -> Iterator[tuple[bytes, bytes]]:
        """Key and bytes of each sample, read in large pieces."""
        self._file.seek(0)
        held = b""
        while piece := self._file.read(_CHUNK):
            held, at = held + piece, 0
            while at + _HEAD.size <= len(held):
                key, size = _HEAD.unpack_from(held, at)
                end = at + _HEAD.size + size
                if end > len(held):
                    break
                yield key, held[at + _HEAD.size : end]
                at = end
            held = held[at:]
