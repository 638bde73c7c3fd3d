"""The functions of a project: counted and named before any is described, and none may vanish.

The functions API lists both generations; the bulk inventory stands in where it does not answer. What was deployed
straight to Cloud Run is known to Cloud Run alone, by the function it was built from.
"""

from dataclasses import dataclass
from typing import Any, Final

from auditor.model.observed import Gap, GapReason, Known, Observed, Unknown, not_offered
from providers.gcp.normalize.answers import Answers, Told, known
from providers.gcp.normalize.assets import FUNCTION, GEN1, RESOURCES, Assets
from providers.gcp.normalize.fields import Enumeration
from providers.gcp.normalize.functions_v1 import modern
from providers.gcp.normalize.names import Name, parse
from providers.gcp.normalize.services import Services, labels, target

LISTED: Final = "functions:ListFunctions"

_GENERATION: Final[Enumeration[int]] = Enumeration(GEN_1=1, GEN_2=2)
_MANAGED: Final = "goog-managed-by"
_MARKS: Final = ("goog-cloudfunctions-runtime", "goog-drz-cloudfunctions-id")


@dataclass(frozen=True, slots=True)
class Entry:
    """One function. ``generation`` 1, 2, or 0 for one that only Cloud Run knows; None where it cannot be told.

    ``record`` is the function as the functions API has it (None for one that only Cloud Run knows); ``service``
    its Cloud Run service: Unknown where it could not be read, not offered to the first generation.
    """

    name: Name
    source: str
    generation: int | None
    record: Told | None
    service: Observed[Told]
    detached: Observed[bool]
    unlisted: Observed[bool]

    @property
    def id(self) -> str:
        """The full resource name."""
        return self.name.id

    @property
    def told(self) -> Observed[Told]:
        """What describes it first: its record, or else its service."""
        return Known(self.record, self.source) if self.record is not None else self.service


