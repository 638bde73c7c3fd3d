"""What a row of ``report.json`` shows of a package beside its analysis: components, findings, calls."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from auditor.analysis.code_calls import call_rows
from auditor.model.code_analysis import CodeAnalysis, Component
from auditor.model.observed import Known, Observed


def inside(fact: Observed[CodeAnalysis]) -> Iterator[tuple[str, Any]]:
    """The keys with their values; null where the package was not read, which ``unknown_facts`` says of the analysis."""
    if not isinstance(fact, Known):
        yield from dict.fromkeys(("components", "findings", "calls")).items()
        return
    found = fact.value
    yield "components", list(_components(found))
    yield "findings", [{**asdict(each), "confidence": each.confidence.value} for each in found.findings]
    yield "calls", list(call_rows(asdict(found.facts), unreached=True))


def _components(found: CodeAnalysis) -> Iterator[dict[str, Any]]:
    advisories: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for each in found.vulnerabilities:
        advisories[each.purl][each.id] = None
    for component in found.components:
        yield _component(component, list(advisories[component.purl]))


def _component(found: Component, advisories: list[str]) -> dict[str, Any]:
    return {
        "purl": found.purl,
        "evidence": found.evidence.value,
        "advisories": advisories,
        "ecosystem": found.ecosystem,
        "name": found.name,
        "version": found.version,
        "path": found.path,
    }
