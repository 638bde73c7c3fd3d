"""Environment variables as they were judged at collection, and the parameters and secrets they refer to."""

from typing import Any

from auditor.model.capture import Json
from auditor.model.environment import EncryptionKey, Environment, StoredSecret, Variable
from auditor.model.observed import Gap, GapReason, Observed, Unknown
from providers.answers.variables import variable
from providers.aws.normalize.answers import Answers
from providers.aws.normalize.fields import (
    filled_text,
    member,
    optional_member,
    string,
)
from providers.aws.normalize.keys import Keys
from providers.aws.normalize.secret_stores import StoredSecrets
from providers.aws.secret_references import stored_names

_LISTED = "lambda:ListFunctions"


class Environments:
    """The environments of one location's functions."""

    def __init__(self, answers: Answers, partition: str, keys: Keys) -> None:
        self._answers = answers
        self._keys = keys
        self._stored = StoredSecrets(answers, partition, keys)

    def environment(self, config: dict[str, Any]) -> Observed[Environment]:
        """The environment of a listed function; Unknown where the service could not decrypt it for the caller."""
        error = config["Environment"].get("Error") if isinstance(config.get("Environment"), dict) else None
        if error is not None:
            return Unknown(self._undecrypted(error))
        return self._answers.fact(_LISTED, lambda: self._read(config), _arn_of(config))

    def key(self, config: dict[str, Any], arn: str) -> Observed[EncryptionKey | None]:
        """The customer's key that encrypts the variables; listed even where decrypting fails."""
        return self._answers.fact(_LISTED, lambda: self._key(config), arn)

    def _key(self, config: dict[str, Any]) -> EncryptionKey | None:
        key = filled_text(config, "KMSKeyArn")  # absent or empty: AWS's own key
        return self._keys.key(key) if key else None

    def _undecrypted(self, error: Json) -> Gap:
        code = error.get("ErrorCode") if isinstance(error, dict) else None
        told = isinstance(code, str) and "AccessDenied" not in code
        reason = GapReason.SERVICE_ERROR if told else GapReason.DENIED
        message = f"the service could not decrypt the variables for the caller ({code or 'no code'})"
        return self._answers.gap(_LISTED, reason, message, None, "kms:Decrypt")

    def _read(self, config: dict[str, Any]) -> Environment:
        environment = optional_member(config, "Environment")  # absent: the function has no variables
        given = member(environment, "Variables") if environment is not None else None
        variables = tuple(variable(string(name, "a name"), body) for name, body in (given or {}).items())
        stored = tuple(item for one in variables for item in self._referred(one))
        return Environment(variables=variables, stored=stored, source=_LISTED)

    def _referred(self, variable: Variable) -> tuple[StoredSecret, ...]:
        if variable.reference is None:
            return ()
        return tuple(self._stored.secret(variable.name, name) for name in stored_names(variable.reference))


def _arn_of(config: dict[str, Any]) -> str | None:
    arn = config.get("FunctionArn")
    return arn if isinstance(arn, str) else None
