"""Says how to close a gap: the permission statement and the command that grants it, or what else to do.

A permission's own grammar tells its cloud: `service:Action` (AWS), `Microsoft.X/…/read` (Azure),
`service.noun.verb` (GCP).
Formats: AWS IAM user guide "put-role-policy"; Azure CLI reference "az role definition create"; gcloud reference
"gcloud iam roles update".
"""

import json
import re
from dataclasses import dataclass

_AWS = re.compile(r"[a-z0-9-]+:[A-Za-z0-9*]+\Z")
_AZURE = re.compile(r"Microsoft\.[A-Za-z.]+/[A-Za-z0-9/*]+\Z")
_GCP = re.compile(r"[a-z]+(\.[a-zA-Z]+){2,}\Z")

ADVICE = {
    "DENIED": "The credentials of the scan lack a permission. Grant it and scan again.",
    "EXPIRED": "The credentials expired during the scan. Use ones that refresh (a role or a profile), scan again.",
    "THROTTLED": "The cloud kept refusing for rate. Scan again when the account is quieter, with fewer --max-workers.",
    "UNREACHABLE": "The endpoint did not answer. Check network, proxy and region opt-in, then scan again.",
    "SERVICE_ERROR": "The cloud answered with an error of its own. Scan again later.",
    "MALFORMED": "The answer could not be parsed. Scan again; if it stays, report it with the operation's name.",
    "UNRECOGNISED": "The cloud used a value newer than this version knows. Update the auditor.",
    "VANISHED": "The resource was deleted between two calls. Scan again to see what is there now.",
    "INTERRUPTED": "The scan was stopped or ran out of time before this call. Scan again with a longer --timeout.",
    "NOT_COLLECTED": "The snapshot does not hold this answer. Collect again.",
    "NOT_AT_DEPTH": "This depth does not make the call. Scan with --depth full.",
    "NOT_IN_TIER": "The call belongs to an opt-in tier. 'auditor permissions' prints what to grant; scan with --tier.",
    "NOT_OFFERED": "The cloud does not offer this call here (region, partition or emulator).",
}


@dataclass(frozen=True, slots=True)
class Grant:
    """The statement to add to the auditor's own policy or role, and a command that adds it."""

    permission: str
    statement: str
    command: str


def advice(reason: str) -> str:
    """One sentence on what to do about a gap of this reason."""
    return ADVICE.get(reason, "The reason is not one this version of the report knows; see report.json.")


def grant(permission: str | None) -> Grant | None:
    """The grant for a permission, or None where there is no permission or its grammar is not known."""
    if not permission:
        return None
    if _AWS.match(permission):
        return _aws(permission)
    if _AZURE.match(permission):
        return _azure(permission)
    if _GCP.match(permission):
        command = f"gcloud iam roles update AUDITOR_ROLE --project PROJECT_ID --add-permissions {permission}"
        return Grant(permission, f"includedPermissions:\n- {permission}", command)
    return None


def _aws(permission: str) -> Grant:
    statement = {"Effect": "Allow", "Action": permission, "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    name = re.sub(r"[^A-Za-z0-9]+", "-", permission).strip("-")
    command = (
        f"aws iam put-role-policy --role-name AUDITOR_ROLE --policy-name auditor-read-{name} \\\n"
        f"  --policy-document '{document}'"
    )
    return Grant(permission, json.dumps(statement, indent=2), command)


def _azure(permission: str) -> Grant:
    role = {
        "Name": "Serverless auditor: " + permission.replace("/", " "),
        "Actions": [permission],
        "AssignableScopes": ["/subscriptions/SUBSCRIPTION_ID"],
    }
    command = f"az role definition create --role-definition '{json.dumps(role)}'"
    return Grant(permission, json.dumps({"Actions": [permission]}, indent=2), command)
