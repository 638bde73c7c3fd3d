"""Load balancers in front of functions: backends that lead to them through a serverless endpoint group."""

from dataclasses import dataclass
from typing import Any, Final

from auditor.model.ingress import FrontEnd, IngressScope
from auditor.model.observed import Gap, Observed, Unknown, not_offered
from providers.gcp.normalize.answers import Answers, known
from providers.gcp.normalize.fields import member, optional_items, optional_member, optional_text, record, text
from providers.gcp.normalize.function_list import Entry
from providers.gcp.normalize.names import last

_NEGS: Final = "compute:ListNegs"
_BACKENDS: Final = "compute:ListBackendServices"
_BALANCER: Final = "load-balancer"
_CLOSED: Final = (IngressScope.INTERNAL_AND_BALANCER, IngressScope.INTERNAL, IngressScope.NONE)


@dataclass(frozen=True, slots=True)
class _Group:
    """A serverless endpoint group: what it leads to, by kind and name, in its region."""

    link: str
    kind: str
    name: str
    region: str


class FrontEnds:
    """The load balancers of one project."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        groups = answers.readable(self._aggregated(_NEGS, "networkEndpointGroups"), _group)
        self._gap: Gap | None = groups.gap
        self._groups = {group.link: group for group in groups.items if group is not None}
        backends = answers.readable(self._aggregated(_BACKENDS, "backendServices"), _backend)
        self._gap = self._gap or backends.gap
        self._by_group: dict[str, list[tuple[str, bool]]] = {}
        for link, guarded, leads in backends.items:
            for group in leads:
                self._by_group.setdefault(group, []).append((link, guarded))

    def _aggregated(self, operation: str, key: str) -> Any:
        pages = self._answers.pages(operation)
        lists = self._answers.readable(pages, lambda body: _scoped(body, key))
        return type(pages)(tuple(item for page in lists.items for item in page), lists.gap, operation)

    def of(self, entry: Entry, scope: Observed[IngressScope]) -> Observed[tuple[FrontEnd, ...]]:
        """The load balancers in front of a function."""
        service = entry.service.value.name if entry.service.known else None
        names = {("cloudFunction", entry.name.name)} if entry.record is not None else set()
        if entry.generation != 1:
            names.add(("cloudRun", last(service) if service else entry.name.name))
        found: dict[str, FrontEnd] = {}
        for link, group in self._groups.items():
            if (group.kind, group.name) not in names or group.region != entry.name.location:
                continue
            for backend, guarded in self._by_group.get(link, ()):
                found[backend] = FrontEnd(
                    id=backend,
                    kind=_BALANCER,
                    firewall=known(guarded, _BACKENDS),
                    exclusive=scope.map(lambda value: value in _CLOSED),
                    asks_identity=not_offered(_BACKENDS, "a load balancer leaves that to the function"),
                )
        unguarded = any(front.firewall.known and not front.firewall.value for front in found.values())
        if self._gap is not None and not unguarded:
            return Unknown(self._gap)  # those that are unread may be unguarded
        return known(tuple(found.values()), _BACKENDS)


def _scoped(body: dict[str, Any], key: str) -> list[Any]:
    """An aggregated list keeps the items of each region under the region's name."""
    return [item for place in optional_member(body, "items").values() for item in optional_items(place, key)]


def _group(item: Any) -> _Group | None:
    body = record(item)
    if text(body, "networkEndpointType") != "SERVERLESS":
        return None
    for kind, key in (("cloudRun", "service"), ("cloudFunction", "function")):
        if kind in body:
            link = text(body, "selfLink")
            region = last(optional_text(body, "region")) or link.split("/regions/")[-1].split("/")[0]
            return _Group(_path(link), kind, last(optional_text(member(body, kind), key)), region)
    return None


def _backend(item: Any) -> tuple[str, bool, tuple[str, ...]]:
    body = record(item)
    leads = tuple(_path(text(record(each), "group")) for each in optional_items(body, "backends"))
    guarded = bool(optional_text(body, "securityPolicy") or optional_text(body, "edgeSecurityPolicy"))
    return _path(text(body, "selfLink")), guarded, leads


def _path(link: str) -> str:
    """A link without the host and version, which differ between answers."""
    return f"projects/{link.split('/projects/', 1)[1]}" if "/projects/" in link else link
