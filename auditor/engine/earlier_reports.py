"""Reads report.json of before a key moved: brings a document into today's shape, in place.

Nothing here judges what a document holds: what is not of the earlier shape is left for the validation after it.
"""

from collections.abc import Iterator
from dataclasses import asdict
from hashlib import sha256
from typing import Any

from auditor.analysis.code_calls import call_rows
from auditor.model.code_analysis import CodeFacts

_CURRENCY = "USD"
"""Of ceilings in reports that do not say it themselves."""


def renew(document: dict[str, Any]) -> None:
    """Moves what stood elsewhere: effective permissions, spend ceilings, what is inside packages.

    Steps of a plan of before severities that fall were reckoned with make no finding less grave.
    """
    rows = document.get("functions")
    paths: list[dict[str, Any]] = []
    spend = document.get("spend")
    currency = spend.get("currency", _CURRENCY) if isinstance(spend, dict) else _CURRENCY
    for row in rows if isinstance(rows, list) else ():
        if not isinstance(row, dict):
            continue
        if "spend_ceiling" in row:
            row["ceiling"] = _ceiling(row.pop("spend_ceiling"), currency)
        if "effective_permissions" in row and "capabilities" not in row:
            paths.extend(_permissions(row))
        for trigger in _list(row, "triggers"):
            if isinstance(trigger, dict):
                trigger.setdefault("reach", None)
        code = row.get("code")
        for holder in (code, *_list(code, "layers")):
            _open_analysis(holder)
    for change in _list(document, "plan"):
        if isinstance(change, dict):
            change.setdefault("eases", [])
    if paths and "paths" not in document:
        document["paths"] = paths


def _list(holder: Any, name: str) -> list[Any]:
    found = holder.get(name) if isinstance(holder, dict) else None
    return found if isinstance(found, list) else []


def _ceiling(found: Any, currency: str) -> Any:
    if not isinstance(found, dict):
        return found
    legs: dict[str, Any] = {}
    for trigger in _list(found, "triggers"):
        for leg in _list(trigger, "legs"):
            if isinstance(leg, dict) and "leg" in leg:
                leg["name"] = leg.pop("leg")
                legs.setdefault(leg["name"], leg)
    several = len(_list(found, "triggers")) > 1  # how the legs of several add up was not told
    said = " ".join(map(str, _list(found, "assumptions")))
    soft = "may exceed" in said or "is soft" in said
    parts = [] if several else list(legs.values())
    return {"currency": currency, "soft": soft, "legs": parts, "cheapest_cap": None, "after": None, **found}


def _permissions(row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    found = row["effective_permissions"]
    if not isinstance(found, dict):
        row["capabilities"] = None
        return
    row["capabilities"] = [
        {
            "capability": each.get("kind"),
            "conditional": bool(each.get("conditions")),
            **{name: value for name, value in each.items() if name != "kind"},
        }
        for each in found.pop("capabilities", None) or ()
        if isinstance(each, dict)
    ]
    for kind in ("escalation", "takeover"):
        for path in found.pop(kind, None) or ():
            if isinstance(path, dict):
                yield _path(str(row.get("id")), kind, path)


def _path(function_id: str, kind: str, path: dict[str, Any]) -> dict[str, Any]:
    steps = [_step(step) for step in _list(path, "steps") if isinstance(step, dict)]
    words = [kind, function_id, *(str(step[end]) for step in steps for end in ("from", "by", "to"))]
    grave = ("critical", "high") if path.get("administrator") else ("high", "medium")
    if kind == "takeover":
        grave = ("high", "medium") if path.get("administrator") else ("medium", "low")
    return {
        "id": sha256("\0".join(words).encode("utf-8", "surrogatepass")).hexdigest()[:16],
        "function_id": function_id,
        "kind": kind,
        "severity": grave[bool(path.get("conditions"))],
        "reaches": path.get("target"),
        "administrator": path.get("administrator"),
        "gains": path.get("gains"),
        "conditions": path.get("conditions"),
        "steps": steps,
    }


def _step(step: dict[str, Any]) -> dict[str, Any]:
    proofs = [each for each in _list(step, "proof") if isinstance(each, dict)]
    return {
        "from": step.get("source"),
        "to": step.get("target"),
        "by": step.get("sentence"),
        "proof": [{"source": "", "detail": f"{each.get('policy')}: {each.get('text')}"} for each in proofs],
        **{name: step.get(name) for name in ("technique", "object", "actions", "conditions")},
    }


def _open_analysis(holder: Any) -> None:
    if not isinstance(holder, dict) or "analysis" not in holder or "components" in holder:
        return
    found = holder["analysis"]
    if not isinstance(found, dict):
        holder |= dict.fromkeys(("components", "findings", "calls"))
        return
    said = [each for each in _list(found, "vulnerabilities") if isinstance(each, dict)]
    holder["components"] = [
        {**each, "advisories": [one.get("id") for one in said if one.get("purl") == each.get("purl")]}
        for each in found.pop("components", None) or ()
        if isinstance(each, dict)
    ]
    holder["findings"] = found.pop("findings", None) or []
    facts = found.get("facts")
    told = asdict(CodeFacts()) | (facts if isinstance(facts, dict) else {})
    holder["calls"] = list(call_rows(told, unreached=True))
    for name in ("api_uses", "other_uses", "dynamic"):
        if isinstance(facts, dict):
            facts.pop(name, None)
