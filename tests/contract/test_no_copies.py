"""No two clouds hold the same code: what is the same stands once, in what they share.

A function's body is compared with names, docstrings and annotations left out of account, so that a renamed copy is one
too; blocks of lines are compared to the letter, imports left out.
"""

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CLOUDS = ("aws", "azure", "gcp")
TOY = ROOT / "tests" / "unit" / "providers" / "toy"
"""A whole provider with its emulator and tests: it is held against the others' of each."""

SIDES = {
    "providers": [*(ROOT / "providers" / cloud for cloud in CLOUDS), TOY],
    "emulators": [*(ROOT / "moto_fixtures" / cloud for cloud in CLOUDS), TOY],
    "tests": [*(ROOT / "tests" / "unit" / "providers" / cloud for cloud in CLOUDS), TOY],
}
STATEMENTS = 3
"""Of which a body must consist at least to be called a copy: less is said in one way only."""

BLOCK, LINES = 6, 30
"""So many equal lines in a row are a block; the lines in blocks that are tolerated in all."""

Place = tuple[Path, int]


class _Nameless(ast.NodeTransformer):
    """Calls every name by the order in which it first appears, and leaves annotations out."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}

    def _called(self, name: str) -> str:
        return self._names.setdefault(name, f"name{len(self._names)}")

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return ast.Name(self._called(node.id), node.ctx)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        return ast.arg(self._called(node.arg))


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """The bodies of a file's functions that are long enough, nameless, each with its line."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef):
            body = node.body[ast.get_docstring(node) is not None :]
            if sum(isinstance(part, ast.stmt) for one in body for part in ast.walk(one)) >= STATEMENTS:
                nameless = _Nameless()
                yield "\n".join(ast.dump(nameless.visit(one)) for one in body), node.lineno


def lines(path: Path) -> list[tuple[int, str]]:
    """The lines that count: none that is empty, a comment, punctuation or part of an import."""
    text = path.read_text("utf-8")
    imports = {
        number
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for number in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }
    told = ((number, line.strip()) for number, line in enumerate(text.splitlines(), 1) if number not in imports)
    return [(number, line) for number, line in told if not line.startswith("#") and any(map(str.isalnum, line))]


def copied(sides: Sequence[Path]) -> list[str]:
    """The bodies that stand on more than one side, a line for each with its places."""
    found: dict[str, list[tuple[Path, Place]]] = defaultdict(list)
    for side in sides:
        for path in sorted(side.rglob("*.py")):
            for body, line in functions(path):
                found[body].append((side, (path, line)))
    return [_told(place for _, place in places) for places in found.values() if len({side for side, _ in places}) > 1]


def repeated(sides: Sequence[Path]) -> dict[Place, str]:
    """The lines in blocks that stand on more than one side, by their places."""
    blocks: dict[tuple[str, ...], list[tuple[Path, list[Place]]]] = defaultdict(list)
    for side in sides:
        for path in sorted(side.rglob("*.py")):
            known = lines(path)
            for start in range(len(known) - BLOCK + 1):
                block = known[start : start + BLOCK]
                places = [(path, number) for number, _ in block]
                blocks[tuple(line for _, line in block)].append((side, places))
    return {
        place: line
        for block, found in blocks.items()
        if len({side for side, _ in found}) > 1
        for _, places in found
        for place, line in zip(places, block, strict=True)
    }


def _told(places: Iterable[Place]) -> str:
    return " ~ ".join(f"{path}:{line}" for path, line in places)


@pytest.mark.parametrize("kind", SIDES)
def test_no_two_clouds_share_a_function_s_body(kind: str) -> None:
    assert copied(SIDES[kind]) == [], "move it to what the clouds share"


@pytest.mark.parametrize("kind", ["providers", "emulators"])
def test_hardly_a_block_of_lines_stands_in_two_clouds(kind: str) -> None:
    found = repeated(SIDES[kind])
    assert len(found) < LINES, "\n".join(f"{path}:{number}: {line}" for (path, number), line in sorted(found.items()))


def test_a_renamed_copy_is_named_with_both_places(tmp_path: Path) -> None:
    for side, name in (("one", "total"), ("other", "amount")):
        (tmp_path / side).mkdir()
        body = f"    {name} = 0\n    for each in given:\n        {name} += each\n    return {name}\n"
        (tmp_path / side / "a.py").write_text(f'def f(given):\n    """In {side}."""\n{body}')
    sides = [tmp_path / "one", tmp_path / "other"]
    assert copied(sides) == [f"{tmp_path}/one/a.py:1 ~ {tmp_path}/other/a.py:1"]
    assert repeated(sides) == {}


def test_a_block_of_equal_lines_is_named(tmp_path: Path) -> None:
    block = "".join(f"VALUE_{number} = {number}\n" for number in range(BLOCK))
    for side in ("one", "other"):
        (tmp_path / side).mkdir()
        (tmp_path / side / "a.py").write_text(f"import {side}\n{block}")
    found = repeated([tmp_path / "one", tmp_path / "other"])
    assert len(found) == 2 * BLOCK
    assert found[tmp_path / "one" / "a.py", 2] == "VALUE_0 = 0"
