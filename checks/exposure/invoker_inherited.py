"""Flags invoke rights that whole organisations or domains hold above the function."""

from collections.abc import Iterator

from auditor.analysis.statements import judged, of_policies
from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.exposure import Reach
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_ABOVE = ("project:", "folder:", "organization:", "organisation:")

FIX = {
    Cloud.GCP: Fix(
        text="Grant the invoker role on the functions that those members call, then take it from them above. It holds for every"
        " function below, so look who calls the others first.",
        command="gcloud run services add-iam-policy-binding {name} --region={location} --project={account} --member=<caller> --role=roles/run.invoker\n"
        "gcloud projects remove-iam-policy-binding {account} --member={member} --role={granted}  # or folders, organizations: see {sid}",
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
    title="A whole domain or group of identities may invoke every function",
    risk=Risk.EXPOSURE,
    severity=Severity.HIGH,
    fix=FIX,
    covers=("gcp-fn-inherited-public-invoker",),
    controls=("NIST-800-53:AC-3", "NIST-800-53:AC-6", "CSA-SAS:SAS-2"),
    cwe=284,
)
def invoker_inherited(function: Function, _context: Context) -> Iterator[Hit]:
    """The function's own policy looks clean, and yet everyone of the domain may call it: the right comes from above.

    It also holds for functions not written yet. Grants to everyone on earth are policy-public's, wherever they are
    made.
    """
    for stated in judged(of_policies(function.policies.need())):
        grant = stated.grant
        if grant.invokes and grant.reach is Reach.ORGANISATION and grant.sid.startswith(_ABOVE):
            yield Hit(
                message=f"{stated.who} may invoke it through a grant on {grant.sid}",
                evidence=(cite(stated.fact, grant.text),),
                locus=stated.locus,
                values=stated.values(function.name),
            )
