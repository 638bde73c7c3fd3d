"""Resource Graph answers for all subscriptions and types at once; what is recorded is one scope's and operation's."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

from auditor.model.capture import Json
from providers.answers.json_paths import rows, text
from providers.azure.collect.caller_permissions import Doubt
from providers.azure.collect.resource_names import subscription_of
from providers.azure.gateway import Gateway
from providers.azure.operations import BY_ID, TABLES, AzureOperation
from providers.calls.reply import Refusal

Each = Callable[[AzureOperation, str, Mapping[str, Any]], None]
"""Is given an operation, a scope and a row as it came."""


class Doubts(Protocol):
    """Tells what is to be said against what an operation returned in a scope; ``returned``: whether any row."""

    def __call__(self, operation: AzureOperation, scope: str, *, returned: bool) -> Doubt | None:
        """None where nothing is."""


_CHUNK = 1000
"""Subscriptions one query may name."""


class GraphResponses:
    """One table's answer while it comes in. Rows above all subscriptions go to each of ``inheriting``."""

    def __init__(self, gateway: Gateway, table: str, scopes: Sequence[str], inheriting: Sequence[str]) -> None:
        self._gateway = gateway
        self._table = table
        self._scopes = scopes
        self._known = frozenset(scopes)
        self._inheriting = inheriting
        self._by_type = {kind: operation for operation in TABLES[table] for kind in operation.types}
        self._pages: dict[tuple[str, str], int] = {}
        self._broken: set[tuple[str, str]] = set()
        """What has a gap already."""

    def read(self, each: Each | None = None, group: str = "") -> bool:
        """Asks, and records every row; whether the answer is whole. ``group`` asks by management group."""
        whole = True
        chunks = [self._scopes[start : start + _CHUNK] for start in range(0, len(self._scopes), _CHUNK)]
        asked = [{"managementGroups": [group]}] if group else [{"subscriptions": list(chunk)} for chunk in chunks]
        for chunk, within in zip([self._scopes] if group else chunks, asked, strict=True):
            for answer in self._gateway.graph(self._table, within):
                if isinstance(answer, Refusal):
                    whole = False
                    self._refused(answer, chunk)
                else:
                    self._page(answer, each)
        return whole

    def close(self, doubts: Doubts) -> None:
        """Records, for what had no row, that there was none. Where that, or the rows, may not be all: a gap."""
        for operation in TABLES[self._table]:
            for scope in self._scopes:
                if (operation.id, scope) in self._broken:
                    continue
                returned = (operation.id, scope) in self._pages
                doubt = doubts(operation, scope, returned=returned)
                if doubt is not None:
                    self._record(replace(operation, permission=doubt.permission), scope, doubt.refusal)
                elif not returned:
                    self._record(operation, scope, {"data": []})

    def _page(self, body: Json, each: Each | None) -> None:
        found: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
        for row in rows(body, "data"):
            operation = self._by_type.get(text(row, "type").lower())
            if operation is None:
                continue
            own = subscription_of(row)
            for scope in (own,) if own in self._known else () if own else self._inheriting:
                found.setdefault((operation.id, scope), []).append(row)
                if each is not None:
                    each(operation, scope, row)
        for (operation_id, scope), mine in found.items():
            self._record(BY_ID[operation_id], scope, {"data": mine})

    def _refused(self, refusal: Refusal, scopes: Sequence[str]) -> None:
        for operation in TABLES[self._table]:
            for scope in scopes:
                self._broken.add((operation.id, scope))
                self._record(operation, scope, refusal)

    def _record(self, operation: AzureOperation, scope: str, answer: Json | Refusal) -> None:
        page = self._pages.get((operation.id, scope), 0)
        self._pages[operation.id, scope] = page + 1
        self._gateway.record(operation, scope, "", page, answer)
