"""Rows of ``report.json`` for what identities can do: capabilities of each function, and the paths of all."""

from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Any

from auditor.analysis.permissions.path_severity import escalation_severity, takeover_severity
from auditor.check import ExposurePath, Hop
from auditor.engine.evaluate import Finding
from auditor.model.access import AccessPath, Capability, EffectivePermissions, PathStep
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known
from auditor.model.severity import Severity


def capability_rows(found: EffectivePermissions) -> list[dict[str, Any]]:
    """The rows of ``functions[].capabilities``."""
    return [_capability(each) for each in found.capabilities]


def _capability(found: Capability) -> dict[str, Any]:
    return {
        "capability": found.kind.value,
        "scope": found.scope.value,
        "conditional": bool(found.conditions),
        "conditions": list(found.conditions),
        "resources": list(found.resources),
        "actions": list(found.actions),
        "proof": [
            {"layer": each.layer, "policy": each.policy, "statement": each.statement, "text": each.text}
            for each in found.proof
        ],
    }


def path_rows(function: Function, findings: Iterable[Finding]) -> Iterator[dict[str, Any]]:
    """The rows of ``paths`` of one function, whose findings tell the paths from the internet."""
    seen: set[str] = set()
    for row in _rows(function, findings):
        if row["id"] not in seen:  # several roles may open the same steps
            seen.add(row["id"])
            yield row


def _rows(function: Function, findings: Iterable[Finding]) -> Iterator[dict[str, Any]]:
    fact = function.effective_permissions
    if isinstance(fact, Known):
        for path in fact.value.escalation:
            yield _access(function, "escalation", escalation_severity(path), path)
        for path in fact.value.takeover:
            yield _access(function, "takeover", _taken(function, path), path)
    for finding in findings:
        if finding.hit.path is not None:
            yield _exposure(function, finding.severity, finding.hit.path)


def _taken(function: Function, path: AccessPath) -> Severity:
    """What a principal gains by roles is not compared with what it has: it may be more."""
    compared = function.cloud is Cloud.AWS
    return Severity.INFORMATIONAL if compared and not path.gains and not path.administrator else takeover_severity(path)


def _access(function: Function, kind: str, severity: Severity, path: AccessPath) -> dict[str, Any]:
    source = function.effective_permissions.source
    steps = [_step(step, source) for step in path.steps]
    if kind == "escalation":
        steps[-1]["to"] = path.target
    return _row(
        function,
        kind,
        severity,
        steps,
        reaches=path.target,
        administrator=path.administrator,
        gains=list(path.gains),
        conditions=list(path.conditions),
    )


def _step(step: PathStep, source: str) -> dict[str, Any]:
    return {
        "from": step.source,
        "to": step.target,
        "by": step.sentence,
        "proof": [{"source": source, "detail": f"{each.policy}: {each.text}"} for each in step.proof],
        "technique": step.technique,
        "object": step.object,
        "actions": list(step.actions),
        "conditions": list(step.conditions),
    }


def _exposure(function: Function, severity: Severity, path: ExposurePath) -> dict[str, Any]:
    return _row(
        function,
        "exposure",
        severity,
        [_hop(hop) for hop in path.hops],
        reaches=path.hops[-1].target,
        administrator=path.administrator,
        gains=[],
        conditions=list(dict.fromkeys(each for hop in path.hops for each in hop.conditions)),
    )


def _hop(hop: Hop) -> dict[str, Any]:
    return {
        "from": hop.source,
        "to": hop.target,
        "by": hop.by,
        "proof": [{"source": each.source, "detail": each.detail} for each in hop.proof],
        "technique": "",
        "object": "",
        "actions": [],
        "conditions": list(hop.conditions),
    }


def _row(function: Function, kind: str, severity: Severity, steps: list[dict[str, Any]], **rest: Any) -> dict[str, Any]:
    words = [kind, function.id, *(step[end] for step in steps for end in ("from", "by", "to"))]
    return {
        "id": sha256("\0".join(words).encode("utf-8", "surrogatepass")).hexdigest()[:16],
        "function_id": function.id,
        "kind": kind,
        "severity": severity.value,
        **rest,
        "steps": steps,
    }
