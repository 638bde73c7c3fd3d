"""The revisions of a region's services in one list, instead of a list for each service."""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any, Final

from auditor.model.observed import GapReason
from providers.answers.json_paths import rows, text
from providers.calls.reply import Refusal
from providers.calls.work_queue import WorkQueue
from providers.gcp.collect.project_context import ProjectContext
from providers.gcp.collect.resource_names import part

REVISIONS: Final = "run:ListRevisions"
_HELD_BACK: Final = frozenset({GapReason.SERVICE_ERROR, GapReason.NOT_FOUND, GapReason.MALFORMED})
"""How a list of the whole region may fail where that of one service does not."""


class Revisions:
    """Asks for every service at once (``services/-``), and gives each service that was wanted its own part."""

    def __init__(self, context: ProjectContext, region: str, services: Iterable[str]) -> None:
        self._context = context
        self._region = region
        self._pages = dict.fromkeys(sorted(services), 0)
        self._names = {part(name, "services"): name for name in self._pages}

    def read(self) -> tuple[str, ...]:
        """Reads the list; returns the services that have to be asked about one by one."""
        context = self._context
        if len(self._pages) < 2:
            return tuple(self._pages)
        everything = f"projects/{context.project.id}/locations/{self._region}/services/-"
        refusals: list[Refusal] = []

        def keep(page: int, answer: Any) -> bool:
            if isinstance(answer, Refusal):
                refusals.append(answer)
                if page or answer.reason not in _HELD_BACK:
                    self._record(dict.fromkeys(self._pages, answer))
                return False
            self._record(self._parts(answer))
            return True

        request = context.request({"service": everything})
        complete = context.gateway.pages(REVISIONS, context.target(self._region, everything), request, keep)
        if complete:
            self._record({name: {"revisions": []} for name, page in self._pages.items() if not page})
        return () if any(self._pages.values()) else tuple(self._pages)

    def _parts(self, answer: Any) -> Mapping[str, Any]:
        parts: dict[str, Any] = {}
        for row in rows(answer, "revisions"):
            name = self._names.get(part(text(row, "name"), "services"))
            if name is not None:
                parts.setdefault(name, {"revisions": []})["revisions"].append(row)
        return parts

    def _record(self, parts: Mapping[str, Any]) -> None:
        for name, answer in parts.items():
            self._context.gateway.record(REVISIONS, self._context.target(self._region, name), self._pages[name], answer)
            self._pages[name] += 1


def read_revisions(context: ProjectContext, queue: WorkQueue, services: Iterable[str]) -> None:
    """Reads the revisions of the given services, region by region."""
    regions: dict[str, set[str]] = {}
    for name in services:
        regions.setdefault(part(name, "locations"), set()).add(name)
    single: list[str] = []
    lists = [Revisions(context, region, names) for region, names in sorted(regions.items())]
    queue.together(partial(_read, one, single) for one in lists)
    queue.together(
        partial(context.listing, REVISIONS, part(name, "locations"), name, service=name) for name in sorted(single)
    )


def _read(one: Revisions, single: list[str]) -> None:
    single.extend(one.read())
