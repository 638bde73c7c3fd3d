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
from typing import Any

from auditor.engine.resource_owners import allow_advice
from auditor.engine.shell_template import fill

_AWS = re.compile(r"[a-z0-9-]+:[A-Za-z0-9*]+\Z")
_AZURE = re.compile(r"Microsoft\.[A-Za-z.]+/[A-Za-z0-9/*]+\Z")
_GCP = re.compile(r"[a-z]+(\.[a-zA-Z]+){2,}\Z")
_ARN = re.compile(r"arn:[a-z-]+:(?:iam|sts)::(?P<account>\d{12}):(?P<kind>user|assumed-role|role)/(?P<path>[^\s,]+)")
_ACCOUNT = re.compile(r"[a-z0-9][a-z0-9:.-]*\Z", re.IGNORECASE)
"""An account, subscription or project; not the organisation or folder above it."""
_MANAGED = "AWSReservedSSO_"
"""Begins the names of the roles of IAM Identity Center, which only it may change."""
_ARN_OF_CENTER = re.compile(rf"\Aarn:[a-z-]+:sts::\d{{12}}:assumed-role/{_MANAGED}[^\s,]+\Z")
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


_BLOCKED = (
    ("service control policy", "service control policies of the organisation forbid the call: change them there"),
    ("resource control policy", "resource control policies of the organisation forbid the call: change them there"),
    ("permissions boundary", "the permissions boundary of the identity does not allow the call: widen the boundary"),
    ("session policy", "the session policy of the credentials does not allow the call: sign in without that policy"),
    ("vpc endpoint policy", "the policy of the VPC endpoint does not allow the call: change that policy"),
    ("explicit deny", "a policy denies the call explicitly: remove that statement, or except the identity from it"),
    ("deny assignment", "a deny assignment forbids the call: whoever made it must except the identity from it"),
    (
        "prohibited by organization's policy",
        "VPC Service Controls forbid the call: add an ingress rule there",
    ),
)
"""What a refusal says where no grant helps, the most particular first (IAM user guide, "Troubleshoot access denied
error messages"; Azure RBAC, "Understand deny assignments"; VPC Service Controls, "Troubleshooting")."""
_NO_HELP = "A grant to the auditor would not help: "


def blocked(message: str) -> str:
    """Why no grant would help, by what the cloud said, in one sentence without a full stop; "" where one may."""
    lowered = message.lower()
    return next((said for words, said in _BLOCKED if words in lowered), "")


@dataclass(frozen=True, slots=True)
class Grant:
    """The statement to add to the auditor's own policy or role, and a command that adds it."""

    permission: str
    statement: str
    command: str


def advice(reason: str) -> str:
    """One sentence on what to do about a gap of this reason."""
    return ADVICE.get(reason, "The reason is not one this version of the report knows; see report.json.")


def gap_help(gap: Mapping[str, Any], callers: Mapping[str, str]) -> tuple[str, str | None]:
    """What to do about a gap, in a sentence, and the command that does it, where there is one.

    ``gap`` is a row of the report's ``coverage.gaps``, ``callers`` its ``run.caller``.
    """
    if gap["reason"] != "DENIED":
        return advice(gap["reason"]), None
    if gap.get("owners"):
        return f"{_NO_HELP}{allow_advice(gap['owners'])}.", None
    hindrance = blocked(gap.get("message", ""))
    if hindrance:
        return f"{_NO_HELP}{hindrance}.", None
    if _ARN_OF_CENTER.search(callers.get("aws", "")) and gap["scope"].startswith("aws/"):
        return (
            f"Add {gap['permission']} to the permission set of IAM Identity Center that the caller signed in with.",
            None,
        )
    found = grant(gap["permission"], [gap["scope"]], callers)
    return advice("DENIED"), found.command if found else None


def grant(permission: str | None, scopes: Sequence[str] = (), callers: Mapping[str, str] | None = None) -> Grant | None:
    """The grant for a permission, or None where there is no permission or its grammar is not known.

    ``scopes`` are the ids of those it is missing in (``<cloud>/<account>``), each of which gets a command of its own.
    ``callers`` is the report's ``run.caller``. What neither of them tells is a ``'REPLACE-…'`` in the command.
    """
    return combined([permission], scopes, callers) if permission else None


