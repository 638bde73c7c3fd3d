"""Flags functions that several AWS services can invoke."""

from collections.abc import Iterator

from auditor.analysis.policy_statements import allowing, of_policies
from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.exposure import AccessGrant
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known
from auditor.model.severity import Severity

_FIX = Fix(
    text="Use one function per event source, or a single entry point such as a queue in front of this function. If"
    " several sources are intended, verify that the code distinguishes their event formats before it trusts a field.",
    breaks="A source whose statement is removed can no longer invoke the function.",
    command="aws lambda get-policy --region {location} --function-name {name} --query Policy --output text\n"
    "aws lambda remove-permission --region {location} --function-name {name} --statement-id <statement-id-no-longer-needed>",
    no_terraform="split the function, or delete the aws_lambda_permission resources that are no longer needed",
)


@check(
    id="policy-many-principals",
    title="Many service principals may invoke one function",
    risk=Risk.EVENT_INJECTION,
    severity=Severity.LOW,
    fix={Cloud.AWS: _FIX},
    covers=("policy-many-principals",),
    references=("https://docs.aws.amazon.com/lambda/latest/dg/permissions-function-services.html",),
    profile_level=ProfileLevel.STRICT,
)
def policy_many_principals(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """Events of different services differ in structure and in who controls each field. Code that serves several
    event sources tends to guess the source, and a field that is trustworthy in one event is attacker-controlled in
    another. Opinionated: some functions handle several sources well.
    """
    groups = tuple(of_policies(function.policies.need()))
    facts: dict[str, Known[tuple[AccessGrant, ...]]] = {}
    for stated in allowing(group for group in groups if isinstance(group, Known)):
        if stated.grant.invokes:
            facts.update(dict.fromkeys(stated.grant.services, stated.fact))
    if len(facts) > 1:
        named = ", ".join(sorted(facts))
        yield Hit(
            message=f"{len(facts)} service principals can invoke {function.name}: {named}",
            evidence=tuple(dict.fromkeys(cite(fact, f"Principal.Service: {named}") for fact in facts.values())),
        )
    tuple(allowing(groups))  # raises for a policy that could not be read
