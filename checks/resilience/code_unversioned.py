"""Flags functions without an alias of a published version."""

from collections.abc import Iterator

from auditor.analysis import sites
from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_FIX = Fix(
    text="Publish a version with every deployment, point an alias to it, and let callers and triggers use the alias.",
    breaks="Callers that name the unqualified function use $LATEST until they are changed.",
    command="aws lambda publish-version --region {location} --function-name {name}\n"
    "aws lambda create-alias --region {location} --function-name {name} --name live --function-version <version>",
    terraform="""\
resource "aws_lambda_alias" "live" {
  function_name    = "{name}"
  name             = "live"
  function_version = "<version>"
}""",
)


@check(
    id="code-unversioned",
    title="No alias points to a published version",
    risk=Risk.RESILIENCE,
    severity=Severity.LOW,
    fix={Cloud.AWS: _FIX},
    covers=("code-unversioned",),
    references=(
        "https://docs.aws.amazon.com/lambda/latest/dg/configuration-versions.html",
        "https://docs.aws.amazon.com/lambda/latest/dg/configuration-aliases.html",
    ),
    profile_level=ProfileLevel.STRICT,
)
def code_unversioned(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """Without a published version a faulty deployment is live for every caller at once, and a rollback requires a
    rebuild of the old code. Only a recommendation, since some pipelines redeploy in a minute.
    """
    if not any(alias.version != "$LATEST" for alias in function.aliases.need()):
        yield Hit(
            message=f"Function {function.name} has no alias that points to a published version",
            evidence=(cite(function.aliases, "Aliases: none of a version"),),
            site=sites.versions(function),
        )
