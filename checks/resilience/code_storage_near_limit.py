"""Flags regions whose functions and layers have nearly used up the storage for code."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, Subject, check, cite
from auditor.model.ids import Cloud
from auditor.model.inventory import Location
from auditor.model.severity import Severity

_SHARE = 0.8
_GIB = 1024**3

_FIX = Fix(
    text="Delete versions of functions and layers that nothing uses, or ask for a higher quota.",
    breaks="Aliases and mappings that name a deleted version fail.",
    command="aws lambda delete-function --region {location} --function-name <function> --qualifier <old-version>\n"
    "aws service-quotas request-service-quota-increase --region {location} --service-code lambda"
    " --quota-code L-2ACBD22F --desired-value <gigabytes>",
    terraform="""\
resource "aws_servicequotas_service_quota" "code_storage" {
  service_code = "lambda"
  quota_code   = "L-2ACBD22F"
  value        = 150 # gigabytes
}""",
)


@check(
    id="code-storage-near-limit",
    title="Storage for code is nearly used up",
    risk=Risk.RESILIENCE,
    severity=Severity.LOW,
    fix={Cloud.AWS: _FIX},
    covers=("quota-near-limit",),
    references=("https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html",),
    cwe=770,
    subject=Subject.LOCATION,
)
def code_storage_near_limit(region: Location, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """Once the storage is full, nothing can be deployed, a repair neither: every published version counts. Reported
    above 80 % of the quota of the account in the region.
    """
    used, most = region.code_stored.need(), region.code_limit.need()
    if used > most * _SHARE:
        yield Hit(
            message=f"Code of functions and layers uses {used / _GIB:.1f} of {most / _GIB:.1f} GiB in {region.location}",
            evidence=(
                cite(region.code_stored, f"AccountUsage.TotalCodeSize = {used}"),
                cite(region.code_limit, f"AccountLimit.TotalCodeSize = {most}"),
            ),
        )
