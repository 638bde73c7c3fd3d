"""Who may invoke a function, and at which address: ingress, policy, identity-aware proxy and the invoker switch joined.

The first generation keeps its invokers on the function, the others on their Cloud Run service. What a project, a
folder or an organisation grants holds on every function below.
"""

from typing import Any, Final

from auditor.model.exposure import AccessGrant, AuthMode, Endpoint, QualifiedPolicy, Reach
from auditor.model.ingress import IngressScope
from auditor.model.observed import GapReason, Known, Observed, Unknown
from providers.gcp.iam.grants import Question
from providers.gcp.iam.roles import CHANGE_FUNCTION, CHANGE_SERVICE, INVOKE_FUNCTION, INVOKE_SERVICE
from providers.gcp.normalize.answers import Told, known
from providers.gcp.normalize.fields import UnreadableError, member, optional_flag, optional_text
from providers.gcp.normalize.function_list import Entry
from providers.gcp.normalize.project_index import Grants, ProjectIndex

FUNCTION_POLICY: Final = "functions:GetIamPolicy"
SERVICE_POLICY: Final = "run:GetIamPolicy"

OF_FUNCTION: Final = Question(invokes=(INVOKE_FUNCTION,), modifies=CHANGE_FUNCTION)
OF_SERVICE: Final = Question(invokes=(INVOKE_SERVICE,), modifies=CHANGE_SERVICE)

_NARROW: Final = {
    IngressScope.INTERNAL: "only the project's own networks reach it",
    IngressScope.INTERNAL_AND_BALANCER: "only the project's own networks and its load balancers reach it",
    IngressScope.NONE: "no traffic is allowed",
}


class Exposures:
    """Policies and endpoints of the functions of one project."""

    def __init__(self, estate: ProjectIndex, project: str) -> None:
        self._estate = estate
        self._project = project

    def policies(self, entry: Entry) -> tuple[QualifiedPolicy, ...]:
        """The function's own policy, then that of every level above it that lets somebody in or could not be read.

        Each stays by itself, so that what it grants names the answer that it was read from.
        """
        if entry.generation is None:
            return (QualifiedPolicy(qualifier=None, statements=self._untold(entry)),)
        question = OF_FUNCTION if entry.generation == 1 else OF_SERVICE
        above = (held for _, held in self._estate.inherited(self._project, question) if not held.known or held.value)
        groups = (*self._own(entry, question), *above)
        return tuple(QualifiedPolicy(qualifier=None, statements=statements) for statements in dict.fromkeys(groups))

    def _own(self, entry: Entry, question: Question) -> tuple[Observed[Grants], ...]:
        told = self._policy(entry)
        if isinstance(told, Unknown):
            return (told,)
        if told.value is None:
            return (known((), told.source),)
        return self._estate.groups(Known(told.value, told.source), question, self._project)

    def _policy(self, entry: Entry) -> Observed[Told | None]:
        if entry.generation == 1:
            return self._estate.asked(self._project, FUNCTION_POLICY, entry.name.text)
        if entry.record is None:
            return self._of_service(entry.name.text)
        named = entry.record.fact(lambda body: optional_text(member(body, "serviceConfig"), "service"))
        if isinstance(named, Known) and named.value:
            return self._of_service(named.value)
        if isinstance(entry.service, Known):
            return self._of_service(entry.service.value.name)
        return entry.service if isinstance(named, Known) else named

    def _of_service(self, name: str) -> Observed[Told | None]:
        return self._estate.asked(self._project, SERVICE_POLICY, self._estate.canonical(name))

    def _untold(self, entry: Entry) -> Unknown:
        answers = self._estate.projects[self._project].answers
        message = "the generation of the function could not be told, and so not where its invokers are"
        return Unknown(answers.gap(entry.source, GapReason.MALFORMED, message, entry.name.text))

    def endpoints(
        self, entry: Entry, scope: Observed[IngressScope], policies: tuple[QualifiedPolicy, ...]
    ) -> Observed[tuple[Endpoint, ...]]:
        """The address of the function, none for a first-generation function that only events start."""
        url = address(entry)
        if isinstance(url, Unknown):
            return url
        if url.value is None:
            return known((), url.source)
        auth = _auth(entry)
        if isinstance(auth, Unknown):
            return auth
        reach, reason = _reach(entry, auth, scope, policies)
        endpoint = Endpoint(
            url=url.value,
            qualifier=None,
            auth=auth.value,
            cors=None,
            reach=reach,
            reach_reason=reason,
            source=auth.source,
        )
        return known((endpoint,), auth.source)