class FunctionList:
    """The functions of one project. ``damaged`` counts entries that cannot be told by their name."""

    def __init__(self, answers: Answers, assets: Assets, services: Services, ids: dict[str, str]) -> None:
        self._answers = answers
        self._services = services
        self._ids = ids
        self.damaged = 0
        self._unreachable: dict[str, Gap] = dict(answers.regional_gaps(LISTED))
        listing = answers.listed(LISTED, "functions")
        off = listing.gap is not None and listing.gap.reason is GapReason.NOT_OFFERED
        self._list_gap: Gap | None = None if off else listing.gap  # where the API is off it has no functions
        self._asset_gap = assets.gap
        if answers.silent(LISTED, "functions") and (other := self._left_out(assets)):
            self._list_gap = answers.contradiction(LISTED, f"there is {other}")
        self._records: dict[str, tuple[Name, Told]] = {}
        for body in listing.items:
            self._add(body, LISTED)
        for kind in (GEN1, FUNCTION):
            for told in assets.of(kind).values():
                self._add_asset(told)
        self.entries: tuple[Entry, ...] = tuple(
            sorted((*self._recorded(), *self._standalone()), key=lambda entry: entry.id)
        )

    def _left_out(self, assets: Assets) -> str | None:
        """A function that would be on the list: the inventory's, or else one that has left a service."""
        named = [told.name for kind in (GEN1, FUNCTION) for told in assets.of(kind).values()]
        if assets.gap is not None:
            services = self._services.everything().items()
            named += [name for name, service in services if isinstance(service, Known) and _managed(service.value)]
        return min(named, default=None)

    def _add(self, body: dict[str, Any], source: str) -> None:
        record = modern(body)
        name = self._name(record.get("name"))
        if name is None:
            self.damaged += 1
            self._list_gap = self._list_gap or self._answers.gap(
                LISTED, GapReason.MALFORMED, "a function could not be told by its name"
            )
        else:
            told = Told(self._answers, source, name.text, record)
            self._records.setdefault(name.text, (name, told))

    def _add_asset(self, asset: Told) -> None:
        """The inventory lags behind: what the complete list of a place does not have is gone."""
        name = self._name(asset.name)
        if name is not None and self._own_gap(name.location) is not None and name.text not in self._records:
            told = Told(self._answers, RESOURCES, name.text, modern(asset.body))
            self._records[name.text] = (name, told)

    def _name(self, text: object) -> Name | None:
        parsed = parse(text)
        if parsed is None or parsed.kind != "functions" or not parsed.location:
            return None
        return Name(self._ids.get(parsed.project, parsed.project), parsed.location, parsed.kind, parsed.name)

    def _own_gap(self, location: str) -> Gap | None:
        """Why the functions API's own list of a place is not complete."""
        return self._unreachable.get(location) or self._list_gap

    def gap(self, location: str) -> Gap | None:
        """Why the functions of a place are not all known; None where they are."""
        unreachable = self._unreachable.get(location)
        if unreachable is not None:
            return unreachable
        if self._list_gap is not None and self._asset_gap is not None:
            return self._list_gap
        return self._services.gap(location)

    def source(self) -> str:
        """The answer that lists the functions."""
        return LISTED if self._list_gap is None else RESOURCES

    def _recorded(self) -> list[Entry]:
        found = []
        for name, told in self._records.values():
            generation = told.fact(lambda body: _GENERATION.read(body, "environment"))
            number = generation.value if isinstance(generation, Known) else None
            found.append(
                Entry(
                    name=name,
                    source=told.source,
                    generation=number,
                    record=told,
                    service=self._service(told, generation),
                    detached=known(False, told.source),
                    unlisted=known(False, told.source),
                )
            )
        return found

    def _service(self, told: Told, generation: Observed[int]) -> Observed[Told]:
        if isinstance(generation, Unknown):
            return generation
        if generation.value == 1:
            return not_offered(told.source, "functions of the first generation have no Cloud Run service")
        config = told.body.get("serviceConfig")
        named = config.get("service") if isinstance(config, dict) else None
        if named is None:
            same = told.name.replace("/functions/", "/services/").replace("_", "-").lower()
            known_as = self._services.canonical(same)
            if known_as is not None and known_as.text in self._services.everything():
                named = same  # the inventory may leave the service out; it bears the function's name
        return self._services.service(named)

    def _standalone(self) -> list[Entry]:
        """Services built from a function, and what the functions API left behind, that no function names."""
        taken = {
            name for _, told in self._records.values() for name in (self._named_service(told),) if name is not None
        }
        found = []
        for text, service in self._services.everything().items():
            name = parse(text)
            if name is None or text in taken or isinstance(service, Unknown):
                continue
            built = target(service.value)
            managed = _managed(service.value)
            if not managed and isinstance(built, Known) and built.value is None:
                continue
            gap = self._own_gap(name.location) if self._asset_gap is not None else self._unreachable.get(name.location)
            if managed and gap is not None:
                continue  # a function of the list that could not be read, and counted as unknown there
            orphan = known(managed, service.source)
            unlisted: Observed[bool] = known(True, service.source) if gap is None else Unknown(gap)
            found.append(
                Entry(
                    name=name,
                    source=service.value.source,
                    generation=0,
                    record=None,
                    service=service,
                    detached=orphan,
                    unlisted=unlisted,
                )
            )
        return found

    def _named_service(self, told: Told) -> str | None:
        config = told.body.get("serviceConfig")
        name = self._services.canonical(config.get("service") if isinstance(config, dict) else None)
        if name is None:
            same = told.name.replace("/functions/", "/services/").replace("_", "-").lower()
            name = self._services.canonical(same)
        return name.text if name is not None else None

    def locations(self) -> frozenset[str]:
        """Where there are functions, or where they should have been found."""
        return frozenset(entry.name.location for entry in self.entries) | frozenset(self._unreachable)


def _managed(service: Told) -> bool:
    """Whether the functions API made a service, as its labels tell."""
    found = labels(service)
    return found.get(_MANAGED) == "cloudfunctions" or any(mark in found for mark in _MARKS)
