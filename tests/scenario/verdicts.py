"""What may happen to a verdict where an answer is missing: it becomes UNKNOWN, and nothing else happens to it."""

from auditor import plugins
from auditor.engine.evaluate import Results
from auditor.model.finding import Status
from auditor.model.ids import Cloud
from auditor.provider import Operation, Provider
from tests.scenario.costs import statuses
from tests.scenario.replaying import Replay

Verdict = tuple[str, str]
"""A subject's id and a check's."""


def calls(provider: Provider) -> list[Operation]:
    """Every call of a provider, by id."""
    return sorted((one for one in provider.operations if one.makes_call), key=lambda operation: operation.id)


OPERATIONS = [(cloud, operation) for cloud in Cloud for operation in calls(plugins.provider(cloud))]
"""Every call of every cloud."""

_ROUTES_OF = {
    *("apigateway:GetRestApis", "apigateway:GetResources", "apigateway:GetStages", "apigateway:GetAuthorizers"),
    *("apigatewayv2:GetApis", "apigatewayv2:GetRoutes", "apigatewayv2:GetStages", "apigatewayv2:GetDomainNames"),
    *("apigatewayv2:GetAuthorizers", "apigatewayv2:GetIntegrations", "apigateway:GetUsagePlans"),
}
"""What is told of an API, once it is known which function it starts."""

_GRAPHQL = {"appsync:ListGraphqlApis", "appsync:ListDataSources"}
_LISTENERS = {
    *(
        f"elasticloadbalancing:Describe{name}"
        for name in ("LoadBalancers", "TargetGroups", "TargetHealth", "Listeners")
    ),
    *("elasticloadbalancing:DescribeRules", "ec2:DescribeSecurityGroups"),
}
"""What a listener in front of a function is told by: each says a part of who can reach it."""

