"""What is recorded of Azure apps and Google functions, and who watches them."""

from typing import Any

import pytest

from auditor.check import Check
from auditor.model.finding import Status
from auditor.model.guardrails import AuditLogs, LogSink
from auditor.model.hosting import HostingKind
from auditor.model.observed import Known, not_offered
from auditor.model.severity import Confidence
from auditor.model.usage import Insights
from checks.monitoring.asset_inventory_off import asset_inventory_off
from checks.monitoring.audit_logs_absent import audit_logs_absent
from checks.monitoring.audit_logs_data_access_off import audit_logs_data_access_off
from checks.monitoring.change_alert_absent import change_alert_absent
from checks.monitoring.detailed_errors_off import detailed_errors_off
from checks.monitoring.detection_plan_off import detection_plan_off
from checks.monitoring.diagnostics_absent import diagnostics_absent
from checks.monitoring.diagnostics_retention_short import diagnostics_retention_short
from checks.monitoring.executions_failing import executions_failing
from checks.monitoring.function_detached import function_detached
from checks.monitoring.function_unlisted import function_unlisted
from checks.monitoring.http_logs_off import http_logs_off
from checks.monitoring.insights_absent import insights_absent
from checks.monitoring.insights_key_only import insights_key_only
from checks.monitoring.insights_link_absent import insights_link_absent
from checks.monitoring.insights_local_auth import insights_local_auth
from checks.monitoring.insights_public import insights_public
from checks.monitoring.log_bucket_retention_short import log_bucket_retention_short
from checks.monitoring.log_sink_absent import log_sink_absent
from checks.monitoring.serverless_posture_off import serverless_posture_off
from checks.runtime_protection.attestation_skipped import attestation_skipped
from checks.runtime_protection.binary_authorization_off import binary_authorization_off
from checks.runtime_protection.first_sandbox import first_sandbox
from checks.runtime_protection.threat_detection_not_covering import threat_detection_not_covering
from tests.unit.checks import azure, gcp
from tests.unit.checks.azure import make_azure
from tests.unit.checks.build import Subject, found, only, settings, unknown, verdicts
from tests.unit.checks.gcp import make_gcp

PASS, FAIL, UNKNOWN, ELSEWHERE = Status.PASS, Status.FAIL, Status.UNKNOWN, Status.NOT_APPLICABLE
READ = "insights:ListDiagnosticSettings"


def app(**monitoring: Any) -> Subject:
    return make_azure(monitoring=Known(azure.monitoring(**monitoring), "graph:Sites"))


def service(**monitoring: Any) -> Subject:
    return make_gcp(monitoring=Known(gcp.monitoring(**monitoring), "run:ListServices"))


def deployed(**deployment: Any) -> Subject:
    return make_gcp(deployment=Known(gcp.deployment(**deployment), "run:ListServices"))


def sent(*categories: str, **changes: Any) -> Subject:
    return app(diagnostics=Known((azure.diagnostic(categories=categories, **changes),), READ))


def reports(**changes: Any) -> Subject:
    sound: dict[str, Any] = {"id": "/components/orders", "local_auth": Known(False, "c"), "public": Known(False, "c")}
    return app(insights=Known(Insights(**(sound | changes)), "web:ListApplicationSettings"))


def subscription(**rails: Any) -> Subject:
    return azure.scope(guardrails=Known(azure.guardrails(**rails), "resources:ListSubscriptions"))


def project(**rails: Any) -> Subject:
    return gcp.scope(guardrails=Known(gcp.guardrails(**rails), "resourcemanager:SearchProjects"))


def sink(name: str = "functions", *, covers: bool = True, disabled: bool = False) -> LogSink:
    return LogSink(name=name, destination="storage.googleapis.com/logs", covers_functions=covers, disabled=disabled)


def audited(*services: str, exempted: tuple[str, ...] = ()) -> Known[AuditLogs]:
    return Known(AuditLogs(services=services, exempted=exempted), "resourcemanager:GetProjectPolicy")


