from typing import Any

from auditor.model.environment import Environment
from auditor.model.finding import Status
from auditor.model.function import Function
from auditor.model.observed import Gap, GapReason, Known, Unknown
from auditor.model.severity import Severity
from checks.monitoring.env_unreadable import env_unreadable
from checks.monitoring.log_level_hides_errors import log_level_hides_errors
from checks.monitoring.loggingconfig_absent import loggingconfig_absent
from checks.monitoring.loggroup_missing import loggroup_missing
from checks.monitoring.loggroup_retention_short import loggroup_retention_short
from checks.monitoring.logs_redirected import logs_redirected
from checks.monitoring.role_no_log_permission import role_no_log_permission
from checks.resilience.loggroup_no_retention import loggroup_no_retention
from tests.unit.checks.build import (
    LISTED,
    ROLES,
    environment,
    grant,
    identity,
    log_group,
    logging,
    make,
    only,
    own_logs,
    settings,
    unknown,
    verdicts,
)
from tests.unit.checks.repairs import repairs

GROUPS = "logs:DescribeLogGroups"
DENIED = make("logging-denied", logging=unknown())


def logged(**changes: Any) -> Function:
    return make(logging=Known(logging(**changes), LISTED))


NO_GROUP = logged(group=Known(None, GROUPS))
GROUP_DENIED = logged(group=unknown(GROUPS))


def kept(days: int | None) -> Function:
    return logged(group=Known(log_group(retention_days=days), GROUPS))


def test_role_no_log_permission_asks_for_the_configured_group() -> None:
    other = own_logs("another-function")
    subjects = {
        "another-group": make(identity=Known(identity(other), LISTED)),
        "own-group": make(),
        "logs-elsewhere": logged(group_name="/shared/orders"),
        "document-denied": make(identity=Known(identity(statements=(unknown(ROLES),)), LISTED)),
        "role-denied": make(identity=unknown()),
        "logging-denied": DENIED,
        "no-role": make(identity=Known(None, LISTED)),
        "role-gone": make(identity=Known(identity(exists=Known(False, ROLES)), LISTED)),
        "no-permissions": make(identity=Known(identity(grant()), LISTED)),
    }
    assert verdicts(role_no_log_permission, subjects) == {
        "another-group": Status.FAIL,
        "own-group": Status.PASS,
        "logs-elsewhere": Status.FAIL,
        "document-denied": Status.UNKNOWN,
        "role-denied": Status.UNKNOWN,
        "logging-denied": Status.UNKNOWN,
        "no-role": Status.NOT_APPLICABLE,
        "role-gone": Status.NOT_APPLICABLE,
        "no-permissions": Status.FAIL,
    }
    hit = only(role_no_log_permission, subjects["another-group"])
    assert hit.message == "Role orders-role of function orders cannot write to log group /aws/lambda/orders"
    assert [e.source for e in hit.evidence] == [ROLES, LISTED]
    assert repairs(role_no_log_permission, subjects["another-group"])


def test_loggroup_missing() -> None:
    assert verdicts(
        loggroup_missing,
        {"missing": NO_GROUP, "present": make(), "groups-denied": GROUP_DENIED, "logging-denied": DENIED},
    ) == {
        "missing": Status.FAIL,
        "present": Status.PASS,
        "groups-denied": Status.UNKNOWN,
        "logging-denied": Status.UNKNOWN,
    }
    assert only(loggroup_missing, NO_GROUP).message == "Log group /aws/lambda/orders of function orders does not exist"
    assert repairs(loggroup_missing, NO_GROUP)


def test_a_missing_log_group_weighs_only_where_the_role_cannot_write_to_it() -> None:
    absent: dict[str, Any] = {"logging": Known(logging(group=Known(None, GROUPS)), LISTED)}
    subjects = {
        "may-write": make(**absent),
        "may-not-write": make(identity=Known(identity(grant()), LISTED), **absent),
        "document-denied": make(identity=Known(identity(statements=(unknown(ROLES),)), LISTED), **absent),
        "role-denied": make(identity=unknown(), **absent),
    }
    found = {name: only(loggroup_missing, subject) for name, subject in subjects.items()}
    assert {name: hit.severity or loggroup_missing.severity for name, hit in found.items()} == {
        "may-write": Severity.INFORMATIONAL,
        "may-not-write": Severity.LOW,
        "document-denied": Severity.INFORMATIONAL,
        "role-denied": Severity.INFORMATIONAL,
    }
    assert "no permission to write to it" in found["may-not-write"].message


