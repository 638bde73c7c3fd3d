"""What sets the functions of the made-up account off: APIs, buckets, queues, topics, rules, state machines, a distribution.

As many as an account of a thousand functions tends to have; each tenth function has a queue, each twentieth a bucket,
each fiftieth an API, and so on. A function's policy names the sources that need its leave.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

ACCOUNT: Final = "123456789012"
QUOTAS: Final = {"apigateway": 10.0, "apigateway:GetResources": 2.5}
"""As published: all control-plane calls of API Gateway together, and 5 GetResources in 2 seconds."""
_EVERY: Final = {"sqs": 10, "s3": 20, "sns": 25, "events": 5, "rest": 50, "http": 50, "states": 50}
"""One function in so many has such a source; the first of them is the function with half that number."""
_ROUTES: Final = 8


def has(kind: str, number: int) -> bool:
    """Whether a function has a source of a kind."""
    return number % _EVERY[kind] == _EVERY[kind] // 2


def numbers(kind: str, total: int) -> list[int]:
    """The functions that have one."""
    return [number for number in range(total) if has(kind, number)]


def function(number: int) -> str:
    """The ARN of a function in the region that is measured."""
    return f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:svc-fn-{number:05d}"


def admitted(number: int) -> dict[str, str]:
    """Service and ARN of the sources that a function's policy admits."""
    found = {}
    if has("s3", number):
        found["s3"] = f"arn:aws:s3:::uploads-{number}"
    if has("sns", number):
        found["sns"] = f"arn:aws:sns:us-east-1:{ACCOUNT}:news-{number}"
    if has("rest", number):
        found["apigateway"] = f"arn:aws:execute-api:us-east-1:{ACCOUNT}:rest{number}/*/*/*"
    elif has("http", number):
        found["apigateway"] = f"arn:aws:execute-api:us-east-1:{ACCOUNT}:http{number}/*/*"
    return found


def mappings(total: int) -> list[dict[str, Any]]:
    """The event source mappings of all queues."""
    return [
        {
            "UUID": f"00000000-0000-4000-9000-{number:012d}",
            "EventSourceArn": f"arn:aws:sqs:us-east-1:{ACCOUNT}:work-{number}",
            "FunctionArn": function(number),
            "State": "Enabled",
            "BatchSize": 10,
            "MaximumBatchingWindowInSeconds": 0,
        }
        for number in numbers("sqs", total)
    ]


def of_json(name: str, asked: Mapping[str, Any], total: int) -> dict[str, Any] | None:
    """SQS, EventBridge, Step Functions, by the name of the operation; None for another."""
    if name == "GetQueueAttributes":
        queue = str(asked["QueueUrl"]).rpartition("/")[2]
        attributes = {
            "QueueArn": f"arn:aws:sqs:us-east-1:{ACCOUNT}:{queue}",
            "VisibilityTimeout": "180",
            "SqsManagedSseEnabled": "true",
            "ApproximateNumberOfMessages": "0",
        }
        return {"Attributes": attributes}
    if name == "ListEventBuses":
        return {"EventBuses": [{"Name": "default", "Arn": f"arn:aws:events:us-east-1:{ACCOUNT}:event-bus/default"}]}
    if name == "ListRules":
        rows = [
            {
                "Name": f"r{number}",
                "Arn": f"arn:aws:events:us-east-1:{ACCOUNT}:rule/r{number}",
                "State": "ENABLED",
                "EventPattern": '{"source":["shop"]}',
                "EventBusName": "default",
            }
            for number in numbers("events", total)
        ]
        return {"Rules": rows}
    if name == "ListTargetsByRule":
        return {"Targets": [{"Id": "1", "Arn": function(int(str(asked["Rule"])[1:]))}]}
    if name == "ListStateMachines":
        return {"stateMachines": [_machine(number) for number in numbers("states", total)]}
    if name == "DescribeStateMachine":
        number = int(str(asked["stateMachineArn"]).rpartition("-")[2])
        task = {"Type": "Task", "Resource": function(number), "End": True}
        definition = {"StartAt": "Run", "States": {"Run": task}}
        return {**_machine(number), "definition": json.dumps(definition), "roleArn": "r", "type": "STANDARD"}
    return None


def _machine(number: int) -> dict[str, Any]:
    arn = f"arn:aws:states:us-east-1:{ACCOUNT}:stateMachine:flow-{number}"
    return {"stateMachineArn": arn, "name": f"flow-{number}", "type": "STANDARD", "creationDate": 1767225600.0}


def of_gateway(path: str, total: int) -> tuple[str, dict[str, Any]] | None:
    """API Gateway, both generations: the operation's name and its answer."""
    parts = path.strip("/").split("/")
    if parts[0] == "v2":
        return _of_apis(parts[1:], total)
    if parts == ["restapis"]:
        rows = [
            {"id": f"rest{number}", "name": f"shop-{number}", "endpointConfiguration": {"types": ["REGIONAL"]}}
            for number in numbers("rest", total)
        ]
        return "GetRestApis", {"item": rows}
    if parts == ["usageplans"]:
        return "GetUsagePlans", {"item": []}
    if parts[0] == "restapis" and parts[2:] == ["resources"]:
        uri = f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{function(int(parts[1][4:]))}/invocations"
        integration = {"type": "AWS_PROXY", "httpMethod": "POST", "uri": uri}
        method = {"httpMethod": "GET", "authorizationType": "AWS_IAM", "methodIntegration": integration}
        rows = [
            {"id": f"x{place}", "path": f"/orders/{place}", "resourceMethods": {"GET": method}}
            for place in range(_ROUTES)
        ]
        return "GetResources", {"item": rows}
    if parts[0] == "restapis" and parts[2:] == ["stages"]:
        return "GetStages", {"item": [{"stageName": "live", "deploymentId": "d1"}]}
    return None


