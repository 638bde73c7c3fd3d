"""Groups what could not be read: one row a cause, never one a resource."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from auditor.engine import permission_grants as grants
from auditor.engine.resource_owners import allow_advice
from reports.html.verdicts import ranges

_SHOWN = 12
_DELIBERATE = ("NOT_AT_DEPTH", "NOT_IN_TIER", "NOT_OFFERED")


def gap_groups(gaps: Sequence[Mapping[str, Any]], callers: Mapping[str, str]) -> list[dict[str, Any]]:
    """Gaps by reason, operation and permission, the largest first, each with a few of its resources and its remedy.

    What another account has to allow is a row of its own. ``callers`` is the report's ``run.caller``.
    """
    groups: dict[tuple[str, str, str, bool], list[Mapping[str, Any]]] = defaultdict(list)
    for gap in gaps:
        groups[gap["reason"], gap["operation"], gap.get("permission") or "", bool(gap.get("owners"))].append(gap)
    rows = []
    for (reason, operation, permission, foreign), members in groups.items():
        rows.append(
            {
                "reason": reason,
                "operation": operation,
                "permission": permission,
                "count": sum(member.get("count", 1) for member in members),
                "places": sorted({_place(member) for member in members}),
                "resources": [name for member in members for name in _resources(member)][:_SHOWN],
                "message": next((member["message"] for member in members if member.get("message")), ""),
                "grant": _granted(permission, members, callers) if reason == "DENIED" and not foreign else None,
                "advice": _of_owners(members) if foreign else grants.advice(reason),
                "foreign": foreign,
                "deliberate": reason in _DELIBERATE,
            }
        )
    rows.sort(key=lambda row: (row["deliberate"], -row["count"], row["operation"], row["reason"]))
    return rows


def operations(listed: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Operations by scopes: for each pair how many calls answered, found nothing, or failed and why."""
    scopes = sorted({row["scope"] for row in listed})
    cells: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for row in listed:
        cell = cells[row["operation"], row["scope"]]
        cell["ok"] += row.get("ok") or 0
        cell["absent"] += row.get("absent") or 0
        for reason, count in (row.get("gaps") or {}).items():
            cell[reason] += count
    rows = [
        {"operation": name, "cells": [_cell(cells.get((name, scope))) for scope in scopes]}
        for name in sorted({row["operation"] for row in listed})
    ]
    rows.sort(key=lambda row: -max((cell["missing"] for cell in row["cells"]), default=0))
    return {"scopes": scopes, "rows": rows}


