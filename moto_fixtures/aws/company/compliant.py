"""The sound part of the shop: functions no check should find fault with, and the decoys among them."""

from moto_fixtures.aws.company.blueprint import Blueprint, Url
from moto_fixtures.aws.company.deploy_context import ABROAD, HOME, Workbench, allow


def functions(bench: Workbench) -> list[Blueprint]:
    """Sound functions, one line of purpose each."""
    return [*_storefront(bench), *_engines(bench), *_workers(bench), *_reactions(bench), *_abroad(bench)]


def _private(bench: Workbench) -> dict[str, object]:
    return {
        "SubnetIds": [bench.made["subnet:private-a"], bench.made["subnet:private-b"]],
        "SecurityGroupIds": [bench.made["group:narrow"]],
    }


def _storefront(bench: Workbench) -> list[Blueprint]:
    api = bench.arn("execute-api", "a1b2c3d4e5/*/GET/search")
    secret = bench.made["secret:checkout"]
    return [
        Blueprint(
            "catalog-search",
            "Search behind API Gateway: the normal permission of one route",
            {"Runtime": "nodejs24.x", "Environment": {"Variables": {"INDEX": "catalog", "STAGE": "prod"}},
             "KMSKeyArn": bench.made["key:env"]},
            permissions=({"Principal": "apigateway.amazonaws.com", "SourceArn": api, "SourceAccount": bench.account},),
        ),
        Blueprint(
            "checkout-create-order",
            "Order creation: private network, secrets by reference only",
            {"VpcConfig": _private(bench), "KMSKeyArn": bench.made["key:env"],
             "Environment": {"Variables": {"DB_PASSWORD_SECRET_ARN": secret, "TABLE": "orders"}}},
            access=(allow("secretsmanager:GetSecretValue", secret),
                    allow("dynamodb:PutItem", bench.arn("dynamodb", "table/orders"))),
            tags={"company": "fernhollow", "environment": "production", "cost-center": "digital", "pci": "true"},
        ),
        Blueprint(
            "feature-hints",
            "Decoys: names that sound secret and values that are references, addresses, limits and digests",
            {"KMSKeyArn": bench.made["key:env"], "Environment": {"Variables": _decoys(bench)}},
            access=(allow("secretsmanager:GetSecretValue", secret),
                    allow("ssm:GetParameter", bench.arn("ssm", "parameter/fernhollow/search/api-key"))),
        ),
        Blueprint(
            "returns-portal-api",
            "A function URL that wants signed requests, with CORS for one origin",
            url=Url("AWS_IAM", {"AllowOrigins": ["https://returns.fernhollow.example"], "AllowMethods": ["POST"]}),
        ),
    ]  # fmt: skip


def _engines(bench: Workbench) -> list[Blueprint]:
    return [
        Blueprint(
            "price-engine",
            "Java with SnapStart on published versions, used through an alias",
            {"Runtime": "java25", "Handler": "shop.Price::handle", "SnapStart": {"ApplyOn": "PublishedVersions"}},
        ),
        Blueprint(
            "fraud-score",
            "A container image from a repository kept well",
            {"Runtime": None, "Handler": None, "Layers": None, "PackageType": "Image",
             "Code": {"ImageUri": bench.made["image:fraud-score"]}},
            signing="",
        ),
    ]  # fmt: skip


def _decoys(bench: Workbench) -> dict[str, str]:
    return {
        "API_KEY_PARAMETER": "/fernhollow/search/api-key",
        "AUTH_TOKEN_URL": "https://id.fernhollow.example/oauth2/token",
        "DB_SECRET_ARN": bench.made["secret:checkout"],
        "PASSWORD_MIN_LENGTH": "14",
        "RELEASE_DIGEST": "sha256:" + "0d1f" * 16,
        "SECRET_NAME": "fernhollow/checkout/database",
        "SESSION_SECRET": "{{resolve:secretsmanager:fernhollow/checkout/database:SecretString:session}}",
        "TOKEN_TTL_SECONDS": "900",
        "TENANT_ID": "7b0c5a52-3a1e-4f0e-9d3e-5a0f1f9f2c11",
    }


