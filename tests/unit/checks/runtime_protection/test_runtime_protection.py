from typing import Any

from auditor.model.asynchronous import Target
from auditor.model.finding import Status
from auditor.model.function import Alias, Function
from auditor.model.observed import Known
from auditor.model.severity import Severity
from checks.resilience.dlq_target_gone import dlq_target_gone
from checks.resilience.success_target_gone import success_target_gone
from checks.runtime_protection.alias_weighted_shadow import alias_weighted_shadow
from checks.runtime_protection.destination_external import destination_external
from checks.runtime_protection.destination_s3_gone import destination_s3_gone
from checks.runtime_protection.wrapper_env import wrapper_env
from tests.unit.checks.build import (
    FOREIGN,
    LISTED,
    arn,
    async_settings,
    environment,
    failures,
    found,
    make,
    make_image,
    only,
    settings,
    target,
    unknown,
    variable,
    verdicts,
)
from tests.unit.checks.repairs import repairs

ALIASES = "lambda:ListAliases"
SETTINGS = "lambda:ListFunctionEventInvokeConfigs"


def test_alias_weighted_shadow() -> None:
    split = Alias(name="live", version="7", weights=(("8", 0.05),))
    subjects = {
        "split": make(aliases=Known((split,), ALIASES)),
        "whole": make(),
        "no-alias": make(aliases=Known((), ALIASES)),
        "denied": make(aliases=unknown(ALIASES)),
    }
    assert verdicts(alias_weighted_shadow, subjects) == {
        "split": Status.FAIL,
        "whole": Status.PASS,
        "no-alias": Status.PASS,
        "denied": Status.UNKNOWN,
    }
    hit = only(alias_weighted_shadow, subjects["split"])
    assert hit.message == "Alias live of function orders points to version 7 and routes 5% to version 8"
    assert hit.locus == "live"
    assert any("'AdditionalVersionWeights={}'" in form for form in repairs(alias_weighted_shadow, subjects["split"]))


def sends(destination: Target | None = None, **changes: Any) -> Function:
    setting = async_settings(on_failure=destination, qualifier="live")
    return make(failures=failures(**({"settings": Known((setting,), SETTINGS)} | changes)))


def finishes(destination: Target, **changes: Any) -> Function:
    setting = async_settings(on_success=destination, on_failure=None)
    return make(failures=failures(**({"settings": Known((setting,), SETTINGS)} | changes)))


def test_destination_external() -> None:
    theirs = target(arn("sqs", "inbox", FOREIGN), account=FOREIGN)
    subjects = {
        "theirs": sends(theirs),
        "dead-letters-theirs": make(failures=failures(dead_letter=Known(theirs, LISTED))),
        "own": make(),
        "none": make(failures=failures(dead_letter=Known(None, LISTED), settings=Known((), SETTINGS))),
        "settings-denied": make(failures=failures(settings=unknown(SETTINGS))),
        "dead-letters-theirs-settings-denied": make(
            failures=failures(dead_letter=Known(theirs, LISTED), settings=unknown(SETTINGS))
        ),
    }
    assert verdicts(destination_external, subjects) == {
        "theirs": Status.FAIL,
        "dead-letters-theirs": Status.FAIL,
        "own": Status.PASS,
        "none": Status.PASS,
        "settings-denied": Status.UNKNOWN,
        "dead-letters-theirs-settings-denied": Status.FAIL,
    }
    assert verdicts(destination_external, {"theirs": subjects["theirs"]}, settings(trusted_accounts=(FOREIGN,))) == {
        "theirs": Status.PASS
    }
    hit = only(destination_external, subjects["theirs"])
    assert hit.locus == "live/on-failure"
    assert hit.message == f"The on-failure target {theirs.id} of function orders belongs to account {FOREIGN}"
    assert repairs(destination_external, subjects["theirs"])


def bucket(exists: Any) -> Target:
    return target("arn:aws:s3:::failed-orders", "s3", account=None, exists=exists)


def test_destination_s3_gone() -> None:
    subjects = {
        "gone": sends(bucket(Known(False, "s3:HeadBucket"))),
        "present": sends(bucket(Known(True, "s3:HeadBucket"))),
        "bucket-denied": sends(bucket(unknown("s3:HeadBucket"))),
        "queue-only": make(),
        "settings-denied": make(failures=failures(settings=unknown(SETTINGS))),
    }
    assert verdicts(destination_s3_gone, subjects) == {
        "gone": Status.FAIL,
        "present": Status.PASS,
        "bucket-denied": Status.UNKNOWN,
        "queue-only": Status.NOT_APPLICABLE,
        "settings-denied": Status.UNKNOWN,
    }
    hit = only(destination_s3_gone, subjects["gone"])
    assert [e.source for e in hit.evidence] == [SETTINGS, "s3:HeadBucket"]
    assert any("aws s3 mb s3://failed-orders" in form for form in repairs(destination_s3_gone, subjects["gone"]))


