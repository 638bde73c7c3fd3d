"""Flags functions whose SnapStart setting has no effect."""

from collections.abc import Iterator

from auditor.analysis import sites
from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known
from auditor.model.severity import Severity

_FIX = Fix(
    text="Publish a version and let an alias (and its triggers) use it: SnapStart applies to published"
    " versions only. First check that the start-up code holds nothing that must be unique per instance,"
    " such as random seeds or connections.",
    breaks="Callers of $LATEST see no difference; start-up code that holds something unique per instance shares it.",
    command="aws lambda publish-version --region {location} --function-name {name}\n"
    "aws lambda create-alias --region {location} --function-name {name} --name live --function-version <version>",
    terraform="""\
resource "aws_lambda_function" "this" {
  function_name = "{name}"
  publish       = true

  snap_start {
    apply_on = "PublishedVersions"
  }
}""",
)
_SUPPORTED = (
    "java11",
    "java17",
    "java21",
    "java25",
    "python3.12",
    "python3.13",
    "python3.14",
    "dotnet8",
    "dotnet9",
    "dotnet10",
)
"""Families SnapStart is offered for; a newer minor of the same family is taken to be supported."""


@check(
    id="snapstart-config",
    title="SnapStart is configured but has no effect",
    risk=Risk.RESILIENCE,
    severity=Severity.INFORMATIONAL,
    fix={Cloud.AWS: _FIX},
    covers=("snapstart-config",),
    facet_of=("code-unversioned",),
    references=("https://docs.aws.amazon.com/lambda/latest/dg/snapstart.html",),
)
def snapstart_config(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """SnapStart applies to published versions only, and no alias points to one, or the runtime does not support it. Cold
    starts are then as slow as without it. Functions without the setting are not judged.
    """
    fact = function.code.snapstart
    if not fact.need().configured:
        raise NotApplicable("SnapStart is not configured")
    runtime = function.runtime
    if isinstance(runtime, Known) and runtime.value is not None and not runtime.value.startswith(_SUPPORTED):
        yield Hit(
            message=f"SnapStart is configured on function {function.name}, but not offered for runtime {runtime.value}",
            evidence=(cite(fact, "SnapStart.ApplyOn = PublishedVersions"), cite(runtime, f"Runtime = {runtime.value}")),
            locus="runtime",
        )
    aliases = function.aliases.need()
    if not fact.need().active and not any(alias.version != "$LATEST" for alias in aliases):
        yield Hit(
            message=f"SnapStart of function {function.name} applies to published versions, but no alias points to one",
            evidence=(
                cite(fact, "SnapStart.ApplyOn = PublishedVersions"),
                cite(function.aliases, "no alias of a version"),
            ),
            locus="versions",
            site=sites.versions(function),
        )
    runtime.need()
