"""The single change that cuts a path: of the statement by which a role takes its first step."""

from hashlib import sha256
from typing import Final, NamedTuple

from auditor.analysis.policy_edits import edit, statement_site
from auditor.analysis.roles import readable_grants
from auditor.model.access import AccessPath, PathStep
from auditor.model.identity import Identity, PolicyStatement

_DENY: Final = (
    "aws iam put-role-policy --role-name {role} --policy-name {deny_name} --policy-document"
    ' \'{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"{denied}","Resource":"{on}"}]}\'\n'
)
"""Cuts the path at once; what follows mends the statement."""


def deny_name(action: str, on: str) -> str:
    """A name for the policy that denies a step: another step's has another, so that neither overwrites the other."""
    return f"deny-escalation-{sha256(f'{action} {on}'.encode()).hexdigest()[:8]}"


class Change(NamedTuple):
    """What has to change, the command's template, and the values of its placeholders."""

    site: str
    command: str | None
    values: dict[str, str]


def first_change(role: Identity, path: AccessPath) -> Change:
    """The change of the first step: of its statement, or of the trust policy that alone admits the role."""
    first = path.steps[0]
    grant = _grant(role, first)
    if grant is None:
        return _trust_change(first)
    changed = edit(role, grant, f"take out {first.actions[0]}, and name only the actions and resources the code uses")
    return Change(statement_site(role, grant), f"{_DENY}{changed.command}", changed.values)


def _grant(role: Identity, step: PathStep) -> PolicyStatement | None:
    """The statement of the role that allows the step, the narrowest to change first: that of its first action."""
    texts = [proof.text for proof in step.proof]
    by_text = {grant.text: grant for grant in readable_grants(role)}
    return next((by_text[text] for text in texts if text in by_text), None)


def _trust_change(step: PathStep) -> Change:
    target = step.target.rpartition("/")[2]
    command = (
        "aws iam get-role --role-name {trusting} --query Role.AssumeRolePolicyDocument --output json > trust.json\n"
        "# in trust.json: take out the principal {role}\n"
        "aws iam update-assume-role-policy --role-name {trusting} --policy-document file://trust.json"
    )
    return Change(f"trust policy of {step.target}", f"{_DENY}{command}", {"trusting": target})
