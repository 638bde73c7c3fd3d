"""Flags functions that the cloud's own threat detection does not watch."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Confidence, Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Defender for App Service does not document Consumption, Flex and Elastic Premium plans. Watch such apps with runtime protection of your own (Datadog, Lumigo and the like) or move the sensitive ones to a covered plan.",
        no_command="no setting makes the plan cover this kind of hosting",
        no_terraform="no setting makes the plan cover this kind of hosting",
    ),
    Cloud.GCP: Fix(
        text="Activate Cloud Run Threat Detection (Security Command Center Premium) for the project; functions of the second generation run on Cloud Run.",
        command="gcloud scc manage services update cloud-run-threat-detection --project={account} --enablement-state=ENABLED",
        no_terraform="Security Command Center services have no google provider resource for this setting",
    ),
}


@check(
    id="threat-detection-blind",
    title="Threat detection does not cover the function",
    risk=Risk.RUNTIME_PROTECTION,
    severity=Severity.INFORMATIONAL,
    fix=FIX,
    covers=(
        "az-func-defender-coverage-gap",
        "gcp-fn-threat-detection",
    ),
    controls=(
        "MCSB:LT-1",
        "NIST-800-53:SI-4",
        "CSA-SAS:SAS-6",
    ),
    confidence=Confidence.MEDIUM,
)
def threat_detection_blind(function: Function, _context: Context) -> Iterator[Hit]:
    """A reverse shell or a miner in an unwatched function is found by its bill. Scanners that look at plans say PASS as soon as
    detection is paid for; this looks at whether it covers the function. Informational: no setting of the function changes
    it. On Azure a plan that is off is the subscription's, and detection-plan-off reports it once.
    """
    watched = function.monitoring.then(lambda monitoring: monitoring.threat_detection)
    if not watched.need():
        yield Hit(
            message="The cloud's threat detection does not watch this function",
            evidence=(cite(watched, "not covered"),),
        )
