"""What a function runs with: the components of its package and its layers, and the advisories about them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from auditor.model.code import Code
from auditor.model.code_analysis import CodeAnalysis, Component, ComponentEvidence, Vulnerability
from auditor.model.observed import Gap, GapReason, Known, graver

_CERTAIN: Final = frozenset({ComponentEvidence.INSTALLED, ComponentEvidence.BINARY})
_MODULES: Final = "node_modules/"
_ORDER: Final = list(ComponentEvidence)


@dataclass(frozen=True, slots=True)
class Loaded:
    """A component that a function runs with. ``layer`` is the ARN of the layer it comes from; "" for the package."""

    component: Component
    layer: str
    vulnerabilities: tuple[Vulnerability, ...]


@dataclass(frozen=True, slots=True)
class RuntimeComponents:
    """The components of a function. ``gap`` says what else there may be; ``source`` the answer they were read from."""

    loaded: tuple[Loaded, ...]
    gap: Gap | None
    source: str


def runtime_components(code: Code) -> RuntimeComponents:
    """The components that a function loads, by what was read of its package and of each layer.

    Raises Unanswered where nothing was read of the package.
    """
    package = code.analysis.need()
    gap = _incomplete(package, code.analysis.source)
    parts: list[tuple[str, CodeAnalysis]] = []
    for layer in code.layers.value if isinstance(code.layers, Known) else ():
        if isinstance(layer.analysis, Known):
            gap = gap or _incomplete(layer.analysis.value, layer.analysis.source)
            parts.append((layer.id, layer.analysis.value))
        else:
            gap = graver(gap, layer.analysis.gap)
    if not isinstance(code.layers, Known):
        gap = graver(gap, code.layers.gap)
    parts.append(("", package))
    loaded = merged([(layer, analysis.components) for layer, analysis in parts])
    said = {layer: _by_purl(analysis.vulnerabilities) for layer, analysis in parts}
    return RuntimeComponents(
        tuple(Loaded(each, layer, said[layer].get(each.purl, ())) for layer, each in loaded), gap, code.analysis.source
    )


def _incomplete(analysis: CodeAnalysis, source: str) -> Gap | None:
    if not analysis.incomplete:
        return None
    more = f" (and {len(analysis.incomplete) - 1} more)" if len(analysis.incomplete) > 1 else ""
    return Gap(GapReason.NOT_COLLECTED, source, None, f"{analysis.incomplete[0]}{more}")


def _by_purl(vulnerabilities: Iterable[Vulnerability]) -> dict[str, tuple[Vulnerability, ...]]:
    found: dict[str, tuple[Vulnerability, ...]] = {}
    for each in vulnerabilities:
        found[each.purl] = (*found.get(each.purl, ()), each)
    return found


def unversioned(purl: str) -> str:
    """A package URL without its version."""
    namespace, slash, name = purl.rpartition("/")
    return f"{namespace}{slash}{name.partition('@')[0]}"


_Part = TypeVar("_Part", bound=str)


def merged(parts: Sequence[tuple[_Part, Iterable[Component]]]) -> list[tuple[_Part, Component]]:
    """The components that a runtime loads: the layers in their order, then the package.

    Python and Node.js look into the package first, so that a layer's library of the same name is never loaded; of two
    layers the later one is laid over the earlier. A lock counts only where nothing of its ecosystem is installed: what
    it names besides is not in the package. So does a list of requirements, but for ``requirements.txt``, from which the
    cloud may install: there a package counts of which no version is installed.
    """
    found: dict[tuple[str, str, str], tuple[_Part, Component]] = {}
    for part, components in parts:
        own = _keyed(components)
        found = {**_without(found, own.values()), **{key: (part, each) for key, each in own.items()}}
    certain = {each.ecosystem for _, each in found.values() if each.evidence in _CERTAIN}
    installed = {(each.ecosystem, each.name) for _, each in found.values() if each.evidence in _CERTAIN}
    kept = (
        row
        for row in found.values()
        if row[1].evidence in _CERTAIN
        or row[1].ecosystem not in certain
        or (_is_required(row[1]) and (row[1].ecosystem, row[1].name) not in installed)
    )
    return sorted(kept, key=lambda row: (row[1].ecosystem, row[1].name, row[1].version, row[1].path))


def _is_required(each: Component) -> bool:
    """Whether the list that runtimes install from names it: those of tests and of development have other names."""
    return each.evidence is ComponentEvidence.DECLARED and each.path.rpartition("/")[2] == "requirements.txt"


def _keyed(components: Iterable[Component]) -> dict[tuple[str, str, str], Component]:
    """One component for each name and version: the one that is surest, and the first of these."""
    found: dict[tuple[str, str, str], Component] = {}
    for each in components:
        key = (each.ecosystem, each.name, each.version)
        if key not in found or _ORDER.index(each.evidence) < _ORDER.index(found[key].evidence):
            found[key] = each
    return found


def _without(
    found: Mapping[tuple[str, str, str], tuple[_Part, Component]], above: Iterable[Component]
) -> dict[tuple[str, str, str], tuple[_Part, Component]]:
    """What is still loaded where other files are looked at first."""
    hidden = {(each.ecosystem, each.name) for each in above if each.evidence in _CERTAIN and _alone(each)}
    return {
        key: row for key, row in found.items() if (row[1].ecosystem, row[1].name) not in hidden or not _alone(row[1])
    }


def _alone(each: Component) -> bool:
    """Whether a runtime loads only one of that name: not Java's class path, not modules within modules."""
    if each.ecosystem == "PyPI":
        return True
    return each.ecosystem == "npm" and each.path.count(_MODULES) == 1
