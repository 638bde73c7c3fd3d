"""A load balancer that passes plain HTTP requests on to a function, for everyone."""

from moto_fixtures.aws.company.blueprint import Blueprint
from moto_fixtures.aws.company.deploy_context import Workbench


def groups(bench: Workbench) -> None:
    """The target group, which the function's policy names."""
    made = bench.client("elbv2").create_target_group(Name="parcel-map", TargetType="lambda")
    bench.made["target-group:parcel-map"] = made["TargetGroups"][0]["TargetGroupArn"]


def balancers(bench: Workbench) -> None:
    """The load balancer, once the function stands: a target is registered where the function admits it."""
    client, group = bench.client("elbv2"), bench.made["target-group:parcel-map"]
    balancer = client.create_load_balancer(
        Name="parcels",
        Scheme="internet-facing",
        Subnets=[bench.made["subnet:public-a"], bench.made["subnet:public-b"]],
        SecurityGroups=[bench.made["group:wide-in"]],
    )["LoadBalancers"][0]["LoadBalancerArn"]
    client.register_targets(TargetGroupArn=group, Targets=[{"Id": bench.arn("lambda", "function:parcel-map")}])
    client.create_listener(
        LoadBalancerArn=balancer,
        Protocol="HTTP",
        Port=80,
        DefaultActions=[{"Type": "forward", "TargetGroupArn": group}],
    )


def functions(bench: Workbench) -> list[Blueprint]:
    """What the load balancer asks."""
    group = bench.made["target-group:parcel-map"]
    return [
        Blueprint(
            "parcel-map",
            "Behind a load balancer that asks nothing of its callers and takes plain HTTP",
            permissions=(
                {
                    "Principal": "elasticloadbalancing.amazonaws.com",
                    "SourceArn": group,
                    "SourceAccount": bench.account,
                },
            ),
        )
    ]