def combined(
    permissions: Sequence[str], scopes: Sequence[str] = (), callers: Mapping[str, str] | None = None
) -> Grant | None:
    """One grant for several permissions of one cloud; see :func:`grant`."""
    named = (scope.partition("/")[2] for scope in scopes)
    accounts = list(dict.fromkeys(name if _ACCOUNT.match(name) else "<account>" for name in named)) or ["<account>"]
    asked_as = callers or {}
    for grammar, granting, cloud in ((_AWS, _aws, "aws"), (_AZURE, _azure, "azure"), (_GCP, _gcp, "gcp")):
        if permissions and all(map(grammar.match, permissions)):
            return granting(permissions, accounts, asked_as.get(cloud, ""))
    return None


def _aws(permissions: Sequence[str], accounts: Sequence[str], caller: str) -> Grant:
    actions = permissions[0] if len(permissions) == 1 else list(permissions)
    statement = {"Effect": "Allow", "Action": actions, "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    policy = "auditor-read-" + re.sub(r"[^A-Za-z0-9]+", "-", _title(permissions)).strip("-")
    commands = []
    for account in accounts:
        kind, name = _aws_caller(caller, account)
        template = _AWS_COMMAND.replace("{kind}", kind)
        commands.append(fill(template, {"caller": name, "policy": policy, "document": document}))
    return Grant(_title(permissions), json.dumps(statement, indent=2), _each(commands))


def _title(permissions: Sequence[str]) -> str:
    """The permission, or a word for several."""
    return permissions[0] if len(permissions) == 1 else "missing"


def _aws_caller(caller: str, account: str) -> tuple[str, str]:
    """What kind of identity asked an account, and its name, where it is one of that account's that may be changed."""
    for found in _ARN.finditer(caller):
        names = found["path"].split("/")
        name = names[0] if found["kind"] == "assumed-role" else names[-1]
        if account in (found["account"], "<account>") and not name.startswith(_MANAGED):
            return ("user" if found["kind"] == "user" else "role"), name
    return "role", "<role of the auditor>" if account == "<account>" else f"<role of the auditor in {account}>"


def _azure(permissions: Sequence[str], accounts: Sequence[str], caller: str) -> Grant:
    commands = []
    for account in accounts:
        scope = "/subscriptions/" + ("REPLACE-subscription" if account == "<account>" else account)
        role = {"Name": f"Serverless auditor: {_title(permissions).replace('/', ' ')}", "Actions": list(permissions)}
        if len(accounts) > 1:  # the names of a tenant's roles are unique
            role["Name"] = f"{role['Name']} in {account}"
        document = json.dumps({**role, "AssignableScopes": [scope]})
        values = {"document": document, "caller": _one(caller), "role": str(role["Name"]), "scope": scope}
        commands.append(fill(_AZURE_COMMAND, values))
    return Grant(_title(permissions), json.dumps({"Actions": list(permissions)}, indent=2), _each(commands))


def _gcp(permissions: Sequence[str], accounts: Sequence[str], caller: str) -> Grant:
    asked_as = _one(caller)
    if not asked_as.startswith("<"):
        asked_as = f"{'serviceAccount' if asked_as.endswith('.gserviceaccount.com') else 'user'}:{asked_as}"
    role = f"auditor_{_title(permissions).replace('.', '_')}"[:64]  # no role's id is longer
    commands = []
    for account in accounts:
        project = "REPLACE-project" if account == "<account>" else account
        bound = f"projects/{project}/roles/{role}"
        values = {"role": role, "project": project, "permission": ",".join(permissions)}
        values |= {"member": asked_as, "bound": bound}
        commands.append(fill(_GCP_COMMAND, values))
    included = "\n".join(f"- {permission}" for permission in permissions)
    return Grant(_title(permissions), f"includedPermissions:\n{included}", _each(commands))


def _one(caller: str) -> str:
    """The caller, where the report names a single one."""
    return caller if caller and ", " not in caller else "<identity of the auditor>"


def _each(commands: Sequence[str]) -> str:
    return "\n".join(dict.fromkeys(commands))
