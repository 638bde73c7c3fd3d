"""The damage matrix: spoil the answers of any one operation, and nothing becomes PASS that was not, nor FAIL.

Every kind of damage is a gap of the answer it befell (S2, S3). As all of them come to the same gaps, one evaluation says
what becomes of the verdicts.
"""

from dataclasses import replace

import pytest

from auditor import plugins
from auditor.engine.evaluate import Results
from auditor.model.capture import Outcome
from auditor.model.finding import Status
from auditor.model.ids import Cloud
from auditor.model.observed import Unknown
from auditor.provider import BASE, Operation
from tests.answers import SAYS_NONE
from tests.scenario.costs import stage, statuses
from tests.scenario.damage import EMPTY, after_damage, taken_for_complete, unharmed
from tests.scenario.replaying import Replay
from tests.scenario.verdicts import OPERATIONS, vanished

TRULY_NONE = {
    # AWS answers so where a bucket sends nothing, where no concurrency is reserved, and where there is no queue
    ("s3:GetBucketNotificationConfiguration", "trigger-source-no-cmk"),
    ("s3:GetBucketNotificationConfiguration", "trigger-source-open"),
    ("lambda:GetFunctionConcurrency", "concurrency-unreserved"),
    ("lambda:GetFunctionConcurrency", "concurrency-zero"),
    ("lambda:GetFunctionConcurrency", "public-and-unreserved"),
    ("lambda:GetFunctionConcurrency", "spend-ceiling-high"),
    ("sqs:ListQueues", "dlq-target-gone"),
    ("ses:DescribeActiveReceiptRuleSet", "trigger-source-open"),
    ("cloudscheduler:ListJobs", "caller-unidentified"),
    ("eventarc:ListChannels", "event-channel-no-cmk"),
    ("monitoring:ListAlertPolicies", "change-alert-absent"),
    ("iam:ListServiceAccountKeys", "service-account-key-exists"),
    ("iam:ListServiceAccountKeys", "service-account-key-old"),
}
"""Verdicts that follow from an empty list, which no other answer contradicts."""

Wholes = dict[tuple[Cloud, bool], Results]

every = pytest.mark.parametrize(("cloud", "operation"), OPERATIONS, ids=lambda value: getattr(value, "id", str(value)))


@every
def test_s2_s3_every_kind_of_damage_is_a_gap_of_its_answer(
    replays: dict[Cloud, Replay], cloud: Cloud, operation: Operation
) -> None:
    assert unharmed(replays[cloud], operation) == (EMPTY if operation.id in SAYS_NONE else set())


@every
def test_damage_is_never_safety(
    replays: dict[Cloud, Replay], wholes: Wholes, cloud: Cloud, operation: Operation
) -> None:
    whole = wholes[cloud, operation.tier == BASE]
    assert after_damage(operation, whole, stage(replays[cloud], operation)) == []


@pytest.mark.parametrize(
    ("cloud", "operation"),
    [pair for pair in OPERATIONS if pair[1].id in SAYS_NONE],
    ids=lambda value: getattr(value, "id", str(value)),
)
def test_s2_an_empty_object_proves_no_more_than_that_there_is_none(
    replays: dict[Cloud, Replay], wholes: Wholes, cloud: Cloud, operation: Operation
) -> None:
    """Where another answer names what should be listed, the list is not believed; elsewhere it is the cloud's word."""
    whole = wholes[cloud, operation.tier == BASE]
    empty = stage(replays[cloud], operation).reading(
        operation.id, lambda _, rows: (replace(row, body={}) if row.outcome is Outcome.OK else row for row in rows)
    )
    results = empty.results()
    before = statuses(whole)
    became = {
        key
        for key, status in statuses(results).items()
        if status is not before.get(key) and status is not Status.UNKNOWN
    }
    assert {(operation.id, check) for _, check in became} <= TRULY_NONE
    gone = {subject for subject, _ in vanished(whole, results)}
    counts = [place.functions for place in empty.inventory().locations]
    if operation.id == "run:ListServices":  # no other answer names what only Cloud Run lists
        assert all(subject.startswith("//run.googleapis.com/") for subject in gone)
    elif operation.id in plugins.provider(cloud).listing:  # what lists functions may take them along, but says so
        assert not gone or any(isinstance(count, Unknown) for count in counts)
    else:
        assert gone == set()


@pytest.mark.parametrize(
    ("cloud", "operation"),
    [pair for pair in OPERATIONS if pair[1].pages],
    ids=lambda value: getattr(value, "id", str(value)),
)
def test_s12_a_list_that_is_cut_short_is_not_complete(
    replays: dict[Cloud, Replay], cloud: Cloud, operation: Operation
) -> None:
    assert taken_for_complete(replays[cloud], operation) == {"nothing"}
