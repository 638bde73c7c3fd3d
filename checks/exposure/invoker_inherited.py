"""Flags invoke permissions of whole domains, identity pools or organizations."""

from collections.abc import Iterator

from auditor.analysis import sites
from auditor.analysis.binding_removal import invoked, removal_of
from auditor.analysis.policy_statements import judged, of_policies
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
        text="Grant the invoker role on the functions that those members call, then remove the grant above.",
        breaks="The members lose every function below the grant, not only this one, so check what else they call"
        " first.",
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
    facet_of=("policy-public",),
    references=(
        "https://cloud.google.com/run/docs/securing/managing-access",
        "https://cloud.google.com/iam/docs/resource-hierarchy-access-control",
    ),
    cwe=284,
)
def invoker_inherited(function: Function, _context: Context) -> Iterator[Hit]:
    """Every member of a domain, identity pool or workforce pool can invoke the function: one compromised account is
    enough. Granted above the function, the permission also applies to future functions while the function's own policy
    shows nothing: high. Granted on the function itself it is a deliberate choice: medium. Grants to allUsers and
    allAuthenticatedUsers are reported by policy-public, those to identities of another project or the domain of
    another organization by policy-cross-account.
    """
    for stated in judged(of_policies(function.policies.need())):
        grant = stated.grant
        if not grant.invokes or grant.reach is not Reach.ORGANISATION:
            continue
        above = grant.sid.startswith(_ABOVE)
        taken = removal_of(grant, invoked(function))
        yield Hit(
            message=f"{stated.who} can invoke {function.name} through {grant.sid}. {stated.told}",
            evidence=(cite(stated.fact, grant.text),),
            locus=stated.locus,
            site=sites.statement(function, stated),
            severity=None if above else Severity.MEDIUM,
            values={**stated.values(function.name), **taken.values},
            command=f"{_GRANT}\n{taken.command}",
        )
