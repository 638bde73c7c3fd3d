"""Flags functions whose code reads JSON Web Tokens without verifying their signature."""

from collections.abc import Iterator

from auditor.analysis.code_findings import weaknesses
from auditor.check import Context, Fix, Hit, Risk, check
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_TEXT = (
    "Verify the signature with the issuer's key, and fix algorithm, audience and issuer. Python:"
    ' jwt.decode(token, key, algorithms=["RS256"], audience="<audience>", issuer="<issuer>"). JavaScript:'
    " jwt.verify(token, key, { algorithms: ['RS256'], audience: '<audience>', issuer: '<issuer>' })."
)
_WHY_NOT = "the package is built from sources that the cloud does not hold"

FIX = {
    cloud: Fix(
        text=_TEXT,
        breaks="Callers with expired, foreign or home-made tokens are refused.",
        no_command=_WHY_NOT,
        no_terraform=_WHY_NOT,
    )
    for cloud in (Cloud.AWS, Cloud.AZURE, Cloud.GCP)
}


@check(
    id="signature-not-verified",
    title="Code accepts tokens without verifying signatures",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.HIGH,
    fix=FIX,
    while_running=True,
    references=("https://www.rfc-editor.org/rfc/rfc8725",),
    cwe=347,
)
def signature_not_verified(function: Function, _context: Context) -> Iterator[Hit]:
    """Anybody can write such a token: who the caller is, and what it may do, is then the caller's own word. The code that
    the handler reaches is searched for calls that switch the verification off, admit the algorithm none, or read the
    claims alone.
    """
    return map(
        Hit.of_defect, weaknesses(function, "signature-not-verified", "reads a token without verifying its signature")
    )
