"""Who can send through a trigger: everybody, others, the account alone, or not known."""

from dataclasses import replace

import pytest

from auditor.analysis.trigger_reach import trigger_reach
from auditor.model.exposure import Reach
from auditor.model.observed import Known, Observed
from auditor.model.trigger import Trigger, TriggerKind, TriggerVia
from tests.unit.checks.build import ROLES, make, unknown
from tests.unit.checks.exposure.test_exposure_path import OPEN

QUEUE = Trigger(
    kind=TriggerKind.QUEUE,
    service="sqs",
    source="arn:aws:sqs:eu-west-1:1:q",
    account="1",
    via=TriggerVia.MAPPING,
    enabled=True,
    asynchronous=False,
    qualifier=None,
)


@pytest.mark.parametrize(
    ("open_to", "reach"),
    [
        (Known(("*",)), "public"),
        (Known(("allUsers",)), "public"),
        (Known(("anyone who sends e-mail",)), "public"),
        (Known(("any client with a shared access key",)), "external"),
        (Known(("serviceAccount:a@b",)), "external"),
        (Known(()), "internal"),
        (unknown(ROLES), None),
    ],
)
def test_what_a_source_admits(open_to: Observed[tuple[str, ...]], reach: str | None) -> None:
    assert trigger_reach(make(), replace(QUEUE, open_to=open_to)) == reach


def test_an_endpoint_reaches_as_far_as_it_says() -> None:
    trigger = replace(QUEUE, kind=TriggerKind.HTTP, via=TriggerVia.ENDPOINT, source=OPEN.url)
    function = make(endpoints=Known((OPEN,)))
    assert trigger_reach(function, trigger) == "public"
    closed = replace(OPEN, reach=Known(Reach.SCOPED))
    assert trigger_reach(make(endpoints=Known((closed,))), trigger) == "internal"
    assert trigger_reach(make(endpoints=Known((replace(OPEN, reach=unknown(ROLES)),))), trigger) is None
    assert trigger_reach(function, replace(trigger, source="https://another")) is None


def test_a_schedule_is_the_accounts_own() -> None:
    assert trigger_reach(make(), replace(QUEUE, kind=TriggerKind.SCHEDULE)) == "internal"
