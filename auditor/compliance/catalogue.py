"""The frameworks that ship with the product: their controls, and which checks are evidence for each.

``data/<id>.json`` holds one version of one framework. It is the only place where a control is named: what a check or a
finding says of controls is read from here. Frameworks of others are quoted by their ids; titles are our own words.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from auditor.check import Check
from auditor.errors import UsageError, suggestion
from auditor.model.ids import Cloud


class Strength(StrEnum):
    """What a check says of a control."""

    FULL = "full"
    """It is the control's own test, for functions: a failure fails the control."""
    PARTIAL = "partial"
    """It tests a part: a failure is one against the control, a pass proves only that part."""
    SUPPORTING = "supporting"
    """It is evidence worth showing: neither a failure nor a pass decides the control."""

    @property
    def decides(self) -> bool:
        """Whether a failure counts against the control."""
        return self is not Strength.SUPPORTING


class Basis(StrEnum):
    """Who says that a check belongs to a control."""

    VENDOR = "vendor-published"
    """The cloud's vendor publishes that its same test belongs here."""
    CATALOGUE = "official-catalogue"
    """The framework's own text names the condition."""
    PEER = "peer-mapping-checked"
    """Another public mapping puts the same test here, and the wording fits."""
    JUDGEMENT = "own-judgement"
    """The control was read, and the link is ours."""


@dataclass(frozen=True, slots=True)
class Link:
    """One check as evidence for one control, on the clouds named: on no other is it."""

    check: str
    clouds: tuple[Cloud, ...]
    strength: Strength
    basis: Basis
    rationale: str
    source: str


@dataclass(frozen=True, slots=True)
class Control:
    """A control. ``limit`` says why a scan does not decide it, or not as a whole; ``wanted`` what would; or ""."""

    id: str
    title: str
    links: tuple[Link, ...]
    limit: str = ""
    wanted: str = ""

    @property
    def clouds(self) -> tuple[Cloud, ...]:
        """The clouds on which anything is evidence for it."""
        return tuple(sorted({cloud for link in self.links for cloud in link.clouds}))

    def on(self, cloud: Cloud) -> tuple[Link, ...]:
        """The links that count on a cloud."""
        return tuple(link for link in self.links if cloud in link.clouds)


@dataclass(frozen=True, slots=True)
class Framework:
    """One version of a framework: those of its controls that a scan of functions touches.

    ``scope`` says which; ``size`` how many controls the whole has, and who counted; ``controls_total`` is that number,
    None where it was not counted; ``as_of`` when the links were last reviewed.
    """

    id: str
    title: str
    version: str
    publisher: str
    url: str
    as_of: str
    licence: str
    scope: str
    size: str
    controls_total: int | None
    controls: tuple[Control, ...]

    @property
    def checks(self) -> frozenset[str]:
        """The ids of the checks that are evidence for any of its controls."""
        return frozenset(link.check for control in self.controls for link in control.links)

    @property
    def clouds(self) -> tuple[Cloud, ...]:
        """The clouds that any of its controls is about."""
        return tuple(sorted({cloud for control in self.controls for cloud in control.clouds}))

    @property
    def not_listed(self) -> int | None:
        """How many controls of the whole are none of these: not assessed. None where the whole was not counted."""
        return None if self.controls_total is None else self.controls_total - len(self.controls)

    def control(self, name: str) -> Control:
        """A control by its id. Raises UsageError for one that is not here."""
        known = {control.id: control for control in self.controls}
        if name not in known:
            hint = suggestion(name, known)
            raise UsageError(
                f"{self.id} has no control {name!r} here{hint} 'auditor frameworks show {self.id}' has all."
            )
        return known[name]


@cache
def frameworks() -> dict[str, Framework]:
    """Every framework that ships with the product, by id."""
    folder = files(__package__).joinpath("data")
    texts = (file.read_text("utf-8") for file in folder.iterdir() if file.name.endswith(".json"))
    read = (_framework(json.loads(text)) for text in texts)
    return {framework.id: framework for framework in sorted(read, key=lambda framework: framework.id)}


def framework(name: str) -> Framework:
    """A framework by its id. Raises UsageError for one we do not have."""
    known = frameworks()
    if name not in known:
        versions = [each for each in known if each.startswith(f"{name}-")]
        hint = f"; name its version: {' or '.join(versions)}." if versions else suggestion(name, known)
        raise UsageError(f"No framework is called {name!r}{hint} 'auditor frameworks list' has all.")
    return known[name]


def linked_checks(names: Iterable[str]) -> frozenset[str]:
    """The checks that are evidence for any control of these frameworks."""
    return frozenset(check for name in names for check in framework(name).checks)


def controls_of(check: Check, cloud: Cloud | None = None) -> list[str]:
    """The controls that a failure of a check counts against, as ``framework:control``: on one cloud, or on any.

    A check of others names its own (``Check.controls``); one of ours is named in the data.
    """
    linked = _by_check().get(check.id, ())
    return [*check.controls, *(name for name, clouds in linked if cloud is None or cloud in clouds)]


@cache
def _by_check() -> dict[str, tuple[tuple[str, tuple[Cloud, ...]], ...]]:
    found: dict[str, tuple[tuple[str, tuple[Cloud, ...]], ...]] = {}
    for each in frameworks().values():
        for control in each.controls:
            for link in control.links:
                if link.strength.decides:
                    found[link.check] = (*found.get(link.check, ()), (f"{each.id}:{control.id}", link.clouds))
    return found


def _framework(row: dict[str, Any]) -> Framework:
    sources = row["sources"]
    plain = {name: row[name] for name in Framework.__dataclass_fields__ if name != "controls"}
    return Framework(**plain, controls=tuple(_control(each, sources) for each in row["controls"]))


def _control(row: dict[str, Any], sources: dict[str, str]) -> Control:
    links = tuple(_link(each, sources) for each in row["links"])
    return Control(row["id"], row["title"], links, row.get("limit", ""), row.get("wanted", ""))


def _link(row: dict[str, Any], sources: dict[str, str]) -> Link:
    return Link(
        row["check"],
        tuple(map(Cloud, row["clouds"])),
        Strength(row["strength"]),
        Basis(row["basis"]),
        row["rationale"],
        sources[row["source"]],
    )
