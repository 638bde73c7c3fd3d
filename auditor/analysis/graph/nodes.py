"""Which node a resource id names: one node for one resource, however its id is spelt."""

import re
from typing import Final

from auditor.analysis.graph.model import Node, NodeKind
from auditor.model.handler import Binding
from auditor.model.ids import Cloud
from auditor.model.resource_names import arn_parts, resource_of
from auditor.model.trigger import TriggerKind

_KINDS: Final = {
    "apigateway": NodeKind.API,
    "execute-api": NodeKind.API,
    "appsync": NodeKind.API,
    "lambda-url": NodeKind.URL,
    "elasticloadbalancing": NodeKind.LOAD_BALANCER,
    "vpc-lattice": NodeKind.LOAD_BALANCER,
    "sqs": NodeKind.QUEUE,
    "mq": NodeKind.QUEUE,
    "sns": NodeKind.TOPIC,
    "s3": NodeKind.BUCKET,
    "dynamodb": NodeKind.TABLE,
    "rds": NodeKind.TABLE,
    "kinesis": NodeKind.STREAM,
    "kafka": NodeKind.STREAM,
    "firehose": NodeKind.STREAM,
    "pipes": NodeKind.EVENT_RULE,
    "scheduler": NodeKind.SCHEDULE,
    "cognito-idp": NodeKind.USER_POOL,
    "iot": NodeKind.DEVICE_RULE,
    "logs": NodeKind.LOG_GROUP,
    "ses": NodeKind.EMAIL,
    "states": NodeKind.WORKFLOW,
    "codepipeline": NodeKind.WORKFLOW,
    "secretsmanager": NodeKind.SECRET,
    "lambda": NodeKind.FUNCTION,
    "servicebus": NodeKind.QUEUE,
    "eventhubs": NodeKind.STREAM,
    "pubsub.googleapis.com": NodeKind.TOPIC,
    "storage.googleapis.com": NodeKind.BUCKET,
}
_OF_TRIGGERS: Final = {
    TriggerKind.HTTP: NodeKind.API,
    TriggerKind.QUEUE: NodeKind.QUEUE,
    TriggerKind.STREAM: NodeKind.STREAM,
    TriggerKind.STORAGE: NodeKind.BUCKET,
    TriggerKind.DATABASE: NodeKind.TABLE,
    TriggerKind.SCHEDULE: NodeKind.SCHEDULE,
    TriggerKind.EVENT_BUS: NodeKind.EVENT_RULE,
    TriggerKind.TOPIC: NodeKind.TOPIC,
    TriggerKind.IDENTITY: NodeKind.USER_POOL,
    TriggerKind.DEVICE: NodeKind.DEVICE_RULE,
    TriggerKind.EMAIL: NodeKind.EMAIL,
    TriggerKind.LOGS: NodeKind.LOG_GROUP,
    TriggerKind.WORKFLOW: NodeKind.WORKFLOW,
}


_SEGMENTS: Final = {"/topics/": NodeKind.TOPIC, "projects/_/buckets/": NodeKind.BUCKET}
"""Parts of names on Google Cloud that tell what is named, whatever service names it."""


def resource_node(text: str, service: str, fallback: NodeKind = NodeKind.OTHER, account: str | None = None) -> Node:
    """The node of a resource by its id."""
    found = resource_of(text)
    parts = arn_parts(found)
    if parts is None:
        kind = next((kind for part, kind in _SEGMENTS.items() if part in found), _KINDS.get(service, fallback))
        return Node(found, kind, found, service, account)
    kind = _KINDS.get(parts[0], fallback)
    if parts[0] == "events":
        kind = NodeKind.EVENT_BUS if parts[2].startswith("event-bus/") else NodeKind.EVENT_RULE
    name = parts[2] if parts[0] in ("s3", "logs") else parts[2].rpartition("/")[2].rpartition(":")[2]
    if parts[0] == "logs":
        name = parts[2].removeprefix("log-group:")
    return Node(found, kind, name, parts[0], parts[1] or account, unnamed="*" in found)


_BOUND: Final = {
    "queue": NodeKind.QUEUE,
    "blob": NodeKind.BUCKET,
    "servicebus": NodeKind.QUEUE,
    "eventhub": NodeKind.STREAM,
    "cosmosdb": NodeKind.TABLE,
}
OBJECTS: Final = "object="
"""What a filter begins with that is the pattern of the names of objects."""
_PLACEHOLDER: Final = re.compile(r"\{[^{}/]+\}")


def bound_resource(function_id: str, binding: Binding) -> str:
    """What a binding means; where it is not told whose that is, what the app means by the name of the connection."""
    if binding.resource:
        return binding.resource
    kind, target = binding.type.removesuffix("trigger"), binding.target or ""
    name = target.strip("/").partition("/")[0] if kind == "blob" else target
    return f"{kind}:{function_id}#{(binding.connection or '').lower()}/{name}"


def bound_node(resource: str) -> Node:
    """The node of what a binding of Azure means, by its kind, whose it is and its name."""
    kind, _, rest = resource.partition(":")
    return Node(f"azure:{resource}", _BOUND.get(kind, NodeKind.OTHER), rest.rpartition("/")[2], kind)


def objects_of(path: str) -> str:
    """The names of blobs that the path of a binding means within its container, as a pattern."""
    return _PLACEHOLDER.sub("*", path.strip("/").partition("/")[2]) or "*"


def unnamed_node(cloud: Cloud, service: str, kind: TriggerKind, account: str | None) -> Node:
    """The node of a source that is only known by its service."""
    where = f"{cloud.value}:{service}" + (f":{account}" if account else "")
    found = _KINDS.get(service, _OF_TRIGGERS.get(kind, NodeKind.OTHER))
    return Node(f"{where}:*", found, f"any {service}", service, account, unnamed=True)


def source_kind(kind: TriggerKind) -> NodeKind:
    """The kind of node behind a kind of trigger."""
    return _OF_TRIGGERS.get(kind, NodeKind.OTHER)
