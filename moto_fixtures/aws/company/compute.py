"""Compute besides functions: machines, builds, stacks and jobs that run as roles, one of them as an administrator."""

import json
from typing import Any

from moto_fixtures.aws.company.deploy_context import HOME, Workbench, policy

_SERVICES = (
    *("ec2", "ecs-tasks", "glue", "codebuild", "cloudformation", "sagemaker", "tasks.apprunner", "states"),
    *("bedrock-agentcore", "batch"),
)
_TEMPLATE = json.dumps({"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}})


def roles(bench: Workbench) -> None:
    """The role that releases are built with, and the one that everything else runs as."""
    iam = bench.client("iam")
    for name, services in (("release-build-role", ("codebuild",)), ("platform-worker-role", _SERVICES)):
        trusted: dict[str, Any] = {
            "Effect": "Allow",
            "Principal": {"Service": [f"{service}.amazonaws.com" for service in services]},
            "Action": "sts:AssumeRole",
        }
        made = iam.create_role(RoleName=name, AssumeRolePolicyDocument=policy(trusted))
        bench.made[f"role:{name}"] = made["Role"]["Arn"]
    iam.attach_role_policy(RoleName="release-build-role", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
    iam.create_instance_profile(InstanceProfileName="platform-worker")
    iam.add_role_to_instance_profile(InstanceProfileName="platform-worker", RoleName="platform-worker-role")


def compute(bench: Workbench) -> None:
    """One of each kind."""
    worker = bench.made["role:platform-worker-role"]
    _machines(bench)
    _builds(bench)
    _stacks(bench, worker)
    _containers(bench, worker)
    _data(bench, worker)
    _agents(bench, worker)


def _machines(bench: Workbench) -> None:
    ec2 = bench.client("ec2")
    image = ec2.register_image(Name="platform", RootDeviceName="/dev/sda1", Architecture="x86_64")["ImageId"]
    profile = {"Name": "platform-worker"}
    ec2.run_instances(ImageId=image, MinCount=1, MaxCount=1, IamInstanceProfile=profile)
    template = ec2.create_launch_template(
        LaunchTemplateName="platform", LaunchTemplateData={"ImageId": image, "IamInstanceProfile": profile}
    )["LaunchTemplate"]["LaunchTemplateId"]
    bench.client("autoscaling").create_auto_scaling_group(
        AutoScalingGroupName="platform",
        MinSize=0,
        MaxSize=0,
        LaunchTemplate={"LaunchTemplateId": template, "Version": "$Latest"},
        AvailabilityZones=[f"{HOME}a"],
    )


def _builds(bench: Workbench) -> None:
    bench.client("codebuild").create_project(
        name="release",
        source={"type": "GITHUB", "location": "https://github.com/fernhollow/storefront.git"},
        artifacts={"type": "NO_ARTIFACTS"},
        environment={
            "type": "LINUX_CONTAINER",
            "image": "aws/codebuild/standard:7.0",
            "computeType": "BUILD_GENERAL1_SMALL",
        },
        serviceRole=bench.made["role:release-build-role"],
    )


def _stacks(bench: Workbench, worker: str) -> None:
    cloudformation = bench.client("cloudformation")
    cloudformation.create_stack(StackName="platform-topics", TemplateBody=_TEMPLATE, RoleARN=worker)
    cloudformation.create_stack_set(
        StackSetName="baseline",
        TemplateBody=_TEMPLATE,
        AdministrationRoleARN=worker,
        ExecutionRoleName="platform-worker-role",
    )


def _containers(bench: Workbench, worker: str) -> None:
    ecs = bench.client("ecs")
    ecs.create_cluster(clusterName="platform")
    image = {"name": "main", "image": "public.ecr.aws/docker/library/busybox:latest", "memory": 64}
    ecs.register_task_definition(family="reindex", taskRoleArn=worker, containerDefinitions=[image])
    subnets = bench.client("ec2").describe_subnets()["Subnets"]
    ecs.run_task(
        cluster="platform",
        taskDefinition="reindex",
        launchType="FARGATE",
        networkConfiguration={"awsvpcConfiguration": {"subnets": [subnets[0]["SubnetId"]]}},
    )
    bench.client("batch").register_job_definition(
        jobDefinitionName="settlement",
        type="container",
        containerProperties={"image": image["image"], "vcpus": 1, "memory": 128, "jobRoleArn": worker},
    )
    bench.client("apprunner").create_service(
        ServiceName="storefront",
        SourceConfiguration={
            "ImageRepository": {"ImageIdentifier": image["image"], "ImageRepositoryType": "ECR_PUBLIC"}
        },
        InstanceConfiguration={"InstanceRoleArn": worker},
    )


def _data(bench: Workbench, worker: str) -> None:
    bench.client("sagemaker").create_notebook_instance(
        NotebookInstanceName="forecasts", InstanceType="ml.t3.medium", RoleArn=worker
    )
    glue = bench.client("glue")
    glue.create_dev_endpoint(EndpointName="explore", RoleArn=worker)
    glue.create_job(Name="consolidate", Role=worker, Command={"Name": "glueetl"})
    bench.client("cognito-identity").create_identity_pool(
        IdentityPoolName="storefront", AllowUnauthenticatedIdentities=False
    )


def _agents(bench: Workbench, worker: str) -> None:
    agents = bench.client("bedrock-agentcore-control")
    network = {"networkMode": "SANDBOX"}
    agents.create_code_interpreter(name="figures", executionRoleArn=worker, networkConfiguration=network)
    agents.create_browser(name="prices", executionRoleArn=worker, networkConfiguration={"networkMode": "PUBLIC"})
    agents.create_agent_runtime(
        agentRuntimeName="concierge",
        agentRuntimeArtifact={
            "containerConfiguration": {"containerUri": f"{bench.account}.dkr.ecr.{HOME}.amazonaws.com/concierge:1"}
        },
        roleArn=worker,
        networkConfiguration={"networkMode": "PUBLIC"},
    )
