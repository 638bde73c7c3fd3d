"""Flags functions that the provider's threat detection does not cover."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Confidence, Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Defender for App Service does not document support of Consumption, Flex Consumption and Elastic"
        " Premium plans. Use a runtime protection agent in such apps, or move the sensitive ones to a covered"
        " plan.",
        breaks="A runtime protection agent uses memory and adds to cold starts.",
        no_command="no setting makes the plan cover this kind of hosting",
        no_terraform="no setting makes the plan cover this kind of hosting",
    ),
    Cloud.GCP: Fix(
        text="Activate Cloud Run Threat Detection (Security Command Center Premium) for the project;"
        " second-generation functions run on Cloud Run.",
        command="gcloud scc manage services update cloud-run-threat-detection --project={account} --enablement-state=ENABLED",
        no_terraform="Security Command Center services have no google provider resource for this setting",
    ),
}


@check(
    id="threat-detection-not-covering",
    aliases=("threat-detection-blind",),
    title="Threat detection does not cover the function",
    risk=Risk.RUNTIME_PROTECTION,
    severity=Severity.INFORMATIONAL,
    fix=FIX,
    covers=(
        "az-func-defender-coverage-gap",
        "gcp-fn-threat-detection",
    ),
    references=(
        "https://learn.microsoft.com/en-us/azure/defender-for-cloud/defender-for-app-service-introduction",
        "https://cloud.google.com/security-command-center/docs/cloud-run-threat-detection-overview",
    ),
    confidence=Confidence.MEDIUM,
)
def threat_detection_not_covering(function: Function, _context: Context) -> Iterator[Hit]:
    """A reverse shell or a cryptominer in a function without threat detection may first be noticed on the bill. A
    scanner that checks the pricing plan alone passes as soon as detection is paid for; this check evaluates whether
    it covers the function. Informational: no setting of the function changes it. On Azure a disabled plan belongs to
    the subscription, and detection-plan-off reports it once.
    """
    watched = function.monitoring.then(lambda monitoring: monitoring.threat_detection)
    if not watched.need():
        yield Hit(
            message=f"The provider's threat detection does not cover function {function.name}",
            evidence=(cite(watched, "not covered"),),
            site=f"threat detection of {function.scope}",
        )