def test_dlq_target_gone_leaves_buckets_to_the_other_check() -> None:
    gone = target(exists=Known(False, "sqs:GetQueueUrl"))
    subjects = {
        "queue-gone": make(failures=failures(dead_letter=Known(gone, LISTED))),
        "destination-gone": sends(gone, dead_letter=Known(None, LISTED)),
        "present": make(),
        "queue-denied": make(failures=failures(dead_letter=Known(target(exists=unknown("sqs:GetQueueUrl")), LISTED))),
        "bucket-gone": sends(bucket(Known(False, "s3:HeadBucket")), dead_letter=Known(None, LISTED)),
        "results-gone": finishes(gone, dead_letter=Known(None, LISTED)),
        "none": make(failures=failures(dead_letter=Known(None, LISTED), settings=Known((), SETTINGS))),
        "gone-and-settings-denied": make(
            failures=failures(dead_letter=Known(gone, LISTED), settings=unknown(SETTINGS))
        ),
    }
    assert verdicts(dlq_target_gone, subjects) == {
        "queue-gone": Status.FAIL,
        "destination-gone": Status.FAIL,
        "present": Status.PASS,
        "queue-denied": Status.UNKNOWN,
        "bucket-gone": Status.NOT_APPLICABLE,
        "results-gone": Status.NOT_APPLICABLE,
        "none": Status.NOT_APPLICABLE,
        "gone-and-settings-denied": Status.FAIL,
    }
    hit = only(dlq_target_gone, subjects["queue-gone"])
    assert hit.locus == "dead-letter"
    assert [e.source for e in hit.evidence] == [LISTED, "sqs:GetQueueUrl"]
    assert repairs(dlq_target_gone, subjects["queue-gone"])


def test_success_target_gone_leaves_failures_to_the_other_check() -> None:
    gone = target(exists=Known(False, "sqs:GetQueueUrl"))
    subjects = {
        "gone": finishes(gone),
        "present": finishes(target()),
        "queue-denied": finishes(target(exists=unknown("sqs:GetQueueUrl"))),
        "bucket-gone": finishes(bucket(Known(False, "s3:HeadBucket"))),
        "failures-gone": sends(gone),
        "settings-denied": make(failures=failures(settings=unknown(SETTINGS))),
    }
    assert verdicts(success_target_gone, subjects) == {
        "gone": Status.FAIL,
        "present": Status.PASS,
        "queue-denied": Status.UNKNOWN,
        "bucket-gone": Status.NOT_APPLICABLE,
        "failures-gone": Status.NOT_APPLICABLE,
        "settings-denied": Status.UNKNOWN,
    }
    hit = only(success_target_gone, subjects["gone"])
    assert hit.locus == "on-success"
    assert [e.source for e in hit.evidence] == [SETTINGS, "sqs:GetQueueUrl"]
    assert repairs(success_target_gone, subjects["gone"])


def test_wrapper_env_skips_what_the_runtime_ignores() -> None:
    def having(*names: str, **changes: Any) -> Function:
        return make(environment=Known(environment(*(variable(name) for name in names)), LISTED), **changes)

    subjects = {
        "wrapped": having("AWS_LAMBDA_EXEC_WRAPPER"),
        "python-path": having("PYTHONPATH"),
        "node-options-on-python": having("NODE_OPTIONS"),
        "node-options-on-custom": having("NODE_OPTIONS", runtime=Known("provided.al2023", LISTED)),
        "node-options-runtime-denied": having("NODE_OPTIONS", runtime=unknown()),
        "plain": make(),
        "denied": make(environment=unknown()),
    }
    assert verdicts(wrapper_env, subjects) == {
        "wrapped": Status.FAIL,
        "python-path": Status.FAIL,
        "node-options-on-python": Status.PASS,
        "node-options-on-custom": Status.FAIL,
        "node-options-runtime-denied": Status.FAIL,
        "plain": Status.PASS,
        "denied": Status.UNKNOWN,
    }
    image = make_image(environment=Known(environment(variable("NODE_OPTIONS")), LISTED))
    assert [hit.locus for hit in found(wrapper_env, image)] == ["NODE_OPTIONS"]
    assert only(wrapper_env, subjects["wrapped"]).severity is Severity.MEDIUM
    assert only(wrapper_env, subjects["python-path"]).severity is Severity.LOW
    assert any("# remove AWS_LAMBDA_EXEC_WRAPPER from" in form for form in repairs(wrapper_env, subjects["wrapped"]))
