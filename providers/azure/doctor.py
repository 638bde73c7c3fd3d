"""``auditor doctor`` for Azure: which subscriptions do I see, which permissions are missing."""

# ruff: noqa: ARG002 - what keeps nothing uses no argument

from collections.abc import Iterator, Sequence
from typing import Final, TypeVar

from auditor.errors import AuditorError
from auditor.model.capture import Json
from auditor.model.observed import GapReason
from auditor.provider import CollectOptions, Operation, Probe
from providers.answers.json_paths import rows
from providers.azure.classify import Refusal
from providers.azure.collect.apps import App, app_of
from providers.azure.collect.scopes import open_scopes
from providers.azure.gateway import Gateway
from providers.azure.metrics import timespan
from providers.azure.operations import BY_ID, TABLES, AzureOperation
from providers.azure.operations.apps import APPS

_SUBSCRIPTION: Final = (
    "web:ListFunctionAppStacks",
    "authorization:ListRoleAssignments",
    "authorization:ListRoleDefinitions",
    "authorization:ListLocks",
    "authorization:ListPermissions",
    "security:ListPricings",
    "eventgrid:ListSubscriptions",
)

_T = TypeVar("_T")


class Unrecorded:
    """A recorder that keeps nothing: a doctor's calls are not a capture."""

    def answer(self, operation: Operation, scope: str, location: str, subject: str, page: int, body: Json) -> Json:
        """Hands the answer back."""
        return body

    def restore(self, asked: _T) -> _T:
        """Hands the parameters back: nothing was marked."""
        return asked

    def absent(self, operation: Operation, scope: str, location: str, subject: str) -> None:
        """Keeps nothing."""

    def gap(
        self, operation: Operation, scope: str, location: str, subject: str, page: int, reason: GapReason, message: str
    ) -> None:
        """Keeps nothing."""

    def scope(self, scope: str, locations: Sequence[str]) -> None:
        """Keeps nothing."""

    def error(self, sentence: str) -> None:
        """Keeps nothing."""

    def throttled(self, operation: Operation) -> None:
        """Keeps nothing."""


class Unwatched:
    """A progress display that shows nothing."""

    def expect(self, calls: int) -> None:
        """Shows nothing."""

    def done(self, operation: str) -> None:
        """Shows nothing."""


def examine(gateway: Gateway, options: CollectOptions) -> Iterator[Probe]:
    """Yields a line for the subscriptions, one for each table of Resource Graph, and one for each kind of call."""
    try:
        scopes = open_scopes(gateway, options, Unrecorded())
    except AuditorError as refused:
        yield Probe("subscriptions", ok=False, text=str(refused))
        return
    if not scopes:
        return
    yield Probe("subscriptions", ok=True, text=", ".join(scopes))
    for table, operations in TABLES.items():
        answer = next(gateway.graph(table, {"subscriptions": list(scopes[:1])}))
        yield _told(f"Resource Graph {table}", operations[0], answer)
    app: App | None = None
    for scope in scopes:
        listed = _first(gateway, "web:ListSites", scope)
        found = [] if isinstance(listed, Refusal) else [app_of(row, scope) for row in rows(listed, "value")]
        app = app or next((one for one in found if one is not None), None)
        if scope == scopes[0] or app is not None:
            yield _told("web:ListSites", BY_ID["web:ListSites"], listed)
        if app is not None:
            break
    for operation in _SUBSCRIPTION:
        yield _told(operation, BY_ID[operation], _first(gateway, operation, app.scope if app else scopes[0]))
    yield from _app(gateway, app)


def _app(gateway: Gateway, app: App | None) -> Iterator[Probe]:
    if app is None:
        yield Probe("function apps", ok=True, text="none is visible, so the calls about one were not tried")
        return
    for operation in APPS:
        yield _told(operation.id, operation, _first(gateway, operation.id, app.scope, app.id))


def _first(gateway: Gateway, operation_id: str, scope: str, resource: str = "") -> Json | Refusal:
    operation = BY_ID[operation_id]
    return gateway.ask(operation, scope, gateway.url(operation, scope, resource, timespan=timespan()))


def _told(subject: str, operation: AzureOperation, answer: Json | Refusal) -> Probe:
    if not isinstance(answer, Refusal) or answer.code in operation.absent_codes:
        return Probe(subject, ok=True, text=operation.purpose)
    permission = operation.permission if answer.reason is GapReason.DENIED else None
    return Probe(subject, ok=False, text=f"{answer.reason}: {answer.message}", permission=permission)
