from dataclasses import replace
from typing import Any

from auditor.model.finding import Status
from auditor.model.function import Function
from auditor.model.observed import Known
from auditor.model.severity import Severity
from auditor.model.trigger import Trigger, TriggerKind, TriggerVia
from checks.resilience.async_no_failure_path import async_no_failure_path
from checks.resilience.async_retry_default import async_retry_default
from checks.resilience.dlq_absent import dlq_absent
from checks.resilience.subnet_ip_exhaustion import subnet_ip_exhaustion
from checks.resilience.vpc_ghost_refs import vpc_ghost_refs
from checks.resilience.vpc_single_az import vpc_single_az
from tests.unit.checks.build import (
    LISTED,
    async_settings,
    failures,
    found,
    make,
    network,
    only,
    security_group,
    settings,
    subnet,
    target,
    trigger,
    triggers,
    unknown,
    verdicts,
)
from tests.unit.checks.repairs import repairs

SUBNETS = "ec2:DescribeSubnets"
SETTINGS = "lambda:ListFunctionEventInvokeConfigs"
NO_VPC = make("no-vpc", network=Known(None, LISTED))
NETWORK_DENIED = make("network-denied", network=unknown())


def inside(**changes: Any) -> Function:
    return make(network=Known(network(**changes), LISTED))


def test_vpc_single_az_counts_zones_not_subnets() -> None:
    ghost = replace(subnet("us-east-1b"), exists=Known(False, SUBNETS), zone=unknown(SUBNETS))
    hidden = replace(subnet("us-east-1b"), zone=unknown(SUBNETS))
    one = inside(subnets=(subnet(), subnet(id="subnet-second")))
    subjects = {
        "two-subnets-one-zone": one,
        "one-and-a-ghost": inside(subnets=(subnet(), ghost)),
        "two-zones": make(),
        "one-and-denied": inside(subnets=(subnet(), hidden)),
        "two-and-denied": inside(subnets=(subnet(), subnet("us-east-1b"), hidden)),
        "no-vpc": NO_VPC,
        "network-denied": NETWORK_DENIED,
    }
    assert verdicts(vpc_single_az, subjects) == {
        "two-subnets-one-zone": Status.FAIL,
        "one-and-a-ghost": Status.FAIL,
        "two-zones": Status.PASS,
        "one-and-denied": Status.UNKNOWN,
        "two-and-denied": Status.PASS,
        "no-vpc": Status.NOT_APPLICABLE,
        "network-denied": Status.UNKNOWN,
    }
    assert only(vpc_single_az, one).message == "All subnets of function orders are in availability zone us-east-1a"
    assert repairs(vpc_single_az, one)


def test_vpc_ghost_refs() -> None:
    gone = subnet(exists=Known(False, SUBNETS))
    hidden = subnet(id="subnet-hidden", exists=unknown(SUBNETS))
    subjects = {
        "subnet-gone": inside(subnets=(gone, subnet("us-east-1b"))),
        "group-gone": inside(security_groups=(security_group(exists=Known(False, "ec2:DescribeSecurityGroups")),)),
        "present": make(),
        "denied": inside(subnets=(hidden,)),
        "gone-and-denied": inside(subnets=(hidden, gone)),
        "no-vpc": NO_VPC,
        "network-denied": NETWORK_DENIED,
    }
    assert verdicts(vpc_ghost_refs, subjects) == {
        "subnet-gone": Status.FAIL,
        "group-gone": Status.FAIL,
        "present": Status.PASS,
        "denied": Status.UNKNOWN,
        "gone-and-denied": Status.FAIL,
        "no-vpc": Status.NOT_APPLICABLE,
        "network-denied": Status.UNKNOWN,
    }
    assert (
        only(vpc_ghost_refs, subjects["group-gone"]).message
        == "Security group sg-0a1b2c3d of function orders does not exist"
    )
    assert [e.source for e in only(vpc_ghost_refs, subjects["subnet-gone"]).evidence] == [LISTED, SUBNETS]
    assert repairs(vpc_ghost_refs, subjects["subnet-gone"])


def test_subnet_ip_exhaustion_uses_the_operators_threshold() -> None:
    tight = inside(subnets=(subnet(free_addresses=Known(31, SUBNETS)), subnet("us-east-1b")))
    subjects = {
        "tight": tight,
        "roomy": make(),
        "denied": inside(subnets=(subnet(free_addresses=unknown(SUBNETS)),)),
        "no-vpc": NO_VPC,
        "network-denied": NETWORK_DENIED,
    }
    assert verdicts(subnet_ip_exhaustion, subjects) == {
        "tight": Status.FAIL,
        "roomy": Status.PASS,
        "denied": Status.UNKNOWN,
        "no-vpc": Status.NOT_APPLICABLE,
        "network-denied": Status.UNKNOWN,
    }
    assert verdicts(subnet_ip_exhaustion, {"tight": tight}, settings(min_free_addresses=8)) == {"tight": Status.PASS}
    assert (
        only(subnet_ip_exhaustion, tight).message
        == "Subnet subnet-us-east-1a of function orders has 31 free addresses; the threshold is 32"
    )
    assert repairs(subnet_ip_exhaustion, tight)


NO_QUEUE = Known(None, LISTED)
NO_SETTINGS = Known((), SETTINGS)


