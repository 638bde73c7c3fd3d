"""A policy made smaller allows nothing that the original does not, on generated policies by our own evaluator."""

import json
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.analysis.permissions.decision import Answer
from auditor.analysis.service_authorization import service
from auditor.analysis.smaller_policies import smaller_policy
from auditor.model.identity import ServiceUsage, ServiceUse
from tests.aws_decisions import decided
from tests.differential.requests import Requests

_SERVICES = ("lambda", "s3", "sqs", "sts", "kms", "secretsmanager", "iam", "dynamodb", "ec2", "logs")


def report(random: Random) -> ServiceUsage:
    """Some services used, some of their actions idle; some not used; some not reported on."""
    used, unused = [], []
    for name in _SERVICES:
        state = random.random()
        found = service(name)
        assert found is not None
        if state < 0.5:
            actions = [action.name for action in found.actions.values()]
            idle = random.sample(actions, random.randint(0, len(actions))) if random.random() < 0.7 else []
            used.append(ServiceUse(service=name, last_used="2026-11-20", idle_actions=tuple(idle)))
        elif state < 0.8:
            unused.append(name)
    return ServiceUsage(used=tuple(used), unused=tuple(unused))


def smaller(document: dict[str, Any], usage: ServiceUsage) -> dict[str, Any]:
    return smaller_policy(json.dumps(document), usage) or document


def statements(document: dict[str, Any]) -> Any:
    return document["Statement"]


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 2**31))
def test_every_request_that_the_smaller_policy_allows_the_original_allows(seed: int) -> None:
    random = Random(seed)
    usage = report(random)
    for row in Requests(seed).rows(6):
        reduced = {**row, "identityPolicies": [smaller(one, usage) for one in row["identityPolicies"]]}
        if decided(reduced).answer is not Answer.NO:
            assert decided(row).answer is decided(reduced).answer, (seed, row["id"])


def test_the_reports_of_the_property_leave_something_out() -> None:
    changed = kept = 0
    for seed in range(40):
        usage = report(Random(seed))
        for row in Requests(seed).rows(6):
            for document in row["identityPolicies"]:
                made = smaller_policy(json.dumps(document), usage)
                changed += made is not None
                kept += made is not None and any(one["Effect"] == "Allow" for one in statements(made))
    assert changed > kept > 20
