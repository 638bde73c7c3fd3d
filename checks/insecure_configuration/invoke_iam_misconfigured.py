"""Flags roles that may invoke a function but not its versions and aliases, or the reverse."""

from collections.abc import Iterator
from fnmatch import fnmatchcase

from auditor.check import Context, Fix, Hit, NotApplicable, ProfileLevel, Risk, check, cite
from auditor.model.exposure import Effect
from auditor.model.function import Function
from auditor.model.identity import PolicyStatement
from auditor.model.ids import Cloud
from auditor.model.observed import Observed, each_of
from auditor.model.severity import Confidence, Severity

_FORMS = ("unqualified invocation of", "invocation of an alias or version of")

FIX = {
    Cloud.AWS: Fix(
        text="If the caller uses aliases or versions, grant both forms, the unqualified ARN and the ARN followed by :*;"
        " otherwise leave it.",
        command="aws iam put-role-policy --role-name {role} --policy-name invoke --policy-document file://<policy-with-both-forms.json>",
        terraform='data "aws_iam_policy_document" "invoke" {\n  statement {\n    actions   = ["lambda:InvokeFunction"]\n    resources = ["{function}", "{function}:*"]\n  }\n}',
    )
}


@check(
    id="invoke-iam-misconfigured",
    title="Invoke permission and alias policies disagree",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.INFORMATIONAL,
    fix=FIX,
    covers=("invoke-iam-misconfigured",),
    references=("https://docs.aws.amazon.com/lambda/latest/dg/lambda-api-permissions-ref.html",),
    confidence=Confidence.LOW,
    profile_level=ProfileLevel.STRICT,
)
def invoke_iam_misconfigured(function: Function, _context: Context) -> Iterator[Hit]:
    """Invocation of an alias is authorized against the qualified ARN: with only the unqualified ARN granted it is
    denied at run time.

    Such denials tend to be fixed by granting every function. One form alone may be intended, so this is checked only at
    the strict level and with low confidence. Patterns such as fn* cover both.
    """
    identity = function.identity.need()
    if identity is None:
        raise NotApplicable("the function has no role")
    held = [
        (fact, grant) for fact, group in each_of(identity.statements, _itself) for grant in group if _invokes(grant)
    ]
    resources = [(fact, grant, resource) for fact, grant in held for resource in grant.resources]
    named = {resource for _, _, resource in resources if _names_function(resource)}
    for arn in sorted({":".join(resource.split(":")[:7]) for resource in named}):
        plain = any(fnmatchcase(arn, pattern) for _, _, pattern in resources)
        qualified = any(
            fnmatchcase(f"{arn}:any", pattern) or pattern.startswith(f"{arn}:") for _, _, pattern in resources
        )
        if plain and qualified:
            continue
        fact, proof = next((fact, grant) for fact, grant, resource in resources if resource.startswith(arn))
        form, missing = _FORMS if plain else reversed(_FORMS)
        yield Hit(
            message=f"Role {identity.name} of function {function.name} allows {form} {arn}, but not {missing} it",
            evidence=(cite(fact, f"{proof.policy}, {proof.statement}: {', '.join(proof.resources)}"),),
            locus=arn,
            values={"function": arn},
        )


def _itself(group: Observed[tuple[PolicyStatement, ...]]) -> Observed[tuple[PolicyStatement, ...]]:
    return group


def _invokes(grant: PolicyStatement) -> bool:
    return grant.effect is Effect.ALLOW and any(
        fnmatchcase("lambda:invokefunction", action) for action in grant.actions
    )


def _names_function(resource: str) -> bool:
    parts = resource.split(":")
    return len(parts) in (7, 8) and parts[2] == "lambda" and parts[5] == "function" and not set("*?") & set(parts[6])
