"""Flags Cloud Run functions of the first generation."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.hosting import HostingKind
from auditor.model.ids import Cloud
from auditor.model.observed import Gap, GapReason, Unanswered
from auditor.model.severity import Severity

FIX = {
    Cloud.GCP: Fix(
        text="Upgrade in steps: create the copy, test it, redirect the traffic, and commit. Callers keep the URL; the"
        " invoker role becomes that of Cloud Run.",
        breaks="Code that relies on first-generation behaviour (its concurrency of one, its signature) can fail;"
        " callers need the invoker role of Cloud Run.",
        command="gcloud functions upgrade {name} --region={location} --project={account} --setup-config",
        terraform="""\
resource "google_cloudfunctions2_function" "this" {
  name     = "{name}"
  location = "{location}"

  # in place of google_cloudfunctions_function
}""",
    ),
}


@check(
    id="first-generation",
    title="Function is first generation",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.LOW,
    fix=FIX,
    covers=("gcp-fn-gen1-legacy",),
    references=("https://cloud.google.com/functions/docs/concepts/version-comparison",),
    profile_level=ProfileLevel.STRICT,
)
def first_generation(function: Function, _context: Context) -> Iterator[Hit]:
    """The first generation gets no new features: no Identity-Aware Proxy, no direct VPC egress, no revisions for a
    rollback, no per-service threat detection. An opinion: it is still supported.
    """
    hosting = function.hosting.need()
    if hosting.kind is HostingKind.UNRECOGNISED:
        raise Unanswered(
            Gap(
                GapReason.UNRECOGNISED,
                function.hosting.source,
                None,
                "the generation of the function is not recognized",
            )
        )
    if hosting.kind is HostingKind.FIRST_GENERATION:
        yield Hit(
            message=f"Function {function.name} is first generation (1st gen)",
            evidence=(cite(function.hosting, "environment = GEN_1"),),
        )
