"""Who may invoke: the sixteen statement shapes of the reference table, and the policies around them."""

from collections.abc import Callable
from typing import Any

from moto_fixtures.aws.company.blueprint import Blueprint
from moto_fixtures.aws.company.deploy_context import FOREIGN, ORGANISATION, PARTNER, Workbench


def _star(condition: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"Principal": "*"} if condition is None else {"Principal": "*", "Condition": condition}


def functions(bench: Workbench) -> list[Blueprint]:
    """One function a statement shape, then odd policies."""
    return [*_open(), *_narrowed(), *_services(bench), *_others(), *_odd(bench)]


def _open() -> list[Blueprint]:
    by_url = {"Action": "lambda:InvokeFunctionUrl"}
    auth_none = {"StringEquals": {"lambda:FunctionUrlAuthType": "NONE"}}
    auth_iam = {"StringEquals": {"lambda:FunctionUrlAuthType": "AWS_IAM"}}
    return [
        Blueprint("promo-banner", "Anyone, no condition", statements=(_star(),)),
        Blueprint("gift-finder", "Anyone through an unauthenticated URL", statements=(_star(auth_none) | by_url,)),
        Blueprint("size-adviser", "Anyone who signs, through a URL", statements=(_star(auth_iam) | by_url,)),
        Blueprint(
            "style-quiz",
            "Anyone through a URL, which does not exist: a dormant grant",
            statements=(_star({"Bool": {"lambda:InvokedViaFunctionUrl": "true"}}),),
        ),
        Blueprint(
            "loyalty-lookup",
            "A condition that restricts nothing: any principal ARN",
            statements=(_star({"StringLike": {"aws:PrincipalArn": "*"}}),),
        ),
        Blueprint(
            "shipping-quote",
            "A condition that restricts nothing: any address",
            statements=(_star({"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}}),),
        ),
        Blueprint(
            "affiliate-clicks",
            "Everyone but one principal",
            statements=({"NotPrincipal": {"AWS": f"arn:aws:iam::{PARTNER}:root"}},),
        ),
        Blueprint(
            "review-import",
            "Everyone but the organisation",
            statements=(_star({"StringNotEquals": {"aws:PrincipalOrgID": ORGANISATION}}),),
        ),
    ]


def _narrowed() -> list[Blueprint]:
    return [
        Blueprint(
            "staff-directory",
            "Anyone of the organisation",
            statements=(_star({"StringEquals": {"aws:PrincipalOrgID": ORGANISATION}}),),
        ),
        Blueprint(
            "agency-reports",
            "Services acting for a foreign account",
            statements=(_star({"StringEquals": {"aws:SourceAccount": FOREIGN}}),),
        ),
        Blueprint(
            "kiosk-heartbeat",
            "Anyone, from one public address",
            statements=(_star({"IpAddress": {"aws:SourceIp": "8.8.8.8/32"}}),),
        ),
    ]


def _services(bench: Workbench) -> list[Blueprint]:
    bucket = bench.made["bucket:product-images"]
    return [
        Blueprint(
            "feed-import",
            "S3 from any bucket of anyone: a confused deputy",
            permissions=({"Principal": "s3.amazonaws.com"},),
        ),
        Blueprint(
            "photo-tagger",
            "S3 from a bucket whose name can change owner",
            permissions=({"Principal": "s3.amazonaws.com", "SourceArn": bucket},),
        ),
        Blueprint(
            "basket-api",
            "API Gateway, one route of one API: normal",
            permissions=(
                {"Principal": "apigateway.amazonaws.com",
                 "SourceArn": bench.arn("execute-api", "a1b2c3d4e5/*/GET/basket")},
            ),
        ),
    ]  # fmt: skip


def _others() -> list[Blueprint]:
    return [
        Blueprint("supplier-orders", "Another account may invoke", permissions=({"Principal": FOREIGN},)),
        Blueprint(
            "agency-campaigns",
            "Another account may replace the code",
            permissions=({"Principal": FOREIGN, "Action": "lambda:UpdateFunctionCode"},),
        ),
        Blueprint(
            "checkout-experiments",
            "A public grant on the alias, none on the function",
            alias_permissions=({"Principal": "*"},),
        ),
        Blueprint(
            "gift-wrap-options",
            "A public grant on the version behind the alias, none on the alias and the function",
            after=_open_version("1"),
        ),
        Blueprint(
            "catalog-archive",
            "A public grant on an old version that nothing uses any more",
            after=_open_old_version,
        ),
    ]


def _open_version(version: str) -> Callable[[Any, str], None]:
    def grant(client: Any, name: str) -> None:
        client.add_permission(
            FunctionName=name, Qualifier=version, StatementId="open", Action="lambda:InvokeFunction", Principal="*"
        )

    return grant


def _open_old_version(client: Any, name: str) -> None:
    _open_version("1")(client, name)
    client.update_function_configuration(FunctionName=name, Timeout=16)
    newer = client.publish_version(FunctionName=name)["Version"]
    client.update_alias(FunctionName=name, Name="live", FunctionVersion=newer)


def _odd(bench: Workbench) -> list[Blueprint]:
    many = tuple(
        {"Principal": f"{service}.amazonaws.com", "SourceAccount": bench.account,
         "SourceArn": bench.arn(service, f"thing/{index}")}
        for index, service in enumerate(("events", "sns", "lex", "connect", "s3", "ses") * 2)
    )  # fmt: skip
    token = "alexa-" + "skill-verification"
    return [
        Blueprint("sale-countdown", "Twelve statements for six services have piled up", permissions=many),
        Blueprint(
            "clickstream-ingest",
            "A source that fixes nothing: any rule",
            permissions=({"Principal": "events.amazonaws.com", "SourceArn": "arn:aws:events:*:*:rule/*"},),
        ),
        Blueprint(
            "label-printer",
            "The service and the source do not match",
            permissions=(
                {"Principal": "s3.amazonaws.com", "SourceArn": bench.made["topic:orders"],
                 "SourceAccount": bench.account},
            ),
        ),
        Blueprint(
            "voice-ordering",
            "A voice skill whose event source token stands in clear in the policy",
            permissions=({"Principal": "alexa-appkit.amazon.com", "EventSourceToken": token},),
        ),
    ]  # fmt: skip
