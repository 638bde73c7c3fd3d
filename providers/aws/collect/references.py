"""Which secrets and parameters a function's variables point to, read from what redaction kept of them."""

from collections.abc import Iterator, Mapping
from typing import Any

from auditor.model.secret import ReferenceKind
from providers.aws.arn import parse_arn
from providers.aws.collect.reading import record, text

_KINDS = frozenset({ReferenceKind.ARN, ReferenceKind.SSM_PARAMETER, ReferenceKind.DYNAMIC_REFERENCE})


def secrets_of(function: Mapping[str, Any]) -> Iterator[str]:
    """The ids (ARNs or names) of Secrets Manager secrets that variables refer to."""
    for kind, value in _references(function):
        arn = parse_arn(value)
        if arn is not None and arn.service == "secretsmanager":
            yield value
        elif kind == ReferenceKind.DYNAMIC_REFERENCE and (parts := _resolved(value, "secretsmanager")):
            yield ":".join(parts[:7]) if parts[0] == "arn" else parts[0]


def parameters_of(function: Mapping[str, Any]) -> Iterator[str]:
    """The names of SSM parameters that variables refer to; both spellings where an ARN leaves it open."""
    for kind, value in _references(function):
        arn = parse_arn(value)
        if arn is not None:
            if arn.service == "ssm" and arn.resource.startswith("parameter/"):
                name = arn.resource.removeprefix("parameter")
                yield name
                if name.count("/") == 1:
                    yield name[1:]
        elif kind == ReferenceKind.SSM_PARAMETER:
            yield value.removeprefix("ssm://").removeprefix("ssm:")
        elif kind == ReferenceKind.DYNAMIC_REFERENCE:
            parts = _resolved(value, "ssm") or _resolved(value, "ssm-secure")
            if parts:
                yield parts[0]


def _references(function: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for variable in record(function, "Environment", "Variables").values():
        kind = text(variable, "$variable", "reference", "kind")
        value = text(variable, "$variable", "reference", "text")
        if kind in _KINDS and value:
            yield kind, value


def _resolved(value: str, service: str) -> list[str]:
    """The parts of ``{{resolve:service:…}}`` after the service."""
    body = value.strip().removeprefix("{{").removesuffix("}}").strip()
    prefix = f"resolve:{service}:"
    return body[len(prefix) :].split(":") if body.startswith(prefix) and len(body) > len(prefix) else []
