"""Environment variables as they were judged at collection: of a function, of its build, of its service's containers."""

from collections.abc import Iterable
from typing import Any, Final

from auditor.model.environment import Environment, StoredSecret, Variable
from auditor.model.observed import GapReason, Observed, Unknown
from auditor.model.secret import SecretVerdict
from providers.answers.variables import variable
from providers.gcp.normalize.answers import Told, known, of
from providers.gcp.normalize.fields import (
    UnreadableError,
    items,
    member,
    optional_items,
    optional_member,
    record,
    string,
    text,
)

PLATFORM: Final = frozenset(
    {
        *("FUNCTION_TARGET", "FUNCTION_SIGNATURE_TYPE", "LOG_EXECUTION_ID", "EVENTARC_CLOUD_EVENT_SOURCE"),
        *("K_SERVICE", "K_REVISION", "K_CONFIGURATION", "PORT", "FUNCTION_REGION", "GOOGLE_CLOUD_PROJECT"),
    }
)
"""What the platform itself puts into the containers of functions."""

_NOT_ASKED: Final = frozenset({GapReason.NOT_AT_DEPTH, GapReason.NOT_OFFERED})


def variables(body: dict[str, Any], key: str) -> tuple[Variable, ...]:
    """The variables under ``key``, a mapping of names to what was judged of their values; none when absent.

    They come by name: the SDK gives the members of such a mapping in another order to each process.
    """
    given = optional_member(body, key)
    return tuple(variable(string(name, "a name"), given[name]) for name in sorted(given))


def containers(template: dict[str, Any]) -> list[dict[str, Any]]:
    """The containers of a revision or of the template of one."""
    found = [record(item, "a container") for item in items(template, "containers")]
    if not found:
        raise UnreadableError("containers is empty")
    return found


def container_variables(container: dict[str, Any]) -> tuple[Variable, ...]:
    """The plain variables of a container; those that refer to a secret have no value here."""
    return tuple(
        variable(text(entry, "name"), entry["value"])
        for entry in (record(item, "a variable") for item in optional_items(container, "env"))
        if "value" in entry
    )


def of_function(body: dict[str, Any], stored: tuple[StoredSecret, ...], source: str) -> Environment:
    """The variables of a function's record."""
    given = variables(member(body, "serviceConfig"), "environmentVariables")
    return Environment(variables=given, stored=stored, source=source)


def of_service(body: dict[str, Any], stored: tuple[StoredSecret, ...], source: str) -> Environment:
    """The variables of every container of a service."""
    return Environment(variables=service_variables(body), stored=stored, source=source)


def service_variables(body: dict[str, Any]) -> tuple[Variable, ...]:
    """The variables of every container of a service, but for what the platform puts there."""
    found = (one for container in containers(member(body, "template")) for one in container_variables(container))
    return tuple(one for one in found if one.name not in PLATFORM)


def joined(own: Environment, service: Observed[Told]) -> Observed[Environment]:
    """A function's variables with those its service has besides, or has with another value.

    The record stands where Cloud Run was not asked at this depth. A refusal, or an answer that cannot be read, leaves
    the variables unknown, unless the record has a credential already.
    """
    if isinstance(service, Unknown) and service.gap.reason in _NOT_ASKED:
        return known(own, own.source)
    serving = of(service, service_variables)
    if isinstance(serving, Unknown):
        proved = any(one.verdict is SecretVerdict.SECRET for one in own.variables)
        return known(own, own.source) if proved else serving
    more = added(own.variables, serving.value)
    whole = Environment(variables=(*own.variables, *more), stored=own.stored, source=own.source)
    return known(whole, own.source)


def added(before: Iterable[Variable], after: Iterable[Variable]) -> tuple[Variable, ...]:
    """The variables of ``after`` that ``before`` does not hold with the same value."""
    held = {(each.name, each.digest) for each in before}
    return tuple(each for each in after if (each.name, each.digest) not in held)
