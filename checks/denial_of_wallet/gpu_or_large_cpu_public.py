"""Flags services with GPUs or many CPUs that unauthenticated callers can start."""

from collections.abc import Iterator

from auditor.analysis import sites
from auditor.analysis.network_exposure import unauthenticated_paths
from auditor.check import Context, Evidence, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known
from auditor.model.observed_logic import any_holds, none_if_not_offered
from auditor.model.severity import Severity

_MANY = 4

FIX = {
    Cloud.GCP: Fix(
        text="Require authentication, or move the work that needs the hardware behind a queue that only trusted"
        " code writes to. Limit the number of instances in any case.",
        breaks="With one instance and less hardware, requests above what it serves wait or are rejected with 429,"
        " and code that needs the GPU fails.",
        command="gcloud run services update {run_service} --region={location} --project={account} --max-instances=1 --cpu=1 --gpu=0",
        terraform="""\
resource "google_cloud_run_v2_service" "this" {
  name     = "{name}"
  location = "{location}"

  template {
    scaling {
      max_instance_count = 1
    }
  }
}""",
    ),
}


@check(
    id="gpu-or-large-cpu-public",
    title="Public function can start GPU or large CPU instances",
    risk=Risk.DENIAL_OF_WALLET,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("gcp-fn-gpu-or-large-cpu",),
    facet_of=("anonymous-endpoint-effective",),
    references=(
        "https://cloud.google.com/run/docs/configuring/services/gpu",
        "https://cloud.google.com/run/docs/configuring/max-instances",
    ),
    cwe=770,
)
def gpu_or_large_cpu_public(function: Function, _context: Context) -> Iterator[Hit]:
    """An instance with a GPU costs fifty times as much as a small one, and each unauthenticated request can start one.
    Reported for services with a GPU or more than four CPUs that accept unauthenticated requests.
    anonymous-endpoint-effective reports the public access itself.
    """
    gpus, cpus = function.limits.gpus, function.limits.cpus
    costly = (
        none_if_not_offered(gpus.map(lambda count: count > 0)),
        none_if_not_offered(cpus.map(lambda count: count is not None and count > _MANY)),
    )
    if all(isinstance(fact, Known) and not fact.value for fact in costly):
        return
    for path in unauthenticated_paths(function):
        if any_holds(*costly):
            yield Hit(
                message=f"Service {function.name} can start GPU or large CPU instances without authentication: {path.what}",
                evidence=(
                    *(Evidence(source, detail) for source, detail in path.proof),
                    cite(gpus, "GPUs and processors of its container"),
                ),
                site=sites.public_access(function),
            )
        return
