"""One condition of a policy statement, judged: how much of everybody does it leave?

Sources: "IAM JSON policy elements: Condition operators" (missing keys, IfExists, ForAllValues) in the IAM User Guide.
"""

from collections.abc import Callable, Iterable
from functools import partial

from auditor.model.exposure import AuthMode
from providers.aws.iam.condition_scope import ConditionScope, Width, widest
from providers.aws.iam.document import Condition
from providers.aws.iam.ip_ranges import judge_addresses
from providers.aws.iam.keys import WORDS, Subject, subject_of
from providers.aws.iam.operators import read_operator
from providers.aws.iam.patterns import is_account, is_fixed
from providers.aws.iam.policy_owner import PolicyOwner
from providers.aws.iam.sources import judge_account, judge_caller_arn, judge_source_arn

_AUTH = {"NONE": AuthMode.NONE, "AWS_IAM": AuthMode.IAM}


def judge_conditions(conditions: Iterable[Condition], home: PolicyOwner) -> tuple[ConditionScope, ...]:
    """Each condition of one statement, judged; a ``Null: false`` on a key makes IfExists and ForAllValues strict."""
    listed = tuple(conditions)
    present = present_keys(listed)
    return tuple(judge_condition(condition, home, present) for condition in listed)


def present_keys(conditions: Iterable[Condition]) -> frozenset[str]:
    """The keys, in lower case, that a ``Null: false`` demands of the request."""
    return frozenset(
        condition.key.lower()
        for condition in conditions
        if read_operator(condition.operator).base == "null" and _booleans(condition) == {"false"}
    )


def judge_condition(condition: Condition, home: PolicyOwner, present: frozenset[str] = frozenset()) -> ConditionScope:
    """What a single condition leaves of everybody. ``present`` are keys known to be in the request."""
    key, operator, subject = condition.key, read_operator(condition.operator), subject_of(condition.key)
    if not operator.known:
        return _unrecognised(f"the condition operator {condition.operator} is not known to us")
    if subject is Subject.UNRECOGNISED:
        return _unrecognised(f"the condition key {key} is not known to us")
    if operator.base == "null":
        return _null(condition, subject)
    if operator.negated:
        return _negated(condition, subject)
    if operator.holds_when_missing and key.lower() not in present:
        why = f"{condition.operator} on {key} lets requests without the key through and restricts nothing"
        return ConditionScope(Width.EVERYBODY, why)
    if operator.measures or operator.base == "binaryequals" or subject is Subject.REQUEST:
        return _request(key, subject)
    return _positive(condition, subject, home)


def _unrecognised(why: str) -> ConditionScope:
    return ConditionScope(Width.EVERYBODY, why, unrecognised=True)


def _request(key: str, subject: Subject) -> ConditionScope:
    why = WORDS.get(key.lower()) or "it says nothing about who calls"
    width = Width.SIGNED if subject.about_caller else Width.EVERYBODY
    return ConditionScope(width, f"{key} restricts nothing: {why}")


def _booleans(condition: Condition) -> set[str]:
    return {value.lower() for value in condition.values}


def _null(condition: Condition, subject: Subject) -> ConditionScope:
    key = condition.key
    if _booleans(condition) != {"false"}:
        if subject in (Subject.DOOR_AUTH, Subject.DOOR_VIA) and _booleans(condition) == {"true"}:
            return ConditionScope(Width.SIGNED, f"Null on {key} leaves only calls that do not come through a URL")
        return ConditionScope(Width.EVERYBODY, f"Null on {key} admits every request that lacks the key")
    why = f"Null on {key} asks only that the key is there, with any value"
    if subject.about_source:
        return ConditionScope(Width.SIGNED, why, of_source=True, open_value=True)
    if subject in (Subject.DOOR_AUTH, Subject.DOOR_VIA):
        return ConditionScope(Width.EVERYBODY, f"{key} says: only through a function URL", through_door=True)
    return ConditionScope(Width.SIGNED if subject.about_caller else Width.EVERYBODY, why)


