"""Every way of the laboratory is found at its role, with what it reaches, and nothing that only looks like one is."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from auditor.model.access import EffectivePermissions
from auditor.model.capture import Outcome
from auditor.model.observed import GapReason
from providers.aws.collect.compute import LISTS
from providers.aws.operations import BY_ID
from tests.laboratory.account import answers, paths
from tests.laboratory.cases import BARE, EXISTING, FURNISHED, PASSING, Case
from tests.unit.providers.memory import MemoryCapture

KINDS = {
    "instance": "ec2:DescribeInstances",
    "template": "ec2:DescribeLaunchTemplateVersions",
    "project": "codebuild:ListProjects",
    "stack": "cloudformation:DescribeStacks",
    "stack-set": "cloudformation:ListStackSets",
    "notebook": "sagemaker:ListNotebookInstances",
    "endpoint": "glue:GetDevEndpoints",
    "job": "glue:GetJobs",
    "task": "ecs:ListClusters",
    "definition": "batch:DescribeJobDefinitions",
    "service": "apprunner:ListServices",
    "machine": "states:ListStateMachines",
    "interpreter": "bedrock-agentcore:ListCodeInterpreters",
    "runtime": "bedrock-agentcore:ListAgentRuntimes",
}
"""What lists each kind of the laboratory's compute."""


@pytest.fixture(scope="module")
def told() -> MemoryCapture:
    return answers(FURNISHED, furnished=True)


@pytest.fixture(scope="module")
def furnished(told: MemoryCapture) -> Mapping[str, EffectivePermissions]:
    return paths(told)


@pytest.fixture(scope="module")
def bare() -> Mapping[str, EffectivePermissions]:
    return paths(answers(BARE, furnished=False))


@pytest.mark.parametrize("case", FURNISHED, ids=lambda case: case.name)
def test_in_an_account_with_compute(case: Case, furnished: Mapping[str, EffectivePermissions]) -> None:
    _holds(case, furnished[case.name])


@pytest.mark.parametrize("case", BARE, ids=lambda case: case.name)
def test_in_an_account_without_any(case: Case, bare: Mapping[str, EffectivePermissions]) -> None:
    _holds(case, bare[case.name])


def _holds(case: Case, found: EffectivePermissions) -> None:
    assert found.complete.known
    if not case.technique:
        assert found.escalation == ()
        return
    first = found.escalation[0]
    assert first.source == case.role
    assert first.administrator
    assert (first.steps[0].technique, bool(first.conditions)) == (case.technique, case.doubtful)


def test_where_compute_was_not_read_the_way_stays_in_doubt_with_the_permission(told: MemoryCapture) -> None:
    lists = set(KINDS.values())
    denied = (
        replace(
            each, outcome=Outcome.GAP, reason=GapReason.DENIED, body=None, permission=BY_ID[each.operation].permission
        )
        if each.operation in lists
        else each
        for each in told.envelopes
    )
    found = paths(MemoryCapture(told.facts, list(denied)))
    for case in EXISTING:
        path = found[case.name].escalation[0]
        assert path.steps[0].technique == case.technique, case.name
        assert path.administrator, case.name
        assert path.steps[0].object == "", case.name
        assert any(KINDS[case.builds] in condition for condition in path.conditions), (case.name, path.conditions)
    for case in PASSING:
        _holds(case, found[case.name])


def test_an_account_in_which_nobody_may_use_compute_is_asked_for_none() -> None:
    own = [case for case in FURNISHED if case.name in ("iam-put", "no-user", "pr-lambda")]
    asked = {each.operation for each in answers(own, furnished=True).envelopes}
    assert asked.isdisjoint(set(LISTS.values()) - {"states:ListStateMachines"})
