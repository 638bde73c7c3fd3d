"""Package URLs of components."""

from typing import Final

from packageurl import PackageURL

from auditor.code.components.found import Found
from auditor.model.code_analysis import Component, ComponentEvidence

_TYPES: Final = {
    "PyPI": "pypi",
    "npm": "npm",
    "Maven": "maven",
    "NuGet": "nuget",
    "Go": "golang",
    "RubyGems": "gem",
    "Packagist": "composer",
    "crates.io": "cargo",
}
_ECOSYSTEMS: Final = {kind: ecosystem for ecosystem, kind in _TYPES.items()}


def purl_of(component: Found) -> str:
    """The package URL of a component."""
    namespace, _, name = _parts(component)
    return PackageURL(_TYPES[component.ecosystem], namespace or None, name, component.version).to_string()


def model_of(component: Found) -> Component:
    """The component as the model holds it."""
    return Component(
        purl=purl_of(component),
        ecosystem=component.ecosystem,
        name=component.name,
        version=component.version,
        evidence=ComponentEvidence(component.evidence),
        path=component.path,
    )


def _parts(component: Found) -> tuple[str, str, str]:
    if component.ecosystem == "Maven":
        group, colon, artifact = component.name.partition(":")
        return (group, colon, artifact) if colon else ("", "", group)
    if component.ecosystem in ("npm", "Go", "Packagist"):
        return component.name.rpartition("/")
    return "", "", component.name


def from_purl(text: str) -> tuple[str, str, str] | None:
    """Ecosystem, name and version of a package URL; None for one that is none, or of an ecosystem that is not read."""
    try:
        said = PackageURL.from_string(text)
    except ValueError:
        return None
    ecosystem = _ECOSYSTEMS.get(said.type)
    if ecosystem is None or not said.version:
        return None
    joint = ":" if ecosystem == "Maven" else "/"
    return ecosystem, f"{said.namespace}{joint}{said.name}" if said.namespace else said.name, said.version


def component_of(text: str) -> Component | None:
    """A component that a package URL names; None for one that is none, or of an ecosystem that is not read."""
    found = from_purl(text)
    if found is None:
        return None
    ecosystem, name, version = found
    return Component(
        purl=text, ecosystem=ecosystem, name=name, version=version, evidence=ComponentEvidence.DECLARED, path=""
    )
