"""Flags functions built in the shared worker pool."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.GCP: Fix(
        text="Build in a private pool in your network, so that builds reach allowed destinations only.",
        breaks="Builds cannot reach destinations that the private pool's network blocks, public package registries"
        " included.",
        command="gcloud functions deploy {name} --region={location} --project={account} --build-worker-pool=projects/{account}/locations/{location}/workerPools/<pool>",
        terraform="""\
resource "google_cloudfunctions2_function" "this" {
  name     = "{name}"
  location = "{location}"

  build_config {
    worker_pool = "projects/{account}/locations/{location}/workerPools/<pool>"
  }
}""",
    ),
}


@check(
    id="build-shared-pool",
    title="Build uses the shared worker pool",
    risk=Risk.THIRD_PARTY_DEPENDENCY,
    severity=Severity.LOW,
    fix=FIX,
    covers=("gcp-fn-build-worker-pool",),
    references=("https://cloud.google.com/build/docs/private-pools/private-pools-overview",),
    profile_level=ProfileLevel.STRICT,
)
def build_shared_pool(function: Function, _context: Context) -> Iterator[Hit]:
    """A build runs code of every dependency it installs, with egress to the whole internet. Only a recommendation: few
    projects need a private pool.
    """
    pool = function.deployment.then(lambda deployment: deployment.build.pool)
    if pool.need() is None:
        yield Hit(
            message=f"Function {function.name} is built in the shared worker pool",
            evidence=(cite(pool, "buildConfig.workerPool is empty"),),
        )
