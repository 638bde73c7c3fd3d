"""Policy documents made ready to be asked many times: statements by service, actions matched once.

A :class:`PolicyLayer` is all documents that speak with one voice: the policies of an identity, a boundary, one level of
an organisation, the policy of a resource.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Final

from auditor.analysis.permissions.decision import ProofStep
from auditor.model.exposure import Effect
from auditor.model.observed import Gap
from auditor.model.wildcards import ANY, overlaps
from providers.aws.iam.contradictions import contradiction
from providers.aws.iam.document import Statement, parse_document
from providers.aws.iam.evaluation.comparisons import names_resource
from providers.aws.iam.evaluation.conditions import CompiledCondition, all_hold
from providers.aws.iam.evaluation.request import Request
from providers.aws.iam.evaluation.truth import FALSE, OPEN, TRUE, Truth, either, negation
from providers.aws.iam.evaluation.variables import Unresolved, keys_of, resolve
from providers.aws.iam.patterns import covers_action, is_variable

RESOURCE: Final = "resource"
"""How an answer that holds for a part of the asked resources names what it depends on."""


class CompiledStatement:
    """One statement, ready to be matched."""

    __slots__ = ("_impossible", "allows", "conditions", "services", "source", "statement", "step")

    def __init__(self, statement: Statement, layer: str, source: str) -> None:
        self.statement = statement
        self._impossible: bool | None = None
        self.allows = statement.effect is Effect.ALLOW
        self.source = source
        self.conditions = tuple(CompiledCondition(one, variables=statement.variables) for one in statement.conditions)
        self.services = None if statement.not_actions else _services(statement.actions)
        name = statement.sid or f"statement {statement.index + 1}"
        self.step = ProofStep(layer, statement.effect, source, name, statement.text)

    def names_action(self, action: str) -> bool:
        """Whether its Action or NotAction means the action, which is lower-cased."""
        if self.statement.not_actions:
            return not any(covers_action(pattern, action) for pattern in self.statement.not_actions)
        return any(covers_action(pattern, action) for pattern in self.statement.actions)

    def applies(self, request: Request) -> Truth:
        """Whether it is about the resource and its conditions hold."""
        found = self._names_resource(request)
        if found is FALSE or not self.conditions:
            return found
        held = all_hold(self.conditions, request.context)
        if held is OPEN and self._never():
            return FALSE
        return min(found, held)

    def open_conditions(self, request: Request) -> tuple[CompiledCondition, ...] | None:
        """The conditions that alone decide whether it applies; None where the resource decides too."""
        if self._names_resource(request) is OPEN:
            return None
        return tuple(one for one in self.conditions if one.holds(request.context) is OPEN)

    def means_a_part(self, request: Request) -> bool:
        """Whether only some of the resources that are asked for are known to be meant."""
        return self._names_resource(request) is OPEN

    def _never(self) -> bool:
        """Whether its conditions can never hold together."""
        if self._impossible is None:
            self._impossible = bool(contradiction(self.statement.conditions))
        return self._impossible

    def open_keys(self, request: Request) -> tuple[str, ...]:
        """What decides whether it applies and is not known."""
        context = request.context
        keys = [key for one in self.conditions if one.holds(context) is OPEN for key in one.open_keys(context)]
        if self._names_resource(request) is OPEN:
            patterns = self.statement.resources or self.statement.not_resources
            named = [key for text in patterns if is_variable(text) for key in keys_of(text)]
            keys += [key for key in named if not isinstance(context.state(key.lower()), tuple)] or [RESOURCE]
        return tuple(dict.fromkeys(keys))

    def _names_resource(self, request: Request) -> Truth:
        excluded = self.statement.not_resources
        if not excluded and not self.statement.resources:  # the policy of a resource: it is about that resource
            return TRUE
        try:
            found = either(self._covers(pattern, request) for pattern in excluded or self.statement.resources)
        except Unresolved:  # "this might cause the entire statement to be invalid"
            return FALSE
        return negation(found) if excluded else found

    def _covers(self, pattern: str, request: Request) -> Truth:
        if pattern == ANY:
            return TRUE
        wanted, resource = pattern, request.resource
        if self.statement.variables and is_variable(pattern):
            try:
                wanted, known = resolve(pattern, request.context)
            except Unresolved:
                if self.statement.not_resources:
                    raise
                return FALSE
            if not known:
                return OPEN if _overlap(wanted, resource) else FALSE
        if names_resource(wanted, resource):
            return TRUE
        return OPEN if request.partial and _overlap(wanted, resource) else FALSE


@lru_cache(maxsize=16_384)
def _overlap(pattern: str, resource: str) -> bool:
    return overlaps(pattern, resource)


def _services(actions: Iterable[str]) -> frozenset[str] | None:
    """The services whose actions are named; None for a pattern that means several."""
    found = frozenset(action.partition(":")[0].lower() for action in actions)
    return None if any(ANY in service or "?" in service for service in found) else found


class CompiledPolicy:
    """One document. Which statements speak of an action is found out once."""

    __slots__ = ("_by_action", "statements")

    def __init__(self, statements: Iterable[Statement], layer: str, source: str) -> None:
        self.statements = tuple(CompiledStatement(one, layer, source) for one in statements)
        self._by_action: dict[str, tuple[CompiledStatement, ...]] = {}

    def about(self, action: str) -> tuple[CompiledStatement, ...]:
        """The statements that name an action, which is lower-cased."""
        found = self._by_action.get(action)
        if found is None:
            service = action.partition(":")[0]
            named = (one for one in self.statements if one.services is None or service in one.services)
            found = self._by_action[action] = tuple(one for one in named if one.names_action(action))
        return found


def compile_policy(document: str | Mapping[str, Any], layer: str, source: str = "") -> CompiledPolicy:
    """A document made ready.

    Raises:
        PolicyMalformedError: it cannot be read.
    """
    return CompiledPolicy(parse_document(document), layer, source)


class PolicyLayer:
    """Documents that speak with one voice. ``gap`` is why some of them could not be read.

    ``denies_only``: what they allow does not limit anything, because others that were not read may allow more.
    """

    __slots__ = ("_about", "denies_only", "gap", "name", "policies")

    def __init__(
        self, name: str, policies: Iterable[CompiledPolicy], gap: Gap | None = None, *, denies_only: bool = False
    ) -> None:
        self.name = name
        self.policies = tuple(policies)
        self.gap = gap
        self.denies_only = denies_only
        self._about: dict[str, tuple[CompiledStatement, ...]] = {}

    def about(self, action: str) -> tuple[CompiledStatement, ...]:
        """The statements that name an action, which is lower-cased, in the documents' order."""
        found = self._about.get(action)
        if found is None:
            found = self._about[action] = tuple(one for each in self.policies for one in each.about(action))
        return found

    def allows_on(self, action: str) -> tuple[str, ...] | None:
        """The resource patterns on which the documents may allow an action, which is lower-cased; None where a list of
        patterns does not tell: some document was not read, all but certain resources are meant, or a variable decides.
        """
        allowing = [one.statement for one in self.about(action) if one.allows]
        if self.gap is not None or not all(one.resources and not one.not_resources for one in allowing):
            return None
        found = tuple(dict.fromkeys(pattern for one in allowing for pattern in one.resources))
        return None if any(is_variable(pattern) for pattern in found) else found
