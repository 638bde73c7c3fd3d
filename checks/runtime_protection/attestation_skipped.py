"""Flags services deployed past the attestation policy."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.GCP: Fix(
        text="Find out who did it and why; then deploy an attested image without the justification.",
        command="gcloud run services update {run_service} --region={location} --project={account} --image=<attested-image> --binary-authorization=default",
        no_terraform="remove breakglass_justification from binary_authorization",
    ),
}


@check(
    id="attestation-skipped",
    title="Binary Authorization was bypassed with break-glass",
    risk=Risk.RUNTIME_PROTECTION,
    severity=Severity.HIGH,
    fix=FIX,
    covers=("gcp-fn-binauthz-breakglass",),
    controls=(
        "NIST-800-53:SI-7",
        "CSA-SAS:SAS-5",
    ),
    cwe=693,
)
def attestation_skipped(function: Function, _context: Context) -> Iterator[Hit]:
    """A policy that may be skipped is for emergencies. What runs now was never attested, and the justification is whatever its
    author typed.
    """
    skipped = function.deployment.then(lambda deployment: deployment.break_glass)
    why = skipped.need()
    if why is not None:
        yield Hit(
            message="The attestation policy was skipped at deployment",
            evidence=(cite(skipped, f"breakglassJustification: {why}"),),
        )