def address(entry: Entry) -> Observed[str | None]:
    """The URL a function answers on, Known(None) for one that events alone start."""
    told = entry.told
    if isinstance(told, Unknown):
        return told
    if entry.record is None:
        return told.value.fact(_service_url)
    found = told.value.fact(lambda body: _record_url(body, entry.generation))
    if isinstance(found, Known) or isinstance(entry.service, Unknown):
        return found
    return entry.service.value.fact(_service_url)


def _record_url(body: dict[str, Any], generation: int | None) -> str | None:
    if generation == 1 and "eventTrigger" in body:
        return None  # started by events alone: it has no address
    url = optional_text(member(body, "serviceConfig"), "uri") or optional_text(body, "url")
    if not url:
        raise UnreadableError("the function has no address")
    return url


def _service_url(body: dict[str, Any]) -> str | None:
    url = optional_text(body, "uri")
    if not url and not optional_flag(body, "defaultUriDisabled"):
        raise UnreadableError("uri is missing")
    return url or None


def _auth(entry: Entry) -> Observed[AuthMode]:
    if entry.generation == 1:
        return known(AuthMode.IAM, entry.source)
    if isinstance(entry.service, Unknown):
        return entry.service
    return entry.service.value.fact(_mode)


def _mode(body: dict[str, Any]) -> AuthMode:
    if optional_flag(body, "iapEnabled"):
        return AuthMode.IDENTITY_PROVIDER
    return AuthMode.NONE if optional_flag(body, "invokerIamDisabled") else AuthMode.IAM


def _reach(
    entry: Entry, auth: Known[AuthMode], scope: Observed[IngressScope], policies: tuple[QualifiedPolicy, ...]
) -> tuple[Observed[Reach], str]:
    """How far the address reaches: what the network lets in, then what is asked of callers, then who may pass."""
    if isinstance(scope, Known) and scope.value in _NARROW:
        return known(Reach.SCOPED, scope.source), f"ingress: {_NARROW[scope.value]}"
    if _hidden(entry):
        return known(Reach.SCOPED, entry.service.source), "its default address is switched off"
    if isinstance(scope, Unknown):
        return scope, ""
    if auth.value is AuthMode.NONE:
        reason = "The invoker IAM check is switched off (invokerIamDisabled): everyone may call, without any binding"
        return known(Reach.ANONYMOUS, auth.source), reason
    if auth.value is AuthMode.IDENTITY_PROVIDER:
        return known(Reach.SCOPED, auth.source), "Identity-Aware Proxy asks callers to sign in"
    return _widest(policies)


def _hidden(entry: Entry) -> bool:
    service = entry.service
    return isinstance(service, Known) and service.value.body.get("defaultUriDisabled") is True


def _widest(policies: tuple[QualifiedPolicy, ...]) -> tuple[Observed[Reach], str]:
    """The widest invoker; unknown where some are, unless those known are the public already."""
    worst: tuple[AccessGrant, str] | None = None
    gap: Unknown | None = None
    source = ""
    for policy in policies:
        if isinstance(policy.statements, Unknown):
            gap = gap or policy.statements
            continue
        source = source or policy.statements.source
        for grant in policy.statements.value:
            counts = grant.invokes or grant.reach is Reach.UNRECOGNISED
            if counts and (worst is None or grant.reach.rank < worst[0].reach.rank):
                worst = (grant, policy.statements.source)
    if worst is not None and (gap is None or worst[0].reach.public):
        return known(worst[0].reach, worst[1]), worst[0].reason
    if gap is not None:
        return gap, ""
    return known(Reach.NONE, source), "no member is allowed to invoke it"
