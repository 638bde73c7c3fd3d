"""The parameters and secrets that a variable's value refers to, and functions as ARNs name them."""

import re
from typing import NamedTuple

from auditor.model.secret import Reference, ReferenceKind
from providers.aws.arn import parse_arn, split_function

_LATEST = "$LATEST"


def arn_account(text: str) -> str | None:
    """The account an ARN names, None where it names none."""
    arn = parse_arn(text)
    return arn.account or None if arn else None


def qualified(arn: str) -> tuple[str, str | None]:
    """A function's ARN and its qualifier: None for the function itself, which ``$LATEST`` means too."""
    name, qualifier = split_function(arn) or (arn, "")
    return name, None if qualifier in {"", _LATEST} else qualifier


class StoredName(NamedTuple):
    """A parameter or secret as a variable refers to it; ``account`` and ``region`` None: those of the function."""

    service: str
    id: str
    account: str | None
    region: str | None


_RESOLVE = re.compile(r"\{\{resolve:(ssm|ssm-secure|secretsmanager):(?P<rest>[^}]+)\}\}")
_VERSION = re.compile(r":\d+$")
_SEPARATOR = re.compile(r"[,;\s]+")
_SECRET_PARTS = 7


def stored_names(reference: Reference) -> tuple[StoredName, ...]:
    """The parameters (``ssm``) and secrets (``secretsmanager``) a reference points at; a list names several."""
    value = reference.text.strip()
    match = _RESOLVE.fullmatch(value)
    if match:
        rest = match["rest"]
        if match[1] == "secretsmanager":
            return (_from_arn(rest) or StoredName("secretsmanager", rest.split(":", 1)[0], None, None),)
        return (_from_arn(rest) or StoredName("ssm", _VERSION.sub("", rest), None, None),)
    if reference.kind is ReferenceKind.SSM_PARAMETER:
        return (_from_arn(value) or StoredName("ssm", _VERSION.sub("", value), None, None),)
    if reference.kind is ReferenceKind.ARN:
        return tuple(name for part in _SEPARATOR.split(value) if (name := _from_arn(part)))
    return ()


def _from_arn(value: str) -> StoredName | None:
    arn = parse_arn(value)
    if arn is None:
        return None
    if arn.service == "secretsmanager" and arn.resource.startswith("secret:"):
        plain = ":".join(value.split(":")[:_SECRET_PARTS])
        return StoredName("secretsmanager", plain, arn.account or None, arn.region or None)
    if arn.service == "ssm" and arn.resource.startswith("parameter/"):
        name = _VERSION.sub("", arn.resource.removeprefix("parameter"))
        return StoredName("ssm", name, arn.account or None, arn.region or None)
    return None
