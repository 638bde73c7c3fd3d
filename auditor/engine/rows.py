"""Turns nouns into the rows of ``report.json``. An unknown field is null here and named in ``unknown_facts``."""

from collections.abc import Iterator
from typing import Any

from auditor.analysis.lifecycle import runtime_lifecycle
from auditor.engine.score import Point, Range
from auditor.engine.settings import plain, settings
from auditor.model.environment import Environment
from auditor.model.exposure import QualifiedPolicy, Reach
from auditor.model.finding import Status
from auditor.model.function import Function
from auditor.model.identity import Identity
from auditor.model.ids import Cloud
from auditor.model.network import Network
from auditor.model.observed import Gap, GapReason, Known, Observed, Unknown
from auditor.model.trigger import Trigger


class _Facts:
    """Reads observed facts for display and remembers which were unknown."""

    def __init__(self) -> None:
        self.unknown: list[dict[str, Any]] = []

    def show(self, name: str, fact: Known[Any] | Unknown) -> Any:
        """The value, or None and a note (none for what this hosting does not have)."""
        if isinstance(fact, Known):
            return fact.value
        if fact.gap.reason is not GapReason.NOT_OFFERED:
            self.note(name, fact.gap)
        return None

    def note(self, name: str, gap: Gap) -> None:
        """Remembers an unknown fact."""
        self.unknown.append(
            {
                "field": name,
                "reason": gap.reason.value,
                "operation": gap.operation,
                "permission": gap.permission,
                "message": gap.message,
            }
        )


def function_row(function: Function, score: Range, points: Iterator[Point]) -> dict[str, Any]:
    """One row of ``functions``."""
    facts = _Facts()
    logging = facts.show("logging", function.logging)
    environment: Environment | None = facts.show("environment", function.environment)
    key = facts.show("environment_key", function.environment_key)
    tags = facts.show("tags", function.tags)
    aliases = facts.show("aliases", function.aliases)
    row = {
        "id": function.id,
        "name": function.name,
        "cloud": function.cloud.value,
        "kind": _kind(function),
        "scope": function.scope,
        "location": function.location,
        "runtime": facts.show("runtime", function.runtime),
        "runtime_end_of_life": end_of_support(function),
        "architectures": facts.show("architectures", function.architectures),
        "identity": _identity(facts, "identity", function.identity),
        "endpoints": _endpoints(facts, function),
        "triggers": _triggers(facts, function.triggers),
        "environment": _variables(environment),
        "environment_key": key.id if key else None,
        "invoke_reach": _invoke_reach(facts, function),
        "aliases": [{"name": alias.name, "version": alias.version} for alias in aliases or ()],
        "network": _network(facts.show("network", function.network)),
        "limits": _limits(facts, function),
        "code": _code(facts, function),
        "logging": None
        if logging is None
        else {"group": logging.group_name, "format": logging.format, "level": logging.application_level},
        "tracing": facts.show("tracing", function.tracing),
        "failures": _failures(facts, function),
        "tags": None if tags is None else dict(tags),
        "score": _score(score, points),
    }
    if function.cloud is not Cloud.AWS:
        row["attached"] = _attached(facts, function)
        row["handlers"] = plain("handlers", function.handlers, facts.note)
        row["callers"] = plain("callers", function.callers, facts.note)
    row |= settings(function, facts.note)
    row["unknown_facts"] = facts.unknown
    return row


def _kind(function: Function) -> str:
    """How the cloud runs it, where the cloud tells; else how its code is delivered."""
    if isinstance(function.hosting, Known):
        return str(function.hosting.value.kind.value)
    return function.code.package.value


def _attached(facts: _Facts, function: Function) -> list[dict[str, Any] | None] | None:
    attached = facts.show("attached", function.attached)
    if attached is None:
        return None
    return [_identity(facts, f"attached.{each.name}", Known(each)) for each in attached]


def end_of_support(function: Function) -> str | None:
    """The day the runtime's support ends or ended; None where it is unknown, an image's own, or not announced.

    What the cloud itself said goes before our dated table.
    """
    if isinstance(function.support, Known) and function.support.value is not None:
        return function.support.value.deprecated_on or function.support.value.decommissioned_on
    if not isinstance(function.runtime, Known) or function.runtime.value is None:
        return None
    lifecycle = runtime_lifecycle(function.cloud, function.runtime.value)
    return lifecycle.deprecated_on.isoformat() if lifecycle and lifecycle.deprecated_on else None


