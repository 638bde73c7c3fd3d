"""Flags services that were deployed with a Binary Authorization break-glass."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.GCP: Fix(
        text="Identify who used break-glass and why; then deploy an attested image without the justification.",
        breaks="The deployment is rejected if no image is attested.",
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
    references=("https://cloud.google.com/binary-authorization/docs/run/using-breakglass-cloud-run",),
    cwe=693,
)
def attestation_skipped(function: Function, _context: Context) -> Iterator[Hit]:
    """Break-glass bypasses the policy in an emergency. The image that runs now has no verified attestation, and the
    justification is free text.
    """
    skipped = function.deployment.then(lambda deployment: deployment.break_glass)
    why = skipped.need()
    if why is not None:
        yield Hit(
            message=f"Service {function.name} was deployed with break-glass, which bypasses Binary Authorization",
            evidence=(cite(skipped, f"breakglassJustification: {why}"),),
        )