def _of_apis(parts: list[str], total: int) -> tuple[str, dict[str, Any]] | None:
    if parts == ["apis"]:
        rows = [
            {
                "apiId": f"http{number}",
                "name": f"shop-{number}",
                "protocolType": "HTTP",
                "routeSelectionExpression": "$request.method $request.path",
            }
            for number in numbers("http", total)
        ]
        return "GetApis", {"items": rows}
    if parts == ["domainnames"]:
        return "GetDomainNames", {"items": []}
    if len(parts) != 3 or parts[0] != "apis":
        return None
    number = int(parts[1][4:])
    if parts[2] == "integrations":
        row = {"integrationId": "i1", "integrationType": "AWS_PROXY", "integrationUri": function(number)}
        return "GetIntegrations", {"items": [row]}
    if parts[2] == "routes":
        rows = [
            {
                "routeId": f"r{place}",
                "routeKey": f"GET /orders/{place}",
                "target": "integrations/i1",
                "authorizationType": "AWS_IAM",
            }
            for place in range(_ROUTES)
        ]
        return "GetRoutes", {"items": rows}
    if parts[2] == "stages":
        return "GetStages", {"items": [{"stageName": "$default", "autoDeploy": False}]}
    return None


def of_bucket(path: str, query: Mapping[str, Any]) -> tuple[str, str | None]:
    """S3, by the sub-resource that is asked for: the operation's name and its answer, None where there is none."""
    bucket = path.strip("/").partition("/")[0]
    space = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"'
    if "notification" in query:
        number = int(bucket.rpartition("-")[2])
        inner = f"<CloudFunction>{function(number)}</CloudFunction><Event>s3:ObjectCreated:*</Event><Id>1</Id>"
        configured = f"<CloudFunctionConfiguration>{inner}</CloudFunctionConfiguration>"
        return (
            "GetBucketNotificationConfiguration",
            f"<NotificationConfiguration {space}>{configured}</NotificationConfiguration>",
        )
    if "acl" in query:
        grants = "<Owner><ID>0a1b</ID></Owner><AccessControlList/>"
        return "GetBucketAcl", f"<AccessControlPolicy {space}>{grants}</AccessControlPolicy>"
    if "encryption" in query:
        default = "<ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault>"
        return (
            "GetBucketEncryption",
            f"<ServerSideEncryptionConfiguration {space}><Rule>{default}</Rule></ServerSideEncryptionConfiguration>",
        )
    if "policy" in query:
        return "GetBucketPolicy", '{"Version":"2012-10-17","Statement":[]}'
    return next(iter(query), "GetBucket"), None


def of_topics(form: Mapping[str, str], total: int) -> str | None:
    """SNS: what is inside the result."""
    if form["Action"] == "ListSubscriptions":
        members = "".join(
            f"<member><TopicArn>arn:aws:sns:us-east-1:{ACCOUNT}:news-{number}</TopicArn><Protocol>lambda</Protocol>"
            f"<SubscriptionArn>arn:aws:sns:us-east-1:{ACCOUNT}:news-{number}:s</SubscriptionArn>"
            f"<Owner>{ACCOUNT}</Owner><Endpoint>{function(number)}</Endpoint></member>"
            for number in numbers("sns", total)
        )
        return f"<Subscriptions>{members}</Subscriptions>"
    if form["Action"] == "GetTopicAttributes":
        policy = json.dumps({"Version": "2012-10-17", "Statement": []}).replace('"', "&quot;")
        entries = {"TopicArn": form["TopicArn"], "Policy": policy}
        written = "".join(f"<entry><key>{key}</key><value>{value}</value></entry>" for key, value in entries.items())
        return f"<Attributes>{written}</Attributes>"
    return None


def of_distributions() -> str:
    """CloudFront: one distribution of a bucket."""
    origin = (
        "<Items><Origin><Id>o</Id><DomainName>shop.s3.amazonaws.com</DomainName></Origin></Items><Quantity>1</Quantity>"
    )
    summary = (
        f"<Id>E2</Id><ARN>arn:aws:cloudfront::{ACCOUNT}:distribution/E2</ARN><Status>Deployed</Status>"
        f"<Origins>{origin}</Origins><DefaultCacheBehavior><TargetOriginId>o</TargetOriginId></DefaultCacheBehavior>"
        "<Enabled>true</Enabled><WebACLId></WebACLId>"
    )
    head = "<Marker></Marker><MaxItems>100</MaxItems><IsTruncated>false</IsTruncated><Quantity>1</Quantity>"
    space = 'xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"'
    items = f"<Items><DistributionSummary>{summary}</DistributionSummary></Items>"
    return f"<DistributionList {space}>{head}{items}</DistributionList>"