DENIED = unknown("web:ListApplicationSettings")
ALL = ("cloudfunctions.googleapis.com", "run.googleapis.com", "iam.googleapis.com")
CASES: list[tuple[Check, str, Subject, Status]] = [
    (insights_absent, "connected", make_azure(), PASS),
    (insights_absent, "not connected", app(insights=Known(None, "s")), FAIL),
    (insights_absent, "settings denied", app(insights=DENIED), UNKNOWN),
    (insights_link_absent, "connected, no tag", app(insights_linked=Known(False, "graph:Sites")), PASS),
    (insights_link_absent, "settings denied, tag there", app(insights=DENIED), PASS),
    (insights_link_absent, "tags unread", app(insights=DENIED, insights_linked=unknown("graph:Sites")), UNKNOWN),
    (insights_link_absent, "settings denied, no tag", app(insights=DENIED, insights_linked=Known(False, "graph:Sites")), FAIL),
    (insights_local_auth, "key", reports(local_auth=Known(True, "c")), FAIL),
    (insights_local_auth, "identity", reports(), PASS),
    (insights_local_auth, "unread", reports(local_auth=unknown("graph:Components")), UNKNOWN),
    (insights_local_auth, "none", app(insights=Known(None, "s")), ELSEWHERE),
    (insights_public, "open", reports(public=Known(True, "c")), FAIL),
    (insights_public, "closed", reports(), PASS),
    (insights_public, "unread", reports(public=unknown("graph:Components")), UNKNOWN),
    (insights_key_only, "retired", app(insights_key_only=Known(True, "s")), FAIL),
    (insights_key_only, "current", make_azure(), PASS),
    (insights_key_only, "denied", app(insights_key_only=DENIED), UNKNOWN),
    (diagnostics_absent, "none", app(diagnostics=Known((), READ)), FAIL),
    (diagnostics_absent, "other categories", sent("AppServiceHTTPLogs"), FAIL),
    (diagnostics_absent, "function logs", sent("FunctionAppLogs"), PASS),
    (diagnostics_absent, "unread", app(diagnostics=unknown(READ)), UNKNOWN),
    (audit_logs_absent, "functions only", sent("FunctionAppLogs"), FAIL),
    (audit_logs_absent, "audit", sent("AppServiceIPSecAuditLogs"), PASS),
    (audit_logs_absent, "unread", app(diagnostics=unknown(READ)), UNKNOWN),
    (audit_logs_absent, "consumption", make_azure(hosting=Known(azure.hosting(HostingKind.CONSUMPTION), "s")), ELSEWHERE),
    (diagnostics_retention_short, "a month", sent("FunctionAppLogs", retention_days=Known(30, "graph:Workspaces")), FAIL),
    (diagnostics_retention_short, "a year", sent("FunctionAppLogs"), PASS),
    (diagnostics_retention_short, "for ever", sent("FunctionAppLogs", retention_days=Known(None, "graph:Workspaces")), PASS),
    (diagnostics_retention_short, "unread", sent("FunctionAppLogs", retention_days=unknown("graph:Workspaces")), UNKNOWN),
    (http_logs_off, "neither", app(diagnostics=Known((), READ), http_logs=Known(False, "web:GetLogsConfiguration")), FAIL),
    (http_logs_off, "host", app(diagnostics=Known((), READ)), PASS),
    (http_logs_off, "setting", sent("AppServiceHTTPLogs"), PASS),
    (http_logs_off, "unread", app(diagnostics=unknown(READ), http_logs=Known(False, "l")), UNKNOWN),
    (detailed_errors_off, "off", make_azure(), FAIL),
    (detailed_errors_off, "on", app(detailed_errors=Known(True, "l")), PASS),
    (detailed_errors_off, "unread", app(detailed_errors=unknown("web:GetLogsConfiguration")), UNKNOWN),
    (detection_plan_off, "off", subscription(detection_plans=Known((("AppServices", False),), "p")), FAIL),
    (detection_plan_off, "on", azure.scope(), PASS),
    (detection_plan_off, "not named", subscription(detection_plans=Known((("KeyVaults", True),), "p")), UNKNOWN),
    (detection_plan_off, "denied", subscription(detection_plans=unknown("security:ListPricings")), UNKNOWN),
    (serverless_posture_off, "off", subscription(serverless_posture=Known(False, "p")), FAIL),
    (serverless_posture_off, "on", azure.scope(), PASS),
    (serverless_posture_off, "denied", subscription(serverless_posture=unknown("security:ListPricings")), UNKNOWN),
    (change_alert_absent, "azure, none", subscription(alerts=Known((), "graph:Alerts")), FAIL),
    (change_alert_absent, "azure, sites", azure.scope(), PASS),
    (change_alert_absent, "azure, denied", subscription(alerts=unknown("graph:Alerts")), UNKNOWN),
    (change_alert_absent, "google, none", project(alerts=Known((), "monitoring:ListAlertPolicies")), FAIL),
    (change_alert_absent, "google, invokers", project(alerts=Known(("SetIamPolicy",), "monitoring:ListAlertPolicies")), PASS),
    (audit_logs_data_access_off, "none", project(audit_logs=audited()), FAIL),
    (audit_logs_data_access_off, "one of three", project(audit_logs=audited(ALL[0])), FAIL),
    (audit_logs_data_access_off, "three", project(audit_logs=audited(*ALL)), PASS),
    (audit_logs_data_access_off, "all", project(audit_logs=audited("allServices")), PASS),
    (audit_logs_data_access_off, "all but one person", project(audit_logs=audited("allServices", exempted=("user:eve@fernhollow.example",))), FAIL),
    (audit_logs_data_access_off, "denied", project(audit_logs=unknown("resourcemanager:GetProjectPolicy")), UNKNOWN),
    (log_sink_absent, "none", project(sinks=Known((sink("_Default"),), "l"), log_exclusions=Known((), "l")), FAIL),
    (log_sink_absent, "disabled", project(sinks=Known((sink(disabled=True),), "l"), log_exclusions=Known((), "l")), FAIL),
    (log_sink_absent, "exported", project(sinks=Known((sink(),), "l"), log_exclusions=Known((), "l")), PASS),
    (log_sink_absent, "excluded", project(sinks=Known((sink(),), "l"), log_exclusions=Known(("quiet",), "l")), FAIL),
    (log_sink_absent, "exclusions unread", project(sinks=Known((sink(),), "l"), log_exclusions=unknown("logging:ListExclusions")), UNKNOWN),
    (log_bucket_retention_short, "a month", project(log_retention_days=Known((("_Default", 30),), "logging:ListBuckets")), FAIL),
    (log_bucket_retention_short, "a year", project(log_retention_days=Known((("_Default", 365),), "logging:ListBuckets")), PASS),
    (log_bucket_retention_short, "denied", project(log_retention_days=unknown("logging:ListBuckets")), UNKNOWN),
    (asset_inventory_off, "off", project(asset_inventory=Known(False, "serviceusage:ListServices")), FAIL),
    (asset_inventory_off, "on", project(asset_inventory=Known(True, "serviceusage:ListServices")), PASS),
    (asset_inventory_off, "denied", project(asset_inventory=unknown("serviceusage:ListServices")), UNKNOWN),
    (executions_failing, "azure, a third", app(usage=Known(azure.usage(failed=Known(0.33, "m")), "m")), FAIL),
    (executions_failing, "google, a third", service(usage=Known(gcp.usage(failed=Known(0.33, "m")), "m")), FAIL),
    (executions_failing, "none", make_azure(), PASS),
    (executions_failing, "never ran", app(usage=Known(azure.usage(failed=Known(None, "m")), "m")), ELSEWHERE),
    (executions_failing, "not measured", app(usage=unknown("insights:GetMetrics")), UNKNOWN),
    (function_unlisted, "only on Cloud Run", deployed(unlisted=Known(True, "run:ListServices")), FAIL),
    (function_unlisted, "listed", make_gcp(), PASS),
    (function_unlisted, "unread", deployed(unlisted=unknown("functions:ListFunctions")), UNKNOWN),
    (function_detached, "detached", deployed(detached=Known(True, "run:ListServices")), FAIL),
    (function_detached, "whole", make_gcp(), PASS),
    (function_detached, "unread", deployed(detached=unknown("run:ListServices")), UNKNOWN),
    (threat_detection_not_covering, "azure, consumption", app(threat_detection=Known(False, "security:ListPricings")), FAIL),
    (threat_detection_not_covering, "google, off", service(threat_detection=Known(False, "run:ListServices")), FAIL),
    (threat_detection_not_covering, "watched", make_azure(), PASS),
    (threat_detection_not_covering, "unread", app(threat_detection=unknown("security:ListPricings")), UNKNOWN),
    (threat_detection_not_covering, "gen 1", service(threat_detection=not_offered("functions:ListFunctions", "not on Cloud Run")), ELSEWHERE),
    (binary_authorization_off, "off", deployed(binary_authorization=Known(False, "run:ListServices")), FAIL),
    (binary_authorization_off, "on", make_gcp(), PASS),
    (binary_authorization_off, "unread", deployed(binary_authorization=unknown("run:ListServices")), UNKNOWN),
    (attestation_skipped, "skipped", deployed(break_glass=Known("incident 12", "run:ListServices")), FAIL),
    (attestation_skipped, "attested", make_gcp(), PASS),
    (attestation_skipped, "unread", deployed(break_glass=unknown("run:ListServices")), UNKNOWN),
    (first_sandbox, "older", make_gcp(hosting=Known(gcp.hosting(first_sandbox=Known(True, "r")), "l")), FAIL),
    (first_sandbox, "newer", make_gcp(), PASS),
    (first_sandbox, "unread", make_gcp(hosting=Known(gcp.hosting(first_sandbox=unknown("run:ListServices")), "l")), UNKNOWN),
]  # fmt: skip


