"""Flags functions that several different services may invoke."""

from collections.abc import Iterator

from auditor.analysis.statements import allowing, of_policies
from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.exposure import ResourceGrant
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known
from auditor.model.severity import Severity

_FIX = Fix(
    text="Give each kind of event a function of its own, or keep one entry point (a queue, say) in front of this one. If several"
    " are meant, check that the code tells their event formats apart before trusting a field.",
    command="aws lambda get-policy --region {location} --function-name {name} --query Policy --output text\n"
    "aws lambda remove-permission --region {location} --function-name {name} --statement-id <statement-id-no-longer-needed>",
    no_terraform="split the function, or delete the aws_lambda_permission resources no longer needed",
)


@check(
    id="policy-many-principals",
    title="Many service principals may invoke one function",
    risk=Risk.EVENT_INJECTION,
    severity=Severity.LOW,
    fix={Cloud.AWS: _FIX},
    covers=("policy-many-principals",),
    controls=("CSA-SAS:SAS-1", "OWASP-SLS:S1"),
    profile_level=ProfileLevel.STRICT,
)
def policy_many_principals(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """Events of different services differ in shape and in who can write which field. Code that serves several tends to
    guess, and what is safe to trust from one is an attacker's to choose in another. An opinion: some
    functions handle several sources well.
    """
    groups = tuple(of_policies(function.policies.need()))
    facts: dict[str, Known[tuple[ResourceGrant, ...]]] = {}
    for stated in allowing(group for group in groups if isinstance(group, Known)):
        if stated.grant.invokes:
            facts.update(dict.fromkeys(stated.grant.services, stated.fact))
    if len(facts) > 1:
        named = ", ".join(sorted(facts))
        yield Hit(
            message=f"{len(facts)} services may invoke it: {named}",
            evidence=tuple(dict.fromkeys(cite(fact, f"Principal.Service: {named}") for fact in facts.values())),
        )
    tuple(allowing(groups))  # raises for a policy that could not be read
