"""Flags functions that principals with fewer permissions than the function's role can take over."""

from collections.abc import Iterator

from auditor.analysis.permissions.path_changes import denial
from auditor.analysis.permissions.path_severity import takeover_severity
from auditor.analysis.permissions.path_words import depending, named, steps_told
from auditor.analysis.roles import acting_role
from auditor.analysis.sites import attachment
from auditor.check import Context, Evidence, Fix, Hit, NotApplicable, Risk, check
from auditor.model.access import AccessPath, PermissionProof
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Confidence, Severity

_FIX = Fix(
    text="Deny the principal the first step at once wherever the statement allows it, together with every other step with"
    " which it begins a path to the function; then name in the statements only the functions and roles that it deploys,"
    " and remove the Deny.",
    breaks="Deployments by this principal fail with AccessDenied where they need a denied action.",
    command="aws iam put-{taker_kind}-policy --{taker_kind}-name {taker} --policy-name {deny_name} --policy-document"
    ' \'{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"{denied}","Resource":"{on}"}]}\'',
    terraform="""\
resource "aws_iam_{taker_kind}_policy" "deny_takeover" { # until the statement that allows it is narrowed
  name = "{deny_name}"
  {taker_kind} = "{taker}"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Deny", Action = "{denied}", Resource = "{on}" }]
  })
}""",
)


@check(
    id="function-takeover",
    title="Principals can escalate through the function's role",
    risk=Risk.OVER_PRIVILEGE,
    severity=Severity.MEDIUM,
    fix={Cloud.AWS: _FIX},
    references=(
        "https://docs.aws.amazon.com/lambda/latest/dg/security_iam_service-with-iam.html",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html",
    ),
    facet_of=("role-admin", "escalation-path", "role-passrole-any", "role-aws-managed-broad"),
    cwe=269,
)
def function_takeover(function: Function, _context: Context) -> Iterator[Hit]:
    """A principal that can change the code, configuration or policy of a function, or use its role for other code, has
    the permissions of the role. That is a deployer's task; it is privilege escalation where the role can do what the
    principal itself cannot. All roles and users of the account are evaluated, with their groups, boundaries and Deny
    statements, in one step or in several; the shortest path of each is reported. Administrators of the account are not.

    High where the role is an administrator or can become one; medium where the principal gains secrets, identities or
    code, or anything on every resource; informational where it gains no more than the data that is the function's own
    task. One level lower where the path depends on something that cannot be read or decided.
    """
    role = acting_role(function.identity.need())
    if isinstance(role, str):
        raise NotApplicable(role)
    found = function.effective_permissions.need()
    for path in found.takeover:
        if path.gains:
            yield _hit(function, role.name, path)
    found.takers_complete.need()


def _hit(function: Function, role: str, path: AccessPath) -> Hit:
    severity = takeover_severity(path)
    first = path.steps[0]
    source = function.effective_permissions.source
    proofs = tuple(Evidence(source, f"{proof.policy}: {proof.text}") for step in path.steps for proof in step.proof)
    kind, _, taker = path.source.rpartition(":")[2].partition("/")
    proof = first.proof[0] if first.proof else None
    denied = denial(path.first_steps, kind, "taker")
    return Hit(
        message=f"{_capital(named(path.source))} can run code as role {role} of {function.name}, which can do more"
        f" ({'; '.join(path.gains)}): it {steps_told(path)}{depending(path)}",
        evidence=proofs or (Evidence(source, first.sentence),),
        locus=path.source,
        site=_site(path.source, proof) if proof is not None else f"trust policy of {first.target}",
        severity=severity,
        confidence=Confidence.MEDIUM if path.conditions else None,
        values={
            **denied.values,
            "deny_name": denied.name,
            "taker_kind": kind,
            "taker": taker.rpartition("/")[2],
            "denied": first.actions[0],
            "on": next((step.resources[0] for step in path.first_steps if step.action == first.actions[0]), "*"),
        },
        command=denied.command,
        terraform=denied.terraform,
    )


def _site(taker: str, proof: PermissionProof) -> str:
    """The statement that has to change, by the name that findings about the taker's own role have for it."""
    owner, _, name = proof.policy.rpartition("/")
    if proof.policy.startswith("arn:"):
        managed = f"{proof.policy}/{proof.statement}"
        return attachment(taker, proof.policy) if proof.policy.split(":")[4] == "aws" else managed
    own = owner == taker.rpartition("/")[2]
    return f"{taker}/{name}/{proof.statement}" if own else f"{proof.policy}/{proof.statement}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
