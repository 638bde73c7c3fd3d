"""What a runtime would load where a package and its layers hold the same library, and what is only written down."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from auditor.code.components.found import BINARY, INSTALLED, Found

_CERTAIN: Final = frozenset({INSTALLED, BINARY})
_RANK: Final = {INSTALLED: 0, BINARY: 1, "lock": 2, "declared": 3}
_MODULES: Final = "node_modules/"


def merged(package: Iterable[Found], layers: Sequence[tuple[str, Iterable[Found]]] = ()) -> tuple[Found, ...]:
    """The components that a function runs with: of its package, then of its layers in their order.

    Python and Node.js look into the package first, so that a layer's library of the same name is never loaded; of two
    layers the later one is laid over the earlier. A lock or a list of requirements counts only where nothing of its
    ecosystem is installed: what it names besides is not in the package.
    """
    found: dict[tuple[str, str, str], Found] = {}
    for name, components in layers:
        own = [replace(each, path=f"{name}:{each.path}") for each in components]
        found = {**_without(found, own), **_keyed(own)}
    own = list(package)
    found = {**_without(found, own), **_keyed(own)}
    certain = {each.ecosystem for each in found.values() if each.evidence in _CERTAIN}
    kept = (each for each in found.values() if each.evidence in _CERTAIN or each.ecosystem not in certain)
    return tuple(sorted(kept, key=lambda each: (each.ecosystem, each.name, each.version, each.path)))


def _keyed(components: Iterable[Found]) -> dict[tuple[str, str, str], Found]:
    """One component for each name and version: the one that is surest, and the first of these."""
    found: dict[tuple[str, str, str], Found] = {}
    for each in components:
        key = (each.ecosystem, each.name, each.version)
        if key not in found or _RANK[each.evidence] < _RANK[found[key].evidence]:
            found[key] = each
    return found


def _without(found: Mapping[tuple[str, str, str], Found], above: Iterable[Found]) -> dict[tuple[str, str, str], Found]:
    """What is still loaded where other files are looked at first."""
    hidden = {(each.ecosystem, each.name) for each in above if each.evidence in _CERTAIN and _alone(each)}
    return {key: each for key, each in found.items() if (each.ecosystem, each.name) not in hidden or not _alone(each)}


def _alone(each: Found) -> bool:
    """Whether a runtime loads only one of that name: not Java's class path, not modules within modules."""
    if each.ecosystem == "PyPI":
        return True
    return each.ecosystem == "npm" and each.path.count(_MODULES) == 1
