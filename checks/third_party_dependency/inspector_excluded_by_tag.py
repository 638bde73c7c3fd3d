"""Flags functions that a tag excludes from vulnerability scanning."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known, Unknown
from auditor.model.severity import Severity

_EXCLUSIONS = {"InspectorExclusion": "LambdaStandardScanning", "InspectorCodeExclusion": "LambdaCodeScanning"}

FIX = {
    Cloud.AWS: Fix(
        text="Remove the tag; if the function must remain excluded, record who decided so and exclude this check"
        " for it.",
        command="aws lambda untag-resource --resource {id} --region {location} --tag-keys {key}",
        no_terraform="delete the tag from the tags of the aws_lambda_function; there is nothing to add",
    )
}


@check(
    id="inspector-excluded-by-tag",
    title="Tag excludes the function from Inspector",
    risk=Risk.THIRD_PARTY_DEPENDENCY,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("gap-inspector-excluded-by-tag",),
    references=("https://docs.aws.amazon.com/inspector/latest/user/scanning-lambda.html",),
)
def inspector_excluded_by_tag(function: Function, _context: Context) -> Iterator[Hit]:
    """A principal with permission to tag the function can disable the scanner: its findings close as if they were fixed.
    The two tags of Inspector are compared by name and value, as Inspector does. Where tags cannot be read,
    Inspector's reason EXCLUDED_BY_TAG is sufficient evidence.
    """
    scan = function.code.scan
    reason = scan.value.reason if isinstance(scan, Known) and scan.value is not None else ""
    if isinstance(function.tags, Unknown) and reason == "EXCLUDED_BY_TAG":
        yield Hit(
            message=f"A tag excludes function {function.name} from Inspector",
            evidence=(cite(scan, "scanStatus.reason = EXCLUDED_BY_TAG"),),
            locus="InspectorExclusion",
            values={"key": "InspectorExclusion"},
        )
        return
    for key, value in function.tags.need().items():
        if _EXCLUSIONS.get(key) == value:
            yield Hit(
                message=f"Tag {key} = {value} excludes function {function.name} from Inspector",
                evidence=(cite(function.tags, f"Tags.{key} = {value}"),),
                locus=key,
                values={"key": key},
            )
