"""The APIs in front of functions: kept well, open to anyone, guarded by a key alone, and a chat."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from moto_fixtures.aws.company.blueprint import Blueprint
from moto_fixtures.aws.company.deploy_context import HOME, Workbench, allow, policy
from moto_fixtures.emulation import fake_secrets

_SHOP, _GIFTS, _PARTNERS = "a1b2c3d4e5", "g1f7r3g1st", "p4r7n3r5s0"
_STOCKROOM, _LEDGER = "s70ckr00m1", "l3dg3rl3dg"
_LOG_FORMAT = {
    "id": "$context.requestId",
    "caller": "$context.identity.sourceIp",
    "time": "$context.requestTime",
    "route": "$context.httpMethod $context.resourcePath",
    "status": "$context.status",
}


@dataclass(frozen=True)
class _Method:
    path: str
    method: str
    function: str
    auth: str = "AWS_IAM"
    key: bool = False
    validated: bool = True


_OF_SHOP = (
    _Method("basket", "GET", "basket-api"),
    _Method("search", "GET", "catalog-search", key=True),
    _Method("reports", "GET", "sales-report-api", auth="CUSTOM"),
)
_OF_GIFTS = (_Method("gifts", "GET", "gift-registry-api:live"),)
_OF_PARTNERS = (
    _Method("stock", "GET", "partner-stock-feed", auth="NONE", validated=False),
    _Method("orders", "POST", "partner-order-intake", auth="NONE", key=True),
    _Method("{proxy+}", "ANY", "partner-legacy-proxy", auth="NONE", validated=False),
)


_OF_STOCKROOM = (_Method("counts", "GET", "partner-stock-feed"),)
_OF_LEDGER = (_Method("entries", "GET", "partner-legacy-proxy"),)


def apis(bench: Workbench) -> None:
    """Two REST APIs kept well, one of partners that is open, two private ones, an HTTP API and a WebSocket API."""
    _rest_api(bench, _SHOP, "shop", _OF_SHOP, guarded=True)
    _rest_api(bench, _GIFTS, "gifts", _OF_GIFTS, guarded=True)
    _rest_api(bench, _PARTNERS, "partners", _OF_PARTNERS, guarded=False)
    _private_api(bench, _STOCKROOM, "stockroom", _OF_STOCKROOM, {})
    _private_api(bench, _LEDGER, "ledger", _OF_LEDGER, {"StringEquals": {"aws:SourceVpce": "vpce-0a1b2c3d4e5f60718"}})
    _careless(bench)
    _storefront(bench)
    _chat(bench)


def _function(bench: Workbench, name: str) -> str:
    return bench.arn("lambda", f"function:{name}")


def _invoked(bench: Workbench, name: str) -> str:
    return f"arn:aws:apigateway:{HOME}:lambda:path/2015-03-31/functions/{_function(bench, name)}/invocations"


def _rest_api(bench: Workbench, api: str, name: str, methods: tuple[_Method, ...], *, guarded: bool) -> None:
    client = bench.client("apigateway")
    squeezed: dict[str, Any] = {"minimumCompressionSize": 1024} if guarded else {}
    client.create_rest_api(
        name=name, tags={"_custom_id_": api}, endpointConfiguration={"types": ["REGIONAL"]}, **squeezed
    )
    _methods_of(bench, api, methods)
    deployment = client.create_deployment(restApiId=api)["id"]
    client.create_stage(restApiId=api, stageName="live", deploymentId=deployment)
    if guarded:
        _guard(bench, api)


def _private_api(
    bench: Workbench, api: str, name: str, methods: tuple[_Method, ...], condition: Mapping[str, Any]
) -> None:
    """A REST API inside virtual networks, whose policy admits everyone under a condition, or under none."""
    client = bench.client("apigateway")
    statement = {"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*"}
    document = {"Version": "2012-10-17", "Statement": [statement | ({"Condition": condition} if condition else {})]}
    client.create_rest_api(
        name=name,
        tags={"_custom_id_": api},
        endpointConfiguration={"types": ["PRIVATE"]},
        policy=json.dumps(document),
        minimumCompressionSize=1024,
    )
    _methods_of(bench, api, methods)
    deployment = client.create_deployment(restApiId=api)["id"]
    client.create_stage(restApiId=api, stageName="live", deploymentId=deployment, tracingEnabled=True)


def _careless(bench: Workbench) -> None:
    """What the partners' API does beside its open routes: a plain backend, a password, whole requests in log and cache."""
    client = bench.client("apigateway")
    root = client.get_resources(restApiId=_PARTNERS)["items"][0]["id"]
    resource = client.create_resource(restApiId=_PARTNERS, parentId=root, pathPart="rates")["id"]
    place = {"restApiId": _PARTNERS, "resourceId": resource, "httpMethod": "GET"}
    client.put_method(**place, authorizationType="AWS_IAM", apiKeyRequired=False)
    client.put_integration(
        **place, type="HTTP_PROXY", integrationHttpMethod="GET", uri="http://rates.freight.example/v1"
    )
    _label_upload(bench, root)
    operations = [
        {"op": "replace", "path": "/variables/FREIGHT_PASSWORD", "value": fake_secrets.letters("freight", 16)},
        {"op": "replace", "path": "/cacheClusterEnabled", "value": "true"},
        {"op": "replace", "path": "/stock/GET/caching/enabled", "value": "true"},
        {"op": "replace", "path": "/stock/GET/caching/dataEncrypted", "value": "false"},
        {"op": "replace", "path": "/stock/GET/logging/loglevel", "value": "INFO"},
        {"op": "replace", "path": "/stock/GET/logging/dataTrace", "value": "true"},
    ]
    client.update_stage(restApiId=_PARTNERS, stageName="live", patchOperations=operations)
    rate = {"rateLimit": 20.0, "burstLimit": 10}
    client.create_usage_plan(name="freight", apiStages=[{"apiId": _PARTNERS, "stage": "live"}], throttle=rate)
    client.create_usage_plan(
        name="search",
        apiStages=[{"apiId": _SHOP, "stage": "live"}],
        throttle=rate,
        quota={"limit": 10_000, "offset": 0, "period": "DAY"},
    )


