"""Findings of GuardDuty and monitors of cost anomalies: moto has neither; the emulated account has none of them."""

from moto_fixtures.aws.account import Account
from moto_fixtures.aws.moto_extensions.registry import as_json, completes
from moto_fixtures.aws.wire import Call
from moto_fixtures.emulation.wire import Answer


@completes("guardduty", "ListFindings")
def list_findings(_call: Call, _account: Account) -> Answer:
    """A detector that has seen nothing."""
    return as_json({"findingIds": []})


@completes("ce", "GetAnomalyMonitors")
def get_anomaly_monitors(_call: Call, _account: Account) -> Answer:
    """An account without a monitor."""
    return as_json({"AnomalyMonitors": []}, kind="application/x-amz-json-1.1")
