"""The keys that users made of a service account, as ``projects.serviceAccounts.keys.list`` tells them.

Members by the REST reference of IAM v1 (ServiceAccountKey): a key that never ends is valid until 9999-12-31, one that
was switched off has ``disabled``, and ``keyOrigin`` says whether Google made the pair or its public half was uploaded.
"""

from datetime import date
from typing import Any, Final

from auditor.model.identity import IdentityKey
from auditor.model.observed import Observed, Unknown
from providers.gcp.normalize.answers import Answers, known
from providers.gcp.normalize.fields import Enumeration, UnreadableError, optional_flag, text

_LIST: Final = "iam:ListServiceAccountKeys"
_NEVER: Final = "9999-12-31"
_USER: Final = "USER_MANAGED"
_UPLOADED: Final[Enumeration[bool]] = Enumeration(USER_PROVIDED=True, GOOGLE_PROVIDED=False)


def account_keys(answers: Answers, email: str) -> tuple[Observed[tuple[IdentityKey, ...]], ...]:
    """The keys of one account, and why there may be more; none where Google says that there is no such account."""
    listed = answers.readable(answers.listed(_LIST, "keys", subject=f"projects/-/serviceAccounts/{email}"), _key)
    return (known(listed.items, _LIST), *(() if listed.gap is None else (Unknown(listed.gap),)))


def _key(body: dict[str, Any]) -> IdentityKey:
    if text(body, "keyType") != _USER:  # no other kind was asked for
        raise UnreadableError("a key is listed that is not USER_MANAGED")
    ends = _day(text(body, "validBeforeTime"))
    return IdentityKey(
        id=text(body, "name"),
        created=_day(text(body, "validAfterTime")),
        expires=None if ends == _NEVER else ends,
        enabled=not optional_flag(body, "disabled"),
        uploaded=_UPLOADED.read(body, "keyOrigin"),
    )


def _day(moment: str) -> str:
    try:
        return date.fromisoformat(moment[:10]).isoformat()
    except ValueError as error:
        raise UnreadableError(f"{moment!r} is no time") from error
