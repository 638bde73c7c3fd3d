"""What starts a function by events: its own event trigger, or Eventarc triggers that lead to its service."""

from typing import Any, Final

from auditor.model.exposure import Reach
from auditor.model.observed import Gap, GapReason, Known, Observed, Unknown, not_offered
from auditor.model.trigger import Trigger, TriggerVia
from providers.gcp.normalize.answers import Told, known, of
from providers.gcp.normalize.assets import BUCKET, SUBSCRIPTION, TRIGGER
from providers.gcp.normalize.collections import Collection
from providers.gcp.normalize.event_records import TRIGGERS, Event, kind_of, of_record, of_trigger
from providers.gcp.normalize.event_source_access import EventSourceAccess
from providers.gcp.normalize.fields import (
    UnreadableError,
    member,
    optional_flag,
    optional_member,
    optional_text,
    text,
)
from providers.gcp.normalize.function_list import Entry
from providers.gcp.normalize.names import last
from providers.gcp.normalize.project_index import Grants, ProjectIndex

_SUBSCRIPTIONS: Final = "pubsub:ListSubscriptions"


class Events:
    """The event triggers of the functions of one project."""

    def __init__(self, estate: ProjectIndex, project: str) -> None:
        own = estate.projects[project]
        self._estate = estate
        self._project = project
        self._answers = own.answers
        self._triggers = Collection(
            own.answers, own.assets, estate.ids, kind=TRIGGER, operation=TRIGGERS, key="triggers"
        )
        self._subscriptions = Collection(
            own.answers, own.assets, estate.ids, kind=SUBSCRIPTION, operation=_SUBSCRIPTIONS, key="subscriptions"
        )
        self._writers = EventSourceAccess(estate, project)
        self._to_service: dict[str, list[Told]] = {}
        self._gap = self._triggers.everywhere()
        for told in self._triggers.all():
            service = told.fact(self._destination)
            if isinstance(service, Unknown):
                self._gap = self._gap or service.gap
            elif service.value is not None:
                self._to_service.setdefault(service.value, []).append(told)

    def _destination(self, body: dict[str, Any]) -> str | None:
        """The Cloud Run service a trigger of Eventarc leads to; None for one that leads elsewhere."""
        destination = member(body, "destination")
        if "cloudRun" not in destination:
            return None
        run = member(destination, "cloudRun")
        name = self._estate.canonical(text(body, "name")).split("/")
        region = optional_text(run, "region") or name[3]
        return f"projects/{name[1]}/locations/{region}/services/{text(run, 'service')}"

    def groups(
        self, entry: Entry, email: Observed[str], policies: tuple[Observed[Grants], ...]
    ) -> tuple[Observed[tuple[Trigger, ...]], ...]:
        """One group for the function's own trigger, one for Eventarc's."""
        record_ = entry.record
        if record_ is not None:
            own = record_.fact(lambda body: of_record(body, self._estate.canonical))
            if isinstance(own, Unknown):
                return (own,)
            made = tuple(self._trigger(event, entry, email, policies) for event in own.value)
            groups: tuple[Observed[tuple[Trigger, ...]], ...] = (known(made, record_.source),)
            taken = {event.trigger for event in own.value}
        else:
            groups, taken = (), set()
        if isinstance(entry.service, Unknown):
            return groups if groups and entry.generation == 1 else (*groups, entry.service)
        return (*groups, *self._of_eventarc(entry, entry.service.value, taken, email, policies))

    def _of_eventarc(
        self,
        entry: Entry,
        service: Told,
        taken: set[str | None],
        email: Observed[str],
        policies: tuple[Observed[Grants], ...],
    ) -> tuple[Observed[tuple[Trigger, ...]], ...]:
        """The triggers of Eventarc that lead to the service; what could not be read of them is a group of its own."""
        groups: list[Observed[tuple[Trigger, ...]]] = []
        found: list[Trigger] = []
        leading = [told for told in self._to_service.get(service.name, ()) if told.name not in taken]
        for told in leading:
            event = told.fact(lambda body: of_trigger(body, self._estate.canonical))
            if isinstance(event, Unknown):
                groups.append(event)
            else:
                found.append(self._trigger(event.value, entry, email, policies))
        if found or (not groups and self._gap is None):
            source = leading[0].source if leading else self._triggers.source()
            groups.insert(0, known(tuple(found), source))
        return (*groups, *((Unknown(self._gap),) if self._gap is not None else ()))

    def own_subscriptions(self) -> tuple[frozenset[str], Gap | None]:
        """The subscriptions that triggers of Eventarc deliver by, and why there may be more."""
        names = [told.fact(_transport).map(self._estate.canonical) for told in self._triggers.all()]
        return frozenset(name.value for name in names if isinstance(name, Known)), self._gap

    def may_invoke(self, entry: Entry, policies: tuple[Observed[Grants], ...], deliverer: str | None) -> Observed[bool]:
        """Whether an account that sends its token may invoke the service; None: one that sends none."""
        return self._invocation(entry, policies, deliverer or "")

    def _trigger(
        self, event: Event, entry: Entry, email: Observed[str], policies: tuple[Observed[Grants], ...]
    ) -> Trigger:
        kind, service = kind_of(event.type)
        bucket = f"projects/_/buckets/{event.bucket}" if event.bucket else None
        source = event.topic or bucket or event.resource
        guarded = event.topic or bucket
        return Trigger(
            kind=kind,
            service=event.service or service,
            source=source,
            account=self._account(event, bucket),
            via=TriggerVia.EVENT_TRIGGER,
            enabled=True,
            asynchronous=True,
            qualifier=None,
            filters=event.filters,
            broad=event.broad,
            authentication=not_offered(entry.source, "Google Cloud delivers events by itself"),
            open_to=self._writers.strangers(guarded),
            retry=Known(event.retry.value, entry.source) if isinstance(event.retry, Known) else event.retry,
            dead_letter=self._dead_letter(event, entry),
            writes_back=self._writers.may_write(guarded, email),
            writers=self._writers.writers(guarded),
            can_invoke=self._can_invoke(event, entry, policies),
            deliverer=self._deliverer(event, entry),
        )

    @staticmethod
    def _deliverer(event: Event, entry: Entry) -> Observed[str | None]:
        """The account of an event trigger: the first generation has none of its own."""
        if entry.generation == 1:
            return not_offered(entry.source, "the first generation delivers events by itself")
        return known(event.deliverer, entry.source)

    def _account(self, event: Event, bucket: str | None) -> str | None:
        if bucket is None:
            return event.account
        owners = (name for name, project in self._estate.projects.items() if bucket in project.assets.of(BUCKET))
        return next(owners, None)

    def _dead_letter(self, event: Event, entry: Entry) -> Observed[bool]:
        """Whether the subscription that delivers the events sets failures aside."""
        if entry.generation == 1 and event.topic is None:
            return not_offered(
                entry.source, "events of this kind are not delivered through a subscription of the project"
            )
        name = self._subscription(event, entry)
        if isinstance(name, Unknown):
            return name
        told = self._subscriptions.get(name.value)
        if isinstance(told, Unknown):
            return told
        if told.value is None:
            return known(False, told.source)
        return told.value.fact(
            lambda body: bool(optional_text(optional_member(body, "deadLetterPolicy"), "deadLetterTopic"))
        )

    def _subscription(self, event: Event, entry: Entry) -> Observed[str]:
        """The subscription of an event trigger: Eventarc's own, or the one made for a first-generation function."""
        if entry.generation == 1:
            topic = last(event.topic or "")
            name = f"projects/{self._project}/subscriptions/gcf-{entry.name.name}-{entry.name.location}-{topic}"
            return known(name, entry.source)
        if event.trigger is None:
            gap = self._answers.gap(
                entry.source, GapReason.MALFORMED, "the function does not name its Eventarc trigger"
            )
            return Unknown(gap)
        told = self._triggers.get(event.trigger)
        if isinstance(told, Unknown):
            return told
        if told.value is None:
            gap = self._answers.gap(TRIGGERS, GapReason.NOT_FOUND, "the Eventarc trigger is gone", event.trigger)
            return Unknown(gap)
        return told.value.fact(_transport).map(self._estate.canonical)

    def _can_invoke(self, event: Event, entry: Entry, policies: tuple[Observed[Grants], ...]) -> Observed[bool]:
        """Whether the account that delivers the events may invoke the service."""
        if entry.generation == 1:
            return not_offered(entry.source, "events of a first-generation function need no permission to invoke it")
        email = event.deliverer or self._compute()
        return self._invocation(entry, policies, email)

    def _invocation(self, entry: Entry, policies: tuple[Observed[Grants], ...], email: str | None) -> Observed[bool]:
        unasked = of(entry.service, lambda body: optional_flag(body, "invokerIamDisabled"))
        if isinstance(unasked, Known) and unasked.value:
            return known(True, unasked.source)
        if email is None:
            gap = self._answers.gap(entry.source, GapReason.NOT_COLLECTED, "the project's number is not known")
            return Unknown(gap)
        gap_found = unasked.gap if isinstance(unasked, Unknown) else None
        for grants in policies:
            if isinstance(grants, Unknown):
                gap_found = gap_found or grants.gap
                continue
            for grant in grants.value:
                named = _names(grant.principals, email)
                if named and grant.invokes and not grant.condition_keys:
                    return known(True, grants.source)
                if gap_found is None and ((named and not grant.actions) or grant.reach is Reach.UNRECOGNISED):
                    gap_found = self._estate.untold(grant, grants.source)
                elif gap_found is None and named and grant.invokes:
                    message = f"whether the condition of {grant.sid} lets {email} in could not be told"
                    gap_found = self._answers.gap(grants.source, GapReason.UNRECOGNISED, message)
        return Unknown(gap_found) if gap_found is not None else known(False, policies[0].source)

    def _compute(self) -> str | None:
        number = self._estate.projects[self._project].number
        return f"{number}-compute@developer.gserviceaccount.com" if number else None


def _transport(body: dict[str, Any]) -> str:
    name = text(member(member(body, "transport"), "pubsub"), "subscription")
    if not name:
        raise UnreadableError("subscription is empty")
    return name


def _names(principals: tuple[str, ...], email: str) -> bool:
    return any(
        member in ("allUsers", "allAuthenticatedUsers") or member.lower() == f"serviceaccount:{email.lower()}"
        for member in principals
    )
