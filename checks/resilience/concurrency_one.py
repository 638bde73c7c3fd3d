"""Flags busy functions whose instances process one request at a time."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.GCP: Fix(
        text="If the code is safe for concurrent requests, raise the concurrency; each request needs its share of"
        " CPU and memory.",
        breaks="Code that is not safe for concurrent requests mixes up their data, and requests share CPU and memory.",
        command="gcloud functions deploy {name} --region={location} --project={account} --concurrency=8 --cpu=1",
        terraform="""\
resource "google_cloudfunctions2_function" "this" {
  name     = "{name}"
  location = "{location}"

  service_config {
    max_instance_request_concurrency = 8
    available_cpu                    = "1"
  }
}""",
    ),
}


@check(
    id="concurrency-one",
    title="Instance concurrency is one",
    risk=Risk.RESILIENCE,
    severity=Severity.LOW,
    fix=FIX,
    covers=("gcp-fn-concurrency-one",),
    references=("https://cloud.google.com/run/docs/about-concurrency",),
    profile_level=ProfileLevel.STRICT,
)
def concurrency_one(function: Function, _context: Context) -> Iterator[Hit]:
    """Every parallel request starts another instance with its own connections, so a burst multiplies the cost and
    exhausts databases. Only a recommendation: code with global state needs a concurrency of one. Judged for functions
    with over 10,000 executions a day.
    """
    limit = function.limits.per_instance
    if limit.need() != 1:
        return
    often = function.monitoring.then(lambda monitoring: monitoring.usage).then(lambda usage: usage.recent_per_day)
    if often.need() > 10_000:
        yield Hit(
            message=f"Instances of function {function.name} process one request at a time, at {often.need():,.0f} executions a day",
            evidence=(
                cite(limit, "maxInstanceRequestConcurrency = 1"),
                cite(often, f"{often.need():,.0f} executions a day"),
            ),
        )
