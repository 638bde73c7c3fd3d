"""Flags packages with known vulnerabilities in the deployed code and its layers."""

from collections.abc import Iterator

from auditor.analysis.dependency_findings import VulnerableDependency, vulnerable_dependencies
from auditor.check import Context, Evidence, Fix, Hit, Risk, check
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_TEXT = (
    "Upgrade the package where the deployment is built, to the version that the finding names or to a later one, and"
    " deploy it; where it comes from a layer, publish the layer anew and use its new version."
)
_BREAKS = "A newer version may behave differently: run the function's tests against it."
_WHY_NOT = "the package is built from sources that the cloud does not hold"

FIX = {
    cloud: Fix(text=_TEXT, breaks=_BREAKS, no_command=_WHY_NOT, no_terraform=_WHY_NOT)
    for cloud in (Cloud.AWS, Cloud.AZURE, Cloud.GCP)
}


@check(
    id="dependency-vulnerable",
    title="Dependency has known vulnerabilities",
    risk=Risk.THIRD_PARTY_DEPENDENCY,
    severity=Severity.HIGH,
    fix=FIX,
    references=(
        "https://owasp.org/Top10/A06_2021-Vulnerable_and_Outdated_Components/",
        "https://google.github.io/osv.dev/",
    ),
    cwe=1395,
)
def dependency_vulnerable(function: Function, _context: Context) -> Iterator[Hit]:
    """A function runs its libraries with its own role: a flaw in one that reads an event is a flaw of the function.
    What is in the deployed package and its layers is compared with published advisories, as the runtime would load it.
    The severity is that of the gravest advisory by its CVSS vector, one level more where CISA lists it as exploited or
    EPSS says that it is likely to be.
    """
    for each in vulnerable_dependencies(function, malicious=False):
        yield Hit(
            message=_message(function, each),
            evidence=(Evidence(each.source, f"{each.paths[0]}: {each.ids} (by {each.scanners})"),),
            locus=f"{each.package} in {each.layer}" if each.layer else each.package,
            site=_site(each),
            severity=each.severity,
            confidence=each.confidence,
        )


def _message(function: Function, each: VulnerableDependency) -> str:
    count = len(each.vulnerabilities)
    known = f"{count} known vulnerabilities" if count > 1 else "a known vulnerability"
    mend = f": upgrade to {each.upgrade}" if each.upgrade else ": no version that mends all of them is known"
    if each.brought_by:
        mend = f": install {each.brought_by}, which no longer brings it"
    where = f" from layer {each.layer}" if each.layer else ""
    package = f"{each.package} {', '.join(each.versions)}{where}"
    done = "requires (declared, not installed)" if each.declared else "runs"
    return f"Function {function.name} {done} {package} with {known} ({each.ids}{each.exploited}){mend}"


def _site(each: VulnerableDependency) -> str:
    """One upgrade: of the package, wherever it is used in that version, or of the layer that brings it."""
    return f"layer {each.layer}" if each.layer else f"upgrade of {each.package} from {', '.join(each.versions)}"
