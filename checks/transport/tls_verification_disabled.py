"""Flags functions whose code accepts any TLS certificate."""

from collections.abc import Iterator

from auditor.analysis.code_findings import weaknesses
from auditor.check import Context, Fix, Hit, Risk, check
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_TEXT = (
    "Verify certificates, and name the certificate authority where it is a private one. Python:"
    ' requests.get(url, verify="/opt/ca.pem"); ssl.create_default_context(cafile="/opt/ca.pem") left as it is. JavaScript:'
    " new https.Agent({ ca: fs.readFileSync('/opt/ca.pem') }), without rejectUnauthorized: false and without"
    " NODE_TLS_REJECT_UNAUTHORIZED."
)
_WHY_NOT = "the package is built from sources that the cloud does not hold"

FIX = {
    cloud: Fix(
        text=_TEXT,
        breaks="Calls fail to services whose certificate is expired, self-signed or for another name.",
        no_command=_WHY_NOT,
        no_terraform=_WHY_NOT,
    )
    for cloud in (Cloud.AWS, Cloud.AZURE, Cloud.GCP)
}


@check(
    id="tls-verification-disabled",
    title="Code disables TLS certificate verification",
    risk=Risk.TRANSPORT,
    severity=Severity.MEDIUM,
    fix=FIX,
    while_running=True,
    references=("https://cheatsheetseries.owasp.org/cheatsheets/Transport_Layer_Security_Cheat_Sheet.html",),
    cwe=295,
)
def tls_verification_disabled(function: Function, _context: Context) -> Iterator[Hit]:
    """An attacker between the function and the service it calls can read and change what they exchange, credentials
    included: without verification any certificate is taken for the right one. The code that the handler reaches is
    searched for clients, contexts and variables that switch it off.
    """
    return map(Hit.of_defect, weaknesses(function, "tls-verification-disabled", "accepts any TLS certificate"))