def services(table: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The operations by service, those with missing answers first; per operation its totals and where answers lack."""
    grouped: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in table["rows"]:
        cells = dict(zip(table["scopes"], row["cells"], strict=True))
        asked = {scope: cell for scope, cell in cells.items() if cell["asked"]}
        totals = {key: sum(cell[key] for cell in asked.values()) for key in ("asked", "absent", "missing")}
        lacks = [(scope, cell["why"]) for scope, cell in asked.items() if cell["missing"]]
        service = row["operation"].partition(":")[0]
        grouped[service].append({"operation": row["operation"], "scopes": len(asked), "lacks": lacks, **totals})
    made = [
        {"service": name, "rows": rows, **{key: sum(row[key] for row in rows) for key in ("asked", "missing")}}
        for name, rows in sorted(grouped.items())
    ]
    return sorted(made, key=lambda row: not row["missing"])


def reasons(groups: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Gaps by reason, the most frequent first."""
    counts: Counter[str] = Counter()
    for group in groups:
        counts[group["reason"]] += group["count"]
    return [
        {"reason": reason, "count": count, "advice": grants.advice(reason), "deliberate": reason in _DELIBERATE}
        for reason, count in counts.most_common()
    ]


def blind_spots(unknowns: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Unknown verdicts by what stands in their way, the widest first: how many checks and subjects each one costs."""
    groups: dict[tuple[str, str, str], dict[str, Any]] = {}
    for unknown in unknowns:
        key = (unknown["reason"], unknown.get("operation") or "", unknown.get("permission") or "")
        group = groups.setdefault(key, {"checks": set(), "verdicts": 0, "subjects": set()})
        group["checks"].add(unknown["check_id"])
        group["verdicts"] += len(unknown["subjects"])
        group["subjects"].update(unknown["subjects"])
    rows = [
        {"reason": reason, "operation": operation, "permission": permission, "checks": len(group["checks"]),
         "verdicts": group["verdicts"], "subjects": len(group["subjects"])}
        for (reason, operation, permission), group in groups.items()
    ]  # fmt: skip
    rows.sort(key=lambda row: (-row["verdicts"], row["operation"]))
    return rows


def unknown_rows(
    unknowns: Sequence[Mapping[str, Any]], functions: Mapping[str, int], gaps: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """The unknowns for the page: subjects that are functions become ranges of row numbers."""
    rows = []
    denied = _denied(gaps)
    for unknown in unknowns:
        known = [functions[subject] for subject in unknown["subjects"] if subject in functions]
        others = [subject for subject in unknown["subjects"] if subject not in functions]
        plain = {key: unknown.get(key) for key in ("check_id", "operation", "permission", "reason", "message")}
        members = denied.get(unknown.get("permission") or "", ()) if unknown["reason"] == "DENIED" else ()
        advice = _of_owners(members) if _foreign(members) else grants.advice(unknown["reason"])
        rows.append({**plain, "advice": advice, "fn": ranges(known), "others": others})
    return rows


def grant_table(
    unknowns: Sequence[Mapping[str, Any]], gaps: Sequence[Mapping[str, Any]], callers: Mapping[str, str]
) -> dict[str, dict[str, str]]:
    """For each permission named anywhere, the statement and the command that grant it; none that would not help."""
    table: dict[str, dict[str, str]] = {}
    denied = _denied(gaps)
    for permission in dict.fromkeys(row.get("permission") or "" for row in (*unknowns, *gaps)):
        members = denied.get(permission, ())
        found = None if _foreign(members) else _granted(permission, members, callers)
        if found:
            table[found.permission] = {"statement": found.statement, "command": found.command}
    return table


def _denied(gaps: Sequence[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    denied: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for gap in gaps:
        if gap["reason"] == "DENIED":
            denied[gap.get("permission") or ""].append(gap)
    return denied


def _foreign(members: Sequence[Mapping[str, Any]]) -> bool:
    return bool(members) and all(member.get("owners") for member in members)


def _of_owners(members: Sequence[Mapping[str, Any]]) -> str:
    sentence = allow_advice(sorted({owner for member in members for owner in member["owners"]}))
    return f"A grant to the auditor would not help: {sentence}."


def _granted(permission: str, members: Sequence[Mapping[str, Any]], callers: Mapping[str, str]) -> grants.Grant | None:
    scopes = sorted({member["scope"] for member in members if not member.get("owners")})
    return grants.grant(permission, scopes, callers)


def _resources(gap: Mapping[str, Any]) -> Sequence[str]:
    if gap.get("resource"):
        return (gap["resource"],)
    return tuple(gap.get("resources") or ())


def _place(gap: Mapping[str, Any]) -> str:
    return " · ".join(part for part in (gap.get("scope"), gap.get("location")) if part)


def _cell(counts: Counter[str] | None) -> dict[str, Any]:
    if counts is None:
        return {"ok": 0, "absent": 0, "missing": 0, "asked": 0, "why": []}
    why = [(reason, count) for reason, count in sorted(counts.items()) if reason not in {"ok", "absent"} and count]
    missing = sum(count for _, count in why)
    return {
        "ok": counts["ok"],
        "absent": counts["absent"],
        "missing": missing,
        "asked": counts["ok"] + counts["absent"] + missing,
        "why": why,
    }
