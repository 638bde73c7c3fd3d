"""The revisions of functions and versions, now and in the earlier run whose answers may be carried over.

Adding a statement to a policy, or removing one, moves the RevisionId of the function or version it belongs to, as
changes of configuration, code and tags do. Its URLs, aliases, concurrency and asynchronous settings do not move it.
"""

from collections.abc import Mapping

from providers.answers.json_paths import rows, text
from providers.aws.arn import split_function
from providers.aws.gateway import Gateway
from providers.calls.caller import AnswerKey

_FUNCTIONS = "lambda:ListFunctions"
_VERSIONS = "lambda:ListPublishedVersions"


class Revisions:
    """Those of one region. The earlier ones are read when the first function comes."""

    def __init__(self, gateway: Gateway, region: str) -> None:
        self._gateway = gateway
        self._region = region
        self._before: dict[str, Mapping[str, str]] = {}

    def function(self, arn: str, revision: str) -> None:
        """Notes the revision of a function that is listed."""
        self._note(_FUNCTIONS, arn, arn, revision)

    def version(self, arn: str, revision: str) -> None:
        """Notes the revision of a published version that is listed."""
        split = split_function(arn)
        if split is not None and revision:
            self._note(_VERSIONS, arn, "#".join(split), revision)

    def _note(self, operation: str, arn: str, subject: str, revision: str) -> None:
        carrying = self._gateway.carrying
        if not carrying.possible:
            return
        if operation not in self._before:
            pages = carrying.pages(operation, self._gateway.scope, self._region)
            self._before[operation] = {
                text(row, "FunctionArn"): text(row, "RevisionId") for page in pages for row in rows(page, "Functions")
            }
        where = AnswerKey(self._gateway.scope, self._region, subject)
        carrying.listed(where, revision, self._before[operation].get(arn))
