"""Whether a function URL needs one permission or two, by its age and the day of the capture.

Sources: Lambda Developer Guide, "Control access to Lambda function URLs": "starting in October 2025, new function URLs
will require both lambda:InvokeFunctionUrl and lambda:InvokeFunction permissions". AWS Health notice of October 2025 to
accounts that had made a function URL in a Region before: "we have granted a temporary exception from this
authorization model change", to be aligned with "by November 1, 2026" (quoted in serverless/serverless issue 13147).
No later notice that moves the date was found in November 2026.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

RULE_BEGINS: Final = date(2025, 10, 1)
RULE_COMPLETE: Final = date(2025, 11, 1)
"""The rule was brought in during October 2025: of a URL made in that month it is not known."""
EXCEPTION_ENDS: Final = date(2026, 11, 1)


@dataclass(frozen=True, slots=True)
class SecondPermission:
    """Whether lambda:InvokeFunction is needed besides lambda:InvokeFunctionUrl; ``needed`` None: not known.

    ``why`` is a clause that goes on a sentence.
    """

    needed: bool | None
    why: str


UNKNOWN_AGE: Final = SecondPermission(
    None, "a URL made since October 2025 needs lambda:InvokeFunction too, but when this one was made is not known"
)


def second_permission(created: date | None, today: date, *, older_beside: bool = False) -> SecondPermission:
    """What a URL made on ``created`` (None: not known) needs on ``today``.

    ``older_beside``: the account has a URL from before October 2025 in the same region, and so AWS's exception, which
    was given to accounts by region and not to single URLs.
    """
    if created is not None and created >= RULE_COMPLETE and not (older_beside and today < EXCEPTION_ENDS):
        return SecondPermission(True, f"this URL was made on {created}, and URLs made since October 2025 need both")
    if today >= EXCEPTION_ENDS:
        return SecondPermission(
            True, "since 1 November 2026, when AWS's exception for older URLs ended, every URL needs both"
        )
    if created is None:
        return UNKNOWN_AGE
    if created < RULE_BEGINS:
        return SecondPermission(False, "this URL is older than October 2025, and AWS excepts it until 1 November 2026")
    if created < RULE_COMPLETE:
        return SecondPermission(None, "AWS began to ask for lambda:InvokeFunction too in the month this URL was made")
    return SecondPermission(
        None, "AWS excepts accounts with URLs older than October 2025, such as this one, until 1 November 2026"
    )
