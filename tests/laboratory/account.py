"""Deploys a laboratory into an emulated account, and reads it as a run does."""

import json
import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pytest

from auditor.engine.derive import derived
from auditor.model.access import EffectivePermissions
from auditor.model.capture import Depth
from auditor.model.ids import Cloud
from auditor.plugins import provider
from moto_fixtures.aws.company.deploy_context import Workbench, archive, policy
from moto_fixtures.aws.moto_extensions.compute import managed
from moto_fixtures.aws.server import Server
from providers.aws.normalize import normalize
from providers.aws.provider import AwsProvider
from tests.laboratory.cases import ACCOUNT, REGION, SERVICES, Case
from tests.unit.providers.kept import Kept
from tests.unit.providers.memory import MemoryCapture, facts
from tests.unit.providers.scripted import collect_options

ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"
_IMAGE = "public.ecr.aws/docker/library/busybox:latest"


def answers(cases: Iterable[Case], *, furnished: bool) -> MemoryCapture:
    """What a run is told of an account that holds the cases; ``furnished``: and compute that is none of theirs."""
    listed = tuple(cases)
    with Server() as server, pytest.MonkeyPatch.context() as patch:
        for name, value in server.environment.items():
            patch.setenv(name, value)
        _Laboratory(server).deploy(listed, furnished=furnished)
        kept = Kept()
        options = collect_options(threading.Event(), Depth.STANDARD, regions=(REGION,), settings={"pacing": "off"})
        AwsProvider().collect(options, kept, kept)
    return MemoryCapture(facts(Depth.STANDARD, (Cloud.AWS, ACCOUNT, (REGION,))), kept.envelopes)


def paths(capture: MemoryCapture) -> dict[str, EffectivePermissions]:
    """What was derived of the role of each case, by its name."""
    inventory = derived(normalize(capture), capture, {Cloud.AWS: provider(Cloud.AWS)}).inventory
    return {
        function.name.removeprefix("lab-"): function.effective_permissions.need() for function in inventory.functions
    }


class _Laboratory:
    def __init__(self, server: Server) -> None:
        self._bench = Workbench(server.environment)
        self._account = server.account

    def deploy(self, cases: tuple[Case, ...], *, furnished: bool) -> None:
        """Roles and functions, then compute: of a case with a kind as its administrator, and some as nobody."""
        iam = self._bench.client("iam")
        iam.create_user(UserName="lab-admin")
        iam.attach_user_policy(UserName="lab-admin", PolicyArn=ADMINISTRATOR)
        worker = self._role("worker", tuple(SERVICES.values()))
        for case in cases:
            self._attacker(case)
            services = case.services or ((SERVICES[case.builds],) if case.builds else ())
            admin = self._role(f"{case.name}-admin", services, administrator=True) if services else worker
            if case.builds:
                self._build(case, worker if case.worker else admin)
        if furnished:
            for kind in ("project", "job", "stack-set"):
                self._build(Case("spare", (), builds=kind), worker)
            self._build(Case("spare-task", (), builds="task"), worker)
            self._machine_of("", {})
            self._machine_of("worker", {})

    def _role(self, name: str, services: tuple[str, ...], *, administrator: bool = False) -> str:
        iam = self._bench.client("iam")
        trusted = {
            "Effect": "Allow",
            "Principal": {"Service": [f"{service}.amazonaws.com" for service in services]},
            "Action": "sts:AssumeRole",
        }
        made = iam.create_role(RoleName=name, AssumeRolePolicyDocument=policy(trusted))["Role"]["Arn"]
        if administrator:
            iam.attach_role_policy(RoleName=name, PolicyArn=ADMINISTRATOR)
        if "ec2" in services:
            iam.create_instance_profile(InstanceProfileName=name)
            iam.add_role_to_instance_profile(InstanceProfileName=name, RoleName=name)
        return str(made)

    def _attacker(self, case: Case) -> None:
        iam, name = self._bench.client("iam"), f"lab-{case.name}"
        boundary = ""
        if case.boundary:
            document = policy(*case.boundary)
            boundary = iam.create_policy(PolicyName=f"{name}-limit", PolicyDocument=document)["Policy"]["Arn"]
        role = self._bench.role(name, inline=policy(*case.statements), boundary=boundary)
        self._bench.client("lambda").create_function(
            FunctionName=name,
            Runtime="python3.13",
            Role=role,
            Handler="index.handler",
            Code={"ZipFile": archive("index.py", "def handler(event, context): return None")},
        )

    def _build(self, case: Case, role: str) -> None:
        if case.builds == "instance":
            self._machine_of(role.rpartition("/")[2], dict(case.tags))
            return
        make: Callable[[Workbench, str, str], None] = _BUILDERS[case.builds]
        make(self._bench, case.name, role)

    def _machine_of(self, profile: str, tags: dict[str, str]) -> None:
        ec2 = self._bench.client("ec2")
        image = ec2.register_image(Name=f"image-{profile}", RootDeviceName="/dev/sda1")["ImageId"]
        more: dict[str, Any] = {"IamInstanceProfile": {"Name": profile}} if profile else {}
        if tags:
            listed = [{"Key": key, "Value": value} for key, value in tags.items()]
            more["TagSpecifications"] = [{"ResourceType": "instance", "Tags": listed}]
        made = ec2.run_instances(ImageId=image, MinCount=1, MaxCount=1, **more)["Instances"][0]["InstanceId"]
        managed(self._account, REGION, made)


