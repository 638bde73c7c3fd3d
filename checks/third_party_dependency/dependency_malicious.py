"""Flags packages in the deployed code and its layers that are known to be malicious."""

from collections.abc import Iterator

from auditor.analysis.dependency_findings import vulnerable_dependencies
from auditor.check import Context, Evidence, Fix, Hit, Risk, check
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_TEXT = (
    "Stop the function, replace every credential it could read, remove the package where the deployment is built, and"
    " deploy it without; then look through the logs for what it did."
)
_BREAKS = "While it is stopped, nothing is answered; what called the package has to be replaced."
_WHY_NOT = "the package is built from sources that the cloud does not hold"
_TERRAFORM = 'resource "aws_lambda_function" "this" {\n  function_name                  = "{name}"\n  reserved_concurrent_executions = 0\n}'

FIX = {
    Cloud.AWS: Fix(
        text=_TEXT,
        breaks="Both stop the function altogether until it is deployed without the package.",
        command="aws lambda put-function-concurrency --function-name {name} --region {location} --reserved-concurrent-executions 0",
        terraform=_TERRAFORM,
    ),
    **{
        cloud: Fix(text=_TEXT, breaks=_BREAKS, no_command=_WHY_NOT, no_terraform=_WHY_NOT)
        for cloud in (Cloud.AZURE, Cloud.GCP)
    },
}


@check(
    id="dependency-malicious",
    title="Dependency is a known malicious package",
    risk=Risk.THIRD_PARTY_DEPENDENCY,
    severity=Severity.CRITICAL,
    fix=FIX,
    references=("https://github.com/ossf/malicious-packages",),
    cwe=506,
)
def dependency_malicious(function: Function, _context: Context) -> Iterator[Hit]:
    """A package that was published to do harm runs with the function's role and sees its variables and events. Those
    that the Open Source Security Foundation lists (advisories named MAL-) are looked for in the package and its layers.
    """
    for each in vulnerable_dependencies(function, malicious=True):
        where = f" from layer {each.layer}" if each.layer else ""
        yield Hit(
            message=f"Function {function.name} runs the malicious package {each.package} {', '.join(each.versions)}{where} ({each.ids})",
            evidence=(Evidence(each.source, f"{each.paths[0]}: {each.ids} (by {each.scanners})"),),
            locus=f"{each.package} in {each.layer}" if each.layer else each.package,
            site=f"layer {each.layer}" if each.layer else f"removal of {each.package}",
            confidence=each.confidence,
        )
