"""What is promised of ``report.json``, schema version 1, and of the command line: names, shapes, exit codes.

A key that ends in ``~`` may be absent (it comes where it was asked for, or where the function has such a fact); a type
that ends in ``?`` may be null. ``[…]`` is a list of the shape inside, ``{"*": …}`` a mapping to it, ``any`` anything.
Nothing here is derived from the code: to change a line is to break a promise, and belongs into the changelog.
"""

from typing import Any

Shape = Any

RANGE: Shape = {"low": "number?", "high": "number?"}
MONEY: Shape = {"low": "number", "high": "number?"}
GRADED: Shape = {**RANGE, "grade": "string"}
REMEDIATION: Shape = {"text": "string", "command": "string?", "terraform": "string?"}
EVIDENCE: Shape = {"source": "string", "detail": "string"}
STEP: Shape = {"from": "string", "to": "string", "by": "string", "proof": [EVIDENCE]}

FUNCTION: Shape = {
    "id": "string",
    "name": "string",
    "cloud": "string",
    "kind": "string",
    "scope": "string",
    "location": "string",
    "runtime~": "string?",
    "owner": "string?",
    "identity~": "object?",
    "endpoints~": "list?",
    "triggers": [{"kind": "string", "source": "string?", "reach": "string?", "certainty": "string"}],
    "environment~": ([{"name": "string", "secret_verdict": "string"}], None),
    "tags~": "object?",
    "score": {**GRADED, "points": [{"check_id": "string", "points": "number"}]},
    "capabilities~": (
        [
            {
                "capability": "string",
                "scope": "string",
                "conditional": "boolean",
                "proof": [{"layer": "string", "policy": "string", "statement": "string", "text": "string"}],
            }
        ],
        None,
    ),
    "ceiling": (
        {
            "hour": MONEY,
            "day": MONEY,
            "currency": "string",
            "soft": "boolean",
            "legs": [{"name": "string", "hour": MONEY, "day": MONEY}],
            "assumptions": ["string"],
            "cheapest_cap": ({"limit": "string", "number": "integer"}, None),
            "after": ({"hour": MONEY, "day": MONEY}, None),
        },
        None,
    ),
    "code": {
        "sha256~": "string?",
        "components": ([{"purl": "string", "evidence": "string", "advisories": ["string"]}], None),
        "findings": ([{"rule": "string", "cwe": "integer", "file": "string", "line": "integer"}], None),
        "calls": ([{"action": "string?", "resource": "string?", "certain": "boolean"}], None),
        "unused_permissions~": (["string"], None),
    },
}

FINDING: Shape = {
    "fingerprint": "string",
    "cause": "string",
    "function_name": "string?",
    "account": "string",
    "region": "string?",
    "cloud": "string",
    "tags": {"*": "string"},
    "cwe": "integer?",
    "check_id": "string",
    "risk": "string",
    "status": "string",
    "severity": "string",
    "confidence": "string",
    "title": "string",
    "message": "string",
    "function_id": "string?",
    "resource_id": "string",
    "locus": "string",
    "evidence": [EVIDENCE],
    "remediation": REMEDIATION,
    "controls": ["string"],
    "waived": ({"reason": "string", "expires": "string"}, None),
    "first_seen": "string?",
}