def _score(score: Range, points: Iterator[Point]) -> dict[str, Any]:
    rows = sorted(points, key=lambda point: (-point.points, point.check.id))
    return {
        "low": _round(score.low),
        "high": _round(score.high),
        "grade": score.grade,
        "points": [
            {
                "check_id": point.check.id,
                "points": _round(point.points),
                "status": point.status.value,
                "text": _point_text(point),
            }
            for point in rows
        ],
    }


def _point_text(point: Point) -> str:
    verb = "costs" if point.status is Status.FAIL else "would cost, if it failed,"
    return f"{point.check.title}: {verb} {point.points:g} points"


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, 1)


def _identity(facts: _Facts, field: str, fact: Observed[Identity | None]) -> dict[str, Any] | None:
    identity: Identity | None = facts.show(field, fact)
    if identity is None:
        return None
    policies = facts.show(f"{field}.policies", identity.policies) or ()
    boundary = facts.show(f"{field}.boundary", identity.boundary)
    trust = facts.show(f"{field}.trust", identity.trust)
    roles = [plain(f"{field}.bindings", group, facts.note) for group in identity.bindings]
    return {
        "id": identity.id,
        "name": identity.name,
        "kind": identity.kind.value,
        "exists": facts.show(f"{field}.exists", identity.exists),
        "roles": [binding for group in roles for binding in group or ()],
        "policies": [
            {
                "name": policy.name,
                "id": policy.id,
                "kind": policy.origin.value,
                "document": facts.show(f"{field}.policies.{policy.name}", policy.document),
            }
            for policy in policies
        ],
        "boundary": boundary.id if boundary else None,
        "trust": [{"reach": g.reach.value, "reason": g.reason, "text": g.text} for g in trust or ()],
    }


def _endpoints(facts: _Facts, function: Function) -> list[dict[str, Any]] | None:
    endpoints = facts.show("endpoints", function.endpoints)
    if endpoints is None:
        return None
    return [
        {
            "url": endpoint.url,
            "auth": endpoint.auth.value,
            "qualifier": endpoint.qualifier,
            "cors": None
            if endpoint.cors is None
            else {
                "origins": list(endpoint.cors.origins),
                "methods": list(endpoint.cors.methods),
                "headers": list(endpoint.cors.headers),
                "credentials": endpoint.cors.credentials,
            },
            "reach": _value(facts.show(f"endpoints.{endpoint.url}.reach", endpoint.reach)),
            "reason": endpoint.reach_reason,
        }
        for endpoint in endpoints
    ]


def _value(reach: Reach | None) -> str | None:
    return None if reach is None else reach.value


def _triggers(facts: _Facts, groups: tuple[Observed[tuple[Trigger, ...]], ...]) -> list[dict[str, Any]]:
    rows = [_trigger(trigger) for group in groups for trigger in facts.show("triggers", group) or ()]
    return sorted(rows, key=lambda row: (row["via"], row["kind"], row["source"] or "", row["qualifier"] or ""))


def _trigger(trigger: Trigger) -> dict[str, Any]:
    return {
        "kind": trigger.kind.value,
        "service": trigger.service,
        "source": trigger.source,
        "account": trigger.account,
        "via": trigger.via.value,
        "enabled": trigger.enabled,
        "asynchronous": trigger.asynchronous,
        "qualifier": trigger.qualifier,
        "handler": trigger.handler,
    }


def _variables(environment: Environment | None) -> list[dict[str, Any]] | None:
    if environment is None:
        return None
    return [
        {
            "name": variable.name,
            "length": variable.length,
            "secret_verdict": variable.verdict.value,
            "confidence": variable.confidence.value if variable.confidence else None,
            "detector": variable.detector,
            "reference": variable.reference.text if variable.reference else None,
            "value": variable.value,
        }
        for variable in environment.variables
    ]


