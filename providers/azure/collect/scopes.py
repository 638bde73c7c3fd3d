"""Which subscriptions there are to read."""

import re
from collections.abc import Mapping
from typing import Any, Final

from auditor.errors import NoScopeError, UsageError
from auditor.model.observed import GapReason
from auditor.provider import CollectOptions, Recorder
from providers.answers.json_paths import text
from providers.azure.endpoint import SIGN_IN
from providers.azure.gateway import Gateway
from providers.azure.operations import BY_ID
from providers.calls.opening import Opening, unopened
from providers.calls.reply import Refusal

_LIST: Final = "resources:ListSubscriptions"
_BELOW: Final = "management:ListDescendants"
_ID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_GROUP: Final = re.compile(r"[\w.()-]{1,90}")
Rows = dict[str, Mapping[str, Any]]


def wanted(options: CollectOptions) -> tuple[str, ...]:
    """The subscriptions asked for, in lower case; none for all. Raises UsageError for what is no id."""
    given = (options.settings.get("subscription_id") or "").split(",")
    ids = tuple(dict.fromkeys(name.strip().lower() for name in given if name.strip()))
    for name in ids:
        if not _ID.fullmatch(name):
            raise UsageError(f"{name!r} is not the id of a subscription: 'az account list' shows them.")
    return ids


def group_of(options: CollectOptions) -> str:
    """The management group asked for, or "". Raises UsageError for what is no id."""
    group = options.settings.get("management_group") or ""
    if group and not _GROUP.fullmatch(group):
        raise UsageError(f"{group!r} is not the id of a management group.")
    return group


def open_scopes(gateway: Gateway, options: CollectOptions, recorder: Recorder) -> tuple[str, ...]:
    """The subscriptions of this run, sorted and recorded; none where the run was stopped first.

    Raises NoScopeError where none can be read.
    """
    chosen, group = wanted(options), group_of(options)
    below: Rows | None = None
    if group:
        below, refusal = _read(gateway, recorder, _BELOW, group=group)
        if refusal is not None:
            failed = f"The subscriptions of management group {group!r} cannot be listed"
            return _hopeless(gateway, _BELOW, refusal, failed, "grant it, or name subscriptions with --subscription-id")
        chosen = tuple(sorted(name for name in below if not chosen or name in chosen))
        if not chosen:
            raise NoScopeError(f"Management group {group!r} has no subscription that was asked for.")
    visible, refusal = _read(gateway, recorder, _LIST)
    if refusal is not None and visible:
        recorder.error(
            f"The list of Azure subscriptions broke off, so some were not read ({refusal.message.rstrip('.')})."
        )
    elif refusal is not None and (not chosen or refusal.reason in (GapReason.EXPIRED, GapReason.UNREACHABLE)):
        failed = "The Azure subscriptions cannot be listed"
        return _hopeless(gateway, _LIST, refusal, failed, "grant it ('auditor permissions azure' prints a role)")
    if refusal is not None and gateway.stopped:
        return ()
    scopes = tuple(sorted(chosen or visible))
    for name in scopes if refusal is None else ():
        if name not in visible:
            recorder.error(f"Azure subscription {name} is not visible to these credentials: it was not read.")
    scopes = scopes if refusal is not None else tuple(name for name in scopes if name in visible)
    if not scopes:
        raise NoScopeError(
            "The Azure credentials see no subscription: grant them Microsoft.Resources/subscriptions/read in one"
            " ('auditor permissions azure' prints a role), or check --tenant-id."
        )
    for scope in scopes:
        recorder.scope(scope, ())
        _record(gateway, _LIST, scope, visible, refusal)
        if below is not None:
            _record(gateway, _BELOW, scope, below, None)
    return scopes


def _record(gateway: Gateway, operation: str, scope: str, found: Rows, refusal: Refusal | None) -> None:
    """Records a scope's own row of a list; where it has none, why the list is not whole."""
    own = {"value": [found[scope]]} if scope in found else refusal or {"value": []}
    gateway.record(BY_ID[operation], scope, "", 0, own)


def _read(gateway: Gateway, recorder: Recorder, operation: str, **names: str) -> tuple[Rows, Refusal | None]:
    """The rows that are subscriptions, by id; management groups list groups beside them."""
    found: Rows = {}
    unreadable = 0
    refusal: Refusal | None = None
    for answer in gateway.pages(BY_ID[operation], "", **names):
        if isinstance(answer, Refusal):
            refusal = answer
            break
        for row in answer["value"]:
            kind = text(row, "type").lower()
            name = (text(row, "subscriptionId") or text(row, "name")).lower()
            if name and (not kind or kind.endswith("/subscriptions")):
                found[name] = row
            elif not name:
                unreadable += 1
    if unreadable:
        recorder.error(f"{unreadable} entries of {operation} name no subscription: what they are was not read.")
    return found, refusal


def _hopeless(gateway: Gateway, operation: str, refusal: Refusal, failed: str, grant: str) -> tuple[str, ...]:
    """Raises NoScopeError for a refusal that leaves no subscription to read; a stopped run ends quietly."""
    if refusal.reason is GapReason.INTERRUPTED:
        return ()
    address, setting = gateway.address
    raise unopened(Opening("Azure", failed, SIGN_IN, BY_ID[operation].permission, grant, address, setting), refusal)
