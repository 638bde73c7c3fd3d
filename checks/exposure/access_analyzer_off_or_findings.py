"""Flags regions without an external access analyzer, and functions with active analyzer findings."""

from collections.abc import Iterator

from auditor.analysis import sites
from auditor.check import Context, Fix, Hit, Risk, Subject, check, cite
from auditor.model.ids import Cloud
from auditor.model.inventory import Location
from auditor.model.severity import Severity

_FINDINGS = (
    "aws accessanalyzer list-analyzers --region {location}\n"
    "aws accessanalyzer list-findings --region {location} --analyzer-arn <analyzer-arn>"
    ' --filter \'{"resource":{"eq":["\'{resource}\'"]},"status":{"eq":["ACTIVE"]}}\'\n'
    "aws accessanalyzer update-findings --region {location} --analyzer-arn <analyzer-arn> --ids <finding-id>"
    " --status ARCHIVED  # where the access is intended"
)
"""A finding resolves by itself once the statement that it is about is gone."""

_FIX = Fix(
    text="Create an account analyzer in the region (external access analysis is free of charge), and resolve or"
    " archive its findings about functions and layers.",
    command="aws accessanalyzer create-analyzer --region {location} --analyzer-name external-access --type ACCOUNT\n"
    "aws accessanalyzer list-analyzers --region {location}",
    terraform="""\
resource "aws_accessanalyzer_analyzer" "external_access" {
  analyzer_name = "external-access"
  type          = "ACCOUNT"
}""",
)


@check(
    id="access-analyzer-off-or-findings",
    title="IAM Access Analyzer is disabled or has active findings",
    risk=Risk.EXPOSURE,
    severity=Severity.MEDIUM,
    fix={Cloud.AWS: _FIX},
    covers=("access-analyzer-off-or-findings",),
    facet_of=("url-auth-none", "policy-public", "policy-cross-account", "policy-conditional-public"),
    references=("https://docs.aws.amazon.com/IAM/latest/UserGuide/what-is-access-analyzer.html",),
    subject=Subject.LOCATION,
)
def access_analyzer_off_or_findings(region: Location, context: Context) -> Iterator[Hit]:
    """IAM Access Analyzer determines, by automated reasoning over resource policies, which resources external
    principals can reach, and does so continuously between audits. Without an analyzer in the region a new public grant
    is detected only by the next scan. Findings about resources other than Lambda functions and layers are outside this
    report.
    """
    resources = region.access_analysis.need()
    if resources is None:
        yield Hit(
            message=f"Region {region.location} has no external access analyzer",
            evidence=(cite(region.access_analysis, "no analyzer of type ACCOUNT or ORGANIZATION"),),
            severity=Severity.LOW,
        )
        return
    for resource in sorted(set(resources)):
        if ":lambda:" in resource:
            yield Hit(
                message=f"IAM Access Analyzer has an active finding for {resource}",
                evidence=(cite(region.access_analysis, f"status ACTIVE, resource {resource}"),),
                locus=resource,
                site=_site(resource, context),
                values={"resource": resource},
                command=_FINDINGS,
            )


def _site(resource: str, context: Context) -> str:
    """The one statement of a function's policy that admits others; "" where that cannot be told."""
    parts = resource.split(":")
    function = context.function(":".join(parts[:7]))
    return sites.external_access(function, ":".join(parts[7:])) if function is not None else ""
