"""What the conditions of an identity's own statement leave of it.

The keys and operators are those of resource policies, but the question is another one. There a condition may keep
strangers out; here the caller is the identity itself, so a condition on who calls hardly ever stops it, one on where,
when or how it calls leaves the same powers, and only one on what is called makes the statement smaller. One that the
calls of a function's role never meet makes it nothing: a role session carries no user name, no MFA and no source.
"""

from collections.abc import Iterable

from auditor.model.identity import Conditions
from auditor.model.wildcards import covers
from providers.aws.iam.condition_scope import ConditionScope, Width
from providers.aws.iam.conditions import judge_conditions, present_keys
from providers.aws.iam.contradictions import contradiction
from providers.aws.iam.document import Condition
from providers.aws.iam.keys import Subject, subject_of
from providers.aws.iam.operators import Operator, read_operator
from providers.aws.iam.policy_owner import PolicyOwner

_HOW = frozenset(
    "aws:securetransport aws:currenttime aws:epochtime aws:useragent aws:referer aws:requestedregion "  # noqa: SIM905
    "aws:ischinaregion aws:multifactorauthpresent aws:multifactorauthage aws:tokenissuetime aws:sourceidentity "
    "aws:username aws:principaltype aws:vpcsourceip aws:ec2instancesourceprivateipv4 aws:viaawsservice aws:calledvia "
    "aws:calledviafirst aws:calledvialast aws:chatbotsourcearn aws:assumedroot aws:ismcpserviceaction "
    "aws:viaawsmcpservice".split()
)
"""Keys about the circumstances of a call. The other request keys tell what is called, or with which content."""
_ALWAYS = frozenset({"aws:securetransport", "aws:currenttime", "aws:epochtime", "aws:requestedregion"})
"""Those that every call carries, so that IfExists makes no difference."""
ABSENT = frozenset(
    {"aws:username", "aws:multifactorauthpresent", "aws:multifactorauthage", "aws:federatedprovider"}
    | {"ec2:sourceinstancearn", "ec2:roledelivery", "aws:ec2instancesourcevpc", "aws:ec2instancesourceprivateipv4"}
    | {"aws:chatbotsourcearn"}
)
"""Keys that the session of a function's role never has ("AWS global condition context keys", availability of each)."""
_SESSION = "assumedrole"
"""What aws:PrincipalType is for such a session."""
_SERVICE = frozenset({Subject.SERVICE_FLAG, Subject.SERVICE_NAME})
_PLACE = frozenset({Subject.ADDRESS, Subject.PLACE, Subject.PLACE_ACCOUNT})
_RESOURCE = frozenset({Subject.RESOURCE_ACCOUNT, Subject.RESOURCE_ORG})
_OWN_RESOURCES = frozenset({"*", "${aws:PrincipalAccount}", "${aws:PrincipalOrgID}"})


def weigh_conditions(conditions: Iterable[Condition], home: PolicyOwner) -> Conditions:
    """The strongest of a statement's conditions, since all must hold; VACUOUS where there is none."""
    listed = tuple(conditions)
    if contradiction(listed, home.today):
        return Conditions.NEVER
    present = present_keys(listed)
    weights = (
        _weigh(condition, narrowing, present, home)
        for condition, narrowing in zip(listed, judge_conditions(listed, home), strict=True)
    )
    return max(weights, key=list(Conditions).index, default=Conditions.VACUOUS)


def _weigh(condition: Condition, narrowing: ConditionScope, present: frozenset[str], home: PolicyOwner) -> Conditions:
    operator, subject, key = read_operator(condition.operator), subject_of(condition.key), condition.key.lower()
    if not operator.known:  # it may leave everything: counted, and named
        return Conditions.CIRCUMSTANCE
    if subject in _SERVICE or subject.about_source or key in ABSENT:
        return _absent(condition, operator, key, present)
    if operator.base == "null":
        return _null(condition, subject, key)
    if key == "aws:principaltype":
        return _session(condition, operator)
    lax = operator.holds_when_missing and key not in present
    if subject.about_caller:
        return _caller(subject, narrowing, lax=lax or operator.negated)
    if subject in _PLACE:
        return _place(subject, operator, narrowing, lax=lax)
    if subject in _RESOURCE:
        return _resource(condition, operator, home)
    if key.split("/", 1)[0] in _HOW:
        return _how(condition, operator, key, lax=lax)
    return _what(key, subject, lax=lax or operator.negated)


