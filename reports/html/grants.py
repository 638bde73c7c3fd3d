"""Says how to close a gap: the permission statement and the command that grants it, or what else to do.

A permission's own grammar tells its cloud: `service:Action` (AWS), `Microsoft.X/…/read` (Azure),
`service.noun.verb` (GCP).
Formats: AWS CLI reference "iam put-role-policy", "iam put-user-policy"; Azure CLI reference "az role definition
create", "az role assignment create"; gcloud reference "iam roles create", "projects add-iam-policy-binding".
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from auditor.engine.shell_template import fill

_AWS = re.compile(r"[a-z0-9-]+:[A-Za-z0-9*]+\Z")
_AZURE = re.compile(r"Microsoft\.[A-Za-z.]+/[A-Za-z0-9/*]+\Z")
_GCP = re.compile(r"[a-z]+(\.[a-zA-Z]+){2,}\Z")
_ARN = re.compile(r"arn:[a-z-]+:(?:iam|sts)::(?P<account>\d{12}):(?P<kind>user|assumed-role|role)/(?P<path>[^\s,]+)")
_ACCOUNT = re.compile(r"[a-z0-9][a-z0-9:.-]*\Z", re.IGNORECASE)
"""An account, subscription or project; not the organisation or folder above it."""
_MANAGED = "AWSReservedSSO_"
"""Begins the names of the roles of IAM Identity Center, which only it may change."""
_AWS_COMMAND = (
    "aws iam put-{kind}-policy --{kind}-name {caller} --policy-name {policy} \\\n  --policy-document {document}"
)
_AZURE_COMMAND = (
    "az role definition create --role-definition {document}\n"
    "az role assignment create --assignee {caller} --role {role} --scope {scope}"
)
_GCP_COMMAND = (
    "gcloud iam roles create {role} --project={project} --permissions={permission}\n"
    "gcloud projects add-iam-policy-binding {project} --member={member} --role={bound} --condition=None"
)

ADVICE = {
    "DENIED": "The credentials of the scan lack a permission. Grant it and scan again.",
    "EXPIRED": "The credentials expired during the scan. Use ones that refresh (a role or a profile), scan again.",
    "THROTTLED": "The cloud kept refusing for rate. Scan again when the account is quieter, with fewer --max-workers.",
    "UNREACHABLE": "The endpoint did not answer. Check network, proxy and region opt-in, then scan again.",
    "SERVICE_ERROR": "The cloud answered with an error of its own. Scan again later.",
    "MALFORMED": "The answer could not be parsed. Scan again; if it stays, report it with the operation's name.",
    "UNRECOGNISED": "The cloud used a value newer than this version knows. Update the auditor.",
    "NOT_FOUND": "An earlier answer names it and the cloud does not find it: deleted since, or a reference to nothing.",
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


def grant(permission: str | None, scopes: Sequence[str] = (), callers: Mapping[str, str] | None = None) -> Grant | None:
    """The grant for a permission, or None where there is no permission or its grammar is not known.

    ``scopes`` are the ids of those it is missing in (``<cloud>/<account>``), each of which gets a command of its own.
    ``callers`` is the report's ``run.caller``. What neither of them tells is a ``'REPLACE-…'`` in the command.
    """
    if not permission:
        return None
    named = (scope.partition("/")[2] for scope in scopes)
    accounts = list(dict.fromkeys(name if _ACCOUNT.match(name) else "<account>" for name in named)) or ["<account>"]
    asked_as = callers or {}
    if _AWS.match(permission):
        return _aws(permission, accounts, asked_as.get("aws", ""))
    if _AZURE.match(permission):
        return _azure(permission, accounts, asked_as.get("azure", ""))
    if _GCP.match(permission):
        return _gcp(permission, accounts, asked_as.get("gcp", ""))
    return None


def _aws(permission: str, accounts: Sequence[str], caller: str) -> Grant:
    statement = {"Effect": "Allow", "Action": permission, "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    policy = "auditor-read-" + re.sub(r"[^A-Za-z0-9]+", "-", permission).strip("-")
    commands = []
    for account in accounts:
        kind, name = _aws_caller(caller, account)
        template = _AWS_COMMAND.replace("{kind}", kind)
        commands.append(fill(template, {"caller": name, "policy": policy, "document": document}))
    return Grant(permission, json.dumps(statement, indent=2), _each(commands))


def _aws_caller(caller: str, account: str) -> tuple[str, str]:
    """What kind of identity asked an account, and its name, where it is one of that account's that may be changed."""
    for found in _ARN.finditer(caller):
        names = found["path"].split("/")
        name = names[0] if found["kind"] == "assumed-role" else names[-1]
        if account in (found["account"], "<account>") and not name.startswith(_MANAGED):
            return ("user" if found["kind"] == "user" else "role"), name
    return "role", "<role of the auditor>" if account == "<account>" else f"<role of the auditor in {account}>"


def _azure(permission: str, accounts: Sequence[str], caller: str) -> Grant:
    commands = []
    for account in accounts:
        scope = "/subscriptions/" + ("REPLACE-subscription" if account == "<account>" else account)
        role = {"Name": f"Serverless auditor: {permission.replace('/', ' ')}", "Actions": [permission]}
        if len(accounts) > 1:  # the names of a tenant's roles are unique
            role["Name"] = f"{role['Name']} in {account}"
        document = json.dumps({**role, "AssignableScopes": [scope]})
        values = {"document": document, "caller": _one(caller), "role": str(role["Name"]), "scope": scope}
        commands.append(fill(_AZURE_COMMAND, values))
    return Grant(permission, json.dumps({"Actions": [permission]}, indent=2), _each(commands))


def _gcp(permission: str, accounts: Sequence[str], caller: str) -> Grant:
    asked_as = _one(caller)
    if not asked_as.startswith("<"):
        asked_as = f"{'serviceAccount' if asked_as.endswith('.gserviceaccount.com') else 'user'}:{asked_as}"
    role = f"auditor_{permission.replace('.', '_')}"[:64]  # no role's id is longer
    commands = []
    for account in accounts:
        project = "REPLACE-project" if account == "<account>" else account
        bound = f"projects/{project}/roles/{role}"
        values = {"role": role, "project": project, "permission": permission, "member": asked_as, "bound": bound}
        commands.append(fill(_GCP_COMMAND, values))
    return Grant(permission, f"includedPermissions:\n- {permission}", _each(commands))


def _one(caller: str) -> str:
    """The caller, where the report names a single one."""
    return caller if caller and ", " not in caller else "<identity of the auditor>"


def _each(commands: Sequence[str]) -> str:
    return "\n".join(dict.fromkeys(commands))
