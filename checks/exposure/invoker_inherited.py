"""Flags invoke rights that whole domains, identity pools or organisations hold."""

from collections.abc import Iterator

from auditor.analysis.binding_removal import invoked, removal_of
from auditor.analysis.statements import judged, of_policies
from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.exposure import Reach
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_ABOVE = ("project:", "folder:", "organization:", "organisation:")

_GRANT = (
    "gcloud run services add-iam-policy-binding {run_service} --region={location} --project={account} --member=<caller> --role=roles/run.invoker\n"
    "gcloud functions add-iam-policy-binding {name} --region={location} --project={account} --member=<caller> --role=roles/cloudfunctions.invoker  # first generation"
)
FIX = {
    Cloud.GCP: Fix(
        text="Grant the invoker role on the functions that those members call, then take it from them above. It holds for every"
        " function below, so look who calls the others first.",
        command=f"{_GRANT}\ngcloud projects remove-iam-policy-binding {{account}} --member={{member}} --role={{granted}}",
        terraform="""\
resource "google_cloud_run_v2_service_iam_member" "caller" { # in place of {granted} on {sid}
  name     = "{name}"
  location = "{location}"
  role     = "roles/run.invoker"
  member   = "<caller>"
}""",
    ),
}


@check(
    id="invoker-inherited",
    title="Invoke permission is inherited by a whole domain or group",
    risk=Risk.EXPOSURE,
    severity=Severity.HIGH,
    fix=FIX,
    covers=("gcp-fn-inherited-public-invoker",),
    controls=("NIST-800-53:AC-3", "NIST-800-53:AC-6", "CSA-SAS:SAS-2"),
    cwe=284,
)
def invoker_inherited(function: Function, _context: Context) -> Iterator[Hit]:
    """Everyone of a domain, of an identity pool or of a workforce may call it: one account of them that is taken over is enough.

    Granted above the function the right also holds for functions not written yet, while the function's own policy looks
    clean: high. Granted on the function itself somebody chose it: medium. Grants to everyone on earth are policy-public's,
    those to another project's identities or another organisation's domain policy-cross-account's.
    """
    for stated in judged(of_policies(function.policies.need())):
        grant = stated.grant
        if not grant.invokes or grant.reach is not Reach.ORGANISATION:
            continue
        above = grant.sid.startswith(_ABOVE)
        taken = removal_of(grant, invoked(function))
        yield Hit(
            message=f"{stated.who} may invoke {function.name} through {grant.sid}. {stated.told}",
            evidence=(cite(stated.fact, grant.text),),
            locus=stated.locus,
            severity=None if above else Severity.MEDIUM,
            values={**stated.values(function.name), **taken.values},
            command=f"{_GRANT}\n{taken.command}",
        )