def _template(bench: Workbench, name: str, role: str) -> None:
    data = {"IamInstanceProfile": {"Name": role.rpartition("/")[2]}}
    bench.client("ec2").create_launch_template(LaunchTemplateName=name, LaunchTemplateData=data)


def _project(bench: Workbench, name: str, role: str) -> None:
    bench.client("codebuild").create_project(
        name=name,
        source={"type": "GITHUB", "location": "https://github.com/example/example.git"},
        artifacts={"type": "NO_ARTIFACTS"},
        environment={"type": "LINUX_CONTAINER", "image": _IMAGE, "computeType": "BUILD_GENERAL1_SMALL"},
        serviceRole=role,
    )


def _stack(bench: Workbench, name: str, role: str) -> None:
    bench.client("cloudformation").create_stack(StackName=name, TemplateBody=_TOPIC, RoleARN=role)


def _stack_set(bench: Workbench, name: str, role: str) -> None:
    bench.client("cloudformation").create_stack_set(
        StackSetName=name, TemplateBody=_TOPIC, AdministrationRoleARN=role, ExecutionRoleName="worker"
    )


def _notebook(bench: Workbench, name: str, role: str) -> None:
    bench.client("sagemaker").create_notebook_instance(
        NotebookInstanceName=name, InstanceType="ml.t3.medium", RoleArn=role
    )


def _endpoint(bench: Workbench, name: str, role: str) -> None:
    bench.client("glue").create_dev_endpoint(EndpointName=name, RoleArn=role)


def _job(bench: Workbench, name: str, role: str) -> None:
    bench.client("glue").create_job(Name=name, Role=role, Command={"Name": "glueetl"})


def _task(bench: Workbench, name: str, role: str) -> None:
    ecs = bench.client("ecs")
    ecs.create_cluster(clusterName=name)
    container = {"name": "main", "image": _IMAGE, "memory": 64}
    ecs.register_task_definition(family=name, taskRoleArn=role, containerDefinitions=[container])
    subnet = bench.client("ec2").describe_subnets()["Subnets"][0]["SubnetId"]
    network = {"awsvpcConfiguration": {"subnets": [subnet]}}
    ecs.run_task(cluster=name, taskDefinition=name, launchType="FARGATE", networkConfiguration=network)


def _definition(bench: Workbench, name: str, role: str) -> None:
    properties = {"image": _IMAGE, "vcpus": 1, "memory": 128, "jobRoleArn": role}
    bench.client("batch").register_job_definition(
        jobDefinitionName=name, type="container", containerProperties=properties
    )


def _service(bench: Workbench, name: str, role: str) -> None:
    image = {"ImageIdentifier": _IMAGE, "ImageRepositoryType": "ECR_PUBLIC"}
    bench.client("apprunner").create_service(
        ServiceName=name,
        SourceConfiguration={"ImageRepository": image},
        InstanceConfiguration={"InstanceRoleArn": role},
    )


def _machine(bench: Workbench, name: str, role: str) -> None:
    definition = json.dumps({"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}})
    bench.client("stepfunctions").create_state_machine(name=name, definition=definition, roleArn=role)


def _interpreter(bench: Workbench, name: str, role: str) -> None:
    bench.client("bedrock-agentcore-control").create_code_interpreter(
        name=name.replace("-", "_"), executionRoleArn=role, networkConfiguration={"networkMode": "SANDBOX"}
    )


def _runtime(bench: Workbench, name: str, role: str) -> None:
    container = {"containerUri": f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/agent:1"}
    bench.client("bedrock-agentcore-control").create_agent_runtime(
        agentRuntimeName=name.replace("-", "_"),
        agentRuntimeArtifact={"containerConfiguration": container},
        roleArn=role,
        networkConfiguration={"networkMode": "PUBLIC"},
    )


_TOPIC = json.dumps({"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}})
_BUILDERS: Mapping[str, Callable[[Workbench, str, str], None]] = {
    "template": _template,
    "project": _project,
    "stack": _stack,
    "stack-set": _stack_set,
    "notebook": _notebook,
    "endpoint": _endpoint,
    "job": _job,
    "task": _task,
    "definition": _definition,
    "service": _service,
    "machine": _machine,
    "interpreter": _interpreter,
    "runtime": _runtime,
}
