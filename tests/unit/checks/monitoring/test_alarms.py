"""Whether anyone would notice: alarms, detections, quotas and what is spent."""

from auditor.model.alarm import Detection
from auditor.model.finding import Status
from auditor.model.ids import Cloud
from auditor.model.observed import Known
from auditor.model.severity import Severity
from auditor.model.trigger import TriggerKind
from checks.denial_of_wallet.spend_alert_absent import spend_alert_absent
from checks.denial_of_wallet.unreserved_pool_small import unreserved_pool_small
from checks.monitoring.alarm_absent import alarm_absent
from checks.monitoring.iterator_age_alarm_absent import iterator_age_alarm_absent
from checks.resilience.code_storage_near_limit import code_storage_near_limit
from checks.runtime_protection.threat_detected import threat_detected
from tests.unit.checks.build import (
    alarm,
    arn,
    found,
    location,
    make,
    only,
    scope,
    trigger,
    triggers,
    unknown,
    verdicts,
)
from tests.unit.checks.repairs import repairs

ALARMS, FINDINGS, SETTINGS = "cloudwatch:DescribeAlarms", "guardduty:GetFindings", "lambda:GetAccountSettings"


def test_an_alarm_counts_where_it_watches_failures_and_acts() -> None:
    watched = {
        "errors": (alarm(),),
        "throttles of every function": (alarm("Throttles", everywhere=True),),
        "expression": (alarm("*", everywhere=True),),
        "silent": (alarm(acts=False),),
        "invocations": (alarm("Invocations"),),
        "none": (),
    }
    subjects = {name: make(alarms=Known(each, ALARMS)) for name, each in watched.items()}
    assert verdicts(alarm_absent, subjects | {"denied": make(alarms=unknown(ALARMS))}) == {
        "errors": Status.PASS,
        "throttles of every function": Status.PASS,
        "expression": Status.PASS,
        "silent": Status.FAIL,
        "invocations": Status.FAIL,
        "none": Status.FAIL,
        "denied": Status.UNKNOWN,
    }
    assert only(alarm_absent, subjects["silent"]).message.endswith("orders: orders-Errors has no action")
    assert repairs(alarm_absent, subjects["none"])


def test_who_reads_a_stream_needs_an_alarm_on_its_age() -> None:
    stream = triggers(trigger(TriggerKind.STREAM, service="kinesis", source=arn("kinesis", "stream/clicks")))
    subjects = {
        "watched": make(triggers=stream),
        "errors alone": make(triggers=stream, alarms=Known((alarm(),), ALARMS)),
        "no stream": make(alarms=Known((), ALARMS)),
        "triggers denied": make(triggers=(unknown("lambda:ListEventSourceMappings"),)),
        "alarms denied": make(triggers=stream, alarms=unknown(ALARMS)),
    }
    assert verdicts(iterator_age_alarm_absent, subjects) == {
        "watched": Status.PASS,
        "errors alone": Status.FAIL,
        "no stream": Status.NOT_APPLICABLE,
        "triggers denied": Status.UNKNOWN,
        "alarms denied": Status.UNKNOWN,
    }
    assert repairs(iterator_age_alarm_absent, subjects["errors alone"])


def test_each_finding_of_threat_detection_is_told_with_its_id_and_severity() -> None:
    def seen(severity: float, id: str) -> Detection:
        title = "The function talks to a mining pool"
        kind = "CryptoCurrency:Lambda/BitcoinTool.B"
        return Detection(id=id, kind=kind, severity=severity, title=title, last_seen="2026-11-20T01:02:03Z")

    hot = make(detections=Known((seen(8.0, "f1"), seen(5.0, "f2"), seen(2.0, "f3")), FINDINGS))
    subjects = {"seen": hot, "quiet": make(), "denied": make(detections=unknown(FINDINGS))}
    assert verdicts(threat_detected, subjects) == {
        "seen": Status.FAIL,
        "quiet": Status.PASS,
        "denied": Status.UNKNOWN,
    }
    assert [(hit.locus, hit.severity) for hit in found(threat_detected, hot)] == [
        ("f1", Severity.HIGH),
        ("f2", Severity.MEDIUM),
        ("f3", Severity.LOW),
    ]
    assert found(threat_detected, hot)[0].message == (
        "GuardDuty reports CryptoCurrency:Lambda/BitcoinTool.B of orders: The function talks to a mining pool"
    )
    assert repairs(threat_detected, hot)


def test_what_reservations_leave_and_what_code_takes() -> None:
    subjects = {
        "plenty": location(),
        "little": location(unreserved_concurrency=Known(150, SETTINGS)),
        "full": location(code_stored=Known(70 * 1024**3, SETTINGS)),
        "denied": location(unreserved_concurrency=unknown(SETTINGS), code_stored=unknown(SETTINGS)),
    }
    assert verdicts(unreserved_pool_small, subjects) == {
        "plenty": Status.PASS,
        "little": Status.FAIL,
        "full": Status.PASS,
        "denied": Status.UNKNOWN,
    }
    assert verdicts(code_storage_near_limit, subjects) == {
        "plenty": Status.PASS,
        "little": Status.PASS,
        "full": Status.FAIL,
        "denied": Status.UNKNOWN,
    }
    assert "uses 70.0 of 75.0 GiB" in only(code_storage_near_limit, subjects["full"]).message
    assert repairs(unreserved_pool_small, subjects["little"])
    assert repairs(code_storage_near_limit, subjects["full"])


def test_an_account_whose_costs_nobody_watches() -> None:
    budgets = "budgets:DescribeBudgets"
    subjects = {
        "watched": scope(),
        "unwatched": scope(spend_alerts=Known((), budgets)),
        "denied": scope(spend_alerts=unknown(budgets)),
        "subscription": scope(cloud=Cloud.AZURE, spend_alerts=Known((), "consumption:ListBudgets")),
    }
    assert verdicts(spend_alert_absent, subjects) == {
        "watched": Status.PASS,
        "unwatched": Status.FAIL,
        "denied": Status.UNKNOWN,
        "subscription": Status.FAIL,
    }
    assert only(spend_alert_absent, subjects["subscription"]).message.startswith("No budget watches the costs")
    assert repairs(spend_alert_absent, subjects["unwatched"])
