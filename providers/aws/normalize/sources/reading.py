"""What was read of one kind of source."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from auditor.model.observed import UNFILLED, Gap, Known, Observed, Unknown
from auditor.model.trigger import Certainty, Flow, Trigger, TriggerKind, TriggerVia
from providers.aws.normalize.answers import known
from providers.aws.normalize.references import arn_account, qualified


@dataclass(frozen=True, slots=True)
class Delivery:
    """A source's word that it starts a function. A ``*`` in the ARN: the source computes that part for each request."""

    function: str
    trigger: Trigger


EVERYTHING: Final = ""
"""As a key of gaps: the list itself, and so whatever would have been on it."""


def _nothing(_resource: str) -> Gap | None:
    return None


@dataclass(frozen=True, slots=True)
class Reading:
    """The sources of one service. ``service`` is its short name, as functions' policies write it.

    ``gaps`` say, by resource, what could not be read. ``resources`` are all that exist, where the lists tell that;
    ``gone`` those of which the cloud says that they do not exist, where each was asked for;
    ``unasked`` says of one that should have been why it was not, ``unnamed`` why nothing was asked of those that a
    policy names only by a pattern. ``forwards``: what it forwards to other sources is read as well.
    ``by_role``: the source may use a role, so that no policy of a function needs to name it.
    """

    service: str
    operation: str
    deliveries: tuple[Delivery, ...] = ()
    flows: tuple[Flow, ...] = ()
    gaps: Mapping[str, Gap] = field(default_factory=dict)
    resources: frozenset[str] | None = None
    gone: frozenset[str] = frozenset()
    unasked: Callable[[str], Gap | None] = _nothing
    by_role: bool = False
    unnamed: Gap | None = None
    forwards: bool = True

    def gap_of(self, resource: str | None) -> Gap | None:
        """Why it is not known what a resource sends; without a resource, what anything of the service sends."""
        if EVERYTHING in self.gaps:
            return self.gaps[EVERYTHING]
        if resource is None:
            return next(iter(self.gaps.values()), None) or self.unnamed
        return self.gaps.get(resource) or self.unasked(resource)

    def absent(self, resource: str) -> bool:
        """Whether the cloud was asked about one resource and says that it does not exist."""
        return resource in self.gone

    def between(self) -> Observed[tuple[Flow, ...]]:
        """What its sources forward to others; unknown where a part of them could not be read."""
        gap = next(iter(self.gaps.values()), None)
        return known(self.flows, self.operation) if gap is None else Unknown(gap)

    def partly(self) -> tuple[Observed[tuple[Flow, ...]], ...]:
        """The same, with what was read kept beside what was not."""
        whole = self.between()
        return (whole,) if isinstance(whole, Known) or not self.flows else (Known(self.flows, self.operation), whole)


def delivery(
    function: str,
    service: str,
    source: str,
    kind: TriggerKind,
    *,
    asynchronous: bool,
    enabled: bool = True,
    filters: Iterable[str] = (),
    open_to: Observed[tuple[str, ...]] = UNFILLED,
) -> Delivery:
    """A delivery to a function by its ARN, qualified or not."""
    arn, qualifier = qualified(function)
    return Delivery(
        arn,
        Trigger(
            kind=kind,
            service=service,
            source=source,
            account=arn_account(source),
            via=TriggerVia.SOURCE,
            enabled=enabled,
            asynchronous=asynchronous,
            qualifier=qualifier,
            filters=tuple(filters),
            open_to=open_to,
            certainty=Certainty.SOURCE_ONLY,
        ),
    )


def is_function(target: str) -> bool:
    """Whether an ARN, which may hold variables, is a function's."""
    return target.startswith("arn:") and ":lambda:" in target and ":function:" in target
