"""Flags regions without an external-access analyser, and functions its active findings name."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, Subject, check, cite
from auditor.model.ids import Cloud
from auditor.model.inventory import Place
from auditor.model.severity import Severity

_FIX = Fix(
    text="Create an account analyser in the region (it is free of charge for external access), and resolve or archive what it"
    " reports about functions and layers.",
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
    controls=("CIS-AWS-Foundations-7.0:2.18", "NIST-800-53:AC-21"),
    subject=Subject.LOCATION,
)
def access_analyzer_off_or_findings(place: Place, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """Access Analyzer proves, by reasoning over policies, which resources outsiders can reach, and keeps watching
    between audits. Without one in the region a new public grant is noticed only by the next scan. Findings
    about resources other than Lambda functions and layers are outside this report.
    """
    resources = place.access_analysis.need()
    if resources is None:
        yield Hit(
            message=f"No external-access analyser watches {place.location}",
            evidence=(cite(place.access_analysis, "no analyser of type ACCOUNT or ORGANIZATION"),),
            severity=Severity.LOW,
        )
        return
    for resource in sorted(set(resources)):
        if ":lambda:" in resource:
            yield Hit(
                message=f"Access Analyzer has an active finding for {resource}",
                evidence=(cite(place.access_analysis, f"status ACTIVE, resource {resource}"),),
                locus=resource,
            )
