"""The variables of a container app as the settings of a function: what App Service keeps as application settings."""

from collections.abc import Iterator
from typing import Any

from auditor.model.environment import Environment, Variable
from auditor.model.observed import Observed
from auditor.model.secret import Reference, ReferenceKind, SecretVerdict
from providers.azure.normalize.answers import Part
from providers.azure.normalize.fields import given, items, member, optional_items, record, text
from providers.azure.normalize.settings import AppSettings, Setting, judged_setting

_STORED = Reference(ReferenceKind.SECRET_NAME, "")


def settings(app: Part) -> Observed[AppSettings]:
    """The settings of the function: the variables of its first container, where the Functions host runs."""
    return app.read(lambda body: AppSettings(tuple(_variables(_containers(body)[0])), ()))


def environment(app: Part) -> Observed[Environment]:
    """Everything the code sees as its environment, in every container of the app."""
    return app.read(
        lambda body: Environment(
            variables=tuple(setting.variable for container in _every(body) for setting in _variables(container)),
            stored=(),
            source=app.source,
        )
    )


def _containers(body: dict[str, Any]) -> list[dict[str, Any]]:
    found = [record(container, "a container") for container in items(member(body, "template"), "containers")]
    return found or [record(None, "a container")]


def _every(body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from _containers(body)
    for container in optional_items(member(body, "template"), "initContainers"):
        yield record(container, "a container")


def _variables(container: dict[str, Any]) -> Iterator[Setting]:
    """Variables with their judged values, and those that take theirs from a secret of the app."""
    for variable in optional_items(container, "env"):
        if given(variable, "value"):
            yield judged_setting(text(variable, "name"), member(variable, "value"))
    for source in optional_items(container, "envSources"):
        name = text(source, "name")
        text(source, "secretRef")
        referred = Variable(
            name=name,
            length=0,
            verdict=SecretVerdict.REFERENCE,
            confidence=None,
            detector=None,
            reference=_STORED,
            digest="",
            value=None,
        )
        yield Setting(referred, {}, stored=True)
