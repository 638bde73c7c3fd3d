"""When a cloud stops supporting a runtime: what the cloud itself says, else a dated table, never a guess.

The tables are data with a source and the date they were checked on; a report says both. An identifier that
neither the cloud nor its table knows is unrecognised, never assumed to be supported.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Final

from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.lifecycle import Support
from auditor.model.observed import LEFT_OUT, UNFILLED, Gap, GapReason, Known, Observed, Unanswered

_TABLES = {
    Cloud.AWS: ("aws-runtimes", "runtimes_aws.json"),
    Cloud.AZURE: ("azure-runtimes", "runtimes_azure.json"),
    Cloud.GCP: ("gcp-runtimes", "runtimes_gcp.json"),
}

_SUCCESSORS = {(Cloud.AWS, "go"): "provided", (Cloud.AZURE, "dotnet"): "dotnet-isolated"}
_OWN_RUNTIME = "custom"
"""An app that brings its own program instead of a runtime of the cloud's, as an image does."""
_UNASKED = LEFT_OUT | {GapReason.NOT_OFFERED}
_NAMED = re.compile(r"([a-z-]+?)\|?([0-9][0-9.]*)(?:\.x)?")
_ONE_DIGIT_FIRST = frozenset({"python", "go", "ruby", "php"})
"""Families whose identifiers run major and minor version together on Google Cloud: python313 is 3.13."""
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


@dataclass(frozen=True, slots=True)
class RuntimeLifecycle:
    """The dates of one runtime; None where the cloud has announced none.

    ``order`` compares versions within a ``family``. After ``deprecated_on`` there are no more patches; after
    ``block_create_on`` no new function, after ``block_update_on`` no change to an existing one. ``ended``: the cloud
    says outright that support is over. ``source`` names the answer the dates are from ("" our table). ``doubt``: the
    cloud would have told, and could not be asked; our table proves a defect then, and never its absence.
    """

    identifier: str
    family: str
    order: tuple[int, ...]
    deprecated_on: date | None
    block_create_on: date | None
    block_update_on: date | None
    ended: bool = False
    source: str = ""
    doubt: Gap | None = None

    def deprecated(self, today: date) -> bool:
        """Whether its support has ended."""
        return self.ended or (self.deprecated_on is not None and self.deprecated_on <= today)

    def settle(self) -> None:
        """Raises Unanswered where only our table spoke, though the cloud would have told."""
        if self.doubt is not None:
            raise Unanswered(self.doubt)


def runtime_lifecycle(cloud: Cloud, identifier: str) -> RuntimeLifecycle | None:
    """The dates of a runtime, None where our table does not list it."""
    return _table(cloud).get(identifier)


def support_of(function: Function) -> RuntimeLifecycle | None:
    """The dates of a function's runtime, as its cloud tells them, else from our table; None where it brings its own.

    Raises Unanswered where the runtime is unknown, or neither the cloud nor our table knows it.
    """
    identifier = function.runtime.need()
    if identifier in (None, _OWN_RUNTIME):
        return None
    told = function.support
    listed = runtime_lifecycle(function.cloud, identifier)
    if isinstance(told, Known):
        if told.value is not None:
            return _as_told(listed or _unlisted(identifier), told.value, told.source)
        return lifecycle_of(function.cloud, function.runtime)
    if told == UNFILLED or told.gap.reason in _UNASKED:
        return lifecycle_of(function.cloud, function.runtime)
    if listed is None:
        raise Unanswered(told.gap)
    return replace(listed, doubt=told.gap)


def _as_told(listed: RuntimeLifecycle, told: Support, source: str) -> RuntimeLifecycle:
    """What the cloud says, completed by our table where it gives no date."""
    blocked = _date(told.decommissioned_on)
    return replace(
        listed,
        deprecated_on=_date(told.deprecated_on) or listed.deprecated_on,
        block_create_on=blocked or listed.block_create_on,
        block_update_on=blocked or listed.block_update_on,
        ended=told.ended,
        source=source,
    )


def _unlisted(identifier: str) -> RuntimeLifecycle:
    """A runtime that only the cloud knows: its family and version, read from its name."""
    match = _NAMED.fullmatch(identifier)
    family, version = (match[1], match[2]) if match else (identifier, "")
    if family in _ONE_DIGIT_FIRST and version.isdigit() and len(version) > 1:
        version = f"{version[0]}.{version[1:]}"
    order = tuple(int(number) for number in version.split(".") if number)
    return RuntimeLifecycle(identifier, family, order, None, None, None)


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
    """The newest runtime of a family, None for a family unknown to us. What AWS has not dated is not out yet."""
    rows = [row for row in _table(cloud).values() if row.family == family]
    released = [row for row in rows if row.deprecated_on is not None or cloud is not Cloud.AWS]
    return max(released, key=lambda row: row.order, default=None)


def successor(cloud: Cloud, runtime: RuntimeLifecycle) -> str:
    """The runtime to move to: the newest of the family, or a placeholder where the family ends with this one.

    Go has left the managed runtimes: its programs run on the bare operating system. In-process .NET moves to the
    isolated worker.
    """
    family = _SUCCESSORS.get((cloud, runtime.family), runtime.family)
    newest = newest_of_family(cloud, family)
    if newest is None or (newest.family == runtime.family and newest.order <= runtime.order):
        return "<supported-runtime>"
    return newest.identifier


_APP: Final = "--resource-group {group} --name {app}{of_slot}"
_ON_WINDOWS: Final = {
    "java": f"az functionapp config set {_APP} --java-version {{newest_version}}",
    "node": f"az functionapp config appsettings set {_APP}"
    " --settings WEBSITE_NODE_DEFAULT_VERSION='~'{newest_version}",
    "powershell": f"az functionapp config set {_APP} --powershell-version {{newest_version}}",
}
"""Each language has a setting of its own there."""


def moving_to(newest: str) -> dict[str, str]:
    """``{newest}``, the runtime to move to, and ``{newest_version}``, the version in it: 3.14 of python|3.14."""
    return {"newest": newest, "newest_version": newest.rpartition("|")[2]}


def moving_on_windows(function: Function, newest: str) -> str | None:
    """The command that moves an app on Windows to another version of what is not .NET; None for all others."""
    hosting = function.hosting.value if isinstance(function.hosting, Known) else None
    on_windows = function.cloud is Cloud.AZURE and hosting is not None and hosting.system == "windows"
    return _ON_WINDOWS.get(newest.partition("|")[0].lower()) if on_windows else None


def proof(function: Function, runtime: RuntimeLifecycle) -> tuple[tuple[str, str], ...]:
    """The answers a verdict on a runtime rests on: its name, and its dates where the cloud gave them."""
    named = (function.runtime.source, f"Runtime = {runtime.identifier}")
    if not runtime.source:
        return (named,)
    ends = runtime.deprecated_on.isoformat() if runtime.deprecated_on else "not dated"
    return (
        named,
        (runtime.source, f"{runtime.identifier}: end of support {ends}{', deprecated' if runtime.ended else ''}"),
    )


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