def _negated(condition: Condition, subject: Subject) -> ConditionScope:
    key, values = condition.key, ", ".join(condition.values)
    if subject in (Subject.REQUEST, Subject.DOOR_VIA):
        return _request(key, subject)
    if subject is Subject.DOOR_AUTH:
        if "NONE" in condition.values:
            return ConditionScope(Width.SIGNED, f"{key} excludes URLs with AuthType NONE", door=AuthMode.IAM)
        return ConditionScope(Width.EVERYBODY, f"{condition.operator} on {key} {values} still admits unsigned calls")
    return ConditionScope(Width.EXCEPT, f"{condition.operator} on {key} excludes only {values}")


def _positive(condition: Condition, subject: Subject, home: PolicyOwner) -> ConditionScope:
    key = condition.key
    if not condition.values:
        return ConditionScope(Width.EVERYBODY, f"{key} has no value and is not counted on", open_value=True)
    if subject is Subject.ADDRESS:
        return judge_addresses(key, condition.values)
    judge = _JUDGES[subject]
    return widest(judge(key, value, home) for value in condition.values)


def _account(key: str, value: str, home: PolicyOwner) -> ConditionScope:
    source = subject_of(key).about_source
    if value == "${aws:ResourceAccount}":
        return judge_account(key, home.account, home, shown=value, of_source=source, of_caller=not source)
    if is_account(value):
        return judge_account(key, value, home, of_source=source, of_caller=not source)
    why = f'{key} "{value}" is no fixed account and restricts nothing'
    return ConditionScope(Width.SIGNED, why, of_source=source, of_caller=not source, open_value=True)


def _organisation(key: str, value: str, home: PolicyOwner) -> ConditionScope:
    source = subject_of(key).about_source
    path = subject_of(key) in (Subject.CALLER_ORG_PATH, Subject.SOURCE_ORG_PATH)
    organisation = value.split("/", 1)[0] if path else value
    narrowing = partial(ConditionScope, of_source=source, of_caller=not source)
    if value == "${aws:ResourceOrgID}" or (home.organization and organisation == home.organization):
        return narrowing(
            Width.ORGANISATION, f"{key} fixes {value}, the account's own organisation", own_organization=True
        )
    if not (is_fixed(organisation) and organisation.startswith("o-")):
        why = f'{key} "{value}" is no fixed organisation and restricts nothing'
        return narrowing(Width.SIGNED, why, open_value=True)
    if home.organization is None:
        own = "whether it is the account's own is unknown (organizations:DescribeOrganization)"
        why = f"{key} fixes organisation {value}; {own}"
        return narrowing(Width.ORGANISATION, why)
    return narrowing(Width.FOREIGN, f"{key} fixes {value}, another organisation")


def _claim(key: str, value: str, _home: PolicyOwner) -> ConditionScope:
    if is_fixed(value.removesuffix(":*")):
        return ConditionScope(
            Width.CONDITION, f"only with {key} as given, which is no proof of who calls", of_caller=True
        )
    return ConditionScope(
        Width.SIGNED, f'{key} "{value}" is open and restricts nothing', of_caller=True, open_value=True
    )


def _place(key: str, value: str, _home: PolicyOwner) -> ConditionScope:
    if value.lower() == "false" or not is_fixed(value.split("/", 1)[0]):
        return ConditionScope(
            Width.EVERYBODY, f'{key} "{value}" is open and restricts nothing', open_value="*" in value
        )
    return ConditionScope(Width.CONDITION, f"only through {key} {value}")


def _place_account(key: str, value: str, home: PolicyOwner) -> ConditionScope:
    if not is_account(value):
        return ConditionScope(Width.EVERYBODY, f'{key} "{value}" is open and restricts nothing', open_value=True)
    if home.owns(value):
        return ConditionScope(
            Width.CONDITION, "only through a VPC endpoint of this account, with anybody's credentials"
        )
    return ConditionScope(Width.FOREIGN, f"only through a VPC endpoint of another account ({value})")


