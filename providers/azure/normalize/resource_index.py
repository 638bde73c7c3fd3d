"""What functions of one subscription may refer to in any audited subscription: plans, vaults, accounts, networks."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from auditor.model.capture import Json
from auditor.model.observed import Gap, GapReason, Known, Observed, Unknown
from providers.azure.normalize.answers import Answers, Listing, Part, known
from providers.azure.normalize.fields import member, record, text
from providers.azure.normalize.ids import name_of, subscription_of
from providers.azure.operations import BY_ID


class Row(NamedTuple):
    """One listed resource. ``source`` is the operation that listed it."""

    id: str
    body: dict[str, Any]
    source: str


def row(item: Json, source: str) -> Row:
    """One row of a list, told by its id."""
    body = record(item, "a row")
    return Row(text(body, "id").lower().rstrip("/"), body, source)


def listed(answers: Answers, operation: str, subject: str = "") -> Listing[Row]:
    """The rows of a list that can be told by their ids."""
    declared = BY_ID.get(operation)
    if declared is not None and declared.per_subject and not declared.pages:
        return _singles(answers, operation)
    return answers.readable(answers.rows(operation, subject), lambda item: row(item, operation))


def _singles(answers: Answers, operation: str) -> Listing[Row]:
    """What was asked for one by one: never a whole list."""
    asked = Listing(answers.bodies(operation).firsts(), answers.missing(operation), operation)
    return answers.readable(asked, lambda item: row(item, operation))


class Index:
    """The resources of one kind over every audited subscription, by id and by name.

    The first operation is the bulk list, the others its fallbacks: where any of them is complete, so is the index.
    """

    def __init__(self, world: "ResourceIndex", operations: tuple[str, ...]) -> None:
        self._world = world
        self._operations = operations
        self._rows: dict[str, Row] = {}
        self._names: dict[str, Row] = {}
        self._gaps: dict[str, Gap | None] = {}
        for subscription, answers in world.subscriptions.items():
            lists = [listed(answers, operation) for operation in operations]
            for found in (item for listing in lists for item in listing.items):
                self._rows.setdefault(found.id, found)
                self._names.setdefault(name_of(found.id), found)
            self._gaps[subscription] = None if any(one.gap is None for one in lists) else lists[0].gap

    def __iter__(self) -> Iterator[Row]:
        return iter(self._rows.values())

    def gap(self, subscription: str) -> Gap | None:
        """Why the list of a subscription is not complete."""
        return self._gaps.get(subscription)

    def any_gap(self) -> Gap | None:
        """Why the list of some subscription is not complete."""
        return next((gap for gap in self._gaps.values() if gap is not None), None)

    def find(self, resource: str) -> Observed[Row | None]:
        """The resource of that id; Known(None) where its subscription was read and does not have it."""
        resource = resource.lower().rstrip("/")
        found = self._rows.get(resource)
        if found is not None:
            return Known(found, found.source)
        subscription = subscription_of(resource) or ""
        if subscription not in self._gaps:
            return Unknown(self._elsewhere(resource))
        gap = self._gaps[subscription]
        return known(None, self._operations[0]) if gap is None else Unknown(gap)

    def named(self, name: str) -> Observed[Row]:
        """The resource of a name that is unique in all of Azure."""
        found = self._names.get(name.lower())
        if found is not None:
            return Known(found, found.source)
        return Unknown(self.any_gap() or self._elsewhere(name))

    def _elsewhere(self, resource: str) -> Gap:
        message = "it is not in an audited subscription"
        return self._world.any.gap(self._operations[0], GapReason.NOT_COLLECTED, message, resource)

    def part(self, resource: str, key: str = "properties") -> Part:
        """A member of the resource of that id, its properties by default, to be read member by member."""
        found = self.find(resource)
        if isinstance(found, Known) and found.value is None:
            message = "it does not exist"
            gone = self._world.any.gap(self._operations[0], GapReason.NOT_FOUND, message, resource)
            return Part(self._world.any, resource, Unknown(gone))
        return inside(self._world.any, found, resource, key)  # type: ignore[arg-type]


class ResourceIndex:
    """The answers of every audited subscription, and what they list, indexed when first asked for."""

    def __init__(self, subscriptions: Mapping[str, Answers]) -> None:
        self.subscriptions = subscriptions
        self._indexes: dict[tuple[str, ...], Index] = {}

    @property
    def any(self) -> Answers:
        """Any subscription's answers: to make gaps of what belongs to none."""
        return next(iter(self.subscriptions.values()))

    def index(self, *operations: str) -> Index:
        """The resources that these operations list."""
        found = self._indexes.get(operations)
        if found is None:
            found = self._indexes[operations] = Index(self, operations)
        return found

    @property
    def plans(self) -> Index:
        """Compute plans."""
        return self.index("graph:Plans", "web:ListPlans")

    @property
    def accounts(self) -> Index:
        """Storage accounts."""
        return self.index("graph:StorageAccounts", "storage:GetAccount")

    @property
    def containers(self) -> Index:
        """Container apps."""
        return self.index("graph:ContainerApps", "app:ListContainerApps", "app:GetContainerApp")


def inside(answers: Answers, found: Observed[Row], resource: str, key: str = "properties") -> Part:
    """A member of a resource found, to be read member by member."""
    return Part(answers, resource, found.map(lambda value: value.body)).inner(lambda body: member(body, key))
