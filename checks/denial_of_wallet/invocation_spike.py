"""Flags functions that were started far more often in the last week than before."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Confidence, Severity

_TIMES = 5
_A_DAY = 1000

FIX = {
    Cloud.AZURE: Fix(
        text="Find out who calls: the request log tells addresses and paths. If it is growth, raise what you expect; if it is a"
        " loop or a flood, stop its source, then cap the scale-out.",
        command="az monitor metrics list --resource {id} --metric FunctionExecutionCount Requests Http5xx --interval P1D",
        no_terraform="it is a measurement, not a setting; an azurerm_monitor_metric_alert would have told you",
    ),
    Cloud.GCP: Fix(
        text="Find out who calls: the request log tells addresses and paths. If it is growth, raise what you expect; if it is a"
        " loop or a flood, stop its source, then cap the instances.",
        command="gcloud logging read 'resource.type=cloud_run_revision AND logName:run.googleapis.com%2Frequests'"
        " --project={account} --freshness=7d --limit=100",
        no_terraform="it is a measurement, not a setting; a google_monitoring_alert_policy would have told you",
    ),
}


@check(
    id="invocation-spike",
    title="Invocations rose sharply",
    risk=Risk.DENIAL_OF_WALLET,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("az-func-anomalous-invocations",),
    controls=("NIST-800-53:SI-4", "CSA-SAS:SAS-8", "MITRE-ATTACK:T1496"),
    cwe=799,
    confidence=Confidence.MEDIUM,
)
def invocation_spike(function: Function, _context: Context) -> Iterator[Hit]:
    """A loop of events, a leaked address or a flood shows in the count of executions before it shows on the bill.

    Reported where the last seven days saw more than five times the executions of the week before, and more than
    1,000 a day. A function that is new has nothing to compare with, and passes.
    """
    usage = function.monitoring.then(lambda monitoring: monitoring.usage)
    recent, before = usage.then(lambda u: u.recent_per_day), usage.then(lambda u: u.executions_before)
    if recent.need() > _A_DAY and 0 < before.need() * _TIMES < recent.need():
        yield Hit(
            message=f"{recent.need():.0f} executions a day in the last week, {before.need():.0f} a day in the week before",
            evidence=(cite(recent, f"{recent.need():.0f} a day"), cite(before, f"{before.need():.0f} a day")),
        )
