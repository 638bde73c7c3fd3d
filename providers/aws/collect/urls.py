"""Which functions are asked for their URLs anew, where an earlier run was told of them.

Whatever calls a function URL from outside the account needs a statement of a resource policy that allows
lambda:InvokeFunctionUrl (Lambda Developer Guide, "Control access to Lambda function URLs", read in November 2026). A
function whose policy changed, but admits no caller of a URL, and which has neither a version nor an alias with a policy
of its own, is therefore not asked at once for a URL that it did not have: the earlier answer goes by its age.
"""

from collections.abc import Callable
from threading import Lock
from typing import Final

from auditor.model.exposure import Effect
from providers.aws.iam.document import PolicyMalformedError, Statement, parse_document

_ACTION: Final = "lambda:invokefunctionurl"


def may_admit_to_a_url(policy: str) -> bool:
    """Whether a policy can admit a caller of a URL: a superset, for it only decides whether one more call is made."""
    try:
        return any(map(_may_admit, parse_document(policy))) if policy else False
    except PolicyMalformedError:
        return True


def _may_admit(statement: Statement) -> bool:
    if statement.effect is not Effect.ALLOW:
        return False
    odd = statement.not_actions or statement.unknown_elements
    return bool(odd) or any(
        action.lower() == _ACTION or any(mark in action for mark in "*?$") for action in statement.actions
    )


class UrlQuestions:
    """Asks for the URLs of functions that changed, once it is known of each whether that can matter. Thread-safe.

    ``ask`` is given a function's ARN and whether its earlier answer may stand until it is too old.
    """

    def __init__(self, ask: Callable[[str, bool], None]) -> None:
        self._ask = ask
        self._lock = Lock()
        self._known: dict[str, set[str]] = {}
        self._anew: set[str] = set()

    def policy(self, arn: str, *, matters: bool) -> None:
        """Notes what the policy of a function says."""
        self._note(arn, "policy", matters=matters)

    def versions(self, arn: str, *, any_published: bool) -> None:
        """Notes whether a function has, or may have, versions and aliases."""
        self._note(arn, "versions", matters=any_published)

    def _note(self, arn: str, what: str, *, matters: bool) -> None:
        with self._lock:
            known = self._known.setdefault(arn, set())
            known.add(what)
            if matters:
                self._anew.add(arn)
            ready, anew = len(known) == 2, arn in self._anew
        if ready:
            self._ask(arn, not anew)
