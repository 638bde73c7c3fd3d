"""Which secrets and parameters a function's variables point to, read from what redaction kept of them."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from auditor.model.secret import Reference, ReferenceKind
from providers.answers.json_paths import record, text
from providers.aws.stored_names import StoredName, stored_names

_KINDS: Final = frozenset({ReferenceKind.ARN, ReferenceKind.SSM_PARAMETER, ReferenceKind.DYNAMIC_REFERENCE})


def secrets_of(function: Mapping[str, Any]) -> Iterator[str]:
    """The ids (ARNs or names) of Secrets Manager secrets that variables refer to."""
    for name in _names(function):
        if name.service == "secretsmanager":
            yield name.id


def parameters_of(function: Mapping[str, Any]) -> Iterator[str]:
    """The names of SSM parameters that variables refer to; both spellings where an ARN leaves it open."""
    for name in _names(function):
        if name.service == "ssm":
            yield name.id
            if name.id.startswith("/") and name.id.count("/") == 1:
                yield name.id[1:]


def _names(function: Mapping[str, Any]) -> Iterator[StoredName]:
    for variable in record(function, "Environment", "Variables").values():
        kind = text(variable, "$variable", "reference", "kind")
        value = text(variable, "$variable", "reference", "text")
        if kind in _KINDS and value:
            yield from stored_names(Reference(ReferenceKind(kind), value))