def _workers(bench: Workbench) -> list[Blueprint]:
    queue = bench.made[f"queue:orders:{HOME}"]
    stream = bench.arn("dynamodb", "table/stock/stream/2026-02-01T00:00:00.000")
    return [
        Blueprint(
            "order-fulfilment",
            "Works the orders queue; the queue's own redrive policy catches failures",
            access=(allow(["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"], queue),),
            source={"EventSourceArn": queue, "BatchSize": 10, "ScalingConfig": {"MaximumConcurrency": 5}},
        ),
        Blueprint(
            "stock-indexer",
            "Follows a table's stream, with a filter and a place for failures",
            access=(allow(["dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:DescribeStream"], stream),),
            source={
                "EventSourceArn": stream, "StartingPosition": "LATEST", "MaximumRetryAttempts": 3,
                "FilterCriteria": {"Filters": [{"Pattern": '{"eventName": ["MODIFY"]}'}]},
                "DestinationConfig": {
                    "OnFailure": {"Destination": bench.made[f"queue:dead-letters:{HOME}"]}},
            },
        ),
    ]  # fmt: skip


def _reactions(bench: Workbench) -> list[Blueprint]:
    account = bench.account
    return [
        Blueprint(
            "image-resizer",
            "Triggered by a bucket named with its account",
            access=(allow(["s3:GetObject", "s3:PutObject"], bench.made["bucket:product-images"] + "/*"),),
            permissions=({"Principal": "s3.amazonaws.com", "SourceArn": bench.made["bucket:product-images"],
                          "SourceAccount": account},),
            invoke={"MaximumRetryAttempts": 1, "MaximumEventAgeInSeconds": 3600},
        ),
        Blueprint(
            "receipt-mailer",
            "Triggered by one event rule; failures go to a queue",
            permissions=({"Principal": "events.amazonaws.com", "SourceAccount": account,
                          "SourceArn": bench.arn("events", "rule/order-paid")},),
            invoke={"MaximumRetryAttempts": 0, "MaximumEventAgeInSeconds": 900, "DestinationConfig": {
                "OnFailure": {"Destination": bench.made[f"queue:dead-letters:{HOME}"]}}},
        ),
        Blueprint(
            "secret-rotator",
            "Rotates the checkout database's secret, invoked by Secrets Manager of this account alone",
            access=(allow(["secretsmanager:PutSecretValue", "secretsmanager:UpdateSecretVersionStage"],
                          bench.made["secret:checkout"]),),
            permissions=({"Principal": "secretsmanager.amazonaws.com", "SourceAccount": account,
                          "SourceArn": bench.made["secret:checkout"]},),
        ),
        Blueprint(
            "customer-export",
            "Writes exports to an encrypted share through a narrow access point",
            {"VpcConfig": _private(bench),
             "FileSystemConfigs": [{"Arn": bench.made["mount:exports"], "LocalMountPath": "/mnt/exports"}]},
            access=(allow(["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"],
                          bench.made["mount:exports"]),),
        ),
    ]  # fmt: skip


def _abroad(bench: Workbench) -> list[Blueprint]:
    return [
        Blueprint("eu-catalog-search", "Search for Europe", {"Runtime": "nodejs24.x"}, region=ABROAD),
        Blueprint(
            "eu-vat-calculator",
            "Value-added tax for Europe, under its own key",
            {"KMSKeyArn": bench.made["key:env:eu"], "Environment": {"Variables": {"REGION_SET": "eu27"}}},
            region=ABROAD,
        ),
        Blueprint(
            "eu-consent-log",
            "Old consent logger nobody moved off its runtime, default role settings and no log retention",
            {"Runtime": "python3.9", "Architectures": ["x86_64"]},
            region=ABROAD,
        ),
    ]