def _absent(condition: Condition, operator: Operator, key: str, present: frozenset[str]) -> Conditions:
    """A condition on what the role's own calls do not carry: met where a missing key meets it, else never."""
    wanted = {value.lower() for value in condition.values}
    if key == "aws:principalisawsservice":  # always there, and false
        return Conditions.NEVER if operator.base == "bool" and wanted == {"true"} else Conditions.VACUOUS
    if operator.base == "null":
        return Conditions.NEVER if wanted == {"false"} else Conditions.VACUOUS
    met = operator.holds_when_missing and key not in present
    return Conditions.VACUOUS if met else Conditions.NEVER


def _session(condition: Condition, operator: Operator) -> Conditions:
    wanted = {value.lower() for value in condition.values}
    met = any(covers(value, _SESSION) for value in wanted)
    return Conditions.NEVER if met is operator.negated else Conditions.VACUOUS


def _null(condition: Condition, subject: Subject, key: str) -> Conditions:
    wanted = {value.lower() for value in condition.values}
    if wanted != {"false"}:  # the key must be missing, as it is from nearly every call
        return Conditions.VACUOUS if "false" in wanted else Conditions.CIRCUMSTANCE
    if subject.about_caller:
        return Conditions.CIRCUMSTANCE if subject is Subject.CALLER_CLAIM else Conditions.VACUOUS
    circumstance = subject in _PLACE or subject in _RESOURCE or key in _HOW
    return Conditions.CIRCUMSTANCE if circumstance else Conditions.NARROWING


def _caller(subject: Subject, narrowing: ConditionScope, *, lax: bool) -> Conditions:
    """The identity meets what is open or its own; what names another account it never meets."""
    if lax or narrowing.width <= Width.SIGNED:
        return Conditions.VACUOUS
    if narrowing.width is Width.OWN and subject is Subject.CALLER_ACCOUNT:
        return Conditions.VACUOUS
    return Conditions.NEVER if narrowing.width in (Width.FOREIGN, Width.NOBODY) else Conditions.CIRCUMSTANCE


def _place(subject: Subject, operator: Operator, narrowing: ConditionScope, *, lax: bool) -> Conditions:
    if operator.negated or (lax and subject is Subject.ADDRESS):
        return Conditions.CIRCUMSTANCE
    return Conditions.VACUOUS if narrowing.width is Width.EVERYBODY else Conditions.CIRCUMSTANCE


def _resource(condition: Condition, operator: Operator, home: PolicyOwner) -> Conditions:
    if operator.negated:
        return Conditions.CIRCUMSTANCE
    if any(value in _OWN_RESOURCES or value == home.account for value in condition.values):
        return Conditions.VACUOUS
    foreign = subject_of(condition.key) is Subject.RESOURCE_ACCOUNT
    return Conditions.NARROWING if foreign else Conditions.CIRCUMSTANCE


def _how(condition: Condition, operator: Operator, key: str, *, lax: bool) -> Conditions:
    missing = lax and not operator.negated and key not in _ALWAYS
    open_value = not operator.negated and operator.base.endswith("like") and "*" in condition.values
    direct = key == "aws:viaawsservice" and {value.lower() for value in condition.values} == {"false"}
    return Conditions.VACUOUS if missing or open_value or direct else Conditions.CIRCUMSTANCE


def _what(key: str, subject: Subject, *, lax: bool) -> Conditions:
    """A condition on what is called; one that holds where its key is missing leaves all other calls alone."""
    newer = subject is Subject.UNRECOGNISED and key.startswith("aws:")  # of every call, and we cannot tell what
    return Conditions.CIRCUMSTANCE if lax or newer else Conditions.NARROWING