def _label_upload(bench: Workbench, root: str) -> None:
    """A route that anyone may call writes to the bucket which starts the labeler, without a function between."""
    client = bench.client("apigateway")
    trust = {"Effect": "Allow", "Principal": {"Service": "apigateway.amazonaws.com"}, "Action": "sts:AssumeRole"}
    role = bench.role(
        "label-upload-role",
        own=policy(allow("s3:PutObject", bench.made["bucket:parcel-labels"] + "/*")),
        trust=(trust,),
    )
    resource = client.create_resource(restApiId=_PARTNERS, parentId=root, pathPart="labels")["id"]
    place = {"restApiId": _PARTNERS, "resourceId": resource, "httpMethod": "PUT"}
    client.put_method(**place, authorizationType="NONE", apiKeyRequired=False)
    client.put_integration(
        **place,
        type="AWS",
        integrationHttpMethod="PUT",
        uri=f"arn:aws:apigateway:{HOME}:s3:path/fernhollow-parcel-labels/label",
        credentials=role,
    )


def _methods_of(bench: Workbench, api: str, methods: tuple[_Method, ...]) -> None:
    client = bench.client("apigateway")
    root = client.get_resources(restApiId=api)["items"][0]["id"]
    validator = client.create_request_validator(restApiId=api, name="all", validateRequestParameters=True)["id"]
    guard = client.create_authorizer(
        restApiId=api,
        name="staff",
        type="TOKEN",
        authorizerUri=_invoked(bench, "staff-authorizer"),
        identitySource="method.request.header.Authorization",
    )["id"]
    for each in methods:
        resource = client.create_resource(restApiId=api, parentId=root, pathPart=each.path)["id"]
        given: dict[str, Any] = {"requestValidatorId": validator} if each.validated else {}
        if each.auth == "CUSTOM":
            given["authorizerId"] = guard
        place = {"restApiId": api, "resourceId": resource, "httpMethod": each.method}
        client.put_method(**place, authorizationType=each.auth, apiKeyRequired=each.key, **given)
        client.put_integration(
            **place, type="AWS_PROXY", integrationHttpMethod="POST", uri=_invoked(bench, each.function)
        )


