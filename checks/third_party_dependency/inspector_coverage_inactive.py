"""Flags functions that Inspector does not scan although it is enabled."""

from collections.abc import Iterator
from datetime import date

from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.code import Package
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_NO_DEFECT = {
    "EXCLUDED_BY_TAG": "a tag excludes the function: see inspector-excluded-by-tag",
    "PENDING_INITIAL_SCAN": "the first scan is pending",
    "SCAN_IN_PROGRESS": "a scan is in progress",
}

FIX = {
    Cloud.AWS: Fix(
        text="Invoke or redeploy a function that Inspector dropped as idle (it stops scanning functions that were"
        " not invoked for 90 days), move it to a supported runtime, or retire it. The command shows the reason"
        " that Inspector gives.",
        command="aws inspector2 list-coverage --region {location} --filter-criteria 'lambdaFunctionName=[{comparison=EQUALS,value='{name}'}]'",
        no_terraform="coverage follows from the function; there is no resource for it",
    )
}


@check(
    id="inspector-coverage-inactive",
    title="Inspector coverage is inactive",
    risk=Risk.THIRD_PARTY_DEPENDENCY,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("inspector-coverage-inactive",),
    references=("https://docs.aws.amazon.com/inspector/latest/user/scanning-lambda.html",),
)
def inspector_coverage_inactive(function: Function, context: Context) -> Iterator[Hit]:
    """An enabled scanner is no evidence about a function that it skips, no longer covers, or has not scanned for months.
    Not judged: images (scanned in their registry), a first scan that is pending, regions where scanning is disabled
    (inspector-lambda-standard-off), functions excluded by tag (inspector-excluded-by-tag).
    """
    if function.code.package is Package.IMAGE:
        raise NotApplicable("images are scanned in their registry")
    scan = function.code.scan.need()
    if scan is None:
        scanning = context.location(function).package_scanning
        if not scanning.need():
            raise NotApplicable("scanning is disabled in this region")
        evidence = (
            cite(scanning, "lambda scanning is ENABLED"),
            cite(function.code.scan, "the function is not listed"),
        )
        yield Hit(message=f"Inspector is enabled, but does not cover function {function.name}", evidence=evidence)
    elif not scan.active:
        if scan.reason in _NO_DEFECT:
            raise NotApplicable(_NO_DEFECT[scan.reason])
        yield Hit(
            message=f"Inspector does not scan function {function.name}: {scan.reason}",
            evidence=(cite(function.code.scan, f"scanStatus = INACTIVE, reason = {scan.reason}"),),
        )
    elif scan.scanned_at is not None:
        age = (context.today - date.fromisoformat(scan.scanned_at)).days
        if age > context.settings.inspector_stale_days:
            yield Hit(
                message=f"Inspector last scanned function {function.name} on {scan.scanned_at}, {age} days ago",
                evidence=(cite(function.code.scan, f"lastScannedAt = {scan.scanned_at}"),),
            )
