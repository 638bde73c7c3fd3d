"""Resources of one kind, by relative name: as their own service lists them, else as the bulk inventory does."""

from collections.abc import Iterable, Mapping
from typing import Final

from auditor.model.observed import Gap, GapReason, Observed, Unknown
from providers.gcp.normalize.answers import GLOBAL, Answers, Told, known
from providers.gcp.normalize.assets import RESOURCES, Assets
from providers.gcp.normalize.fields import text
from providers.gcp.normalize.names import canonical, parse

_EVERYWHERE: Final = ""


def instead(answers: Answers, gap: Gap, operation: str, subject: str = "") -> Gap:
    """Why something is unknown that the bulk inventory did not tell and its own service was not asked about.

    A project without the inventory has functions all the same: that it is switched off there explains nothing.
    """
    return answers.missing(operation, subject) if gap.reason is GapReason.NOT_OFFERED else gap


def damaged(gap: Gap | None) -> bool:
    """Whether a list was answered, and could not be read: then another list proves no absence either."""
    return gap is not None and gap.reason in (GapReason.MALFORMED, GapReason.UNRECOGNISED)


class Collection:
    """``found`` by relative name, with project ids instead of numbers.

    A complete list of the service itself is the truth; the inventory, which lags behind it, fills in elsewhere.
    """

    def __init__(
        self,
        answers: Answers,
        assets: Assets,
        ids: Mapping[str, str],
        *,
        kind: str,
        operation: str,
        key: str,
    ) -> None:
        self._answers = answers
        self._operation = operation
        self._gaps: dict[str, Gap] = {}
        self._asset_gap = assets.gap
        self._complete: set[str] = set()
        self._silent: set[str] = set()
        self.found: dict[str, Told] = {}
        inventory = {canonical(told.name, ids) for told in assets.of(kind).values()}
        for location in answers.places(operation):
            self._own(location, key, ids)
            self._weigh(location, key, inventory)
        self._gaps |= dict(answers.regional_gaps(operation))
        for told in assets.of(kind).values():
            name = canonical(told.name, ids)
            if not self._listed(name):
                self.found.setdefault(name, Told(answers, RESOURCES, name, told.body))

    def _own(self, location: str, key: str, ids: Mapping[str, str]) -> None:
        listing = self._answers.listed(self._operation, key, location=location)
        named = self._answers.readable(listing, lambda body: (canonical(text(body, "name"), ids), body))
        for name, body in named.items:
            self.found[name] = Told(self._answers, self._operation, name, body)
        where = _EVERYWHERE if location == GLOBAL else location
        if named.gap is None:
            self._complete.add(where)
        else:
            self._gaps.setdefault(where, named.gap)

    def _weigh(self, location: str, key: str, inventory: Iterable[str]) -> None:
        """A list that came back empty is not believed where the inventory has something to put on it."""
        where = _EVERYWHERE if location == GLOBAL else location
        if where not in self._complete or not self._answers.silent(self._operation, key, location=location):
            return
        self._silent.add(where)
        other = next((name for name in sorted(inventory) if where in (_EVERYWHERE, _location(name))), None)
        if other is not None:
            self._complete.discard(where)
            self._gaps[where] = self._answers.contradiction(self._operation, f"the inventory lists {other}")

    def _listed(self, name: str) -> bool:
        return self._whole(_location(name))

    def _whole(self, location: str) -> bool:
        """Whether the service's own list covers a location."""
        return location in self._complete or (_EVERYWHERE in self._complete and location not in self._gaps)

    def gap(self, location: str = _EVERYWHERE) -> Gap | None:
        """Why what there is at a location is not all known; None where it is."""
        own = self._gaps.get(location) or self._gaps.get(_EVERYWHERE)
        if self._whole(location) or (self._asset_gap is None and not damaged(own)):
            return None
        if self._asset_gap is None:
            return own
        return own or instead(self._answers, self._asset_gap, self._operation)

    def everywhere(self) -> Gap | None:
        """Why what there is anywhere is not all known; None where it is."""
        whole = _EVERYWHERE in self._complete or (self._complete and not self._gaps)
        broken = next((gap for gap in self._gaps.values() if damaged(gap)), None)
        if self._asset_gap is None or (whole and not self._gaps):
            return broken
        return next(iter(self._gaps.values()), None) or instead(self._answers, self._asset_gap, self._operation)

    def get(self, name: str) -> Observed[Told | None]:
        """The resource of that name; Known(None) where all are known and it is not among them."""
        found = self.found.get(name)
        if found is not None:
            return known(found, found.source)
        gap = self.gap(_location(name)) or self.doubt(name)
        return Unknown(gap) if gap is not None else known(None, self.source(_location(name)))

    def doubt(self, name: str) -> Gap | None:
        """Why something that is named elsewhere may exist although the list is empty, if no inventory confirms it."""
        where = _location(name)
        listed = where if where in self._complete or where in self._gaps else _EVERYWHERE
        if self._asset_gap is None or listed not in self._silent:
            return None
        return self._answers.contradiction(self._operation, f"{name} is named")

    def source(self, location: str = _EVERYWHERE) -> str:
        """The answer that says what there is."""
        return self._operation if self._whole(location) else RESOURCES

    def all(self) -> Iterable[Told]:
        """Everything found."""
        return self.found.values()


def _location(name: str) -> str:
    parsed = parse(name)
    return parsed.location if parsed is not None else _EVERYWHERE
