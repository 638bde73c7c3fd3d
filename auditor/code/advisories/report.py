"""Which advisories the components of a package fall under."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, Protocol

from auditor.code.advisories.matching import affected, smallest_upgrade
from auditor.code.advisories.severity import base_score, is_malicious, severity_of
from auditor.code.advisories.versions import UnorderedVersionError
from auditor.code.files import shown
from auditor.model.code_analysis import Component, Vulnerability

OURS: Final = "auditor"
_SUMMARY: Final = 200


class Advisories(Protocol):
    """Where advisories come from: a local store, or OSV itself."""

    def covers(self, ecosystem: str) -> bool:
        """Whether it can say anything of an ecosystem."""

    def about(self, ecosystem: str, name: str) -> Iterable[Mapping[str, Any]]:
        """The records about a package."""

    def exploited(self, names: Iterable[str]) -> bool:
        """Whether any of these CVE numbers is known to be exploited."""

    def epss(self, names: Iterable[str]) -> float | None:
        """The highest probability of exploitation among these CVE numbers."""


def vulnerabilities(
    components: Iterable[Component], advisories: Advisories
) -> tuple[tuple[Vulnerability, ...], tuple[str, ...]]:
    """The advisories that components fall under, and a sentence for each component that could not be judged."""
    found: list[Vulnerability] = []
    incomplete: dict[str, None] = {}
    for component in components:
        records, unjudged = matching(component, advisories)
        incomplete |= dict.fromkeys(unjudged)
        found += _told(component, records, advisories)
    return tuple(found), tuple(incomplete)


def matching(component: Component, advisories: Advisories) -> tuple[list[Mapping[str, Any]], tuple[str, ...]]:
    """The records that a component falls under, and a sentence for what of it could not be judged."""
    if not advisories.covers(component.ecosystem):
        return [], (f"No advisories of {component.ecosystem} are held: its components were not judged.",)
    if component.ecosystem == "Maven" and ":" not in component.name:
        return [], (f"{shown(component.path)}: it does not say its Maven group and was not judged.",)
    records: list[Mapping[str, Any]] = []
    unjudged: tuple[str, ...] = ()
    for record in advisories.about(component.ecosystem, component.name):
        try:
            if affected(record, component.ecosystem, component.name, component.version)[0]:
                records.append(record)
        except UnorderedVersionError:
            unjudged = (f"{shown(component.name)} {shown(component.version)}: its version cannot be compared.",)
    return records, unjudged


def _told(component: Component, hits: list[Mapping[str, Any]], advisories: Advisories) -> Iterator[Vulnerability]:
    """One vulnerability for each group of records that name one another."""
    if not hits:
        return
    upgrade = smallest_upgrade(component.ecosystem, component.version, ((hit, component.name) for hit in hits))
    purl = component.purl
    for group in _groups(hits):
        names = sorted({name for hit in group for name in _names(hit)})
        exploited, epss = advisories.exploited(names), advisories.epss(names)
        rated = {hit["id"]: severity_of(hit, exploited=exploited, epss=epss) for hit in group}
        lead = max(group, key=lambda hit: (base_score(hit) is not None, rated[hit["id"]].rank, _preferred(hit)))
        yield Vulnerability(
            id=lead["id"],
            aliases=tuple(name for name in names if name != lead["id"]),
            purl=purl,
            severity=rated[lead["id"]],
            score=base_score(lead),
            summary=shown(str(lead.get("summary") or lead.get("details") or ""))[:_SUMMARY],
            upgrade=upgrade,
            exploited=exploited,
            epss=epss,
            malicious=any(map(is_malicious, group)),
            scanners=(OURS,),
        )


def _preferred(hit: Mapping[str, Any]) -> int:
    return str(hit["id"]).startswith("GHSA-")


def _names(hit: Mapping[str, Any]) -> Iterator[str]:
    yield hit["id"]
    yield from (str(alias) for alias in hit.get("aliases") or ())


def _groups(hits: Iterable[Mapping[str, Any]]) -> list[list[Mapping[str, Any]]]:
    groups: list[tuple[set[str], list[Mapping[str, Any]]]] = []
    for hit in hits:
        names, members = set(_names(hit)), [hit]
        for other in [group for group in groups if group[0] & names]:
            groups.remove(other)
            names |= other[0]
            members = other[1] + members
        groups.append((names, members))
    return [members for _, members in groups]
