"""The house: who may import whom, what stays out of start-up, what the faces show."""

from __future__ import annotations

import ast
import importlib
import json
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ["errors", "rubrics", "judge", "human_labels", "training", "reports", "commands", "cli"]
"""Each room may import from itself and from those before it."""
HEAVY = {
    "openai",
    "anthropic",
    "pandas",
    "scipy",
    "datasets",
    "pyarrow",
    "numpy",
    "aiohttp",
    "starlette",
    "uvicorn",
    "onnxruntime",
    "krippendorff",
    "sklearn",
    "jinja2",
    "markupsafe",
    "rapidfuzz",
    "harper_py",
    "tokenizers",
    "onnx",
    "zstandard",
    "hypothesis",
    "pytest",
}
FACES = (
    [
        "",
        *(
            f".{room}"
            for room in ("judge", "judge.sets", "judge.student", "rubrics", "human_labels", "training", "reports")
        ),
    ]
    + [
        f".human_labels.{name}"
        for name in (
            "coefficients",
            "comparing",
            "estimation",
            "pairing",
            "policy",
            "reading",
            "selftest",
            "stress",
            "validity",
        )
    ]
    + [".training.rounds", ".training.serving"]
)
FILES = sorted(path for room in ROOMS for path in [ROOT / f"{room}.py", *(ROOT / room).rglob("*.py")] if path.exists())


LABELS = [
    "numerals", "codes", "scale", "coded", "records", "proportions", "multiplicity", "sums", "resampling", "intervals",
    "consensus", "guideline", "buffer", "labelled_sets", "pairing", "reading", "coefficients", "validity",
    "estimation", "policy", "comparing", "agreement", "selftest", "stress",
]  # fmt: skip
"""Inside the room of labels the same: each may import from those before it."""


def _inside(path: Path) -> str:
    return str(path.relative_to(ROOT))


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), str(path))


def _room(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def _imported_rooms(path: Path) -> set[str]:
    """Rooms that a file imports from, wherever in the file."""
    depth = len(path.relative_to(ROOT).parts)
    rooms = set()
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.ImportFrom) and node.level == depth:
            first = (node.module or "").split(".")[0]
            rooms |= {first} if first else {alias.name for alias in node.names}
    return rooms


def _leaned_on(path: Path, depth: int) -> set[str]:
    """Files and rooms beside it from which a file of a room imports."""
    found = set()
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.ImportFrom) and node.level == depth:
            found |= {node.module.split(".")[0]} if node.module else {alias.name for alias in node.names}
    return found


def _top_level_imports(path: Path) -> set[str]:
    found = set()
    for node in _tree(path).body:
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        if isinstance(node, ast.ImportFrom) and node.level == 0:
            found.add((node.module or "").split(".")[0])
    return found


def test_a_room_imports_only_from_the_rooms_before_it() -> None:
    allowed = {room: set(ROOMS[: number + 1]) for number, room in enumerate(ROOMS)}
    astray = {_inside(path): _imported_rooms(path) - allowed[_room(path)] for path in FILES}
    assert {path: rooms for path, rooms in astray.items() if rooms} == {}


def test_heavy_libraries_are_imported_where_they_are_used() -> None:
    early = {_inside(path): _top_level_imports(path) & HEAVY for path in FILES}
    assert {path: libraries for path, libraries in early.items() if libraries} == {}


def test_a_file_opens_with_one_sentence() -> None:
    assert [_inside(path) for path in FILES if not path.read_text().startswith('"""')] == []


def test_a_file_stays_a_room_of_human_size() -> None:
    lines = {_inside(path): path.read_text().splitlines() for path in FILES}
    assert {path: len(all_) for path, all_ in lines.items() if len(all_) > 350 and "data only" not in all_[0]} == {}


def test_nothing_below_the_door_prints() -> None:
    below = [path for path in FILES if _room(path) not in ("commands", "cli")]
    calls = [
        f"{path.name}:{node.lineno}"
        for path in below
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]
    assert calls == []


def _entered(path: Path) -> Iterator[tuple[str, str]]:
    """What a file imports from another room: (module, name)."""
    depth = len(path.relative_to(ROOT).parts)
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.ImportFrom) and node.level == depth:
            module = node.module or "errors"
            if module.split(".")[0] not in (_room(path), "errors"):
                yield from ((module, alias.name) for alias in node.names)


def test_a_room_is_entered_by_its_face_or_by_that_of_a_room_in_it() -> None:
    for path in FILES:
        for module, name in _entered(path) if _room(path) != "cli" else ():
            face = importlib.import_module(f"recjudge.{module}")
            assert hasattr(face, "__path__"), f"{_inside(path)}: {module} is a file, not a face"
            assert name in face.__all__, f"{_inside(path)}: {name} is not on the face of {module}"


def test_inside_the_room_of_labels_everything_leans_on_what_lies_below_it() -> None:
    for path in FILES:
        inside = [part.removesuffix(".py") for part in path.relative_to(ROOT).parts]
        if inside[0] == "human_labels" and inside[1] != "__init__":
            below = _leaned_on(path, len(inside) - 1) - {inside[1]}
            assert below <= set(LABELS[: LABELS.index(inside[1])]), _inside(path)


@pytest.mark.parametrize("name", FACES)
def test_a_face_lists_what_it_shows_sorted(name: str) -> None:
    face = importlib.import_module(f"recjudge{name}")
    assert face.__all__ == sorted(face.__all__, key=lambda word: (not word.isupper(), not word[0].isupper(), word))
    assert all(hasattr(face, word) for word in face.__all__)


def test_help_answers_within_three_tenths_of_a_cpu_second_and_imports_nothing_heavy() -> None:
    code = (
        "import json, resource, sys\n"
        "from recjudge.cli import main\n"
        "main(['--help'])\n"
        "used = resource.getrusage(resource.RUSAGE_SELF)\n"
        "print(json.dumps([used.ru_utime + used.ru_stime, sorted({m.split('.')[0] for m in sys.modules})]))\n"
    )
    runs = [
        json.loads(
            subprocess.run(
                [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT.parent
            ).stdout.splitlines()[-1]
        )
        for _ in range(4)
    ]
    assert not set(runs[0][1]) & HEAVY
    # the least of four: a busy machine and a first compilation only ever add
    assert min(run[0] for run in runs) < 0.3


def test_every_room_is_in_the_package_that_ships() -> None:
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"]
    rooms = {path.parent for path in FILES if path.name == "__init__.py"} | {ROOT}
    assert set(listed) == {".".join(("recjudge", *room.relative_to(ROOT).parts)) for room in rooms}
