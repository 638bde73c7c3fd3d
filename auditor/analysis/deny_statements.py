"""What the unconditioned Deny statements of an identity certainly take away."""

from collections.abc import Iterable
from functools import lru_cache

from auditor.analysis.resource_patterns import Owner, covers_type, means_everything, means_no_resource, plain
from auditor.analysis.service_authorization import Action, matching
from auditor.model.exposure import Effect
from auditor.model.identity import PolicyStatement
from auditor.model.wildcards import Patterns, covers

_EVERYTHING = ("*", "*:*")


def is_everything(pattern: str) -> bool:
    """Whether an action pattern means every action."""
    return plain(pattern) in _EVERYTHING


def names(patterns: tuple[str, ...], action: Action) -> bool:
    """Whether one of the action patterns (lower case) means the action."""
    return bool(patterns) and _plain(patterns).cover(action.key)


class Denials:
    """The Deny statements of one identity that apply to every call they name, without conditions."""

    def __init__(self, grants: Iterable[PolicyStatement], owner: Owner) -> None:
        self._owner = owner
        self._denials = tuple(
            grant
            for grant in grants
            if grant.effect is Effect.DENY and not grant.condition_keys and not grant.not_resources
        )
        self._named = tuple((deny, bool(deny.not_actions), _named(deny)) for deny in self._denials)

    def take(self, action: Action, resources: Iterable[str]) -> bool:
        """Whether the action is denied on all that the resource patterns mean."""
        asked = tuple(resources)
        for deny, others, named in self._named:
            if named.cover(action.key) is not others and all(self._covers(deny, each, action) for each in asked):
                return True
        return False

    def take_everything(self, resources: Iterable[str]) -> bool:
        """Whether nothing is left on the resource patterns."""
        asked = tuple(resources)
        return any(self._covers_all(deny, asked) and any(map(is_everything, deny.actions)) for deny in self._denials)

    def patterns(self, resources: Iterable[str]) -> tuple[str, ...]:
        """The action patterns that are denied on all the resource patterns."""
        asked = tuple(resources)
        return tuple(
            pattern
            for deny in self._denials
            for pattern in deny.actions
            if self._covers_all(deny, asked) or self._covers_each(deny, pattern, asked)
        )

    def left(self, resources: Iterable[str]) -> tuple[str, ...] | None:
        """The action patterns that a Deny of everything else (NotAction) leaves; None where there is none such."""
        asked = tuple(resources)
        for deny in self._denials:
            if deny.not_actions and self._covers_all(deny, asked) and not any(map(is_everything, deny.not_actions)):
                return deny.not_actions
        return None

    def _covers_all(self, deny: PolicyStatement, resources: tuple[str, ...]) -> bool:
        if any(means_everything(resource, self._owner) for resource in deny.resources):
            return True
        return all(any(covers(plain(pattern), plain(asked)) for pattern in deny.resources) for asked in resources)

    def _covers_each(self, deny: PolicyStatement, pattern: str, resources: tuple[str, ...]) -> bool:
        """Whether all that the pattern means and that takes a resource is denied."""
        actions = () if is_everything(pattern) else [one for one in matching(plain(pattern)) if one.resource_types]
        return bool(actions) and all(self._covers(deny, asked, action) for action in actions for asked in resources)

    def _covers(self, deny: PolicyStatement, resource: str, action: Action) -> bool:
        """Whether the Deny covers all that one resource pattern of an Allow means for the action."""
        if any(covers(plain(pattern), plain(resource)) for pattern in deny.resources):
            return True
        if not action.resource_types:
            return any(means_no_resource(pattern) for pattern in deny.resources)
        return all(
            any(covers_type(pattern, kind, self._owner) for pattern in deny.resources) for kind in action.resource_types
        )


def _named(deny: PolicyStatement) -> Patterns:
    return _plain(deny.not_actions or deny.actions)


@lru_cache(maxsize=16_384)
def _plain(patterns: tuple[str, ...]) -> Patterns:
    return Patterns(map(plain, patterns))
