"""Flags functions that are used without aliases, straight from their unpublished code."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_FIX = Fix(
    text="Publish a version with every deployment, point an alias at it, and let callers and triggers use the alias. Callers that name the"
    " bare function go on using the unpublished code until they are changed.",
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
    controls=("NIST-800-53:CM-3", "NIST-800-53:SA-10"),
    profile_level=ProfileLevel.STRICT,
)
def code_unversioned(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """Without a published version a bad deployment is live for everyone at once, and going back means building the old code again. An
    opinion, since pipelines that redeploy in a minute manage without.
    """
    if not any(alias.version != "$LATEST" for alias in function.aliases.need()):
        yield Hit(
            message="No alias points at a published version: callers get whatever was deployed last",
            evidence=(cite(function.aliases, "Aliases: none of a version"),),
        )