LISTS = {
    **dict.fromkeys(sorted(_LISTENERS), _LISTENERS | {"wafv2:GetWebACLForResource"}),
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
    # may name further triggers, which need no policy: without them "only API Gateway" is not proved
    **{
        name: {"lambda:GetPolicy", *listed}
        for name, listed in {
            "apigateway:GetRestApis": _ROUTES_OF,
            "apigateway:GetResources": _ROUTES_OF,
            "apigateway:GetAuthorizers": _ROUTES_OF,
            "apigatewayv2:GetApis": _ROUTES_OF,
            "apigatewayv2:GetIntegrations": _ROUTES_OF,
            "apigatewayv2:GetRoutes": _ROUTES_OF,
            "apigatewayv2:GetAuthorizers": _ROUTES_OF,
            # bound how often an open route can be called
            "apigateway:GetStages": {"apigateway:GetResources", "apigateway:GetUsagePlans"},
            "apigatewayv2:GetStages": {"apigatewayv2:GetRoutes"},
            "events:ListEventBuses": {"events:ListTargetsByRule"},
            "events:ListRules": {"events:ListTargetsByRule"},
            "events:ListTargetsByRule": set[str](),
            "pipes:ListPipes": set[str](),
            "scheduler:ListSchedules": set[str](),
            "states:ListStateMachines": {"states:DescribeStateMachine"},
            "states:DescribeStateMachine": set[str](),
            "codepipeline:ListPipelines": set[str](),
            "codepipeline:GetPipeline": set[str](),
            "appsync:ListGraphqlApis": _GRAPHQL,
            "appsync:ListDataSources": _GRAPHQL,
        }.items()
    },
    # says which APIs the names lead to
    "apigatewayv2:GetApiMappings": {"apigatewayv2:GetDomainNames"},
    # names the URL whose qualifier's policy is the proof
    "lambda:ListFunctionUrlConfigs": {"lambda:GetPolicy"},
    # lists the apps: settings, names and addresses are joined to what it lists
    "graph:Sites": {"graph:DnsRecords", "web:ListSlotSettings"},
    # finds the account by its name
    "graph:StorageAccounts": {
        *("storage:GetBlobServices", "storage:ListContainers", "web:ListFunctions", "graph:ContainerApps"),
        *("web:ListApplicationSettings", "authorization:ListRoleAssignments", "authorization:ListAssignedRoles"),
    },
    # name the identities and what runs as them: who may use one, and what a role can take over
    "graph:Identities": {"authorization:ListRoleAssignments", "authorization:ListAssignedRoles"},
    "graph:Workloads": {"authorization:ListRoleAssignments", "authorization:ListAssignedRoles"},
    # says with which identity the references are read
    "web:GetKeyVaultReferences": {"graph:Sites"},
    "graph:ContainerApps": {"graph:ManagedEnvironments"},
    # says whether what the ingress lets in may come from outside the network
    "graph:ManagedEnvironments": {"graph:ContainerApps", "app:ListFunctions"},
    # says what a role amounts to
    "graph:RoleDefinitions": {"graph:RoleAssignments"},
    # says which networks get as far as the handler, and the cross-origin rules that hold for all of them
    "graph:SiteConfigs": {"web:ListFunctions", "web:GetAuthSettings"},
    # names the handlers: without any over HTTP, a ceiling for it is no question, and what is delivered starts nothing
    "web:ListFunctions": {
        *("graph:Sites", "graph:SiteConfigs", "web:ListApplicationSettings"),
        *("eventgrid:ListRegionalSubscriptions", "eventgrid:ListSubscriptions"),
    },
    # names the host's storage account, its monitor and its language
    "web:ListApplicationSettings": {
        "graph:StorageAccounts",
        "graph:Components",
        "graph:SiteConfigs",
        "storage:GetBlobServices",
        "storage:ListContainers",
        "web:ListFunctions",
        "graph:ContainerApps",
        "authorization:ListRoleAssignments",
        "authorization:ListAssignedRoles",
    },
    "insights:ListDiagnosticSettings": {"graph:Workspaces"},
    # an absence that several answers prove together, or a list that another is asked from
    "ce:GetAnomalyMonitors": {"budgets:DescribeBudgets"},
    "compute:ListNegs": {"compute:ListBackendServices"},
    "logging:ListMetrics": {"monitoring:ListAlertPolicies"},
    "asset:ListPolicies": {"resourcemanager:GetProjectPolicy"},
    # names the account that delivers the events of a function's trigger
    "eventarc:ListTriggers": {"functions:ListFunctions"},
    # says what a role amounts to
    "iam:GetRole": {"asset:ListPolicies", "resourcemanager:GetProjectPolicy", "resourcemanager:GetFolderPolicy"},
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
"""Where a missing answer may turn a verdict into FAIL."""


def proofs(results: Results) -> dict[Verdict, set[str]]:
    """The operations that each finding's evidence is from."""
    found: dict[Verdict, set[str]] = {}
    for finding in results.findings:
        key = (finding.subject.id, finding.check.id)
        found.setdefault(key, set()).update(item.source for item in finding.hit.evidence)
    return found


def consequences(operation: Operation, whole: Results, missing: Results, *, listing: bool) -> list[str]:
    """What happened to verdicts that may not, where an operation's answers are missing: a sentence each.

    A FAIL stays FAIL unless the operation is in its evidence or lists its subject; then it is UNKNOWN, and names the
    permission that would help. Only what lists functions (``listing``) may take verdicts with it.
    """
    before, proved = statuses(whole), proofs(whole)
    found = [f"{check} of {subject} names no permission" for subject, check in unexplained(whole, missing)]
    if not listing:
        found += [f"{check} of {subject} vanished" for subject, check in vanished(whole, missing)]
    for key, status in statuses(missing).items():
        why = _wrong(operation.id, key, before.get(key), status, proved.get(key, set()))
        if why:
            found.append(f"{key[1]} of {key[0]}: {before.get(key)} -> {status}, {why}")
    return found


def after_denial(operation: Operation, whole: Results, replay: Replay) -> tuple[list[str], Results]:
    """The consequences where an operation is denied, and what the replay then comes to."""
    denied = replay.without(operation.id, operation.permission).results()
    return consequences(operation, whole, denied, listing=operation.id in replay.provider.listing), denied


def _wrong(operation: str, key: Verdict, was: Status | None, status: Status, proof: set[str]) -> str | None:
    if status is Status.ERROR:
        return "it crashed"
    if status is was:
        return None
    if status is Status.PASS:
        return "it became PASS"
    if status is Status.FAIL:
        return None if (operation, key[1]) in STANDS_IN else "it became FAIL"
    if was is Status.FAIL and status is not Status.UNKNOWN:
        return "it is neither FAIL nor UNKNOWN"
    if was is Status.UNKNOWN and status is Status.NOT_APPLICABLE:
        return "it stopped applying"
    if was is Status.FAIL and operation not in proof and not LISTS.get(operation, set()) & proof:
        return f"it was lost, though proved by {sorted(proof)}"
    return None


def vanished(whole: Results, missing: Results) -> set[Verdict]:
    """The verdicts that are gone. Only what lists functions may take any with it."""
    return statuses(whole).keys() - statuses(missing).keys()


def unexplained(whole: Results, missing: Results) -> list[Verdict]:
    """The verdicts that became UNKNOWN and do not name the permission that would help."""
    after = statuses(missing)
    changed = {key for key, was in statuses(whole).items() if after.get(key) is Status.UNKNOWN and was != after[key]}
    explained = {(subject, key[0]) for key, subjects in missing.unknowns.items() if key[3] for subject in subjects}
    return sorted(changed - explained)
