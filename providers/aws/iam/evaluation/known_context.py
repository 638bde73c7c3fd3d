"""What is known of a request's context before it is made: from who asks, and from action and resource.

Source: IAM User Guide, "AWS global condition context keys" (availability of each) and the Service Authorization
Reference (the keys of each action). A key is only called absent where these say that such a request never has it.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from functools import cache
from typing import Final

from auditor.analysis.permissions.decision import RESOURCE_TAGS
from auditor.analysis.service_authorization import Action, prefixes
from providers.aws.arn import parse_arn
from providers.aws.iam.evaluation.callers import Caller, CallerKind
from providers.aws.iam.evaluation.context import PRESENT, UNTRUE, State
from providers.aws.iam.evaluation.request import listed
from providers.aws.iam.patterns import is_fixed

_TYPES: Final = {
    CallerKind.USER: "User",
    CallerKind.ROLE: "AssumedRole",
    CallerKind.SESSION: "AssumedRole",
    CallerKind.ROOT: "Account",
    CallerKind.FEDERATED: "FederatedUser",
}
_OF_SERVICES: Final = (
    *("aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths"),
    *("aws:principalservicename", "aws:principalservicenameslist"),
)
"""Keys of requests that a service makes as itself; no identity's request has them."""
_OF_REQUESTED_TAGS: Final = ("aws:tagkeys", "aws:requesttag/")
_TRAVELLING: Final = frozenset(
    {"lambda:sourcefunctionarn", "ec2:sourceinstancearn", "ec2:roledelivery", "ssm:sourceinstancearn"}
    | {"glue:roleassumedby", "glue:credentialissuingservice", "identitystore:userid", "codebuild:projectarn"}
    | {
        "sts:externalid",
        "sts:rolesessionname",
        "sts:sourceidentity",
        "sts:transitivetagkeys",
        "sts:multifactorauthpresent",
    }
)
"""Keys of one service that requests to another can carry: they belong to the credentials."""
_WORLDWIDE: Final = frozenset({"iam", "organizations", "route53", "cloudfront", "globalaccelerator", "waf", "shield"})
"""Services that every region's callers reach in us-east-1."""
_TAG: Final = "aws:principaltag/"


def caller_context(
    caller: Caller,
    *,
    day: date | None = None,
    organization: str | None = None,
    tags: Mapping[str, str] | None = None,
    tags_are_all: bool = False,
    of_services: bool = False,
) -> Mapping[str, State]:
    """What is known of a caller's requests. ``tags_are_all``: no session of it can carry further tags;
    ``of_services``: only services begin its sessions, and those present no MFA device.
    """
    known: dict[str, State] = {"aws:securetransport": ("true",)}  # the caller is free to use TLS
    if day is not None:
        begin = datetime(day.year, day.month, day.day, tzinfo=UTC)
        known |= {"aws:currenttime": (begin.isoformat(),), "aws:epochtime": (str(int(begin.timestamp())),)}
    if caller.kind is CallerKind.SERVICE:
        known |= {"aws:principalisawsservice": ("true",), "aws:principalservicename": (caller.id,)}
        return known
    known["aws:principalisawsservice"] = ("false",)
    known.update(dict.fromkeys(_OF_SERVICES, ()))
    if caller.kind is CallerKind.ANONYMOUS:
        return known | {"aws:principaltype": ("Anonymous",), "aws:principalarn": (), "aws:principalaccount": ()}
    known |= {
        "aws:principalarn": (caller.role or caller.id,),
        "aws:principalaccount": (caller.account,),
        "aws:principaltype": (_TYPES[caller.kind],),
        "kms:calleraccount": (caller.account,),
        "aws:userid": PRESENT,
    }
    known["aws:username"] = (caller.id.rpartition("/")[2],) if caller.kind is CallerKind.USER else ()
    known["aws:tokenissuetime"] = PRESENT if caller.role else None
    if of_services:
        known |= {"aws:multifactorauthpresent": UNTRUE, "aws:multifactorauthage": ()}
    if organization is not None:
        known["aws:principalorgid"] = (organization,) if organization else ()
    if tags is not None and tags_are_all:
        known |= {_TAG + key.lower(): (value,) for key, value in tags.items()}
        known[_TAG] = ()  # there are no others
    return known


def derived_context(
    action: str, resource: str, account: str, caller: Mapping[str, State], asked: Mapping[str, State] | None = None
) -> Callable[[str], State]:
    """What follows from action and resource, asked key by key. ``asked`` may say that all tags are given."""
    tagged = tuple(prefix for prefix in RESOURCE_TAGS if asked is not None and asked.get(prefix) == ())
    prefix = action.partition(":")[0].lower()

    def derive(key: str) -> State:
        arn, found = parse_arn(resource), listed(action)
        if key == "aws:resourceaccount":
            return (account,) if account and is_fixed(account) else None
        if key == "aws:resourceorgid" and account and caller.get("aws:principalaccount") == (account,):
            return caller.get("aws:principalorgid")
        if key == "aws:requestedregion":
            if prefix in _WORLDWIDE and (arn is None or arn.partition == "aws"):
                return ("us-east-1",)
            return (arn.region,) if arn is not None and is_fixed(arn.region) else PRESENT
        if tagged and key.startswith(tagged):
            return ()
        if key.startswith(_TAG) and caller.get(_TAG) == ():
            return ()
        if key in ("aws:epochtime", "aws:useragent"):
            return PRESENT
        return () if found is not None and _never(key, found) else None

    return derive


def _never(key: str, action: Action) -> bool:
    """Whether AWS's reference says that no request for the action carries the key."""
    prefix = key.partition(":")[0]
    if key in _TRAVELLING:
        return False
    if not (key.startswith(_OF_REQUESTED_TAGS) or (prefix in _prefixes() and prefix != "aws")):
        return False
    return not any(_means(known.lower(), key) for known in action.condition_keys)


def _means(known: str, key: str) -> bool:
    """Whether a key of the reference, which may hold a variable (``aws:RequestTag/${TagKey}``), is the key."""
    fixed, variable, _ = known.partition("${")
    return key.startswith(fixed) if variable else key == known


@cache
def _prefixes() -> frozenset[str]:
    return frozenset(prefixes())