def test_loggroup_retention_short_offers_a_retention_the_service_accepts() -> None:
    subjects = {
        "two-weeks": kept(14),
        "a-year": make(),
        "for-ever": kept(None),
        "no-group": NO_GROUP,
        "groups-denied": GROUP_DENIED,
    }
    assert verdicts(loggroup_retention_short, subjects) == {
        "two-weeks": Status.FAIL,
        "a-year": Status.PASS,
        "for-ever": Status.PASS,
        "no-group": Status.NOT_APPLICABLE,
        "groups-denied": Status.UNKNOWN,
    }
    assert verdicts(loggroup_retention_short, {"two-weeks": kept(14)}, settings(log_retention_days=14)) == {
        "two-weeks": Status.PASS
    }
    hit = only(loggroup_retention_short, kept(14), settings(log_retention_days=100))
    assert hit.message == "Log group /aws/lambda/orders keeps logs for 14 days; the threshold is 100"
    assert any("--retention-in-days 120" in form for form in repairs(loggroup_retention_short, kept(14), hit))


def test_loggroup_no_retention() -> None:
    subjects = {
        "for-ever": kept(None),
        "a-year": make(),
        "no-group": NO_GROUP,
        "groups-denied": GROUP_DENIED,
        "denied": DENIED,
    }
    assert verdicts(loggroup_no_retention, subjects) == {
        "for-ever": Status.FAIL,
        "a-year": Status.PASS,
        "no-group": Status.NOT_APPLICABLE,
        "groups-denied": Status.UNKNOWN,
        "denied": Status.UNKNOWN,
    }
    assert only(loggroup_no_retention, kept(None)).evidence[0].source == GROUPS
    assert repairs(loggroup_no_retention, kept(None))


def test_loggingconfig_absent() -> None:
    absent = logged(configured=False)
    assert verdicts(loggingconfig_absent, {"absent": absent, "present": make(), "denied": DENIED}) == {
        "absent": Status.FAIL,
        "present": Status.PASS,
        "denied": Status.UNKNOWN,
    }
    assert only(loggingconfig_absent, absent).evidence[0].source == LISTED
    assert repairs(loggingconfig_absent, absent)


def test_logs_redirected() -> None:
    elsewhere = logged(group_name="/shared/orders")
    assert verdicts(logs_redirected, {"elsewhere": elsewhere, "usual": make(), "denied": DENIED}) == {
        "elsewhere": Status.FAIL,
        "usual": Status.PASS,
        "denied": Status.UNKNOWN,
    }
    assert (
        only(logs_redirected, elsewhere).message
        == "Function orders logs to /shared/orders instead of /aws/lambda/orders"
    )
    assert any("LogGroup=/aws/lambda/orders" in form for form in repairs(logs_redirected, elsewhere))


def test_log_level_hides_errors() -> None:
    subjects = {
        "fatal": logged(application_level="FATAL"),
        "error": logged(application_level="ERROR"),
        "text": logged(format="Text", application_level=None),
        "denied": DENIED,
    }
    assert verdicts(log_level_hides_errors, subjects) == {
        "fatal": Status.FAIL,
        "error": Status.PASS,
        "text": Status.PASS,
        "denied": Status.UNKNOWN,
    }
    assert "FATAL" in only(log_level_hides_errors, subjects["fatal"]).evidence[0].detail
    assert repairs(log_level_hides_errors, subjects["fatal"])


def test_env_unreadable_tells_a_missing_key_grant_from_other_gaps() -> None:
    undecrypted = Unknown(Gap(GapReason.DENIED, LISTED, "kms:Decrypt", "AccessDeniedException: not authorized"))
    empty: Environment = environment()
    subjects = {
        "undecrypted": make(environment=undecrypted),
        "readable": make(),
        "no-variables": make(environment=Known(empty, LISTED)),
        "list-denied": make(environment=unknown()),
    }
    assert verdicts(env_unreadable, subjects) == {
        "undecrypted": Status.FAIL,
        "readable": Status.PASS,
        "no-variables": Status.PASS,
        "list-denied": Status.UNKNOWN,
    }
    hit = only(env_unreadable, subjects["undecrypted"])
    assert "AccessDeniedException: not authorized" in hit.message
    assert env_unreadable.severity is Severity.INFORMATIONAL
    assert repairs(env_unreadable, subjects["undecrypted"])
