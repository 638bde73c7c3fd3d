"""Which secrets and parameters a function's variables point to, read from what redaction kept of them."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from auditor.model.redacted import find
from auditor.model.secret import ReferenceKind
from providers.answers.json_paths import record
from providers.aws.secret_references import StoredName, stored_names

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
    for name, value in record(function, "Environment", "Variables").items():
        judged = find(name, value)
        reference = judged.variable.reference if judged is not None else None
        if reference is not None and reference.kind in _KINDS and reference.text:
            yield from stored_names(reference)
