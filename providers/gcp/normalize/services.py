"""The Cloud Run services of a project: as the service itself lists them, else as the inventory does."""

from typing import Any, Final

from auditor.model.capture import Json
from auditor.model.observed import Gap, GapReason, Observed, Unknown
from providers.gcp.normalize import cloud_run_v1
from providers.gcp.normalize.answers import Answers, Told, known
from providers.gcp.normalize.assets import RESOURCES, SERVICE, Assets
from providers.gcp.normalize.collections import damaged, instead
from providers.gcp.normalize.fields import member, optional_text
from providers.gcp.normalize.names import Name, parse

LISTED: Final = "run:ListServices"


class Services:
    """The services, by relative name."""

    def __init__(self, answers: Answers, assets: Assets, names: dict[str, str]) -> None:
        """``names`` tells a project's id from its number."""
        self._answers = answers
        self._ids = names
        self._found: dict[str, Observed[Told]] = {}
        self._gaps: dict[str, Gap] = {}
        self._asset_gap = assets.gap
        self._complete: set[str] = set()
        self._damaged: dict[str, Gap] = {}
        for location in answers.places(LISTED):
            self._region(location)
        for told in assets.of(SERVICE).values():
            name = self.canonical(told.name)
            if name is not None and name.location not in self._complete:
                self._found.setdefault(name.text, self._told(RESOURCES, name.text, told.body))
        for key, service in self._found.items():
            parsed = parse(key)
            if isinstance(service, Unknown) and parsed is not None:
                self._damaged.setdefault(parsed.location, service.gap)

    def _region(self, location: str) -> None:
        listing = self._answers.listed(LISTED, "services", "items", location=location)
        for body in listing.items:
            name = self._named(body, location)
            if name is None:
                message = "a service could not be told by its name"
                self._gaps.setdefault(location, self._answers.gap(LISTED, GapReason.MALFORMED, message))
            else:
                self._found[name.text] = self._told(LISTED, name.text, body)
        if listing.gap is not None and listing.gap.reason is not GapReason.NOT_OFFERED:
            self._gaps.setdefault(location, listing.gap)  # where Cloud Run is off it has no services
        if location not in self._gaps:
            self._complete.add(location)

    def _named(self, body: dict[str, Any], location: str) -> Name | None:
        metadata: Json = body.get("metadata")
        if cloud_run_v1.is_knative(body) and isinstance(metadata, dict) and isinstance(metadata.get("name"), str):
            labels: Json = metadata.get("labels")
            place = labels.get("cloud.googleapis.com/location") if isinstance(labels, dict) else None
            where = place if isinstance(place, str) else location
            return self.canonical(f"projects/{self._answers.project}/locations/{where}/services/{metadata['name']}")
        return self.canonical(body.get("name"))

    def _told(self, source: str, name: str, body: dict[str, Any]) -> Observed[Told]:
        return self._answers.fact(
            source, lambda: Told(self._answers, source, name, cloud_run_v1.modern(body, name)), name
        )

    def canonical(self, name: object) -> Name | None:
        """A service's name with the project's id, never its number; None for anything else."""
        parsed = parse(name)
        if parsed is None or parsed.kind != "services" or not parsed.location:
            return None
        return Name(self._ids.get(parsed.project, parsed.project), parsed.location, parsed.kind, parsed.name)

    def service(self, name: object) -> Observed[Told]:
        """The service of that name; Unknown with the reason where it could not be read."""
        parsed = self.canonical(name)
        if parsed is None:
            return Unknown(self._answers.gap(LISTED, GapReason.MALFORMED, "the function does not name its service"))
        found = self._found.get(parsed.text)
        if found is not None:
            return found
        gap = self.gap(parsed.location)
        if gap is None:
            message = "Cloud Run does not list the service the function names"
            gap = self._answers.gap(LISTED, GapReason.NOT_FOUND, message, parsed.text)
        return Unknown(gap)

    def gap(self, location: str) -> Gap | None:
        """Why the services of a location are not all known; None where they are."""
        broken = self._gaps.get(location)
        if location in self._complete or self._asset_gap is None:
            return broken if damaged(broken) else self._damaged.get(location)
        return self._gaps.get(location) or instead(self._answers, self._asset_gap, LISTED)

    def everything(self) -> dict[str, Observed[Told]]:
        """Every service that was told of."""
        return self._found

    def locations(self) -> frozenset[str]:
        """Where there are services, or should have been looked."""
        return frozenset(name.location for key in self._found if (name := parse(key)) is not None) | frozenset(
            self._gaps
        )


def labels(told: Told) -> dict[str, Any]:
    """The labels of a service, as far as they can be read."""
    found: Json = told.body.get("labels")
    return found if isinstance(found, dict) else {}


def target(told: Told) -> Observed[str | None]:
    """The function a service was built from, Known(None) for an ordinary service."""
    if "buildConfig" not in told.body:
        return known(None, told.source)
    return told.fact(lambda body: optional_text(member(body, "buildConfig"), "functionTarget") or None)
