"""The changes that cut paths: a Deny of their first steps at once, and of the statements that allow these for good."""

from collections.abc import Iterable
from hashlib import sha256
from typing import Final, NamedTuple

from auditor.analysis.policy_edits import edit, statement_site
from auditor.analysis.role_repairs import letters
from auditor.analysis.roles import readable_grants
from auditor.model.access import AccessPath, FirstStep, PathStep
from auditor.model.identity import Identity, PolicyStatement

_MOST: Final = 10
"""Resources that a Deny names of one action; beyond them it names all, for an inline policy has 10,240 characters."""


class Denial(NamedTuple):
    """A policy that denies first steps, as templates of a command and of Terraform, with the values of placeholders.

    ``{deny_name}`` in them is for its ``name``.
    """

    name: str
    command: str
    terraform: str
    values: dict[str, str]


def denial(steps: Iterable[FirstStep], kind: str = "role", of: str = "role") -> Denial:
    """Denies every one of the steps at once. Its name tells what it denies: another denial overwrites nothing.

    ``kind`` is whom it is for, a ``role`` or a ``user``; ``of`` the placeholder of its name.
    """
    values: dict[str, str] = {}
    statements, blocks, told = list[str](), list[str](), list[str]()
    for letter, step in ((letters(number), step) for number, step in enumerate(steps)):
        on = step.resources if len(step.resources) <= _MOST else ("*",)
        values[f"denied_{letter}"] = step.action
        names = [f"on_{letter}_{letters(number)}" for number in range(len(on))]
        values |= dict(zip(names, on, strict=True))
        listed = ",".join(f'"{{{name}}}"' for name in names)
        resources = listed if len(names) == 1 else f"[{listed}]"
        statements.append(f'{{"Effect":"Deny","Action":"{{denied_{letter}}}","Resource":{resources}}}')
        blocks.append(f'      {{ Effect = "Deny", Action = "{{denied_{letter}}}", Resource = [{listed}] }},\n')
        told.append(f"{step.action} {' '.join(on)}")
    name = f"deny-escalation-{sha256(' '.join(told).encode()).hexdigest()[:8]}"
    document = f'{{"Version":"2012-10-17","Statement":[{",".join(statements)}]}}'
    command = (
        f"aws iam put-{kind}-policy --{kind}-name {{{of}}} --policy-name {{deny_name}} --policy-document '{document}'\n"
    )
    hcl = _HCL.replace("STATEMENTS", "".join(blocks)).replace("KIND", kind).replace("WHO", f"{{{of}}}")
    return Denial(name, command, hcl, values)


_HCL: Final = """\
resource "aws_iam_KIND_policy" "deny_escalation" { # until the statements that allow it are narrowed
  name = "{deny_name}"
  KIND = "WHO"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [
STATEMENTS    ]
  })
}"""


class Change(NamedTuple):
    """What has to change, the command's template, and the values of its placeholders."""

    site: str
    command: str
    values: dict[str, str]


def first_change(role: Identity, path: AccessPath) -> Change:
    """The change that lasts, of the first step: of its statement, or of the trust policy that alone admits the role."""
    first = path.steps[0]
    grant = _grant(role, first)
    if grant is None:
        return _trust_change(first)
    changed = edit(role, grant, f"take out {first.actions[0]}, and name only the actions and resources the code uses")
    return Change(statement_site(role, grant), changed.command, changed.values)


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
    return Change(f"trust policy of {step.target}", command, {"trusting": target})
