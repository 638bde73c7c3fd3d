"""Turns blueprints into functions: the company's sound settings first, then what the blueprint says."""

from moto_fixtures.gcp import resource_builders
from moto_fixtures.gcp.company.blueprint import STANDALONE, Blueprint
from moto_fixtures.gcp.company.deploy_context import Workbench
from moto_fixtures.gcp.functions import Made, function
from moto_fixtures.gcp.organization import Project, layered
from moto_fixtures.gcp.policies import Binding, account
from moto_fixtures.gcp.services import run_service
from moto_fixtures.gcp.wire import Json

LABELS = {"owner": "web-team", "data-classification": "internal"}
_PROBE = {
    "httpGet": {"path": "/healthz", "port": 8080},
    "periodSeconds": 10,
    "failureThreshold": 3,
    "timeoutSeconds": 1,
}
_GUARDED = {"threatDetectionEnabled": True, "template": {"executionEnvironment": "EXECUTION_ENVIRONMENT_GEN2"}}


def build(bench: Workbench, plan: Blueprint) -> None:
    """One function with its account, what the account may do, and how often it ran."""
    project = bench.projects[plan.project]
    email = _account(project, plan)
    project.usage[plan.name] = plan.usage
    made = _standalone(bench, plan, email) if plan.generation == STANDALONE else _listed(bench, plan, email)
    if plan.after is not None:
        plan.after(made)


def _account(project: Project, plan: Blueprint) -> str:
    if plan.account:
        return plan.account
    name = plan.name[:30].rstrip("-")
    email = resource_builders.service_account(project, name, *plan.impersonators, title=f"Runs {plan.name}")
    project.bind(*(Binding(role, (account(email),)) for role in plan.roles))
    return email


def _listed(bench: Workbench, plan: Blueprint, email: str) -> Made:
    project = bench.projects[plan.project]
    sound = _first(bench, project, plan, email) if plan.generation == 1 else _second(bench, project, plan, email)
    return function(
        project,
        plan.name,
        location=plan.location,
        generation=plan.generation,
        event=plan.event,
        changes=layered(sound, plan.record),
        service=layered(_GUARDED, plan.service),
        container=layered({"startupProbe": _PROBE}, plan.container),
        invokers=plan.invokers,
    )


def _common(bench: Workbench, project: Project, plan: Blueprint) -> Json:
    return {
        "description": plan.stands_for,
        "labels": dict(LABELS),
        "kmsKeyName": bench.made[f"key:{plan.project}:{plan.location}"],
        "buildConfig": {
            "dockerRepository": project.name(plan.location, "repositories", "functions"),
            "workerPool": project.name(plan.location, "workerPools", "builds"),
            "serviceAccount": f"projects/{project.id}/serviceAccounts/{project.email('builder')}",
        },
    }


def _network(project: Project, plan: Blueprint) -> Json:
    return {
        "vpcConnector": project.name(plan.location, "connectors", "backbone"),
        "vpcConnectorEgressSettings": "ALL_TRAFFIC",
        "ingressSettings": "ALLOW_INTERNAL_ONLY",
    }


def _second(bench: Workbench, project: Project, plan: Blueprint, email: str) -> Json:
    service = {
        **_network(project, plan),
        "serviceAccountEmail": email,
        "timeoutSeconds": 30,
        "maxInstanceCount": 10,
        "availableMemory": "512Mi",
        "availableCpu": "1",
        "maxInstanceRequestConcurrency": 40,
        "environmentVariables": {"LOG_LEVEL": "INFO"},
        "binaryAuthorizationPolicy": "default",
    }
    return {**_common(bench, project, plan), "serviceConfig": service}


def _first(bench: Workbench, project: Project, plan: Blueprint, email: str) -> Json:
    service = {
        **_network(project, plan),
        "serviceAccountEmail": email,
        "timeoutSeconds": 30,
        "maxInstanceCount": 10,
        "environmentVariables": {"LOG_LEVEL": "INFO"},
    }
    return {**_common(bench, project, plan), "serviceConfig": service}


def _standalone(bench: Workbench, plan: Blueprint, email: str) -> Made:
    project = bench.projects[plan.project]
    template = {
        "serviceAccount": email,
        "encryptionKey": bench.made[f"key:{plan.project}:{plan.location}"],
        "executionEnvironment": "EXECUTION_ENVIRONMENT_GEN2",
        "vpcAccess": {
            "networkInterfaces": [{"network": "backbone", "subnetwork": "functions", "tags": ["functions"]}],
            "egress": "ALL_TRAFFIC",
        },
        "scaling": {"maxInstanceCount": 10},
        "timeout": "30s",
        "maxInstanceRequestConcurrency": 40,
    }
    sound: Json = {
        "description": plan.stands_for,
        "labels": dict(LABELS),
        "ingress": "INGRESS_TRAFFIC_INTERNAL_ONLY",
        "binaryAuthorization": {"useDefault": True},
        "threatDetectionEnabled": True,
        "template": template,
        "buildConfig": {
            "workerPool": project.name(plan.location, "workerPools", "builds"),
            "serviceAccount": f"projects/{project.id}/serviceAccounts/{project.email('builder')}",
        },
    }
    service = run_service(
        project,
        plan.name,
        location=plan.location,
        changes=layered(sound, plan.service),
        container=layered({"startupProbe": _PROBE}, plan.container),
        invokers=plan.invokers,
    )
    return Made(service, service)
