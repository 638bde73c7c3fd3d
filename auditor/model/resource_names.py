"""Which resource an id belongs to, however the id is spelt."""

from typing import Final

_ARN_PARTS: Final = 6
_KEPT: Final = {"dynamodb": 2, "execute-api": 1, "kinesis": 2, "s3": 1}
"""How many steps of the path name the resource; what follows is a part of it: a stream, a stage, a key."""


def arn_parts(text: str) -> tuple[str, str, str] | None:
    """Service, account and resource of an ARN."""
    parts = text.split(":", _ARN_PARTS - 1)
    return (parts[2], parts[4], parts[5]) if len(parts) == _ARN_PARTS and parts[0] == "arn" else None


def resource_of(text: str) -> str:
    """The resource an id belongs to: a table of its stream, an API of its route, a log group without its wildcard."""
    parts = arn_parts(text)
    if parts is None:
        return text
    service, _, resource = parts
    head = text.removesuffix(resource)
    if service in _KEPT:
        return head + "/".join(resource.split("/")[: _KEPT[service]])
    if service == "logs":
        return text.removesuffix(":*") if resource.count(":") > 1 else text  # "log-group:*" means all of them
    if service == "lambda" and resource.startswith("function:"):
        return head + ":".join(resource.split(":")[:2])
    return text


def written_to(source: str | None) -> str | None:
    """The resource that others write to, and so whose policy counts, of an event source that an ARN names: the table
    behind a stream, the bus of a rule. None where the ARN names several resources, or it is none.
    """
    resource = resource_of(source or "")
    parts = arn_parts(resource)
    if parts is None or "*" in resource or "?" in resource:
        return None
    service, _, name = parts
    kind, _, rest = name.partition("/")
    if service != "events" or kind != "rule":
        return resource
    bus = rest.partition("/")[0] if "/" in rest else "default"
    return f"{resource.removesuffix(name)}event-bus/{bus}"
