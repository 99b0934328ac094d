"""The house: who may import whom, what stays out of start-up, what the faces show."""

from __future__ import annotations

import ast
import importlib
import json
import subprocess
import sys
import tomllib
from collections.abc import Iterator
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
    "numerals", "records", "proportions", "multiplicity", "sums", "resampling", "intervals", "consensus", "guideline",
    "buffer", "labelled_sets", "pairing", "reading", "coefficients", "validity", "estimation", "policy", "comparing",
    "agreement", "selftest", "stress",
]  # fmt: skip
"""Inside the room of labels the same: each may import from those before it."""


def _inside(path: Path) -> str:
    return str(path.relative_to(ROOT))


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


@pytest.mark.parametrize("path", FILES, ids=_inside)
def test_a_room_imports_only_from_the_rooms_before_it(path: Path) -> None:
    allowed = ROOMS[: ROOMS.index(_room(path)) + 1]
    assert _imported_rooms(path) <= set(allowed)


@pytest.mark.parametrize("path", FILES, ids=_inside)
def test_heavy_libraries_are_imported_where_they_are_used(path: Path) -> None:
    assert not _top_level_imports(path) & HEAVY


@pytest.mark.parametrize("path", FILES, ids=_inside)
def test_a_file_opens_with_one_sentence_and_stays_a_room_of_human_size(path: Path) -> None:
    lines = path.read_text().splitlines()
    assert lines, "empty"
    assert lines[0].startswith('"""')
    assert len(lines) <= 350 or "data only" in lines[0]


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


@pytest.mark.parametrize("path", [path for path in FILES if _room(path) != "cli"], ids=_inside)
def test_a_room_is_entered_by_its_face_or_by_that_of_a_room_in_it(path: Path) -> None:
    for module, name in _entered(path):
        face = importlib.import_module(f"recjudge.{module}")
        assert hasattr(face, "__path__"), f"{module} is a file, not a face"
        assert name in face.__all__, f"{name} is not on the face of {module}"


@pytest.mark.parametrize("path", [path for path in FILES if _room(path) == "human_labels"], ids=_inside)
def test_inside_the_room_of_labels_everything_leans_on_what_lies_below_it(path: Path) -> None:
    inside = [part.removesuffix(".py") for part in path.relative_to(ROOT / "human_labels").parts]
    if inside[0] == "__init__":
        return
    below = _leaned_on(path, len(inside)) - {inside[0]}
    assert below <= set(LABELS[: LABELS.index(inside[0])])


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
