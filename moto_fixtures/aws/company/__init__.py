"""Fernhollow Outfitters, a retailer that does not exist: its AWS account, deployed into the local AWS.

Two regions, sound functions, and at least one function for each defect the checks look for. Everything is made
through boto3 as a deployment would make it; what is deleted at the end leaves the dangling references.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

import flask_cors as _needed_by_motos_server  # noqa: F401 - absent without the demo extra: say so before starting
import moto as _needed  # noqa: F401

from moto_fixtures.aws.company import (
    activity,
    balancers,
    compliant,
    compute,
    endpoints,
    exemplary,
    gateways,
    grants,
    identities,
    monitoring,
    network,
    outdated,
    regions,
    resources,
    services,
    sources,
    variables,
    workflows,
)
from moto_fixtures.aws.company.blueprint import Blueprint
from moto_fixtures.aws.company.builder import baseline, build
from moto_fixtures.aws.company.deploy_context import HOME, Workbench
from moto_fixtures.aws.moto_extensions.lambda_memory import modified
from moto_fixtures.aws.server import Server

EXPECTED = Path(__file__).with_name("expected.json")
_PREPARATIONS = (
    resources.buckets,
    resources.keys,
    resources.messaging,
    resources.secrets,
    resources.layers,
    resources.repositories,
    resources.signing,
    network.networks,
    network.file_systems,
    baseline,
    identities.roles,
    compute.roles,
    compute.compute,
    exemplary.roles,
    monitoring.detection,
    monitoring.recording,
    monitoring.alarms,
    monitoring.logs,
    monitoring.people,
    gateways.apis,
    sources.events,
    sources.open_queue,
    sources.brokers,
    workflows.workflows,
    services.services,
    balancers.groups,
)
_CHAPTERS = (
    compliant,
    exemplary,
    grants,
    endpoints,
    outdated,
    variables,
    identities,
    regions,
    gateways,
    sources,
    services,
    workflows,
    balancers,
)


def blueprints(bench: Workbench) -> list[Blueprint]:
    """Every function of the company; needs the prepared workbench, for they refer to what stands there."""
    return [plan for chapter in _CHAPTERS for plan in chapter.functions(bench)]


def deploy(environment: Mapping[str, str]) -> Workbench:
    """Deploys the whole account through the endpoint and credentials of ``environment``."""
    bench = Workbench(environment)
    deploy_with(bench)
    return bench


def deploy_with(bench: Workbench, prepared: Callable[[], None] = lambda: None) -> None:
    """Deploys the whole account with a workbench; ``prepared`` is called before the first function is made."""
    for prepare in _PREPARATIONS:
        prepare(bench)
    prepared()
    for plan in blueprints(bench):
        build(bench, plan)
    sources.notifications(bench)
    services.subscriptions(bench)
    balancers.balancers(bench)
    _vanish(bench)


def _vanish(bench: Workbench) -> None:
    """Deletes what some functions still refer to."""
    bench.client("lambda").delete_layer_version(LayerName="retired-parsers", VersionNumber=1)
    bench.client("ec2").delete_security_group(GroupId=bench.made["group:doomed"])
    bench.client("sqs").delete_queue(QueueUrl=bench.made[f"queue-url:returns-dead-letters:{HOME}"])
    bench.client("s3").delete_bucket(Bucket="fernhollow-order-archive")
    bench.client("secretsmanager").delete_secret(SecretId=bench.made["secret:retired"], ForceDeleteWithoutRecovery=True)
    bench.client("ecr").delete_repository(repositoryName="fernhollow/label-designer", force=True)
    bench.client("iam").delete_role(RoleName="nightly-cron-role")


def start() -> Server:
    """Starts the local AWS and deploys the company into it."""
    server = Server().start()
    try:
        activity.measure(deploy(server.environment))
        name, region = activity.UNUSED
        modified(server.account, region, name, days_ago=300)
    except BaseException:
        server.stop()
        raise
    server.forget_requests()
    return server
