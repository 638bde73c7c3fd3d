"""The declared fields of an operation's answers as a tree, compiled once an operation."""

from collections.abc import Mapping
from typing import Final

from auditor.model.secret import Treatment


class FieldRule:
    """One step of the declared paths; lists are transparent, `*` stands for any key."""

    __slots__ = ("children", "treatment")

    def __init__(self) -> None:
        """Begin with no step below and no treatment."""
        self.children: dict[str, FieldRule] = {}
        self.treatment: Treatment | None = None

    def child(self, key: str) -> "FieldRule | None":
        """The rule of a field below this one, or None."""
        return self.children.get(key) or self.children.get("*")


_COMPILED: Final[dict[int, tuple[Mapping[str, Treatment], FieldRule]]] = {}
"""By the identity of the declaration, which is kept as well so that no other takes its place."""


def compiled(rules: Mapping[str, Treatment]) -> FieldRule:
    """The tree of `rules`, which map field paths (`A[].B.*`) to treatments. The same object is compiled once."""
    known = _COMPILED.get(id(rules))
    if known is None:
        known = _COMPILED[id(rules)] = (rules, _compile(rules))
    return known[1]


def _compile(rules: Mapping[str, Treatment]) -> FieldRule:
    root = FieldRule()
    for path, treatment in rules.items():
        node = root
        for step in path.replace("[]", "").split("."):
            if step:
                node = node.children.setdefault(step, FieldRule())
        node.treatment = treatment
    return root
