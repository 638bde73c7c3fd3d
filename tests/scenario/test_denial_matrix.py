"""The denial matrix: withhold any one operation, and nothing becomes PASS that was not, nor FAIL.

A FAIL stays FAIL unless the withheld operation is in its evidence or lists its subject; then it is UNKNOWN.
"""

import pytest

from auditor.analysis.managed_roles import operation_costs
from auditor.engine.evaluate import Results
from auditor.model.ids import Cloud
from auditor.provider import BASE, Operation
from tests.scenario.costs import lost, stage, statuses
from tests.scenario.replaying import Replay
from tests.scenario.verdicts import OPERATIONS, after_denial


@pytest.mark.parametrize(("cloud", "operation"), OPERATIONS, ids=lambda value: getattr(value, "id", str(value)))
def test_silence_is_never_safety(
    replays: dict[Cloud, Replay], wholes: dict[tuple[Cloud, bool], Results], cloud: Cloud, operation: Operation
) -> None:
    whole, replay = wholes[cloud, operation.tier == BASE], stage(replays[cloud], operation)
    wrong, denied = after_denial(operation, whole, replay)
    assert wrong == []
    costs = operation_costs(cloud).get(operation.id)
    found = tuple(lost(statuses(whole), statuses(denied)))
    assert costs == found, "'auditor permissions' no longer tells the cost: run 'make costs'"
