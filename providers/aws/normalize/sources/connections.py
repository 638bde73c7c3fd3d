"""Both ends joined: what a function admits, and what the sources say they send to it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from fnmatch import fnmatchcase

from auditor.model.exposure import Endpoint
from auditor.model.gateway import Gateway, Route
from auditor.model.observed import Gap, GapReason, Known, Observed, Unknown, graver
from auditor.model.resource_names import resource_of
from auditor.model.trigger import Certainty, Flow, Trigger
from providers.aws.arn import parse_arn
from providers.aws.normalize.answers import Answers, known
from providers.aws.normalize.authorization import AuthorizationDetails
from providers.aws.normalize.function_list import FunctionList
from providers.aws.normalize.sources import events, messaging, services, workflows
from providers.aws.normalize.sources.destinations import DESTINATIONS, destinations
from providers.aws.normalize.sources.distributions import CLOUDFRONT, EDGE, Distributions
from providers.aws.normalize.sources.gateways import Found
from providers.aws.normalize.sources.graphql_apis import read_graphql_apis
from providers.aws.normalize.sources.http_apis import read_domains, read_http_apis
from providers.aws.normalize.sources.integrations import SourceRoutes
from providers.aws.normalize.sources.load_balancers import read_load_balancers
from providers.aws.normalize.sources.reading import Reading
from providers.aws.normalize.sources.rest_apis import read_rest_apis, with_routes
from providers.aws.normalize.sources.user_pools import user_pools

Group = Observed[tuple[Trigger, ...]]


class Connections:
    """The sources of one location, and which functions they start."""

    def __init__(
        self,
        answers: Answers,
        partition: str,
        details: AuthorizationDetails,
        distributions: Distributions,
        listed: FunctionList,
    ) -> None:
        self._account, self._region = answers.account, answers.location
        self.in_front = distributions.in_front
        domains = read_domains(answers)
        self._role_may_trust = details.role_may_trust
        trusted = details.may_trust  # a service that no role trusts starts nothing by one
        self._found: tuple[Found, ...] = (
            read_rest_apis(answers, partition, domains),
            read_http_apis(answers, partition, domains),
            read_graphql_apis(answers, by_role=trusted("appsync")),
            read_load_balancers(answers),
        )
        self.source_routes = SourceRoutes((found.writes for found in self._found), by_role=trusted("apigateway"))
        self._readings: tuple[Reading, ...] = (
            *(found.reading() for found in self._found),
            messaging.buckets(answers, partition),
            messaging.topics(answers),
            events.rules(answers),
            events.pipes(answers),
            events.schedules(answers),
            workflows.state_machines(answers, partition, by_role=trusted("states")),
            workflows.pipelines(answers, partition, by_role=trusted("codepipeline")),
            user_pools(answers, partition),
            services.topic_rules(answers),
            services.log_groups(answers, partition),
            services.secrets(answers),
            services.receipts(answers, partition),
            services.config_rules(answers),
            distributions.reading(answers, by_role=trusted(EDGE)),
            destinations(answers, listed),
        )
        self._of_service: defaultdict[str, list[Reading]] = defaultdict(list)
        self._sent: defaultdict[str, list[Trigger]] = defaultdict(list)
        self._computed: list[tuple[str, Trigger]] = []
        for reading in self._readings:
            self._of_service[reading.service].append(reading)
            for each in reading.deliveries:
                if "*" in each.function:
                    self._computed.append((each.function, each.trigger))
                else:
                    self._sent[each.function].append(each.trigger)
        self._operations = {id(t): r.operation for r in self._readings for t in (d.trigger for d in r.deliveries)}
        by_role = [(r.service, gap) for r in self._readings if r.by_role for gap in r.gaps.values()]
        self._by_role = tuple(_groups_of(gap for _, gap in by_role))
        self._by_role_beside_distributions = tuple(_groups_of(gap for service, gap in by_role if service != CLOUDFRONT))

    def flows(self) -> tuple[Observed[tuple[Flow, ...]], ...]:
        """What sources forward to one another."""
        return tuple(group for reading in self._readings if reading.forwards for group in reading.partly())

    def groups(self, arn: str, policies: tuple[Group, ...], *, distributed: bool = True) -> tuple[Group, ...]:
        """The triggers that a function's policies admit, each with what its source says, then those of no policy.

        ``distributed``: a distribution may use the function (see :meth:`distributed`).
        """
        sent = self._sent.get(arn, [])
        joined: dict[int, None] = {}
        groups: list[Group] = []
        gaps: list[Gap] = []
        for group in policies:
            if isinstance(group, Unknown):
                groups.append(group)
                continue
            triggers: dict[Trigger, None] = {}
            for admitted in group.value:
                triggers.update(dict.fromkeys(self._joined(arn, admitted, sent, joined, gaps)))
            groups.append(known(tuple(triggers), group.source))
        admits = any(t.service == CLOUDFRONT for group in policies if isinstance(group, Known) for t in group.value)
        unread = self._by_role if distributed or admits else self._by_role_beside_distributions
        return (*groups, *self._rest(sent, joined), *_groups_of(gaps), *unread)

    def distributed(self, urls: Observed[tuple[Endpoint, ...]], roles: Observed[tuple[str, ...]]) -> bool:
        """Whether a distribution may use a function: it forwards to its URLs, or runs a published version of it at the
        edge, whose role trusts the edge then ("Set up IAM permissions and roles for Lambda@Edge").
        """
        if isinstance(urls, Unknown) or urls.value or isinstance(roles, Unknown):
            return True
        return any(self._role_may_trust(role, EDGE) for role in roles.value)

    def _joined(
        self, arn: str, admitted: Trigger, sent: list[Trigger], joined: dict[int, None], gaps: list[Gap]
    ) -> Iterator[Trigger]:
        readings = self._of_service.get(admitted.service, [])
        computed = [trigger for pattern, trigger in self._computed if fnmatchcase(arn, pattern)]
        matching = [trigger for trigger in (*sent, *computed) if _admits(admitted, trigger)]
        for trigger in matching:
            joined[id(trigger)] = None
            yield replace(
                admitted,
                kind=trigger.kind,
                source=trigger.source,
                account=trigger.account,
                enabled=trigger.enabled,
                filters=trigger.filters,
                open_to=trigger.open_to,
                dead_letter=trigger.dead_letter,
                workflow=trigger.workflow,
                certainty=Certainty.BOTH_ENDS,
            )
        if matching:
            return
        gone = self._gone(admitted, readings)
        yield replace(admitted, certainty=Certainty.SOURCE_GONE) if gone else admitted
        if not gone:
            found = (reading.gap_of(_exact(admitted)) for reading in readings if not reading.by_role)
            gaps.extend(gap for gap in found if gap is not None)

    def _gone(self, admitted: Trigger, readings: list[Reading]) -> bool:
        """Whether the source that a policy names is on none of the lists that would hold it."""
        source = _exact(admitted)
        arn = parse_arn(source)
        if source is None or arn is None or not readings:
            return False
        if arn.account not in ("", self._account) or arn.region not in ("", self._region):
            return False
        if arn.service in ("s3", "logs"):
            return all(reading.absent(source) for reading in readings)
        return all(reading.resources is not None and source not in reading.resources for reading in readings)

    def _rest(self, sent: list[Trigger], joined: dict[int, None]) -> Iterator[Group]:
        """What sources send that no policy admits by name: they use a role, or it will be refused."""
        groups: defaultdict[str, dict[Trigger, None]] = defaultdict(dict)
        for trigger in sent:
            if id(trigger) not in joined:
                groups[self._operations[id(trigger)]][trigger] = None
        for operation, triggers in groups.items():
            yield known(tuple(triggers), operation)

    def gateways_listed(self, triggers: Iterable[Group]) -> Observed[bool]:
        """Whether every gateway was read that may have a route to a function of these triggers: one that acts through a
        role may have one to any, the others only to a function whose policy admits their service.
        """
        groups = tuple(triggers)
        own = (group.gap for group in groups if isinstance(group, Unknown))
        unread = [gap for gap in own if gap.operation.startswith("lambda:") and gap.operation != DESTINATIONS]
        admitted = {each.service for group in groups if isinstance(group, Known) for each in group.value}
        gap: Gap | None = None
        for found in self._found:
            concerned = found.by_role or found.service in admitted
            why = found.gaps.values() if concerned else unread  # what its policies admit, nobody knows
            for missing in why if found.gaps else ():
                gap = graver(gap, missing)
        return known(value=True, source=self._found[-1].operation) if gap is None else Unknown(gap)

    def gateways(self, arn: str, triggers: Iterable[Group]) -> Observed[tuple[Gateway, ...]]:
        """The gateways with routes that end at the function, of those that could be read."""
        groups = tuple(triggers)
        admitted = {t.source for group in groups if isinstance(group, Known) for t in group.value}
        made: list[Gateway] = []
        for found in self._found:
            for api, by_function in found.routes.items():
                routes = tuple(_ending(arn, by_function, computed=api in admitted))
                if routes:
                    made.append(with_routes(found.gateways[api], routes))
        listed = self.gateways_listed(groups)
        if isinstance(listed, Unknown) and not made:
            return listed
        return known(tuple(sorted(made, key=lambda each: each.id)), self._found[-1].operation)


def _ending(arn: str, by_function: dict[str, list[Route]], *, computed: bool) -> Iterator[Route]:
    yield from by_function.get(arn, ())
    if computed:
        for pattern, routes in by_function.items():
            if "*" in pattern and fnmatchcase(arn, pattern):
                yield from routes


def _admits(admitted: Trigger, sent: Trigger) -> bool:
    if admitted.service != sent.service or admitted.qualifier != sent.qualifier or sent.source is None:
        return False
    return admitted.source is None or fnmatchcase(sent.source, resource_of(admitted.source))


def _exact(admitted: Trigger) -> str | None:
    """The one resource that a policy names; None where it names several, or any."""
    source = resource_of(admitted.source) if admitted.source else None
    return None if source is None or "*" in source or "?" in source else source


def _groups_of(gaps: Iterable[Gap]) -> Iterator[Group]:
    """A group for each gap, but only one for all that this depth never asks."""
    seen: dict[Gap, None] = dict.fromkeys(gaps)
    shallow = [gap for gap in seen if gap.reason is GapReason.NOT_AT_DEPTH]
    yield from (Unknown(gap) for gap in seen if gap.reason is not GapReason.NOT_AT_DEPTH)
    yield from (Unknown(gap) for gap in shallow[:1])
