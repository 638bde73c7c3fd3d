"""The parameters and secrets that a variable's value refers to: read once, for asking about them and for judging."""

import re
from typing import NamedTuple

from auditor.model.secret import Reference, ReferenceKind
from providers.aws.arn import parse_arn


class StoredName(NamedTuple):
    """A parameter (``ssm``) or secret (``secretsmanager``); ``account``, ``region`` None: those of the function.

    ``id`` is a parameter's name, or a secret's ARN or name, without what the reference picks of it (a version, a key).
    """

    service: str
    id: str
    account: str | None
    region: str | None


_RESOLVE = re.compile(r"\{\{resolve:(ssm|ssm-secure|secretsmanager):(?P<rest>[^}]+)\}\}")
_VERSION = re.compile(r":\d+$")
_SEPARATOR = re.compile(r"[,;\s]+")
_SECRET_PARTS = 7


def stored_names(reference: Reference) -> tuple[StoredName, ...]:
    """What a reference points at; a list of ARNs points at several, most references at none."""
    value = reference.text.strip()
    match = _RESOLVE.fullmatch(value)
    if match:
        rest = match["rest"]
        if match[1] == "secretsmanager":
            return (_from_arn(rest) or StoredName("secretsmanager", rest.split(":", 1)[0], None, None),)
        return (_from_arn(rest) or StoredName("ssm", _VERSION.sub("", rest), None, None),)
    if reference.kind is ReferenceKind.SSM_PARAMETER and value:
        plain = _VERSION.sub("", value.removeprefix("ssm://").removeprefix("ssm:"))
        return (_from_arn(value) or StoredName("ssm", plain, None, None),)
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
