"""Turns a function into its row of ``report.json``: one serialiser over the frozen model.

A row holds every field of the model under its own name. Three rules say what becomes of a fact that is not known: one
that this kind of hosting does not have is left out; one that could not be read is null and named in
``unknown_facts``; nothing has a default. What is shown otherwise than it is modelled is declared below, with its
reason, and nowhere else: :mod:`auditor.engine.row_schema` derives the published schema from the same declarations.
"""

from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from typing import Any, Final, NamedTuple

from auditor.analysis.lifecycle import runtime_lifecycle
from auditor.analysis.ownership import OWNER_KEYS, owner
from auditor.analysis.trigger_reach import trigger_reach
from auditor.engine.code_rows import inside
from auditor.engine.path_rows import capability_rows
from auditor.engine.score import Point, Range
from auditor.model.environment import Environment
from auditor.model.exposure import QualifiedPolicy
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Gap, GapReason, Known, Observed, Unknown
from auditor.model.tags import Tags

NOT_SHOWN: Final = {
    "Variable.digest": "keyed for one capture: it compares nothing outside it",
    "EffectivePermissions.first_steps": "what the repair of `escalation-path` denies",
    "EffectivePermissions.capabilities": "shown as `capabilities`",
    "EffectivePermissions.escalation": "shown among the `paths` of the report",
    "EffectivePermissions.takeover": "shown among the `paths` of the report",
    "CodeAnalysis.components": "shown beside the analysis, each with its advisories",
    "CodeAnalysis.findings": "shown beside the analysis",
    "CodeFacts.api_uses": "shown beside the analysis as `calls`",
    "CodeFacts.other_uses": "shown beside the analysis as `calls`",
    "CodeFacts.dynamic": "shown beside the analysis as `calls`",
    "Identity.statements": "the statements of `policies`, which are shown as documents",
    **dict.fromkeys(
        (
            "AccessGrant.index",
            "AccessGrant.principals",
            "AccessGrant.services",
            "AccessGrant.accounts",
            "AccessGrant.actions",
            "AccessGrant.sources",
            "AccessGrant.condition_keys",
            "AccessGrant.not_principal",
        ),
        "read from the statement, whose `text` is shown",
    ),
    "Trigger.written_by": "shown in the `graph`, as edges from the API to the source",
    "Function.policies": "shown as `invoke_reach`, with what was proved for which qualifier",
    "Function.environment": "shown as two lists, `environment` and `stored_secrets`",
}
RENAMED: Final = {"Variable.verdict": "secret_verdict"}
_OPENED: Final = frozenset({"Code.analysis", "Layer.analysis"})
"""Analyses of which :mod:`auditor.engine.code_rows` shows parts beside them."""
_LEFT_OUT: Final = frozenset({GapReason.NOT_COLLECTED, GapReason.NOT_OFFERED})


class UnknownFacts:
    """The facts of one function that could not be read, grouped by what was missing."""

    def __init__(self) -> None:
        self._fields: dict[Gap, dict[str, None]] = {}

    def note(self, field: str, gap: Gap) -> None:
        """Remembers that ``gap`` hides ``field``."""
        self._fields.setdefault(gap, {})[field] = None

    def rows(self) -> list[dict[str, Any]]:
        """One row for each gap, with the fields it hides."""
        return [
            {
                "fields": list(hidden),
                "reason": gap.reason.value,
                "operation": gap.operation,
                "permission": gap.permission,
                "message": gap.message,
            }
            for gap, hidden in self._fields.items()
        ]


def function_row(
    function: Function, score: Range, points: Iterable[Point], owner_keys: tuple[str, ...] = OWNER_KEYS
) -> dict[str, Any]:
    """One row of ``functions``."""
    unknown = UnknownFacts()
    row = _members("", function, _shown(Function) or (), unknown)
    row["kind"] = kind_of(function)
    row["owner"] = owner(function, owner_keys)
    row["runtime_end_of_life"] = end_of_support(function)
    row["environment"], row["stored_secrets"] = _environment(function.environment, unknown)
    row["triggers"] = sorted(_reaching(function, row["triggers"]), key=_trigger_order)
    row["invoke_reach"] = _invoke_reach(function, unknown)
    row |= _capabilities(function, unknown)
    row["score"] = _score(score, points)
    row["unknown_facts"] = unknown.rows()
    return row


_ITSELF: Final = frozenset({str, int, float, bool, type(None)})


def plain(path: str, value: Any, unknown: UnknownFacts) -> Any:
    """A value of the model as JSON; ``path`` is where it stands in the row, for what is unknown below it."""
    kind: Any = type(value)
    if kind is Known:
        value = value.value
        kind = type(value)
    if kind in _ITSELF:
        return value
    if kind is tuple:
        return list(_items(path, value, unknown))
    shown = _shown(kind)
    if shown is not None:
        return _members(f"{path}.", value, shown, unknown)
    return _special(path, value, unknown)


def _special(path: str, value: Any, unknown: UnknownFacts) -> Any:
    if isinstance(value, Unknown):
        if not _left_out(value):
            unknown.note(path, value.gap)
        return None
    if isinstance(value, Known | tuple):  # a fact within a fact, or a named tuple
        return plain(path, value.value if isinstance(value, Known) else tuple(value), unknown)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Tags):
        return dict(value)
    return value


def _items(path: str, values: tuple[Any, ...], unknown: UnknownFacts) -> Iterator[Any]:
    """The items of a tuple. Observed groups (one for each place they were read) become one list."""
    for value in values:
        if isinstance(value, Known | Unknown):
            yield from plain(path, value, unknown) or ()
        else:
            yield plain(path, value, unknown)


