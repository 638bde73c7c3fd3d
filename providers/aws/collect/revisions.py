"""The revisions of functions, now and in the earlier run whose answers may be carried over.

Adding a statement to a policy, or removing one, moves the RevisionId of the function it belongs to, as changes of
configuration, code and tags do. Its URLs, aliases, concurrency and asynchronous settings do not move it. Versions and
aliases have revisions of their own: another one says that something changed; that the same one says that nothing did is
documented nowhere, so their policies are read anew in time.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from providers.answers.json_paths import rows, text
from providers.aws.arn import split_function
from providers.aws.gateway import Gateway
from providers.calls.caller import AnswerKey

_FUNCTIONS: Final = "lambda:ListFunctions"
_VERSIONS: Final = "lambda:ListPublishedVersions"
_ALIASES: Final = "lambda:ListAliases"


class Revisions:
    """Those of one region. The earlier ones are read when the first function comes."""

    def __init__(self, gateway: Gateway, region: str) -> None:
        self._gateway = gateway
        self._region = region
        self._before: dict[str, Mapping[str, str]] = {}

    def function(self, row: Mapping[str, Any]) -> None:
        """Notes the revision of a function that is listed."""
        arn = text(row, "FunctionArn")
        if self._gateway.carrying.possible:
            before = self._earlier(_FUNCTIONS, "", "FunctionArn").get(arn)
            self._gateway.carrying.listed(self._key(arn), text(row, "RevisionId"), before)

    def changed(self, arn: str) -> bool:
        """Whether a function was known to the earlier run, and has another revision by now or none."""
        known = self._gateway.carrying.possible and arn in self._earlier(_FUNCTIONS, "", "FunctionArn")
        return known and not self._gateway.carrying.unchanged(self._key(arn))

    def versions(self, listed: Iterable[Mapping[str, Any]]) -> None:
        """Notes which published versions have another revision than they had."""
        self._moved(listed, _VERSIONS, "", "FunctionArn")

    def aliases(self, function: str, listed: Iterable[Mapping[str, Any]]) -> None:
        """Notes which aliases of a function have another revision than they had."""
        self._moved(listed, _ALIASES, function, "AliasArn")

    def _moved(self, listed: Iterable[Mapping[str, Any]], operation: str, subject: str, member: str) -> None:
        if not self._gateway.carrying.possible:
            return
        before = self._earlier(operation, subject, member)
        for row in listed:
            split = split_function(text(row, member))
            if split is not None and text(row, "RevisionId") != before.get(text(row, member), ""):
                self._gateway.carrying.moved(self._key("#".join(split)))

    def _earlier(self, operation: str, subject: str, member: str) -> Mapping[str, str]:
        """The revisions that a list of the earlier run told, by ARN. One of the whole region is read once."""
        if not subject and operation in self._before:
            return self._before[operation]
        pages = self._gateway.carrying.pages(operation, self._key(subject))
        found = {
            text(row, member): text(row, "RevisionId")
            for page in pages
            for row in rows(page, "Aliases" if operation == _ALIASES else "Functions")
        }
        if not subject:
            self._before[operation] = found
        return found

    def _key(self, subject: str) -> AnswerKey:
        return AnswerKey(self._gateway.scope, self._region, subject)
