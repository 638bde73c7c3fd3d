"""When a cloud stops supporting a runtime: a dated table, not a guess.

The tables are data with a source and the date they were checked on; a report says both. An identifier that is
not in its table is unrecognised, never assumed to be supported.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from auditor.model.ids import Cloud
from auditor.model.observed import Gap, GapReason, Observed, Unanswered

_TABLES = {Cloud.AWS: ("aws-runtimes", "runtimes_aws.json")}

_SUCCESSORS = {(Cloud.AWS, "go"): "provided"}
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


@dataclass(frozen=True, slots=True)
class RuntimeLifecycle:
    """The dates of one runtime; None where the cloud has announced none.

    ``order`` compares versions within a ``family``. After ``deprecated_on`` there are no more patches; after
    ``block_create_on`` no new function, after ``block_update_on`` no change to an existing one. Invocations are
    never blocked.
    """

    identifier: str
    family: str
    order: tuple[int, ...]
    deprecated_on: date | None
    block_create_on: date | None
    block_update_on: date | None

    def deprecated(self, today: date) -> bool:
        """Whether its support has ended."""
        return self.deprecated_on is not None and self.deprecated_on <= today


def runtime_lifecycle(cloud: Cloud, identifier: str) -> RuntimeLifecycle | None:
    """The dates of a runtime, None where our table does not list it."""
    return _table(cloud).get(identifier)


def lifecycle_of(cloud: Cloud, runtime: Observed[str | None]) -> RuntimeLifecycle | None:
    """The dates of a function's runtime; None for an image, which brings its own.

    Raises Unanswered where the runtime is unknown, or newer than our table.
    """
    identifier = runtime.need()
    if identifier is None:
        return None
    found = runtime_lifecycle(cloud, identifier)
    if found is None:
        raise Unanswered(
            Gap(
                GapReason.UNRECOGNISED,
                runtime.source,
                None,
                f"runtime {identifier} is not in our table of runtimes",
            )
        )
    return found


def newest_of_family(cloud: Cloud, family: str) -> RuntimeLifecycle | None:
    """The newest runtime of a family that the cloud has given a support date, None for a family unknown to us."""
    released = [row for row in _table(cloud).values() if row.family == family and row.deprecated_on is not None]
    return max(released, key=lambda row: row.order, default=None)


def successor(cloud: Cloud, runtime: RuntimeLifecycle) -> str:
    """The runtime to move to: the newest of the family, or a placeholder where the family ends with this one.

    Go has left the managed runtimes: its programs run on the bare operating system.
    """
    family = _SUCCESSORS.get((cloud, runtime.family), runtime.family)
    newest = newest_of_family(cloud, family)
    return newest.identifier if newest is not None and newest != runtime else "<supported-runtime>"


def spoken(day: date) -> str:
    """A date as a sentence has it: 12 June 2024, whatever the locale."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def data_as_of() -> dict[str, dict[str, str]]:
    """Of each table: the date it was checked on, and its source."""
    return {name: {key: str(_read(file)[key]) for key in ("date", "source")} for name, file in _TABLES.values()}


@cache
def _read(file: str) -> dict[str, Any]:
    text = files("auditor.analysis").joinpath("data", file).read_text(encoding="utf-8")
    content: dict[str, Any] = json.loads(text)
    return content


@cache
def _table(cloud: Cloud) -> Mapping[str, RuntimeLifecycle]:
    if cloud not in _TABLES:
        return {}
    return {row["identifier"]: _row(row) for row in _read(_TABLES[cloud][1])["runtimes"]}


def _row(row: Mapping[str, Any]) -> RuntimeLifecycle:
    return RuntimeLifecycle(
        identifier=row["identifier"],
        family=row["family"],
        order=tuple(row["order"]),
        deprecated_on=_date(row["deprecated_on"]),
        block_create_on=_date(row["block_create_on"]),
        block_update_on=_date(row["block_update_on"]),
    )


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
