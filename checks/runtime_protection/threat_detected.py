"""Flags functions about which threat detection has active findings."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_HIGH, _MEDIUM = 7.0, 4.0
"""Where GuardDuty's severities begin. GuardDuty User Guide, "Severity levels for GuardDuty findings"."""

_FIX = Fix(
    text="Treat the function as compromised until the finding is explained: stop it, keep its code and logs, replace the"
    " credentials of its role, then look for how it was changed or what it was sent. Archive the finding afterwards.",
    breaks="Callers and events of the function are throttled until its concurrency is set again.",
    command="aws lambda put-function-concurrency --region {location} --function-name {name} --reserved-concurrent-executions 0",
    no_terraform="an incident is to be handled; there is no setting to change",
)


@check(
    id="threat-detected",
    title="Threat detection has active findings on the function",
    risk=Risk.RUNTIME_PROTECTION,
    severity=Severity.HIGH,
    fix={Cloud.AWS: _FIX},
    covers=(
        "gd-bitcointool-b",
        "gd-blackholetraffic",
        "gd-ccactivity-b",
        "gd-droppoint",
        "gd-maliciousipcaller-custom",
        "gd-torclient",
        "gd-torrelay",
    ),
    references=(
        "https://docs.aws.amazon.com/guardduty/latest/ug/lambda-protection-finding-types.html",
        "https://docs.aws.amazon.com/guardduty/latest/ug/remediate-compromised-lambda.html",
    ),
    cwe=506,
)
def threat_detected(function: Function, _context: Context) -> Iterator[Hit]:
    """GuardDuty saw the function talk to a command-and-control server, a mining pool, a Tor node or another address that
    is known for abuse. Each finding that is not archived is reported with its id, and with the severity that
    GuardDuty gives it: high from 7, medium from 4, else low.
    """
    for detection in function.detections.need():
        grave = Severity.HIGH if detection.severity >= _HIGH else Severity.MEDIUM
        yield Hit(
            message=f"GuardDuty reports {detection.kind} of {function.name}: {detection.title}",
            evidence=(
                cite(function.detections, f"{detection.id}: {detection.kind}, severity {detection.severity:g}"),
                cite(function.detections, f"updated {detection.last_seen}"),
            ),
            locus=detection.id,
            severity=grave if detection.severity >= _MEDIUM else Severity.LOW,
        )
