"""Flags regions with functions whose packages no vulnerability scanner reads."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, Subject, check, cite
from auditor.model.ids import Cloud
from auditor.model.inventory import Place
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
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("inspector-lambda-standard-off",),
    controls=("FSBP:Inspector.4", "NIST-800-53:RA-5"),
    profile_level=ProfileLevel.DEFAULT,
    subject=Subject.LOCATION,
)
def inspector_lambda_standard_off(place: Place, _context: Context) -> Iterator[Hit]:
    """Without it, nobody tells you when a library in a deployed package turns out to be vulnerable.

    The code does not change, the knowledge about it does: only something that keeps looking finds out. Asked of each
    region that has functions. A scanner of another vendor does not show here: exclude the check if you use one.
    """
    if not place.package_scanning.need():
        yield Hit(
            message=f"Inspector does not scan function packages in {place.location}",
            evidence=(cite(place.package_scanning, "resourceState.lambda.status is not ENABLED"),),
        )