def event(kind: TriggerKind = TriggerKind.STORAGE, **changes: Any) -> Trigger:
    fields = {"service": "s3", "source": "arn:aws:s3:::uploads", "via": TriggerVia.POLICY, "asynchronous": True}
    return trigger(kind, **(fields | changes))


def fed(*events: Trigger, dead_letter: Any = NO_QUEUE, settings: Any = NO_SETTINGS) -> Function:
    return make(triggers=triggers(*events), failures=failures(dead_letter=dead_letter, settings=settings))


def test_failed_events_of_schedules_alone_are_informational() -> None:
    schedule = event(TriggerKind.SCHEDULE, service="events", source="arn:aws:events:us-east-1:1:rule/nightly")
    assert only(async_no_failure_path, fed(schedule)).severity is Severity.INFORMATIONAL
    mixed = only(async_no_failure_path, fed(schedule, event()))
    assert mixed.severity is None
    assert "EventBridge rule nightly and S3 bucket uploads" in mixed.message


def test_dlq_absent() -> None:
    absent = make(failures=failures(dead_letter=NO_QUEUE))
    denied = make(failures=failures(dead_letter=unknown()))
    assert verdicts(dlq_absent, {"absent": absent, "present": make(), "denied": denied}) == {
        "absent": Status.FAIL,
        "present": Status.PASS,
        "denied": Status.UNKNOWN,
    }
    assert only(dlq_absent, absent).evidence[0].source == LISTED
    assert repairs(dlq_absent, absent)


def test_async_no_failure_path_needs_an_asynchronous_trigger() -> None:
    kept = Known((async_settings(),), SETTINGS)
    on_alias = Known((async_settings(qualifier="live"),), SETTINGS)
    some_denied = (Known((event(),), "lambda:GetPolicy"), unknown("lambda:ListEventSourceMappings"))
    subjects = {
        "bucket": fed(event()),
        "bucket-with-queue": fed(event(), dead_letter=Known(target(), LISTED)),
        "bucket-with-destination": fed(event(), settings=kept),
        "alias-with-its-destination": fed(event(qualifier="live"), settings=on_alias),
        "destination-of-another-qualifier": fed(event(), settings=on_alias),
        "queue-only": fed(trigger()),
        "disabled": fed(event(enabled=False)),
        "settings-denied": fed(event(), settings=unknown(SETTINGS)),
        "settings-denied-with-queue": fed(event(), dead_letter=Known(target(), LISTED), settings=unknown(SETTINGS)),
        "triggers-denied": make(
            triggers=(unknown("lambda:GetPolicy"),), failures=failures(dead_letter=NO_QUEUE, settings=NO_SETTINGS)
        ),
        "bucket-and-mappings-denied": make(
            triggers=some_denied, failures=failures(dead_letter=NO_QUEUE, settings=NO_SETTINGS)
        ),
    }
    assert verdicts(async_no_failure_path, subjects) == {
        "bucket": Status.FAIL,
        "bucket-with-queue": Status.PASS,
        "bucket-with-destination": Status.PASS,
        "alias-with-its-destination": Status.PASS,
        "destination-of-another-qualifier": Status.FAIL,
        "queue-only": Status.NOT_APPLICABLE,
        "disabled": Status.NOT_APPLICABLE,
        "settings-denied": Status.UNKNOWN,
        "settings-denied-with-queue": Status.PASS,
        "triggers-denied": Status.UNKNOWN,
        "bucket-and-mappings-denied": Status.FAIL,
    }
    hit = only(async_no_failure_path, subjects["bucket"])
    assert hit.message.startswith("Events from S3 bucket uploads are dropped when orders fails on them")
    assert (async_no_failure_path.severity, hit.severity) == (Severity.LOW, None)
    assert [e.source for e in hit.evidence] == ["lambda:GetPolicy", LISTED, SETTINGS]
    both = fed(event(), event(qualifier="live"))
    assert [h.locus for h in found(async_no_failure_path, both)] == ["", "live"]
    assert any("--function-name orders:live" in form for form in repairs(async_no_failure_path, both))


def test_async_retry_default() -> None:
    def tuned(**changes: Any) -> Function:
        return fed(event(), settings=Known((async_settings(**changes),), SETTINGS))

    subjects = {
        "nothing-set": fed(event()),
        "defaults-spelt-out": tuned(max_retries=2, max_age_seconds=21600),
        "age-chosen": tuned(),
        "retries-chosen": tuned(max_retries=0, max_age_seconds=None),
        "queue-only": fed(trigger()),
        "settings-denied": fed(event(), settings=unknown(SETTINGS)),
        "triggers-denied": make(triggers=(unknown("lambda:GetPolicy"),)),
    }
    assert verdicts(async_retry_default, subjects) == {
        "nothing-set": Status.FAIL,
        "defaults-spelt-out": Status.FAIL,
        "age-chosen": Status.PASS,
        "retries-chosen": Status.PASS,
        "queue-only": Status.NOT_APPLICABLE,
        "settings-denied": Status.UNKNOWN,
        "triggers-denied": Status.UNKNOWN,
    }
    assert [e.source for e in only(async_retry_default, subjects["nothing-set"]).evidence] == [
        "lambda:GetPolicy",
        SETTINGS,
    ]
    assert repairs(async_retry_default, subjects["nothing-set"])
