"""Resource policies of functions, qualifier by qualifier, and the URLs they answer on."""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from auditor.model.capture import Envelope, Json, Outcome
from auditor.model.exposure import UNLISTED, AuthMode, Cors, Endpoint, QualifiedPolicy
from auditor.model.observed import LEFT_OUT, Gap, GapReason, Known, Observed, Unknown
from providers.aws.iam.endpoint import endpoint_reach
from providers.aws.iam.policy_owner import ResourceKind
from providers.aws.iam.url_permissions import RULE_BEGINS, second_permission
from providers.aws.normalize.answers import Answers, known
from providers.aws.normalize.fields import (
    items,
    optional_flag,
    optional_member,
    optional_texts,
    required,
    text,
)
from providers.aws.normalize.policies import Grants, judge
from providers.aws.normalize.references import qualified

_POLICY = "lambda:GetPolicy"
_URLS = "lambda:ListFunctionUrlConfigs"

_AUTH = {"NONE": AuthMode.NONE, "AWS_IAM": AuthMode.IAM}


class _Url(NamedTuple):
    url: str
    qualifier: str | None
    auth: AuthMode
    cors: Cors | None
    created: date | None


class Exposures:
    """The policies and endpoints of one location's functions."""

    def __init__(self, answers: Answers, partition: str) -> None:
        self._answers = answers
        self._partition = partition
        self._policies: dict[str, dict[str | None, Observed[Grants]]] = {}
        for envelope in answers.envelopes(_POLICY):
            arn, _, given = envelope.subject.partition("#")
            qualifier = given or None
            read = self._policies.setdefault(arn, {})
            earlier = read.get(qualifier)
            if earlier is None or not earlier.known:
                read[qualifier] = self._judged(envelope, qualifier)
        self._oldest: date | None = None
        self._urls = answers.subjects(_URLS, self._listed)

    def _listed(self, body: Json) -> list[_Url]:
        urls = [_url(item) for item in items(body, "FunctionUrlConfigs")]
        made = [url.created for url in urls if url.created is not None]
        self._oldest = min([*made, self._oldest] if self._oldest else made, default=None)
        return urls

    def _judged(self, envelope: Envelope, qualifier: str | None) -> Observed[Grants]:
        if envelope.outcome is Outcome.GAP:
            return Unknown(self._answers.gap_of(envelope))
        if envelope.outcome is Outcome.ABSENT:
            return known((), _POLICY)
        kind = ResourceKind.FUNCTION if qualifier is None else ResourceKind.ALIAS

        def read() -> Grants:
            return judge(required(envelope.body, "Policy"), self._answers, self._partition, kind, qualifier)

        return self._answers.fact(_POLICY, read, envelope.subject)

    def asked(self, arn: str) -> frozenset[str]:
        """The aliases and versions of a function whose policies were asked for."""
        return frozenset(name for name in self._policies.get(arn, {}) if name is not None)

    def policies(
        self, arn: str, qualifiers: Iterable[str | None], lists: Iterable[Observed[Any]]
    ) -> tuple[QualifiedPolicy, ...]:
        """The policy of the function itself first, then of every qualifier known or asked for.

        ``lists`` are those that name qualifiers: where one could not be read, or names some that were left out, the
        last policy is unknown.
        """
        named = sorted({*self.asked(arn), *(name for name in qualifiers if name is not None)}, key=_by_number)
        own = self._statements(arn, None)
        asked = isinstance(own, Known) or own.gap.reason is not GapReason.NOT_AT_DEPTH
        return (
            QualifiedPolicy(qualifier=None, statements=own),
            *(QualifiedPolicy(qualifier=name, statements=self._statements(arn, name)) for name in named),
            *(_unlisted(lists) if asked else ()),
        )

    def _statements(self, arn: str, qualifier: str | None) -> Observed[Grants]:
        found = self._policies.get(arn, {}).get(qualifier)
        if found is not None:
            return found
        subject = arn if qualifier is None else f"{arn}#{qualifier}"
        return Unknown(self._answers.missing(_POLICY, subject))

    def endpoints(self, arn: str) -> Observed[tuple[Endpoint, ...]]:
        """The URLs of the function and of its aliases."""
        listing = self._answers.flat(self._urls.all(arn), lambda page: page)
        if listing.gap is not None:
            return Unknown(listing.gap)
        return known(tuple(self._endpoint(arn, url) for url in listing.items), _URLS)

    def _endpoint(self, arn: str, url: _Url) -> Endpoint:
        older_beside = self._oldest is not None and self._oldest < RULE_BEGINS
        second = second_permission(url.created, self._answers.day, older_beside=older_beside)
        reach, reason = endpoint_reach(url.auth, self._statements(arn, url.qualifier), second)
        return Endpoint(
            url=url.url,
            qualifier=url.qualifier,
            auth=url.auth,
            cors=url.cors,
            reach=reach,
            reach_reason=reason,
            source=_URLS,
        )


def _url(body: Json) -> _Url:
    _, qualifier = qualified(text(body, "FunctionArn"))
    auth = _AUTH.get(text(body, "AuthType"), AuthMode.UNRECOGNISED)
    return _Url(text(body, "FunctionUrl"), qualifier, auth, _cors(optional_member(body, "Cors")), _created(body))


def _created(body: Json) -> date | None:
    """The day the URL was made; None where it cannot be read, which then counts against the URL."""
    made = body.get("CreationTime")
    try:
        return date.fromisoformat(made[:10]) if isinstance(made, str) else None
    except ValueError:
        return None


def _cors(body: dict[str, Any] | None) -> Cors | None:
    if body is None:  # absent: the URL answers without cross-origin headers
        return None
    return Cors(  # an absent list allows nothing
        origins=optional_texts(body, "AllowOrigins"),
        methods=optional_texts(body, "AllowMethods"),
        headers=optional_texts(body, "AllowHeaders"),
        credentials=optional_flag(body, "AllowCredentials"),
    )


def known_qualifiers(endpoints: Observed[tuple[Endpoint, ...]]) -> tuple[str | None, ...]:
    """The qualifiers that endpoints stand on."""
    return tuple(endpoint.qualifier for endpoint in endpoints.value) if isinstance(endpoints, Known) else ()


def _unlisted(lists: Iterable[Observed[Any]]) -> tuple[QualifiedPolicy, ...]:
    """The policies of qualifiers we never learned of, where a list that names qualifiers could not be read.

    A list that this depth leaves out is no gap: the verdict says for which qualifiers it was proved. Policies that
    this depth asks for, but for those of the oldest of very many versions, are one (the operation tells them apart).
    """
    unread = [fact for fact in lists if isinstance(fact, Unknown) and _counts(fact.gap)]
    unread.sort(key=lambda fact: fact.gap.reason in LEFT_OUT)
    return tuple(QualifiedPolicy(qualifier=UNLISTED, statements=fact) for fact in unread)[:1]


def _counts(gap: Gap) -> bool:
    return gap.reason not in LEFT_OUT or gap.operation == _POLICY


def _by_number(qualifier: str) -> tuple[bool, int, str]:
    """Aliases first, by name, then versions by number."""
    return qualifier.isdecimal(), int(qualifier) if qualifier.isdecimal() else 0, qualifier
