"""Damages the answers of a capture, member by member, and any mixture of them at random."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from auditor.model.capture import Envelope, Outcome
from auditor.model.inventory import Inventory
from tests.unit.providers.memory import MemoryCapture

Path = tuple[str | int, ...]
Normalize = Callable[[MemoryCapture], Inventory]
Bolder = Callable[[Inventory, Inventory], list[str]]

NULL_IS_A_VALUE = {"value", "reference", "text", "confidence", "detector"}
"""Members of a judged variable, whose format is ours, in which null says "none"."""


def nodes(body: Any, path: Path = ()) -> Iterator[Path]:
    entries = body.items() if isinstance(body, dict) else enumerate(body) if isinstance(body, list) else ()
    for key, value in entries:
        yield (*path, key)
        yield from nodes(value, (*path, key))


def changed(body: Any, path: Path, how: str, value: Any = None) -> Any:
    body = deepcopy(body)
    at = body
    for step in path[:-1]:
        at = at[step]
    if how == "drop":
        del at[path[-1]]
    elif how == "type":
        number = isinstance(at[path[-1]], (int, float)) and not isinstance(at[path[-1]], bool)
        at[path[-1]] = "seven" if number else 7.5
    else:
        at[path[-1]] = value
    return body


def damaged(base: MemoryCapture, index: int, body: Any) -> MemoryCapture:
    """With another body in one of its envelopes."""
    envelopes = list(base.envelopes)
    envelopes[index] = replace(envelopes[index], body=body)
    return MemoryCapture(base.facts, envelopes)


def representative(bodies: Sequence[tuple[str, Any]]) -> list[set[Path]]:
    """Of each operation's bodies the members to damage: of those alike in all but their place in a list, first and last."""
    seen: defaultdict[tuple[object, ...], list[tuple[int, Path]]] = defaultdict(list)
    for index, (operation, body) in enumerate(bodies):
        for path in nodes(body):
            seen[operation, *("[]" if isinstance(step, int) else step for step in path)].append((index, path))
    kept: list[set[Path]] = [set() for _ in bodies]
    for places in seen.values():
        for index, path in (places[0], places[-1]):
            kept[index].add(path)
    return kept


def complaints(
    base: MemoryCapture,
    claims: Callable[[MemoryCapture], list[str]],
    how: str,
    leaves_out: Callable[[Envelope, Path], bool],
) -> list[tuple[str, Path, str]]:
    """What is claimed after damage to any one member, with the operation and the member."""
    kept = representative([(envelope.operation, envelope.body) for envelope in base.envelopes])
    return [
        (envelope.operation, path, problem)
        for index, envelope in enumerate(base.envelopes)
        for path in nodes(envelope.body)
        if path in kept[index] and not leaves_out(envelope, path)
        for problem in claims(damaged(base, index, changed(envelope.body, path, how)))
    ]


def bolder_without(base: MemoryCapture, normalize: Normalize, bolder: Bolder) -> dict[str, list[str]]:
    """By operation, what is claimed without its answers that was not claimed with them."""
    sound = normalize(base)
    found = {name: bolder(sound, normalize(base.without(name))) for name in {one.operation for one in base.envelopes}}
    return {name: claims for name, claims in found.items() if claims}


def mixtures(base: MemoryCapture, *texts: str) -> st.SearchStrategy[MemoryCapture]:
    """Captures of which several answers are damaged in some way; ``texts`` are odd ones that a cloud might send."""
    weird = st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(2**70), 2**70),
        st.floats(allow_nan=True),
        st.sampled_from(["", "\ud800", "{", "[]", "\x00", "a" * 5000, *texts]),
        st.lists(st.integers() | st.text(max_size=3), max_size=2),
        st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
    )

    @st.composite
    def mixture(draw: st.DrawFn) -> MemoryCapture:
        envelopes = list(base.envelopes)
        for index in draw(st.lists(st.integers(0, len(envelopes) - 1), min_size=1, max_size=6)):
            body = envelopes[index].body
            paths = list(nodes(body))
            if not paths or draw(st.integers(0, 9)) == 0:
                outcome = draw(st.sampled_from(list(Outcome)))
                envelopes[index] = replace(envelopes[index], body=draw(weird), outcome=outcome)
            else:
                path = draw(st.sampled_from(paths))
                how = draw(st.sampled_from(["drop", "set"]))
                envelopes[index] = replace(envelopes[index], body=changed(body, path, how, draw(weird)))
        return MemoryCapture(base.facts, envelopes)

    return mixture()
