"""A unit of a distributed run as a worker is given it: a JSON text of what to ask, and never of how to sign in."""

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from pathlib import Path
from threading import Event
from typing import Any, Final
from urllib.parse import quote

from auditor import __version__
from auditor.errors import UsageError
from auditor.fleet import AccountsFile, Fleet, ListedAccount, read_accounts
from auditor.model.capture import Depth
from auditor.model.ids import Cloud
from auditor.provider import CollectOptions, Portion

EXTERNAL_ID: Final = "AUDITOR_EXTERNAL_ID"
ACCOUNTS_FILE: Final = "AUDITOR_ACCOUNTS_FILE"
"""The variables of a worker from which it takes external ids, which travel with no unit."""

_TUNING: Final = ("max_workers", "ca_bundle", "cache")
"""What changes how a unit is read, and not what is read of it."""

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class EarlierRun:
    """The saved capture whose answers a unit may take over, in a directory that the worker sees."""

    place: str
    resuming: bool
    max_age_days: float


@dataclass(frozen=True, slots=True)
class WorkUnit:
    """What one worker reads in one go.

    ``asked`` is what to ask; ``selection`` what the capture is narrowed to. ``store`` and ``run`` are where the shard
    goes; ``attempt`` counts from 0, and an attempt after the first takes over the whole answers of the one before.
    """

    cloud: Cloud
    scope: str
    asked: Mapping[str, Any]
    selection: tuple[tuple[str, str], ...]
    store: str
    run: str
    attempt: int = 0
    earlier: EarlierRun | None = None
    tool_version: str = __version__

    @property
    def name(self) -> str:
        """The unit's name in the store: the same for the same questions."""
        told = {key: value for key, value in self.asked.items() if key not in _TUNING}
        text = json.dumps([self.tool_version, told, self.selection], sort_keys=True)
        shown = quote(self.scope or "all", safe="").replace(".", "%2E").replace("~", "%7E")
        shown = shown if len(shown) <= _LONGEST else "long"
        return f"{self.cloud}-{shown}-{sha256(f'{self.scope} {text}'.encode()).hexdigest()[:16]}"

    def encoded(self) -> str:
        """The text that travels."""
        return json.dumps({**asdict(self), "asked": dict(self.asked)}, sort_keys=True)


_LONGEST: Final = 60


def decoded(text: str) -> WorkUnit:
    """A unit from the text that travelled."""
    told = json.loads(text)
    earlier = EarlierRun(**told["earlier"]) if told["earlier"] else None
    selection = tuple((kind, value) for kind, value in told["selection"])
    return WorkUnit(**{**told, "cloud": Cloud(told["cloud"]), "selection": selection, "earlier": earlier})


def asked_of(portion: Portion, packages: Mapping[str, str | None] | None) -> Document:
    """What a portion asks, as JSON. ``packages`` are the options of looking into packages, where that is asked for."""
    options = portion.options
    account = next(iter(options.fleet.listed.accounts), None) if options.fleet.spans_accounts else None
    external = options.settings.get("external_id") or (account.external_id if account else None)
    return {
        "depth": options.depth.value,
        "regions": list(options.regions),
        "exclude_regions": list(options.exclude_regions),
        "functions": list(options.functions),
        "tags": [list(pair) for pair in options.tags],
        "max_workers": options.max_workers,
        "ca_bundle": options.ca_bundle,
        "settings": {key: value for key, value in sorted(options.settings.items()) if key != "external_id" and value},
        "tiers": list(options.tiers),
        "activity_days": options.activity_days,
        "account": _listed(account) if account else None,
        "external_id": bool(external),
        "packages": dict(packages) if packages else None,
    }


def _listed(account: ListedAccount) -> Document:
    told = asdict(replace(account, external_id=None))
    return {**told, "roles": list(account.roles), "regions": list(account.regions)}


def options_of(asked: Mapping[str, Any], stop: Event) -> CollectOptions:
    """The options of a collection from what a unit asks, on the worker.

    Raises UsageError where an external id is needed and this worker's environment has none.
    """
    account = asked["account"]
    external_id = _external_id(account["id"] if account else "") if asked["external_id"] else None
    fleet = Fleet()
    if account:
        listed = ListedAccount(
            account["id"],
            account["name"],
            tuple(account["roles"]),
            external_id if account["roles"] else None,
            tuple(account["regions"]),
            account["profile"],
        )
        fleet = Fleet(listed=AccountsFile(accounts=(listed,)))
    return CollectOptions(
        depth=Depth(asked["depth"]),
        regions=tuple(asked["regions"]),
        exclude_regions=tuple(asked["exclude_regions"]),
        functions=tuple(asked["functions"]),
        tags=tuple((key, value) for key, value in asked["tags"]),
        max_workers=asked["max_workers"],
        ca_bundle=asked["ca_bundle"],
        settings={**asked["settings"], "external_id": external_id},
        stop=stop,
        tiers=tuple(asked["tiers"]),
        fleet=fleet,
        activity_days=asked["activity_days"],
    )


def _external_id(account: str) -> str:
    """The external id for an account: its own in the worker's accounts file, else the one of all."""
    path = os.environ.get(ACCOUNTS_FILE)
    listed: Iterable[ListedAccount] = read_accounts(Path(path)).accounts if path else ()
    own = next((each.external_id for each in listed if each.id == account and each.external_id), None)
    found = own or os.environ.get(EXTERNAL_ID)
    if not found:
        raise UsageError(
            f"The worker has no external ID for the roles to assume: set {EXTERNAL_ID} or {ACCOUNTS_FILE} in its "
            "environment. It is never sent to workers."
        )
    return found
