"""IAM Access Analyzer, which moto lacks: analyzers, and findings drawn from the functions' resource policies."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from moto_fixtures.aws.account import Account
from moto_fixtures.aws.errors import ServiceError
from moto_fixtures.aws.moto_extensions.lambda_memory import LambdaMemory, identifier, partition
from moto_fixtures.aws.moto_extensions.registry import as_json, completes, window
from moto_fixtures.aws.wire import Call
from moto_fixtures.emulation.wire import Answer

_CREATED = "2026-01-15T09:30:00Z"
_NARROWING = ("aws:PrincipalOrgID", "AWS:SourceAccount", "aws:SourceAccount")


@dataclass
class AnalyzerMemory:
    """Analyzers of one region, by name."""

    analyzers: dict[str, dict[str, Any]] = field(default_factory=dict)


@completes("accessanalyzer", "CreateAnalyzer")
def create_analyzer(call: Call, account: Account) -> Answer:
    """Creates an active analyzer."""
    body = call.json()
    name = body["analyzerName"]
    arn = f"arn:{partition(call.region)}:access-analyzer:{call.region}:{account.id}:analyzer/{name}"
    account.of(AnalyzerMemory, call.region).analyzers[name] = {
        "arn": arn,
        "name": name,
        "type": body["type"],
        "createdAt": _CREATED,
        "status": "ACTIVE",
        "tags": body.get("tags", {}),
    }
    return as_json({"arn": arn})


@completes("accessanalyzer", "ListAnalyzers")
def list_analyzers(call: Call, account: Account) -> Answer:
    """The region's analyzers, of one type where asked."""
    wanted = call.argument("type")
    rows = account.of(AnalyzerMemory, call.region).analyzers.values()
    return as_json({"analyzers": [row for row in rows if wanted in (None, row["type"])]})


def _outside(statement: dict[str, Any], account: Account) -> bool:
    conditions = statement.get("Condition", {}).values()
    if any(key in condition for condition in conditions for key in _NARROWING):
        return False
    principal = statement.get("Principal", "*")
    if principal == "*" or "NotPrincipal" in statement:
        return True
    named = principal.get("AWS", ())
    everyone = [named] if isinstance(named, str) else named
    return any(who == "*" or account.id not in who for who in everyone)


def _findings(call: Call, account: Account) -> Iterator[dict[str, Any]]:
    for function in account.of(LambdaMemory, call.region).functions.values():
        for qualifier, policy in function.policies.items():
            for statement in policy["Statement"]:
                if statement["Effect"] == "Allow" and _outside(statement, account):
                    yield {
                        "id": identifier("finding", function.qualified(qualifier), str(statement)),
                        "resource": function.qualified(qualifier),
                        "resourceType": "AWS::Lambda::Function",
                        "resourceOwnerAccount": account.id,
                        "findingType": "ExternalAccess",
                        "status": "ACTIVE",
                        "createdAt": _CREATED,
                        "updatedAt": _CREATED,
                        "analyzedAt": _CREATED,
                    }


@completes("accessanalyzer", "ListFindingsV2")
def list_findings(call: Call, account: Account) -> Answer:
    """External-access findings about functions, in pages; the filter's resourceType and status are honoured."""
    body = call.json()
    analyzers = account.of(AnalyzerMemory, call.region).analyzers.values()
    analyzer = next((row for row in analyzers if row["arn"] == body["analyzerArn"]), None)
    if analyzer is None:
        raise ServiceError("ResourceNotFoundException", f"Analyzer {body['analyzerArn']} not found", 404)
    rows = list(_findings(call, account)) if analyzer["type"].endswith(("ACCOUNT", "ORGANIZATION")) else []
    for member, criterion in (body.get("filter") or {}).items():
        rows = [row for row in rows if row.get(member) in criterion.get("eq", [row.get(member)])]
    size = int(body.get("maxResults") or 100)
    start, end, token = window(len(rows), body.get("nextToken"), size, "ValidationException")
    members: dict[str, Any] = {"findings": rows[start:end]}
    if token:
        members["nextToken"] = token
    return as_json(members)