def _through_endpoints(function: Function) -> dict[str, Any]:
    """Who may invoke, on a cloud without resource policies: as far as the endpoints reach."""
    endpoints = function.endpoints.value if isinstance(function.endpoints, Known) else ()
    reaches = [endpoint.reach.value for endpoint in endpoints if isinstance(endpoint.reach, Known)]
    worst = min(reaches, key=lambda reach: reach.rank, default=None)
    whole = isinstance(function.endpoints, Known) and len(reaches) == len(endpoints)
    return {"worst": worst.value if worst else None, "proved_for": ["endpoints"] if whole else [], "statements": []}


def _invoke_reach(facts: _Facts, function: Function) -> dict[str, Any]:
    fact = function.policies
    if isinstance(fact, Unknown) and fact.gap.reason is GapReason.NOT_OFFERED:
        return _through_endpoints(function)
    policies: tuple[QualifiedPolicy, ...] = facts.show("policies", fact) or ()
    statements = []
    proved: dict[str, None] = {}
    itself = "$LATEST" if function.cloud is Cloud.AWS else "the function"
    for policy in policies:
        grants = facts.show(f"policies.{policy.qualifier or itself}", policy.statements)
        if grants is None:
            continue
        proved[policy.qualifier or itself] = None
        statements.extend(grants)
    reaches = [grant.reach for grant in statements]
    if function.cloud is not Cloud.AWS and isinstance(
        function.endpoints, Known
    ):  # a switch beside the policy may open it
        reaches += [each.reach.value for each in function.endpoints.value if isinstance(each.reach, Known)]
    worst = min(reaches, key=lambda reach: reach.rank, default=None)
    return {
        "worst": worst.value if worst else None,
        "proved_for": list(proved),
        "statements": [
            {
                "qualifier": grant.qualifier,
                "sid": grant.sid,
                "effect": grant.effect.value,
                "reach": grant.reach.value,
                "reason": grant.reason,
                "text": grant.text,
            }
            for grant in statements
        ],
    }


def _network(network: Network | None) -> dict[str, Any] | None:
    if network is None:
        return None
    return {
        "vpc": network.id,
        "subnets": [subnet.id for subnet in network.subnets],
        "security_groups": [group.id for group in network.security_groups],
        "dual_stack": network.dual_stack,
    }


def _limits(facts: _Facts, function: Function) -> dict[str, Any]:
    limits = function.limits
    return {
        "timeout_seconds": facts.show("limits.timeout_seconds", limits.timeout_seconds),
        "memory_mb": facts.show("limits.memory_mb", limits.memory_mb),
        "ephemeral_mb": facts.show("limits.ephemeral_mb", limits.ephemeral_mb),
        "reserved_concurrency": facts.show("limits.reserved_concurrency", limits.reserved_concurrency),
        "recursion_allowed": facts.show("limits.recursion_allowed", limits.recursion_allowed),
        **_scaling(facts, function),
    }


def _scaling(facts: _Facts, function: Function) -> dict[str, Any]:
    limits = function.limits
    if function.cloud is Cloud.AWS:
        return {"durable": facts.show("limits.durable", limits.durable)}
    names = ("max_instances", "min_instances", "prewarmed", "per_instance", "daily_quota", "cpus", "gpus")
    return {name: plain(f"limits.{name}", getattr(limits, name), facts.note) for name in names}


def _code(facts: _Facts, function: Function) -> dict[str, Any]:
    code = function.code
    layers = facts.show("code.layers", code.layers)
    signing = facts.show("code.signing", code.signing)
    patching = facts.show("code.patching", code.patching)
    image = code.image
    return {
        "sha256": facts.show("code.sha256", code.sha256),
        "layers": None if layers is None else [layer.id for layer in layers],
        "signing": signing.id if signing else None,
        "patching": patching.value if patching else None,
        "image": facts.show("code.image.uri", image.uri) if image else None,
        "image_digest": facts.show("code.image.digest", image.digest) if image else None,
    }


def _failures(facts: _Facts, function: Function) -> dict[str, Any]:
    dead_letter = facts.show("failures.dead_letter", function.failures.dead_letter)
    settings = facts.show("failures.settings", function.failures.settings)
    return {
        "dead_letter": dead_letter.id if dead_letter else None,
        "destinations": None
        if settings is None
        else sorted({target.id for s in settings for target in (s.on_failure, s.on_success) if target}),
    }
