"""Flags execution roles that everyone, or a foreign account, may assume."""

from collections.abc import Iterator

from auditor.analysis.roles import acting_role
from auditor.analysis.statements import judged
from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.exposure import Reach
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_FIX = Fix(
    text="Let only the Lambda service assume the execution role. Whoever else assumes it today loses that; people and"
    " pipelines should have roles of their own. If a partner must assume it, demand an external id.",
    command="aws iam update-assume-role-policy --role-name {role} --policy-document"
    ' \'{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}\'',
    terraform="""\
resource "aws_iam_role" "this" {
  name = "{role}"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}""",
)
_SECOND_FENCES = ("sts:externalid", "aws:multifactorauthpresent")


@check(
    id="role-trust-wide",
    title="Trust policy lets external principals assume the role",
    risk=Risk.EXPOSURE,
    severity=Severity.CRITICAL,
    fix={Cloud.AWS: _FIX},
    covers=("role-trust-wide",),
    controls=("NIST-800-53:AC-3", "CIS-Compute-1.0:4.10", "CSA-SAS:SAS-4"),
    cwe=284,
)
def role_trust_wide(function: Function, context: Context) -> Iterator[Hit]:
    """The trust policy says who may become the function. Open to everyone, any AWS account takes the role and all it may do,
    without touching the function. A foreign account is reported unless you trust it or the statement
    demands an external id, MFA or membership of your organisation; every principal of an organisation is medium, and low
    where it is known to be yours. A statement that hands out no credentials (sts:TagSession alone) is nothing.
    """
    role = acting_role(function.identity.need())
    if isinstance(role, str):
        raise NotApplicable(role)
    for stated in judged((role.trust,)):
        grant = stated.grant
        fenced = any(key.lower() in _SECOND_FENCES for key in grant.condition_keys)
        foreign = tuple(account for account in grant.accounts if not context.trusted(account))
        if grant.reach.public:
            severity, whom = Severity.CRITICAL, "any AWS principal"
        elif grant.reach is Reach.CONDITIONAL and not fenced:
            severity, whom = Severity.MEDIUM, f"any principal under {', '.join(grant.condition_keys) or 'a condition'}"
        elif grant.reach is Reach.CROSS_ACCOUNT and not fenced and (foreign or not grant.accounts):
            severity, whom = Severity.HIGH, f"account {', '.join(foreign) or 'outside yours'} ({stated.who})"
        elif grant.reach is Reach.ORGANISATION and "*" in grant.principals:
            severity = Severity.LOW if grant.own_organization else Severity.MEDIUM
            whom = f"every principal of {'your' if grant.own_organization else 'an'} organisation"
        else:
            continue
        yield Hit(
            message=f"Role {role.name} may be assumed by {whom}. {stated.told}",
            evidence=(cite(stated.fact, grant.text),),
            locus=stated.locus,
            severity=severity,
        )
