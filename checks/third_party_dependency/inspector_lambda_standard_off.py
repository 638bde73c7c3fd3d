"""Flags regions without Inspector Lambda standard scanning."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, Subject, check, cite
from auditor.model.ids import Cloud
from auditor.model.inventory import Location
from auditor.model.severity import Severity

FIX = {
    Cloud.AWS: Fix(
        text="Enable Lambda standard scanning in this region. Inspector charges for each function scanned.",
        command="aws inspector2 enable --region {location} --account-ids {account} --resource-types LAMBDA",
        terraform='resource "aws_inspector2_enabler" "this" {\n  account_ids    = ["{account}"]\n  resource_types = ["LAMBDA"]\n}',
    )
}


@check(
    id="inspector-lambda-standard-off",
    title="Inspector Lambda standard scanning is disabled",
    risk=Risk.THIRD_PARTY_DEPENDENCY,
    severity=Severity.LOW,
    fix=FIX,
    covers=("inspector-lambda-standard-off",),
    references=("https://docs.aws.amazon.com/inspector/latest/user/scanning-lambda.html",),
    profile_level=ProfileLevel.DEFAULT,
    subject=Subject.LOCATION,
)
def inspector_lambda_standard_off(region: Location, _context: Context) -> Iterator[Hit]:
    """Without it, no alert is raised when a library in a deployed package becomes known to be vulnerable: the code does
    not change, so only continuous scanning detects it. Judged for each region that has functions. A scanner of
    another vendor is not visible to this check: exclude the check if you use one.
    """
    if not region.package_scanning.need():
        yield Hit(
            message=f"Inspector Lambda standard scanning is not enabled in {region.location}",
            evidence=(cite(region.package_scanning, "resourceState.lambda.status is not ENABLED"),),
        )