def _guard(bench: Workbench, api: str) -> None:
    """A limit for every method, logs, metrics, traces, an encrypted cache, and a web ACL."""
    client = bench.client("apigateway")
    log = bench.arn("logs", "log-group:/fernhollow/access")
    operations = [
        {"op": "replace", "path": "/*/*/throttling/rateLimit", "value": "50"},
        {"op": "replace", "path": "/*/*/throttling/burstLimit", "value": "20"},
        {"op": "replace", "path": "/accessLogSettings/destinationArn", "value": log},
        {"op": "replace", "path": "/accessLogSettings/format", "value": json.dumps(_LOG_FORMAT)},
        {"op": "replace", "path": "/*/*/logging/loglevel", "value": "ERROR"},
        {"op": "replace", "path": "/*/*/metrics/enabled", "value": "true"},
        {"op": "replace", "path": "/*/*/caching/enabled", "value": "true"},
        {"op": "replace", "path": "/*/*/caching/dataEncrypted", "value": "true"},
        {"op": "replace", "path": "/cacheClusterEnabled", "value": "true"},
        {"op": "replace", "path": "/tracingEnabled", "value": "true"},
    ]
    client.update_stage(restApiId=api, stageName="live", patchOperations=operations)
    acl = bench.made.get("acl") or _acl(bench)
    stage = f"arn:aws:apigateway:{HOME}::/restapis/{api}/stages/live"
    bench.client("wafv2").associate_web_acl(WebACLArn=acl, ResourceArn=stage)


def _acl(bench: Workbench) -> str:
    made = bench.client("wafv2").create_web_acl(
        Name="storefront",
        Scope="REGIONAL",
        DefaultAction={"Allow": {}},
        VisibilityConfig={"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": "storefront"},
    )
    bench.made["acl"] = str(made["Summary"]["ARN"])
    return bench.made["acl"]


def _storefront(bench: Workbench) -> None:
    """An HTTP API: everything goes to one function without authentication; the cart wants a token."""
    client = bench.client("apigatewayv2")
    api = client.create_api(
        Name="storefront", ProtocolType="HTTP", CorsConfiguration={"AllowOrigins": ["*"], "AllowMethods": ["*"]}
    )["ApiId"]
    bench.made["api:storefront"] = api
    guard = client.create_authorizer(
        ApiId=api,
        AuthorizerType="REQUEST",
        AuthorizerUri=_invoked(bench, "cart-authorizer"),
        AuthorizerPayloadFormatVersion="2.0",
        AuthorizerResultTtlInSeconds=3600,
        IdentitySource=["$request.header.Authorization"],
        Name="cart",
    )["AuthorizerId"]
    tokens = client.create_authorizer(
        ApiId=api,
        AuthorizerType="JWT",
        IdentitySource=["$request.header.Authorization"],
        JwtConfiguration={"Issuer": "https://login.fernhollow.example"},
        Name="accounts",
    )["AuthorizerId"]
    client.create_authorizer(
        ApiId=api,
        AuthorizerType="JWT",
        IdentitySource=["$request.header.Authorization"],
        JwtConfiguration={"Issuer": "https://old-login.fernhollow.example", "Audience": ["storefront"]},
        Name="old-accounts",
    )
    _route(bench, api, "$default", "storefront-render")
    _route(bench, api, "POST /cart", "cart-api", AuthorizationType="CUSTOM", AuthorizerId=guard)
    _route(bench, api, "GET /cart", "cart-api", AuthorizationType="JWT", AuthorizerId=tokens)
    log = bench.arn("logs", "log-group:/fernhollow/storefront")
    plain = '$context.identity.sourceIp - "$context.routeKey" $context.status'
    client.create_stage(
        ApiId=api,
        StageName="$default",
        AutoDeploy=True,
        AccessLogSettings={"DestinationArn": log, "Format": plain},
    )
    domain = "shop.fernhollow.example"
    certificate = bench.arn("acm", "certificate/0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0")
    client.create_domain_name(
        DomainName=domain,
        DomainNameConfigurations=[{"CertificateArn": certificate, "SecurityPolicy": "TLS_1_0"}],
    )
    client.create_api_mapping(ApiId=api, DomainName=domain, Stage="$default")


