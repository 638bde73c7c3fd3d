"""What roles allow: too much in each of the ways one finds, and too little."""

from typing import Any

from moto_fixtures.aws.company.blueprint import Blueprint
from moto_fixtures.aws.company.deploy_context import FOREIGN, HOME, Workbench, allow, policy

_AWS = "arn:aws:iam::aws:policy/"


def roles(bench: Workbench) -> None:
    """Roles that are made by hand because the defect lies in them."""
    logging, made = (bench.made["policy:baseline"],), bench.made
    made["role:admin"] = bench.role("ops-cleanup-role", managed=(*logging, _AWS + "AdministratorAccess"))
    made["role:broad"] = bench.role(
        "data-lake-loader-role", managed=(*logging, _AWS + "AmazonS3FullAccess", _AWS + "PowerUserAccess")
    )
    made["role:shared"] = bench.role("shared-etl-role", managed=logging)
    made["role:inline"] = bench.role(
        "catalog-patcher-role",
        managed=logging,
        inline=policy(allow("dynamodb:UpdateItem", bench.arn("dynamodb", "table/catalog"))),
    )
    made["role:silent"] = bench.role(
        "silent-worker-role", own=policy(allow("sqs:SendMessage", made[f"queue:dead-letters:{HOME}"]))
    )
    made["role:gone"] = bench.role("nightly-cron-role")
    everyone: dict[str, Any] = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
    partner = everyone | {"Principal": {"AWS": f"arn:aws:iam::{FOREIGN}:root"}}
    made["role:anyone"] = bench.role("cross-team-runner-role", managed=logging, trust=(everyone,))
    made["role:partner"] = bench.role("agency-runner-role", managed=logging, trust=(partner,))
    boundary = bench.client("iam").create_policy(
        PolicyName="fernhollow-boundary", PolicyDocument=policy(allow(["logs:*", "s3:GetObject"], "*"))
    )
    made["role:bounded"] = bench.role(
        "bounded-admin-role", managed=(_AWS + "AdministratorAccess",), boundary=boundary["Policy"]["Arn"]
    )


def functions(bench: Workbench) -> list[Blueprint]:
    """Functions by the defect of their role."""
    invoked = bench.arn("lambda", "function:stock-alerts")
    return [
        Blueprint("ops-cleanup", "Administrator", role="role:admin"),
        Blueprint("bounded-admin", "Administrator on paper, held by a boundary", role="role:bounded"),
        Blueprint("data-lake-loader", "Broad policies of AWS's own", role="role:broad"),
        Blueprint("etl-extract", "Shares a role with etl-load", role="role:shared"),
        Blueprint("etl-load", "Shares a role with etl-extract", role="role:shared"),
        Blueprint("catalog-patcher", "Its permissions stand inline in the role", role="role:inline"),
        Blueprint("silent-worker", "May not write a log line", role="role:silent"),
        Blueprint("nightly-cron", "Its role was deleted", role="role:gone"),
        Blueprint("cross-team-runner", "Its role may be assumed by anyone", role="role:anyone"),
        Blueprint("agency-runner", "Its role may be assumed by a foreign account", role="role:partner"),
        Blueprint("bucket-sync", "All of one service", access=(allow("s3:*", bench.made["bucket:product-images"]),)),
        Blueprint(
            "table-exporter",
            "One action on every resource",
            access=(allow(["dynamodb:GetItem", "dynamodb:Scan"], "*"),),
        ),
        Blueprint(
            "pipeline-trigger",
            "May pass any role and create functions",
            access=(allow(["iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"], "*"),),
        ),
        Blueprint(
            "step-orchestrator",
            "May invoke a function by its plain ARN alone",
            access=(allow("lambda:InvokeFunction", invoked),),
        ),
    ]
