"""The denial matrix: withhold any one operation, and nothing becomes PASS that was not.

A FAIL stays FAIL unless the withheld operation is in its evidence or lists its subject; then it is UNKNOWN.
"""

import pytest

from auditor import plugins
from auditor.engine.evaluate import NOT_ASKED, STATUSES, Results
from auditor.model.finding import Status
from auditor.model.ids import Cloud
from tests.scenario.replaying import Replay

PROVIDER = plugins.provider(Cloud.AWS)
OPERATIONS = sorted((op for op in PROVIDER.operations if op.makes_call), key=lambda op: op.id)


LISTS = {
    # what an operation lists the subjects of: without the list, nobody can ask about what is on it
    "access-analyzer:ListAnalyzers": {"access-analyzer:ListFindingsV2"},
    "cloudtrail:DescribeTrails": {"cloudtrail:GetEventSelectors", "cloudtrail:GetTrailStatus"},
    "ec2:DescribeSubnets": {"ec2:DescribeRouteTables"},
    "ecr:DescribeRepositories": {"ecr:GetRegistryScanningConfiguration"},
    "elasticfilesystem:DescribeAccessPoints": {
        "elasticfilesystem:DescribeFileSystems",
        "elasticfilesystem:DescribeFileSystemPolicy",
    },
    "guardduty:ListDetectors": {"guardduty:GetDetector"},
    # names the image, and so the repository
    "lambda:GetFunction": {
        "ecr:DescribeRepositories",
        "ecr:GetLifecyclePolicy",
        "ecr:GetRegistryScanningConfiguration",
        "ecr:GetRepositoryPolicy",
    },
    "lambda:ListCodeSigningConfigs": {"lambda:ListFunctionsByCodeSigningConfig", "signer:GetSigningProfile"},
    "lambda:ListFunctionsByCodeSigningConfig": {"signer:GetSigningProfile"},
    # names the URL whose qualifier's policy is the proof
    "lambda:ListFunctionUrlConfigs": {"lambda:GetPolicy"},
}


@pytest.fixture(scope="module")
def whole(replay: Replay) -> Results:
    return replay.results()


def statuses(results: Results) -> dict[tuple[str, str], Status]:
    return {
        (subject, check.id): STATUSES[code]
        for subject, codes in results.verdicts.items()
        for check, code in zip(results.checks, codes, strict=True)
        if code != NOT_ASKED
    }


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.id)
def test_silence_is_never_safety(replay: Replay, whole: Results, operation) -> None:
    denied = replay.without(operation.id, operation.permission).results()
    before, after = statuses(whole), statuses(denied)
    evidence: dict[tuple[str, str], set[str]] = {}
    for finding in whole.findings:
        key = (finding.subject.id, finding.check.id)
        evidence.setdefault(key, set()).update(item.source for item in finding.hit.evidence)
    wrong = []
    for key, status in after.items():
        was = before.get(key)
        if status is Status.PASS and was is not Status.PASS:
            wrong.append((key, was, status, "became PASS"))
        if status is Status.NOT_APPLICABLE and was in (Status.FAIL, Status.UNKNOWN):
            wrong.append((key, was, status, "stopped applying"))
        if status is Status.ERROR:
            wrong.append((key, was, status, "crashed"))
        proof = evidence.get(key, set())
        dependent = operation.id in proof or LISTS.get(operation.id, set()) & proof
        if was is Status.FAIL and status is not Status.FAIL and not dependent:
            wrong.append((key, was, status, f"lost, though proved by {sorted(proof)}"))
        if was is Status.FAIL and status not in (Status.FAIL, Status.UNKNOWN):
            wrong.append((key, was, status, "neither FAIL nor UNKNOWN"))
    assert wrong == []
    if operation.id not in PROVIDER.listing:
        assert set(before) <= set(after), "a verdict vanished"
    changed = {key for key in before if after.get(key) is not before[key]}
    for key in changed & after.keys():
        if after[key] is Status.UNKNOWN:
            gaps = [k for k, subjects in denied.unknowns.items() if k[0] == key[1] and key[0] in subjects]
            assert any(gap[3] for gap in gaps), f"{key}: no permission named"