REPORT: Shape = {
    "schema_version": "string",
    "tool": {"name": "string", "version": "string"},
    "started_at": "string",
    "finished_at": "string",
    "data_as_of": {"*": "any"},
    "run": {
        "depth": "string",
        "settings": {"*": "any"},
        "caller": {"*": "string"},
        "command": "string",
        "plugins": [{"name": "string", "version": "string?", "sha256": "string"}],
        "clouds_not_scanned": [{"cloud": "string", "reason": "string"}],
        "selection": {"*": "any"},
        "as_of": "string",
        "gate": {"fail_on": "string", "passed": "boolean"},
        "complete": "boolean",
        "exit_code": "integer",
        "errors": ["string"],
        "organization~": ({"accounts": "integer", "unreadable": ["string"], "left_out": ["any"]}, None),
        "carried_over~": ({"answers": "integer", "oldest": "string"}, None),
    },
    "scopes": [
        {
            "id": "string",
            "cloud": "string",
            "scope": "string",
            "locations": ["string"],
            "status": "string",
            "age~": "string",
            "carried_over~": "integer",
        }
    ],
    "coverage": {
        "operations": [
            {
                "operation": "string",
                "scope": "string",
                "location": "string",
                "ok": "integer",
                "absent": "integer",
                "gaps": {"*": "integer"},
            }
        ],
        "gaps": [
            {
                "operation": "string",
                "scope": "string",
                "location": "string",
                "resource": "string?",
                "reason": "string",
                "permission": "string?",
                "message": "string",
            }
        ],
        "verdicts_reached": "integer",
        "verdicts_total": "integer",
        "complete": "boolean",
    },
    "score": {
        **GRADED,
        "drivers": [{"check_id": "string", "function_id": "string?", "points": "number", "text": "string"}],
    },
    "functions": [FUNCTION],
    "paths": [
        {
            "id": "string",
            "function_id": "string",
            "kind": "string",
            "severity": "string",
            "reaches": "string",
            "steps": [STEP],
        }
    ],
    "graph": (
        {
            "nodes": [{"id": "string"}],
            "edges": [{"from": "string", "to": "string", "kind": "string", "certainty": "string"}],
        },
        None,
    ),
    "verdicts": {"*": {"*": "string"}},
    "causes": [
        {
            "id": "string",
            "title": "string",
            "severity": "string",
            "lead": "string",
            "findings": ["string"],
            "functions": ["string"],
            "points": "number",
            "remediation": REMEDIATION,
        }
    ],
    "findings": [FINDING],
    "plan": [
        {
            "rank": "integer",
            "cause": "string",
            "change": "string",
            "command": "string?",
            "terraform": "string?",
            "closes": ["string"],
            "eases": ["string"],
            "functions": ["string"],
            "score_after": RANGE,
        }
    ],
    "unknowns": [
        {
            "check_id": "string",
            "operation": "string",
            "permission": "string?",
            "reason": "string",
            "message": "string",
            "subjects": ["string"],
        }
    ],
    "checks": [
        {
            "id": "string",
            "title": "string",
            "risk": "string",
            "severity": "string",
            "clouds": ["string"],
            "covers": ["string"],
            "controls": ["string"],
            "cwe": "integer?",
            "profile_level": "string",
        }
    ],
    "new~": ["string"],
    "resolved~": ["string"],
    "gone~": ["string"],
    "not_examined_again~": ["string"],
    "frameworks~": [
        {
            "id": "string",
            "version": "string",
            "controls": [{"id": "string", "status": "string", "findings": ["string"], "evidence": ["any"]}],
        }
    ],
}

EXIT_CODES = {0, 1, 2, 3, 4, 5, 130, 143}

VERBS: dict[str, tuple[str, ...]] = {
    "scan": (),
    "demo": (),
    "collect": (),
    "evaluate": (),
    "report": (),
    "diff": (),
    "checks": ("list", "show"),
    "frameworks": ("list", "show"),
    "permissions": ("aws", "azure", "gcp"),
    "doctor": (),
    "schema": ("report", "snapshot", "config"),
    "explain": (),
    "waive": (),
    "history": ("list", "show", "trend"),
    "verify": (),
    "code": (),
    "advisories": ("update", "status", "match"),
    "accounts": ("list",),
}
"""Verbs with their actions, or with the words that their argument takes."""

_CONTROL = "--config --max-workers --timeout --ca-bundle --depth"
_SILENCE = "--quiet --no-progress --no-color --log-level --log-format"
_CLOUDS = (
    "--provider --profile -p --region -f --exclude-region --role-arn -R --external-id --subscription-id --tenant-id"
    " --project-id --impersonate-service-account --activity --with-code --advisories --organization --org-role-name"
    " --accounts --accounts-file --exclude-account --ou --resume --executor --store --function --tag"
)
_JUDGING = (
    "--check -c --exclude-check -e --risk --severity --profile-level --checks-dir --fail-on --fail-on-incomplete"
    " --waivers --strict-waivers --baseline --history --framework --notify --metrics-file --import"
)
_OUT = "--format -M --output-dir -o"

OPTIONS: dict[str, str] = {
    "scan": f"{_CLOUDS} {_JUDGING} {_OUT} {_SILENCE} {_CONTROL} --vex",
    "collect": f"{_CLOUDS} --output-dir -o {_SILENCE} {_CONTROL}",
    "evaluate": f"--function --tag {_JUDGING} {_OUT} {_SILENCE} --config --vex",
    "report": "--format -M",
    "checks list": "--format",
    "checks show": "--format",
    "permissions": "--tier",
    "explain": "--function --action --resource",
    "waive": "--reason --expires",
    "code": "--format --trigger --advisories",
    "advisories match": "--advisories --format",
}
