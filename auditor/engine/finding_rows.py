"""Rows of ``report.json`` for what was found: findings, causes, the fix plan, the checks, what lowers the score."""

from typing import Any

from auditor.analysis.ownership import owner
from auditor.check import Check
from auditor.compliance.catalogue import controls_of
from auditor.engine.causes import Cause
from auditor.engine.evaluate import Finding
from auditor.engine.plan import Change
from auditor.engine.remediation import fill
from auditor.engine.report_rows import rounded
from auditor.engine.score import Driver
from auditor.model.finding import Status
from auditor.model.function import Function
from auditor.model.inventory import Scope
from auditor.model.observed import Known


def cause_row(cause: Cause, points: float) -> dict[str, Any]:
    """One row of ``causes``: what to change, and what that closes."""
    lead = cause.lead
    subject = lead.subject
    account = subject.id if isinstance(subject, Scope) else subject.scope
    return {
        "id": cause.id,
        "check_id": lead.check.id,
        "title": lead.check.title,
        "message": lead.hit.message,
        "risk": lead.check.risk.value,
        "severity": cause.severity.value,
        "confidence": cause.confidence.value,
        "cloud": subject.cloud.value,
        "account": account.partition("/")[2],
        "region": None if isinstance(subject, Scope) else subject.location,
        "site": lead.hit.site.removeprefix(f"{subject.id}\n") or lead.hit.locus or lead.resource_id,
        "lead": lead.fingerprint,
        "findings": [finding.fingerprint for finding in cause.findings],
        "functions": list(cause.functions),
        "points": round(points, 2),
        "breaks": lead.check.fix[subject.cloud].breaks,
        "remediation": fill(lead.check.fix[subject.cloud], subject, lead.hit),
    }


def change_row(rank: int, change: Change) -> dict[str, Any]:
    """One row of ``plan``; ``rank`` is its place there, from 1."""
    cause = change.cause
    row = cause_row(cause, change.points)
    return {
        "rank": rank,
        "cause": cause.id,
        "check_id": row["check_id"],
        "severity": row["severity"],
        "title": row["title"],
        "message": row["message"],
        "cloud": row["cloud"],
        "account": row["account"],
        "region": row["region"],
        "change": row["remediation"]["text"],
        "command": row["remediation"]["command"],
        "terraform": row["remediation"]["terraform"],
        "breaks": row["breaks"],
        "closes": list(change.closes),
        "eases": list(change.eases),
        "functions": row["functions"],
        "points": row["points"],
        "score_after": {"low": rounded(change.after.low), "high": rounded(change.after.high)},
    }


def finding_row(finding: Finding, cause: str, owner_keys: tuple[str, ...]) -> dict[str, Any]:
    """One row of ``findings``, of the cause with this id: complete in itself, so that CSV or jq needs no join."""
    check, hit, subject = finding.check, finding.hit, finding.subject
    function = subject if isinstance(subject, Function) else None
    account = subject.id if isinstance(subject, Scope) else subject.scope
    return {
        "fingerprint": finding.fingerprint,
        "cause": cause,
        "check_id": check.id,
        "risk": check.risk.value,
        "status": Status.FAIL.value,
        "severity": finding.severity.value,
        "confidence": finding.confidence.value,
        "title": check.title,
        "message": hit.message,
        "function_id": function.id if function else None,
        "function_name": function.name if function else None,
        "cloud": subject.cloud.value,
        "account": account.partition("/")[2],
        "region": None if isinstance(subject, Scope) else subject.location,
        "owner": owner(function, owner_keys) if function else None,
        "tags": dict(function.tags.value) if function and isinstance(function.tags, Known) else {},
        "subject_id": subject.id,
        "resource_id": finding.resource_id,
        "locus": hit.locus,
        "evidence": [{"source": item.source, "detail": item.detail} for item in hit.evidence],
        "remediation": fill(check.fix[subject.cloud], subject, hit),
        "controls": controls_of(check, subject.cloud),
        "cwe": check.cwe,
        "waived": None,
    }


def check_row(check: Check) -> dict[str, Any]:
    """One row of ``checks``, and the metadata of ``auditor checks list --format json``."""
    return {
        "id": check.id,
        "aliases": list(check.aliases),
        "title": check.title,
        "summary": check.summary,
        "why": check.why,
        "risk": check.risk.value,
        "severity": check.severity.value,
        "confidence": check.confidence.value,
        "profile_level": check.profile_level.value,
        "subject": check.subject.value,
        "clouds": sorted(cloud.value for cloud in check.clouds),
        "cwe": check.cwe,
        "controls": controls_of(check),
        "covers": list(check.covers),
        "references": list(check.references),
        "remediation": {
            cloud.value: {
                "text": fix.text,
                "command": fix.command,
                "terraform": fix.terraform,
                "no_command": fix.no_command,
                "no_terraform": fix.no_terraform,
                "breaks": fix.breaks,
            }
            for cloud, fix in sorted(check.fix.items())
        },
    }


def driver_row(driver: Driver, functions: int) -> dict[str, Any]:
    """One row of ``score.drivers``; ``functions`` is how many there are in all."""
    alone = driver.functions[0] if len(driver.functions) == 1 else None
    causes = "1 cause" if driver.causes == 1 else f"{driver.causes} causes"
    there = f" on {len(driver.functions)} of {functions} functions" if driver.functions else ""
    return {
        "check_id": driver.check.id,
        "function_id": alone,
        "points": round(driver.points, 2),
        "text": f"{driver.check.title}: {causes}{there}, costs {driver.points:.1f} points of the score",
    }