class _Shown(NamedTuple):
    """A field of a record that a row shows: its name there, and whether parts of it stand beside it."""

    attribute: str
    name: str
    opened: bool


@cache
def _shown(kind: Any) -> tuple[_Shown, ...] | None:
    """The fields of a record that a row shows; None for what is no record."""
    if not is_dataclass(kind):
        return None
    of_kind = f"{getattr(kind, '__name__', kind)}."
    names = ((field.name, of_kind + field.name) for field in fields(kind))
    kept = ((name, full) for name, full in names if full not in NOT_SHOWN)
    return tuple(_Shown(name, RENAMED.get(full, name), full in _OPENED) for name, full in kept)


def _members(prefix: str, record: Any, shown: tuple[_Shown, ...], unknown: UnknownFacts) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for attribute, name, opened in shown:
        value = getattr(record, attribute)
        if _left_out(value):
            continue
        member = plain(prefix + name, value, unknown)
        kind: Any = type(value.value if isinstance(value, Known) else value)
        if member == {} and _shown(kind) is not None:
            continue  # a group of which this cloud has no fact
        if opened:
            row.update(inside(value))
        row[name] = member
    return row


def _capabilities(function: Function, unknown: UnknownFacts) -> dict[str, Any]:
    fact = function.effective_permissions
    if isinstance(fact, Known):
        return {"capabilities": capability_rows(fact.value)}
    if _left_out(fact):
        return {}
    for name in ("capabilities", "paths"):
        unknown.note(name, fact.gap)
    return {"capabilities": None}


def _left_out(value: Any) -> bool:
    return isinstance(value, Unknown) and value.gap.reason in _LEFT_OUT


def kind_of(function: Function) -> str:
    """How the cloud runs it, where the cloud tells; else how its code is delivered."""
    if isinstance(function.hosting, Known):
        return str(function.hosting.value.kind.value)
    return function.code.package.value


def end_of_support(function: Function) -> str | None:
    """The ISO date when the runtime's support ends or ended; None where unknown, an image's own, or not announced.

    What the cloud itself said goes before our dated table.
    """
    if isinstance(function.support, Known) and function.support.value is not None:
        return function.support.value.deprecated_on or function.support.value.decommissioned_on
    if not isinstance(function.runtime, Known) or function.runtime.value is None:
        return None
    lifecycle = runtime_lifecycle(function.cloud, function.runtime.value)
    return lifecycle.deprecated_on.isoformat() if lifecycle and lifecycle.deprecated_on else None


def _environment(fact: Observed[Environment], unknown: UnknownFacts) -> tuple[Any, Any]:
    if isinstance(fact, Unknown):
        return plain("environment", fact, unknown), None
    found = fact.value
    return plain("environment", found.variables, unknown), plain("stored_secrets", found.stored, unknown)


def _reaching(function: Function, rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The rows of triggers, each with who can send through it."""
    known = (trigger for group in function.triggers if isinstance(group, Known) for trigger in group.value)
    for trigger, row in zip(known, rows, strict=True):
        reach = trigger_reach(function, trigger)
        yield {**row, "reach": None if reach is None else reach.value}


def _trigger_order(row: dict[str, Any]) -> tuple[str, ...]:
    return tuple(row[name] or "" for name in ("via", "kind", "source", "qualifier", "handler"))


def _invoke_reach(function: Function, unknown: UnknownFacts) -> dict[str, Any]:
    """Who may invoke: the statements of every policy that was read, and the qualifiers they were read for."""
    itself = "$LATEST" if function.cloud is Cloud.AWS else "the function"
    statements: list[Any] = []
    proved: dict[str, None] = {}
    fact = function.policies
    resource_policies = isinstance(fact, Known) or fact.gap.reason is not GapReason.NOT_OFFERED
    policies: tuple[QualifiedPolicy, ...] = ()
    if isinstance(fact, Known):
        policies = fact.value
    elif resource_policies:
        unknown.note("invoke_reach", fact.gap)
    for policy in policies:
        if isinstance(policy.statements, Unknown):
            unknown.note(f"invoke_reach.{policy.qualifier or itself}", policy.statements.gap)
            continue
        proved[policy.qualifier or itself] = None
        statements.extend(policy.statements.value)
    reaches = [grant.reach for grant in statements]
    if function.cloud is not Cloud.AWS and isinstance(function.endpoints, Known):
        # a switch beside the policy may open it, or there are no resource policies at all
        reached = [each.reach.value for each in function.endpoints.value if isinstance(each.reach, Known)]
        reaches += reached
        if not resource_policies and len(reached) == len(function.endpoints.value):
            proved["endpoints"] = None
    worst = min(reaches, key=lambda reach: reach.rank, default=None)
    return {
        "worst": worst.value if worst else None,
        "proved_for": list(proved),
        "statements": [plain("invoke_reach.statements", grant, unknown) for grant in statements],
    }


def _score(score: Range, points: Iterable[Point]) -> dict[str, Any]:
    rows = sorted(points, key=lambda point: (-point.points, point.check.id))
    return {
        "low": rounded(score.low),
        "high": rounded(score.high),
        "grade": score.grade,
        "points": [
            {
                "check_id": point.check.id,
                "points": rounded(point.points),
                "status": point.status.value,
                "cause": point.cause,
            }
            for point in rows
        ],
    }


def rounded(value: float | None) -> float | None:
    """A score to one decimal."""
    return None if value is None else round(value, 1)
