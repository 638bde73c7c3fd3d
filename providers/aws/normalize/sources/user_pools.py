"""User pools of Cognito, and the functions that they start when users sign up, sign in or get a message."""

from collections import defaultdict
from typing import Any, Final

from auditor.model.capture import Json
from auditor.model.observed import Gap, Observed, Unknown
from auditor.model.trigger import TriggerKind
from providers.aws.normalize.answers import Answers, known
from providers.aws.normalize.fields import member, optional_flag, optional_member, text
from providers.aws.normalize.sources.reading import EVERYTHING, Delivery, Reading, delivery, is_function

_POOLS: Final = "cognito-idp:ListUserPools"
_POOL: Final = "cognito-idp:DescribeUserPool"
SIGNED_UP: Final = "anyone who signs up"


def user_pools(answers: Answers, partition: str) -> Reading:
    """What user pools start, of those that a policy of a function admits."""
    home = f"arn:{partition}:cognito-idp:{answers.location}:{answers.account}:userpool/"
    listed = answers.readable(answers.pages(_POOLS, "UserPools"), lambda body: home + text(body, "Id"))
    bodies = answers.bodies(_POOL)
    gaps: dict[str, Gap] = {EVERYTHING: listed.gap} if listed.gap else {}
    deliveries: list[Delivery] = []
    for pool in bodies:
        body = bodies.one(pool)
        if isinstance(body, Unknown):
            gaps[pool] = body.gap
            continue
        if body.value is None:
            continue  # deleted since it was listed
        sent = answers.fact(_POOL, lambda body=body.value, pool=pool: _sent(body, pool), pool)  # type: ignore[misc]
        if isinstance(sent, Unknown):
            gaps[pool] = sent.gap
        else:
            deliveries.extend(sent.value)

    def unasked(pool: str) -> Gap | None:
        return None if pool in bodies else answers.missing(_POOL, pool)

    return Reading(
        service="cognito-idp",
        operation=_POOL,
        deliveries=tuple(deliveries),
        gaps=gaps,
        resources=None if listed.gap else frozenset(listed.items),
        unasked=unasked,
        forwards=False,
    )


def _sent(body: Json, pool: str) -> list[Delivery]:
    found = member(body, "UserPool")
    open_to = _open_to(found)
    occasions: defaultdict[str, list[str]] = defaultdict(list)
    for occasion, given in (optional_member(found, "LambdaConfig") or {}).items():  # absent: it starts nothing
        target = given.get("LambdaArn") if isinstance(given, dict) else given
        if isinstance(target, str) and is_function(target):  # one member is the ARN of a key
            occasions[target].append(occasion)
    return [
        delivery(
            function,
            "cognito-idp",
            pool,
            TriggerKind.IDENTITY,
            asynchronous=False,
            filters=sorted(set(each)),
            open_to=open_to,
        )
        for function, each in occasions.items()
    ]


def _open_to(pool: dict[str, Any]) -> Observed[tuple[str, ...]]:
    """Cognito API reference, AdminCreateUserConfigType: users sign up by themselves unless the flag is true."""
    administered = optional_flag(optional_member(pool, "AdminCreateUserConfig") or {}, "AllowAdminCreateUserOnly")
    return known(() if administered else (SIGNED_UP,), _POOL)
