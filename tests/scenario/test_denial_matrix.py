"""The denial matrix: withhold any one operation, and nothing becomes PASS that was not, nor FAIL.

A FAIL stays FAIL unless the withheld operation is in its evidence or lists its subject; then it is UNKNOWN.
"""

import pytest

from auditor import plugins
from auditor.analysis.managed_roles import operation_costs
from auditor.engine.evaluate import Results
from auditor.model.finding import Status
from auditor.model.ids import Cloud
from auditor.provider import BASE, Operation
from tests.scenario.costs import lost, stage, statuses
from tests.scenario.replaying import Replay

PROVIDERS = {cloud: plugins.provider(cloud) for cloud in Cloud}
OPERATIONS = [
    (cloud, operation)
    for cloud, provider in PROVIDERS.items()
    for operation in sorted(provider.operations, key=lambda operation: operation.id)
    if operation.makes_call
]


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
    # name qualifiers, whose policies may name further triggers: without them "only API Gateway" is not proved
    "lambda:ListAliases": {"lambda:GetPolicy"},
    "lambda:ListFunctionEventInvokeConfigs": {"lambda:GetPolicy"},
    # names the URL whose qualifier's policy is the proof
    "lambda:ListFunctionUrlConfigs": {"lambda:GetPolicy"},
    # lists the apps: settings, names and addresses are joined to what it lists
    "graph:Sites": {"graph:DnsRecords", "web:ListSlotSettings"},
    # finds the account by its name
    "graph:StorageAccounts": {"storage:GetBlobServices", "storage:ListContainers", "web:ListFunctions"},
    "graph:ContainerApps": {"graph:ManagedEnvironments"},
    # says whether what the ingress lets in may come from outside the network
    "graph:ManagedEnvironments": {"graph:ContainerApps", "app:ListFunctions"},
    # says what a role amounts to
    "graph:RoleDefinitions": {"graph:RoleAssignments"},
    # says which networks get as far as the handler, and the cross-origin rules that hold for all of them
    "graph:SiteConfigs": {"web:ListFunctions", "web:GetAuthSettings"},
    # names the handlers: without any over HTTP, a ceiling for it is no question
    "web:ListFunctions": {"graph:Sites", "graph:SiteConfigs", "web:ListApplicationSettings"},
    # names the host's storage account, its monitor and its language
    "web:ListApplicationSettings": {
        "graph:StorageAccounts",
        "graph:Components",
        "graph:SiteConfigs",
        "storage:GetBlobServices",
        "storage:ListContainers",
        "web:ListFunctions",
    },
    "insights:ListDiagnosticSettings": {"graph:Workspaces"},
    # an absence that several answers prove together, or a list that another is asked from
    "compute:ListNegs": {"compute:ListBackendServices"},
    "logging:ListMetrics": {"monitoring:ListAlertPolicies"},
    "resourcemanager:GetProjectPolicy": {"iam:GetRole", "asset:ListPolicies"},
    "resourcemanager:GetFolderPolicy": {"resourcemanager:GetProjectPolicy", "asset:ListPolicies"},
    # says which domains are the organisation's: without it nobody knows whose people a policy names
    "resourcemanager:GetOrganization": {"artifactregistry:GetRepositoryPolicy", "asset:ListPolicies"},
    "resourcemanager:GetOrganizationPolicy": {"resourcemanager:GetProjectPolicy", "asset:ListPolicies"},
    # name what stands above a project, from which policies are inherited
    "resourcemanager:GetFolder": {"resourcemanager:GetProjectPolicy", "resourcemanager:GetFolderPolicy"},
    "resourcemanager:SearchProjects": {"resourcemanager:GetProjectPolicy", "resourcemanager:GetFolderPolicy"},
}


STANDS_IN = {
    # the portal's tag stands in for the settings
    ("web:ListApplicationSettings", "insights-link-absent"),
    # of a default service account whose roles are not known the account alone is reported
    ("resourcemanager:GetProjectPolicy", "default-identity"),
}
"""Where a withheld operation may turn a verdict into FAIL."""


@pytest.fixture(scope="module")
def wholes(replays: dict[Cloud, Replay]) -> dict[tuple[Cloud, bool], Results]:
    """What nothing refused comes to, by cloud, and by whether only the base tier is asked."""
    found = {(cloud, True): replay.in_base_tier().results() for cloud, replay in replays.items()}
    return found | {(cloud, False): replay.with_concurrency().results() for cloud, replay in replays.items()}


@pytest.mark.parametrize(("cloud", "operation"), OPERATIONS, ids=lambda value: getattr(value, "id", str(value)))
def test_silence_is_never_safety(
    replays: dict[Cloud, Replay], wholes: dict[tuple[Cloud, bool], Results], cloud: Cloud, operation: Operation
) -> None:
    base = operation.tier == BASE
    whole = wholes[cloud, base]
    denied = stage(replays[cloud], operation).without(operation.id, operation.permission).results()
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
        if status is Status.FAIL and was is not Status.FAIL and (operation.id, key[1]) not in STANDS_IN:
            wrong.append((key, was, status, "became FAIL"))
        if status is Status.ERROR:
            wrong.append((key, was, status, "crashed"))
        proof = evidence.get(key, set())
        dependent = operation.id in proof or LISTS.get(operation.id, set()) & proof
        if was is Status.FAIL and status is not Status.FAIL and not dependent:
            wrong.append((key, was, status, f"lost, though proved by {sorted(proof)}"))
        if was is Status.FAIL and status not in (Status.FAIL, Status.UNKNOWN):
            wrong.append((key, was, status, "neither FAIL nor UNKNOWN"))
    assert wrong == []
    if operation.id not in PROVIDERS[cloud].listing:
        assert set(before) <= set(after), "a verdict vanished"
    costs = operation_costs(cloud).get(operation.id)
    assert costs == tuple(lost(before, after)), "'auditor permissions' no longer tells the cost: run 'make costs'"
    changed = {key for key in before if after.get(key) is not before[key]}
    for key in changed & after.keys():
        if after[key] is Status.UNKNOWN:
            gaps = [k for k, subjects in denied.unknowns.items() if k[0] == key[1] and key[0] in subjects]
            assert any(gap[3] for gap in gaps), f"{key}: no permission named"
