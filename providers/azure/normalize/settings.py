"""Application settings and connection strings, as they were judged at collection: never a value."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from auditor.model.capture import Json
from auditor.model.environment import Environment, Variable
from auditor.model.observed import GapReason, Known, Observed, Unknown
from auditor.model.secret import ReferenceKind, SecretVerdict
from auditor.model.trigger import TriggerAuthentication
from providers.answers.variables import judged_value
from providers.azure.normalize.answers import Answers, Subjects
from providers.azure.normalize.fields import (
    UnreadableError,
    member,
    optional_member,
    string,
)

SETTINGS = "web:ListApplicationSettings"
_STRINGS = "web:ListConnectionStrings"

_PREFIXES = {
    "mysql": "MYSQLCONNSTR_",
    "sqlserver": "SQLCONNSTR_",
    "sqlazure": "SQLAZURECONNSTR_",
    "custom": "CUSTOMCONNSTR_",
    "notificationhub": "NOTIFICATIONHUBCONNSTR_",
    "servicebus": "SERVICEBUSCONNSTR_",
    "eventhub": "EVENTHUBCONNSTR_",
    "apihub": "APIHUBCONNSTR_",
    "docdb": "DOCDBCONNSTR_",
    "rediscache": "REDISCACHECONNSTR_",
    "postgresql": "POSTGRESQLCONNSTR_",
}
"""The names under which the platform hands connection strings to the code (App Service, "Configure app settings")."""


class Setting(NamedTuple):
    """One setting. ``about`` tells what may be told of its value: the account it names, whether it holds a key.

    ``stored``: its value is a secret of the container app it belongs to.
    """

    variable: Variable
    about: Mapping[str, str]
    stored: bool = False

    @property
    def referred(self) -> bool:
        """Whether its value is kept in a vault or a configuration store."""
        kind = self.variable.reference.kind if self.variable.reference else None
        return self.stored or kind in (ReferenceKind.KEY_VAULT, ReferenceKind.APP_CONFIGURATION)

    @property
    def secret(self) -> bool:
        """Whether it is a credential in plain text."""
        return self.variable.verdict is SecretVerdict.SECRET or self.about.get("login") == "key"


class AppSettings:
    """The settings of one app, looked up whatever the case of their names."""

    def __init__(self, settings: tuple[Setting, ...], strings: tuple[Setting, ...]) -> None:
        self.settings = settings
        self.strings = strings
        self._named = {setting.variable.name.lower(): setting for setting in settings}

    def get(self, name: str) -> Setting | None:
        """The setting of that name; one without a value counts as not set."""
        found = self._named.get(name.lower())
        return found if found is not None and (found.variable.length or found.stored) else None

    def below(self, name: str) -> tuple[Setting, ...]:
        """The settings ``name__…`` that together make an identity-based connection."""
        start = f"{name.lower()}__"
        return tuple(setting for key, setting in self._named.items() if key.startswith(start))

    def string(self, name: str) -> Setting | None:
        """The connection string of that name."""
        end = f"connstr_{name.lower()}"
        return next((found for found in self.strings if found.variable.name.lower().endswith(end)), None)


def sign_in(settings: AppSettings, name: str) -> TriggerAuthentication | None:
    """How the host signs in over a connection, None where there is no such connection."""
    for candidate in (name, f"AzureWebJobs{name}"):
        setting = settings.get(candidate)
        if setting is not None:
            return _authentication(setting)
        parts = settings.below(candidate)
        if parts:
            return TriggerAuthentication.KEY if any(part.secret for part in parts) else TriggerAuthentication.IDENTITY
    named = settings.string(name)
    return _authentication(named) if named is not None else None


def _authentication(setting: Setting) -> TriggerAuthentication:
    if setting.referred:
        return TriggerAuthentication.REFERENCE
    if setting.secret:
        return TriggerAuthentication.KEY
    if setting.about.get("account") or setting.about.get("namespace"):
        return TriggerAuthentication.IDENTITY
    message = f"{setting.variable.name} is neither a reference nor a connection string known to us"
    raise UnreadableError(message, GapReason.UNRECOGNISED)


class Settings:
    """The settings of one subscription's apps, by the app's id."""

    def __init__(self, answers: Answers) -> None:
        self._settings = answers.subjects(SETTINGS, _settings)
        self._strings = answers.subjects(_STRINGS, _strings)
        self._answers = answers

    def of(self, site: str) -> Observed[AppSettings]:
        """The application settings of an app; connection strings beside them where they could be read."""
        own = _read(self._answers, self._settings, SETTINGS, site)
        if isinstance(own, Unknown):
            return own
        strings = _read(self._answers, self._strings, _STRINGS, site)
        return Known(AppSettings(own.value, strings.value if isinstance(strings, Known) else ()), SETTINGS)

    def environment(self, site: str, settings: Observed[AppSettings]) -> Observed[Environment]:
        """Everything the code sees as its environment.

        Where only the connection strings could not be read, a credential among the settings is proved all the same;
        without one the whole is unknown.
        """
        strings = _read(self._answers, self._strings, _STRINGS, site)
        if isinstance(settings, Unknown):
            return settings
        own = tuple(setting.variable for setting in settings.value.settings)
        if isinstance(strings, Unknown):
            proved = any(variable.verdict is SecretVerdict.SECRET for variable in own)
            return Known(Environment(variables=own, stored=(), source=SETTINGS), SETTINGS) if proved else strings
        variables = (*own, *(setting.variable for setting in strings.value))
        return Known(Environment(variables=variables, stored=(), source=SETTINGS), SETTINGS)


def _read(
    answers: Answers, subjects: Subjects[tuple[Setting, ...]], operation: str, site: str
) -> Observed[tuple[Setting, ...]]:
    found = subjects.one(site)
    if isinstance(found, Unknown):
        return found
    if found.value is None:
        return Unknown(answers.gap(operation, GapReason.NOT_FOUND, "the app has no settings", site))
    return Known(found.value, operation)


def _settings(body: Json) -> tuple[Setting, ...]:
    entries = member(body, "properties").items()
    return tuple(judged_setting(string(name, "a name"), value) for name, value in entries)


def _strings(body: Json) -> tuple[Setting, ...]:
    kinds = optional_member(body, "connectionTypes")
    return tuple(_string(string(name, "a name"), value, kinds) for name, value in member(body, "properties").items())


def _string(name: str, body: Json, kinds: dict[str, Any]) -> Setting:
    kind = string(kinds.get(name, "Custom"), "a type").lower()
    return judged_setting(_PREFIXES.get(kind, f"{kind.upper()}CONNSTR_") + name, body)


def judged_setting(name: str, body: Json) -> Setting:
    """A setting whose value was judged at collection. Raises UnreadableError."""
    judged = judged_value(name, body)
    return Setting(judged.variable, judged.about)
