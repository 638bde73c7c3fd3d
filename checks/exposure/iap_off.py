"""Flags internet-facing services without Identity-Aware Proxy."""

from collections.abc import Iterator

from auditor.analysis.network_exposure import internet_reaches
from auditor.analysis.public_ways import until_cut_off
from auditor.check import Context, Fix, Hit, NotApplicable, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known
from auditor.model.observed_logic import all_hold, negated
from auditor.model.severity import Severity

FIX = {
    Cloud.GCP: Fix(
        text="Enable Identity-Aware Proxy and grant its users access through it.",
        breaks="Machine callers need a token for the proxy; webhooks of third parties stop working.",
        command="gcloud beta run services update {run_service} --region={location} --project={account} --iap",
        terraform="""\
resource "google_cloud_run_v2_service" "this" {
  name        = "{name}"
  location    = "{location}"
  iap_enabled = true
}""",
    ),
}


@check(
    id="iap-off",
    title="Identity-Aware Proxy is disabled on a public service",
    risk=Risk.EXPOSURE,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("gcp-fn-iap-off",),
    references=("https://cloud.google.com/run/docs/securing/identity-aware-proxy-cloud-run",),
    cwe=287,
    profile_level=ProfileLevel.STRICT,
)
def iap_off(function: Function, _context: Context) -> Iterator[Hit]:
    """Identity-Aware Proxy authenticates users, evaluates the context of their device and logs access before the
    code runs. Opinionated: for machine callers with their own tokens the invoker role alone is sufficient.
    anonymous-endpoint-effective reports services that require neither.
    """
    if isinstance(function.endpoints, Known) and not function.endpoints.value:
        raise NotApplicable("it has no URL")
    proxied = function.authentication.then(lambda authentication: authentication.enabled)
    admitted = internet_reaches(function)
    if all_hold(admitted, negated(proxied)):
        yield Hit(
            message=f"{function.name} is reachable from the internet without Identity-Aware Proxy",
            depends=until_cut_off(function),
            evidence=(cite(proxied, "iapEnabled = false"), cite(admitted, "ingress: all")),
        )