def _service_flag(key: str, value: str, _home: PolicyOwner) -> ConditionScope:
    if value.lower() == "true":
        return ConditionScope(Width.SERVICES, f"{key} admits every AWS service, on behalf of any AWS customer")
    return ConditionScope(Width.EVERYBODY, f"{key} false restricts nothing")


def _service_name(key: str, value: str, _home: PolicyOwner) -> ConditionScope:
    return ConditionScope(Width.SERVICES, f"{key} admits {value}, on behalf of any AWS customer")


def _token(key: str, value: str, _home: PolicyOwner) -> ConditionScope:
    if is_fixed(value):
        return ConditionScope(Width.CONDITION, f"{key} fixes one event source", of_source=True)
    why = f"{key} is open and restricts nothing"
    return ConditionScope(Width.SIGNED, why, of_source=True, open_value=True)


def _door_auth(key: str, value: str, _home: PolicyOwner) -> ConditionScope:
    mode = _AUTH.get(value.upper())
    if mode is AuthMode.NONE:
        why = f"{key} NONE: through a function URL that asks for no credentials"
        return ConditionScope(Width.EVERYBODY, why, door=mode, through_door=True)
    if mode is AuthMode.IAM:
        why = f"{key} AWS_IAM: through a function URL, with a signed call"
        return ConditionScope(Width.SIGNED, why, door=mode, through_door=True)
    return ConditionScope(
        Width.EVERYBODY,
        f"the AuthType {value} of {key} is not known to us",
        unrecognised=True,
        door=AuthMode.UNRECOGNISED,
        through_door=True,
    )


def _door_via(key: str, value: str, _home: PolicyOwner) -> ConditionScope:
    if value.lower() == "true":
        why = f"{key}: only through a function URL, as open as the URL's AuthType, and dormant while there is none"
        return ConditionScope(Width.EVERYBODY, why, through_door=True)
    return ConditionScope(Width.SIGNED, f"{key} false: not through a function URL, so every call is signed")


def _resource(key: str, value: str, home: PolicyOwner) -> ConditionScope:
    """The resource is our own: only a comparison with the caller's side narrows."""
    if value == "${aws:PrincipalAccount}":
        return ConditionScope(Width.OWN, f"{key} equals the caller's account", of_caller=True)
    if value == "${aws:PrincipalOrgID}":
        return ConditionScope(Width.ORGANISATION, f"{key} equals the caller's organisation", of_caller=True)
    if value in ("${aws:SourceAccount}", "${aws:SourceOrgID}"):
        width = Width.OWN if value == "${aws:SourceAccount}" else Width.ORGANISATION
        return ConditionScope(width, f"{key} equals that of the source", of_source=True)
    return ConditionScope(
        Width.EVERYBODY, f"{key} {value} is about the resource (account {home.account}), not the caller"
    )


_JUDGES: dict[Subject, Callable[[str, str, PolicyOwner], ConditionScope]] = {
    Subject.CALLER_ORG: _organisation,
    Subject.CALLER_ORG_PATH: _organisation,
    Subject.CALLER_ACCOUNT: _account,
    Subject.CALLER_ARN: judge_caller_arn,
    Subject.CALLER_CLAIM: _claim,
    Subject.SERVICE_FLAG: _service_flag,
    Subject.SERVICE_NAME: _service_name,
    Subject.SOURCE_ARN: judge_source_arn,
    Subject.SOURCE_ACCOUNT: _account,
    Subject.SOURCE_ORG: _organisation,
    Subject.SOURCE_ORG_PATH: _organisation,
    Subject.SOURCE_TOKEN: _token,
    Subject.PLACE: _place,
    Subject.PLACE_ACCOUNT: _place_account,
    Subject.DOOR_AUTH: _door_auth,
    Subject.DOOR_VIA: _door_via,
    Subject.RESOURCE_ACCOUNT: _resource,
    Subject.RESOURCE_ORG: _resource,
}
