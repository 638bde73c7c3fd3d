"""What bounds a function's appetite."""

from typing import Any

from auditor.model.limits import Limits
from auditor.model.observed import Observed, Unknown
from providers.aws.normalize.answers import Answers, known
from providers.aws.normalize.fields import choice, number, optional_member
from providers.aws.normalize.get_function import Single

_LISTED = "lambda:ListFunctions"
_RECURSION = "lambda:GetFunctionRecursionConfig"

_DEFAULT_EPHEMERAL = 512
"""MB of /tmp where nothing is said. Lambda API reference, EphemeralStorage: "the default value is 512"."""

_LOOPS = {"Allow": True, "Terminate": False}


class Recursions:
    """Whether the platform lets loops run, function by function."""

    def __init__(self, answers: Answers) -> None:
        self._recursions = answers.subjects(_RECURSION, lambda body: choice(body, "RecursiveLoop", _LOOPS))

    def allowed(self, arn: str) -> Observed[bool]:
        """Known(True) where the loop breaker is off."""
        found = self._recursions.one(arn)
        if isinstance(found, Unknown):
            return found
        return known(bool(found.value), _RECURSION)  # none set: loops are broken, the platform's default


def limits(answers: Answers, config: dict[str, Any], arn: str, single: Single, recursions: Recursions) -> Limits:
    """The limits of a listed function."""
    return Limits(
        timeout_seconds=answers.fact(_LISTED, lambda: number(config, "Timeout"), arn),
        memory_mb=answers.fact(_LISTED, lambda: number(config, "MemorySize"), arn),
        ephemeral_mb=answers.fact(_LISTED, lambda: _ephemeral(config), arn),
        reserved_concurrency=single.concurrency,
        recursion_allowed=recursions.allowed(arn),
        durable=answers.fact(_LISTED, lambda: optional_member(config, "DurableConfig") is not None, arn),
    )


def _ephemeral(config: dict[str, Any]) -> int:
    body = optional_member(config, "EphemeralStorage")
    return _DEFAULT_EPHEMERAL if body is None else number(body, "Size")