@pytest.mark.parametrize(("check", "name", "subject", "status"), CASES, ids=[f"{c.id}: {n}" for c, n, _, _ in CASES])
def test_the_verdict(check: Check, name: str, subject: Subject, status: Status) -> None:
    assert verdicts(check, {name: subject}) == {name: status}


def test_a_missing_tag_is_weak_evidence() -> None:
    hit = only(insights_link_absent, app(insights=DENIED, insights_linked=Known(False, "graph:Sites")))
    assert insights_link_absent.confidence is Confidence.LOW
    assert hit.evidence[0].source == "graph:Sites"


def test_short_retention_is_measured_by_the_operator() -> None:
    quarter = settings(log_retention_days=30)
    subject = project(log_retention_days=Known((("_Default", 30),), "logging:ListBuckets"))
    assert verdicts(log_bucket_retention_short, {"enough": subject}, quarter) == {"enough": PASS}


def test_services_that_are_not_recorded_are_named() -> None:
    (hit,) = found(audit_logs_data_access_off, project(audit_logs=audited("run.googleapis.com")))
    assert hit.message == (
        "Project fernhollow-orders has no Data Access audit logs for cloudfunctions.googleapis.com, iam.googleapis.com"
    )


def test_exclusions_count_beside_a_missing_sink() -> None:
    hits = found(log_sink_absent, project(sinks=Known((), "l"), log_exclusions=Known(("quiet",), "l")))
    assert [hit.locus for hit in hits] == ["", "quiet"]
