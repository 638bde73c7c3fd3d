"""Who else may write to what sets functions off: the policies of queues, topics, buses, streams and tables."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final, NamedTuple

from auditor.model.capture import Json
from auditor.model.exposure import Reach
from auditor.model.observed import Gap, GapReason, Known, Observed, Unknown, not_offered
from auditor.model.resource_names import written_to
from auditor.model.trigger import Certainty, Trigger, TriggerKind
from providers.aws.arn import Arn, parse_arn
from providers.aws.iam.actions import SENDS
from providers.aws.iam.policy_owner import ResourceKind
from providers.aws.normalize.answers import Answers, known
from providers.aws.normalize.fields import filled_text, member, optional_text, text
from providers.aws.normalize.policies import Grants, judge
from providers.aws.normalize.sources.bucket_writers import BucketWriters
from providers.aws.normalize.sources.integrations import Into, SourceRoutes

_BUSES: Final = "events:ListEventBuses"
_MAPPINGS: Final = "lambda:ListEventSourceMappings"
_WITHIN: Final = (Reach.SCOPED, Reach.NONE)


class _Source(NamedTuple):
    """Whose policy it is, and which answer holds it."""

    kind: ResourceKind
    operation: str


_SOURCES: Final = {
    "sqs": _Source(ResourceKind.QUEUE, "sqs:GetQueueAttributes"),
    "sns": _Source(ResourceKind.TOPIC, "sns:GetTopicAttributes"),
    "kinesis": _Source(ResourceKind.STREAM, "kinesis:GetResourcePolicy"),
    "dynamodb": _Source(ResourceKind.TABLE, "dynamodb:GetResourcePolicy"),
    "s3": _Source(ResourceKind.BUCKET, "s3:GetBucketPolicy"),
    "events": _Source(ResourceKind.EVENT_BUS, _BUSES),
}
"""The services whose sources have a policy of their own that says who may write."""
_NOT_READ: Final = ("kafka",)
"""Further ones, whose policies are not read."""


class Writers:
    """The policies of one location's sources, each judged once."""

    def __init__(self, answers: Answers, partition: str, routes: SourceRoutes) -> None:
        self._answers = answers
        self._routes = routes
        self._partition = partition
        self._judged: dict[str, Observed[Grants]] = {}
        self._buckets = BucketWriters(answers, partition)
        listed = answers.readable(
            answers.pages(_BUSES, "EventBuses"), lambda body: (text(body, "Arn"), optional_text(body, "Policy"))
        )
        self._buses, self._unlisted = dict(listed.items), listed.gap

    def groups(self, groups: Iterable[Observed[tuple[Trigger, ...]]]) -> tuple[Observed[tuple[Trigger, ...]], ...]:
        """The same triggers, with who else may write to their sources."""
        return tuple(group.map(lambda found: tuple(map(self._told, found))) for group in groups)

    def _told(self, trigger: Trigger) -> Trigger:
        grants = self._grants(trigger)
        itself = isinstance(trigger.open_to, Known)  # the source says who, for it has no policy
        return replace(
            trigger,
            source_grants=grants,
            open_to=trigger.open_to if itself else grants.map(_outsiders),
            written_by=self._written_by(trigger),
        )

    def _written_by(self, trigger: Trigger) -> Into:
        source = written_to(trigger.source)
        if source is None or trigger.kind is TriggerKind.SCHEDULE or trigger.certainty is Certainty.SOURCE_GONE:
            return ()
        return self._routes.into(trigger.service, source)

    def _grants(self, trigger: Trigger) -> Observed[Grants]:
        source, arn = _SOURCES.get(trigger.service), parse_arn(written_to(trigger.source))
        if trigger.service in _NOT_READ and arn is not None:
            message = f"who may write to {arn.text} is not read"
            return Unknown(Gap(GapReason.NOT_COLLECTED, _MAPPINGS, None, message, arn.text))
        if source is None:
            return not_offered(_BUSES, f"no policy of its own says who may write to a source of {trigger.service}")
        if arn is None or trigger.kind is TriggerKind.SCHEDULE or trigger.certainty is Certainty.SOURCE_GONE:
            return not_offered(source.operation, "there is no one source that others could write to")
        found = self._judged.get(arn.text)
        if found is None:
            found = self._judged[arn.text] = self._read(source, arn)
        return found

    def _read(self, source: _Source, arn: Arn) -> Observed[Grants]:
        here = (self._answers.account, self._answers.location)
        if (arn.account or here[0], arn.region or here[1]) != here:
            message = f"{arn.text} is of another account or region, where its policy was not asked for"
            return Unknown(self._answers.gap(source.operation, GapReason.NOT_COLLECTED, message, arn.text))
        if source.operation == _BUSES:
            return self._bus(source, arn.text)
        if source.kind is ResourceKind.BUCKET:
            return self._buckets.writers(arn.resource)
        body = self._answers.one(source.operation, arn.text)
        if isinstance(body, Unknown):
            return body
        answer = body.value
        if answer is None:
            return known((), source.operation)
        return self._answers.fact(
            source.operation, lambda: self._judge(source.kind, _document(source.kind, answer)), arn.text
        )

    def _bus(self, source: _Source, bus: str) -> Observed[Grants]:
        if bus in self._buses:
            return self._answers.fact(_BUSES, lambda: self._judge(source.kind, self._buses[bus]), bus)
        if self._unlisted is not None:
            return Unknown(self._unlisted)
        return not_offered(_BUSES, "the bus does not exist")

    def _judge(self, kind: ResourceKind, document: str | None) -> Grants:
        if not document:
            return ()
        grants = judge(document, self._answers, self._partition, kind, asked=SENDS[kind])
        return tuple(grant for grant in grants if grant.reach not in _WITHIN)


def _document(kind: ResourceKind, body: Json) -> str | None:
    if kind is ResourceKind.QUEUE:
        return filled_text(member(body, "Attributes"), "Policy")  # absent: none
    if kind is ResourceKind.TOPIC:
        return text(member(body, "Attributes"), "Policy")
    document = text(body, "Policy")
    return None if document == "{}" else document  # so Kinesis says that a stream has none


def _outsiders(grants: Grants) -> tuple[str, ...]:
    """Whom the statements name that are not of the account's own organization."""
    named = (
        f"everyone but {', '.join(grant.principals)}" if grant.not_principal else principal
        for grant in grants
        if not grant.own_organization
        for principal in grant.principals or ("*",)
    )
    return tuple(dict.fromkeys(named))
