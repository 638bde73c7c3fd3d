"""Flags functions that have not been invoked for a long time."""

from collections.abc import Iterator
from datetime import date

from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.hosting import ServiceState
from auditor.model.ids import Cloud
from auditor.model.observed import Gap, GapReason, Known, Unanswered, Unknown
from auditor.model.severity import Confidence, Severity

FIX = {
    Cloud.AWS: Fix(
        text="Ask the owner; then set its reserved concurrency to 0, wait a month, and delete it with its role, log group"
        " and event sources.",
        breaks="Rare callers, such as a yearly job, are refused.",
        command="aws lambda put-function-concurrency --region {location} --function-name {name} --reserved-concurrent-executions 0",
        terraform="""\
resource "aws_lambda_function" "this" {
  function_name                  = "{name}"
  reserved_concurrent_executions = 0 # remove the function once its owner agrees
}""",
    ),
    Cloud.AZURE: Fix(
        text="Ask the owner; then stop the app, wait a month, and delete it with its identity and storage.",
        breaks="Rare callers, such as a yearly job, find the app stopped.",
        command="az functionapp stop --resource-group {group} --name {app}{of_slot}",
        no_terraform="remove the function app resource once its owner agrees",
    ),
    Cloud.GCP: Fix(
        text="Ask the owner; then delete it with its service account, trigger and secrets.",
        breaks="Rare callers, such as a yearly job, find the function gone.",
        command="gcloud functions delete {name} --region={location} --project={account}",
        no_terraform="remove the function resource once its owner agrees",
    ),
}


@check(
    id="function-idle",
    title="Function is no longer invoked",
    risk=Risk.RESILIENCE,
    severity=Severity.LOW,
    fix=FIX,
    covers=(
        "dormant-7d",
        "dormant-30d",
        "dormant-90d",
        "az-func-idle-app",
        "gcp-fn-unused",
    ),
    references=(
        "https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html",
        "https://learn.microsoft.com/en-us/azure/azure-functions/monitor-functions",
        "https://cloud.google.com/run/docs/monitoring",
    ),
    confidence=Confidence.MEDIUM,
)
def function_idle(function: Function, context: Context) -> Iterator[Hit]:
    """An unused function still accepts requests, keeps its identity and secrets, and is not patched. The number of
    executions is the provider's metric; a function for emergencies is a valid exception. Reported after idle_days (90 by
    default) without an execution, unless it is stopped. Not examined where the metrics were read over fewer days and show no execution. A function
    that was created since is not judged, nor on AWS, which does not tell that date, one that was changed since.
    """
    usage = function.monitoring.then(lambda monitoring: monitoring.usage).need()
    limit = context.settings.idle_days
    idle = usage.idle_days.need()
    if idle is not None and idle < limit:
        return
    if idle is None and usage.days < limit:
        message = f"the metrics were read over {usage.days} days: ask for --activity {limit} or more"
        raise Unanswered(Gap(GapReason.NOT_IN_TIER, usage.idle_days.source, None, message))
    begun = _begun(function)
    if begun is not None and (context.today - date.fromisoformat(begun)).days < limit:
        changed = "created or changed" if function.cloud is Cloud.AWS else "created"
        raise NotApplicable(f"it was {changed} on {begun}, less than {limit} days ago")
    state = function.hosting.then(lambda hosting: hosting.state)
    if isinstance(state, Known) and state.value is ServiceState.STOPPED:
        raise NotApplicable("it is stopped")
    since = usage.days if idle is None else idle
    yield Hit(
        message=f"Function {function.name} has not been invoked for {since} days",
        evidence=(cite(usage.idle_days, f"days without an execution: {since}"),),
    )


def _begun(function: Function) -> str | None:
    """The ISO date since which a function exists for certain; None where its cloud does not tell.

    AWS tells when it was last changed, and not when it was created.
    """
    if function.cloud is Cloud.AZURE:
        return None
    build = function.deployment.then(lambda deployment: Known(deployment.build))
    if function.cloud is Cloud.AWS:
        return build.then(lambda found: found.deployed_at).need()[:10]
    created = build.then(lambda found: found.created_at)
    untold = isinstance(created, Unknown) and created.gap.reason is GapReason.NOT_OFFERED
    return None if untold else created.need()[:10]