def _chat(bench: Workbench) -> None:
    api = bench.client("apigatewayv2").create_api(
        Name="live-chat", ProtocolType="WEBSOCKET", RouteSelectionExpression="$request.body.action"
    )["ApiId"]
    bench.made["api:chat"] = api
    _route(bench, api, "$connect", "chat-connect", AuthorizationType="NONE")
    bench.client("apigatewayv2").create_stage(ApiId=api, StageName="live")


def _route(bench: Workbench, api: str, key: str, function: str, **more: Any) -> None:
    client = bench.client("apigatewayv2")
    integration = client.create_integration(
        ApiId=api, IntegrationType="AWS_PROXY", IntegrationUri=_function(bench, function), PayloadFormatVersion="2.0"
    )["IntegrationId"]
    client.create_route(ApiId=api, RouteKey=key, Target=f"integrations/{integration}", **more)


def functions(bench: Workbench) -> list[Blueprint]:
    """What stands behind the open APIs."""
    storefront, chat = bench.made["api:storefront"], bench.made["api:chat"]
    return [
        Blueprint(
            "partner-stock-feed",
            "A REST route without authentication or validation",
            permissions=(_admits(bench, f"{_PARTNERS}/*/GET/stock"), _admits(bench, f"{_STOCKROOM}/*/GET/counts")),
        ),
        Blueprint(
            "partner-order-intake",
            "A REST route that asks for an API key and nothing else",
            permissions=(_admits(bench, f"{_PARTNERS}/*/*/*"),),
        ),
        Blueprint(
            "partner-legacy-proxy",
            "A catch-all REST route for every method",
            permissions=(_admits(bench, f"{_PARTNERS}/*/*/*"), _admits(bench, f"{_LEDGER}/*/GET/entries")),
        ),
        Blueprint(
            "storefront-render",
            "The default route of an HTTP API, open to anyone and to scripts of any site",
            permissions=(_admits(bench, f"{storefront}/*/$default"),),
        ),
        Blueprint(
            "cart-api",
            "A route of an HTTP API that asks a function who is calling",
            permissions=(_admits(bench, f"{storefront}/*/*/cart"),),
        ),
        Blueprint(
            "cart-authorizer",
            "Decides who may use the cart",
            permissions=(_admits(bench, f"{storefront}/authorizers/*"),),
        ),
        Blueprint(
            "staff-authorizer",
            "Decides who may read the shop's reports",
            permissions=(_admits(bench, f"{_SHOP}/authorizers/*"),),
        ),
        Blueprint(
            "chat-connect",
            "A WebSocket that anyone may open",
            permissions=(_admits(bench, f"{chat}/*/$connect"),),
        ),
    ]


def _admits(bench: Workbench, route: str) -> Mapping[str, Any]:
    return {
        "Principal": "apigateway.amazonaws.com",
        "SourceArn": bench.arn("execute-api", route),
        "SourceAccount": bench.account,
    }
