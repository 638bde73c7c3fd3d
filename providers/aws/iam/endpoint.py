"""Function URLs: the AuthType of the URL and the policy of its qualifier, taken together.

Source: Lambda Developer Guide, "Control access to Lambda function URLs" (as of 2026-11): AuthType NONE still needs a
public grant. Which URLs need lambda:InvokeFunction besides lambda:InvokeFunctionUrl: :mod:`.url_permissions`.
"""

from auditor.model.exposure import AccessGrant, AuthMode, Effect, Reach
from auditor.model.observed import Known, Observed
from providers.aws.iam.actions import EXCEPTION, INVOKE, INVOKE_URL
from providers.aws.iam.patterns import covers_action
from providers.aws.iam.url_permissions import UNKNOWN_AGE, SecondPermission

_ANONYMOUS = (Reach.ANONYMOUS, Reach.EVERYONE_BUT, Reach.CONDITIONAL, Reach.UNRECOGNISED)
"""Reaches that a caller without credentials can belong to."""
_DORMANT = "dormant"
_BOTH = "lambda:InvokeFunctionUrl and lambda:InvokeFunction are both granted"
_ONE = "only lambda:InvokeFunctionUrl is granted; {why}, so it counts as reachable"
_LACKING = "dormant: lambda:InvokeFunctionUrl is granted, but lambda:InvokeFunction is not; {why}"


def endpoint_reach(
    auth: AuthMode, grants: Observed[tuple[AccessGrant, ...]], second: SecondPermission = UNKNOWN_AGE
) -> tuple[Observed[Reach], str]:
    """Who can really call a function URL, and why.

    ``grants`` are the judged statements of the URL's own qualifier. ``second`` says whether the URL needs
    lambda:InvokeFunction too; where that is not known, it counts as reachable without.
    """
    if auth not in (AuthMode.NONE, AuthMode.IAM):
        return Known(Reach.UNRECOGNISED, grants.source), f"The AuthType {auth.value} is not one we know."
    if not isinstance(grants, Known):
        why = "the policy of its qualifier could not be read, so who may call it is not known"
        return grants, f"The URL's AuthType is {_word(auth)}, but {why}."
    if auth is AuthMode.NONE:
        reach, reason = _unsigned(grants.value, second)
    else:
        reach, reason = _signed(grants.value, second)
    return Known(reach, grants.source), reason


def _unsigned(grants: tuple[AccessGrant, ...], second: SecondPermission) -> tuple[Reach, str]:
    fitting = [grant for grant in _through(grants, AuthMode.NONE) if grant.reach in _ANONYMOUS]
    if not fitting:
        why = "no statement grants lambda:InvokeFunctionUrl to callers without credentials"
        return Reach.NONE, f"The URL's AuthType is NONE, but it is {_DORMANT}: {why}."
    widest = min(fitting, key=lambda grant: grant.reach.rank)
    both = any(grant.unsigned for grant in grants if _gives(grant, INVOKE, AuthMode.NONE))
    if second.needed and not both:
        return Reach.NONE, f"The URL's AuthType is NONE, but it is {_LACKING.format(why=second.why)}."
    head = "Callers need no credentials: the URL's AuthType is NONE and"
    return widest.reach, f"{head} {_label(widest)} admits them ({_clause(second, both=both)})."


def _signed(grants: tuple[AccessGrant, ...], second: SecondPermission) -> tuple[Reach, str]:
    base = "The URL's AuthType is AWS_IAM"
    fitting = [grant for grant in _through(grants, AuthMode.IAM) if grant.reach is not Reach.SCOPED]
    own = f"{base} and no statement admits outsiders: only identities of this account that are allowed to call it."
    if not fitting:
        return Reach.SCOPED, own
    widest = min(fitting, key=lambda grant: grant.reach.rank)
    reach = Reach.ANY_PRINCIPAL if widest.reach is Reach.ANONYMOUS else widest.reach
    both = any(grant.reach is not Reach.SCOPED for grant in grants if _gives(grant, INVOKE, AuthMode.IAM))
    if second.needed and not both:
        return Reach.SCOPED, f"{base}; for outsiders the URL is {_LACKING.format(why=second.why)}."
    clause = _clause(second, both=both)
    return reach, f"{base}, so calls are signed, but {_label(widest)} admits more ({clause}): {widest.reason}"


def _through(grants: tuple[AccessGrant, ...], auth: AuthMode) -> list[AccessGrant]:
    """Live Allow statements that give lambda:InvokeFunctionUrl through a URL of this AuthType."""
    return [grant for grant in grants if _gives(grant, INVOKE_URL, auth)]


def _gives(grant: AccessGrant, action: str, auth: AuthMode) -> bool:
    if grant.effect is not Effect.ALLOW or grant.reach is Reach.NONE or not grant.invokes:
        return False
    if grant.through_endpoint not in (None, auth, AuthMode.UNRECOGNISED):
        return False
    excluded = tuple(name.removeprefix(EXCEPTION) for name in grant.actions if name.startswith(EXCEPTION))
    if excluded:
        return not any(covers_action(pattern, action) for pattern in excluded)
    return any(covers_action(pattern, action) for pattern in grant.actions)


def _clause(second: SecondPermission, *, both: bool) -> str:
    if both:
        return _BOTH
    if second.needed is False:
        return f"lambda:InvokeFunctionUrl is enough: {second.why}"
    return _ONE.format(why=second.why)


def _label(grant: AccessGrant) -> str:
    return f'statement "{grant.sid}"' if grant.sid else f"statement {grant.index + 1}"


def _word(auth: AuthMode) -> str:
    return {AuthMode.NONE: "NONE", AuthMode.IAM: "AWS_IAM"}.get(auth, auth.value)
