"""Function URLs: reachable and not, on the function and on an alias, with every kind of CORS."""

from collections.abc import Callable
from typing import Any

from moto_fixtures.aws.company.blueprint import Blueprint, Url
from moto_fixtures.aws.company.deploy_context import Workbench, allow

_ANY = {"AllowOrigins": ["*"], "AllowMethods": ["*"], "AllowHeaders": ["*"]}


def functions(bench: Workbench) -> list[Blueprint]:
    """Functions with URLs."""
    return [
        Blueprint(
            "tracking-pixel",
            "Anonymous URL with the public grants, any origin, no reserved concurrency",
            url=Url("NONE", _ANY, grants=True),
            reserved=None,
        ),
        Blueprint("beta-signup", "Anonymous URL without the grants: it answers nobody", url=Url("NONE")),
        Blueprint(
            "returns-label",
            "Anonymous URL with one of the two grants it needs: it answers nobody",
            url=Url("NONE"),
            permissions=({"Action": "lambda:InvokeFunctionUrl", "Principal": "*", "FunctionUrlAuthType": "NONE"},),
        ),
        Blueprint(
            "store-hours",
            "Anonymous URL on the alias, streaming, beside the distribution in front of it",
            url=Url("NONE", {"AllowOrigins": ["https://fernhollow.example"]}, True, True, "RESPONSE_STREAM"),
            after=_behind_a_distribution(bench),
        ),
        Blueprint(
            "partner-stock-api",
            "Signed requests, yet any origin with credentials",
            url=Url("AWS_IAM", {"AllowOrigins": ["*"], "AllowCredentials": True, "AllowMethods": ["GET"]}),
        ),
        Blueprint(
            "cors-without-origins",
            "Signed requests with a CORS block that names methods only",
            url=Url("AWS_IAM", {"AllowMethods": ["GET"]}),
        ),
        Blueprint(
            "thumbnail-loop",
            "May call itself for ever",
            access=(allow("lambda:InvokeFunction", bench.arn("lambda", "function:thumbnail-loop")),),
            after=_allow_recursion,
        ),
        Blueprint(
            "tax-rates-pinned",
            "Held on one runtime version",
            after=_pin_runtime,
        ),
        Blueprint(
            "ab-test-router",
            "The alias sends a tenth of the traffic elsewhere",
            after=_split_traffic,
        ),
    ]


def _behind_a_distribution(bench: Workbench) -> Callable[[Any, str], None]:
    def distribute(client: Any, name: str) -> None:
        (url,) = client.list_function_url_configs(FunctionName=name)["FunctionUrlConfigs"]
        origin = {
            "Id": name,
            "DomainName": url["FunctionUrl"].removeprefix("https://").rstrip("/"),
            "CustomOriginConfig": {"HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "https-only"},
        }
        behaviour = {"TargetOriginId": name, "ViewerProtocolPolicy": "redirect-to-https"}
        bench.client("cloudfront").create_distribution(
            DistributionConfig={
                "CallerReference": name,
                "Comment": "Opening hours of the stores",
                "Enabled": True,
                "Origins": {"Quantity": 1, "Items": [origin]},
                "DefaultCacheBehavior": behaviour,
            }
        )

    return distribute


def _allow_recursion(client: Any, name: str) -> None:
    client.put_function_recursion_config(FunctionName=name, RecursiveLoop="Allow")


def _pin_runtime(client: Any, name: str) -> None:
    arn = client.get_function_configuration(FunctionName=name)["RuntimeVersionConfig"]["RuntimeVersionArn"]
    client.put_runtime_management_config(FunctionName=name, UpdateRuntimeOn="Manual", RuntimeVersionArn=arn)


def _split_traffic(client: Any, name: str) -> None:
    client.update_function_configuration(FunctionName=name, Timeout=16)
    second = client.publish_version(FunctionName=name)["Version"]
    client.update_alias(FunctionName=name, Name="live", RoutingConfig={"AdditionalVersionWeights": {second: 0.1}})
