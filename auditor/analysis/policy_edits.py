"""The commands that change what a role is allowed, by where the statement is: inline, in a policy, in AWS's policy."""

from typing import NamedTuple

from auditor.analysis import sites
from auditor.model.identity import Identity, PolicyOrigin, PolicyStatement
from auditor.model.observed import Known

_INLINE = (
    "aws iam get-role-policy --role-name {role} --policy-name {policy} --query PolicyDocument --output json"
    " > {policy_name}.json\n"
    "# in {policy_name}.json, {statement}: {change}\n"
    "aws iam put-role-policy --role-name {role} --policy-name {policy} --policy-document file://{policy_name}.json"
)
_CUSTOMER = (
    "aws iam get-policy-version --policy-arn {policy} --version-id {version}"
    " --query PolicyVersion.Document --output json > {policy_name}.json\n"
    "# in {policy_name}.json, {statement}: {change}\n"
    "aws iam create-policy-version --policy-arn {policy} --policy-document file://{policy_name}.json --set-as-default"
)
_PROVIDER = (
    "aws iam put-role-policy --role-name {role} --policy-name <name of a policy of what the code uses>"
    " --policy-document file://<that policy>.json\n"
    "aws iam detach-role-policy --role-name {role} --policy-arn {policy}"
)
_COMMANDS = {PolicyOrigin.INLINE: _INLINE, PolicyOrigin.CUSTOMER: _CUSTOMER, PolicyOrigin.PROVIDER: _PROVIDER}


class Edit(NamedTuple):
    """A command's template, with the values of its placeholders besides ``{role}``."""

    command: str
    values: dict[str, str]


def edit(role: Identity, grant: PolicyStatement, change: str) -> Edit:
    """How a statement of a role is changed. ``change`` says what to do to it, in the imperative.

    A policy that the cloud's provider wrote cannot be changed: another takes its place, and it is detached.
    """
    return Edit(_COMMANDS[grant.origin], {**_located(role, grant), "change": change})


def statement_site(role: Identity, grant: PolicyStatement) -> str:
    """What has to change for a statement of a role to go away: of an AWS managed policy the attachment, of another
    managed policy the statement, for every role it is attached to.
    """
    if grant.origin is PolicyOrigin.PROVIDER:
        return sites.attachment(role.id, grant.policy)
    owner = f"{role.id}/" if grant.origin is PolicyOrigin.INLINE else ""
    return f"{owner}{grant.policy}/{grant.statement}"


def _located(role: Identity, grant: PolicyStatement) -> dict[str, str]:
    policies = role.policies.value if isinstance(role.policies, Known) else ()
    version = next((policy.version for policy in policies if policy.id == grant.policy), None)
    return {
        "policy": grant.policy,
        "policy_name": grant.policy.rpartition("/")[2],
        "version": version or "<default version>",
        "statement": grant.statement if grant.statement.startswith("statement ") else f"statement {grant.statement}",
    }
