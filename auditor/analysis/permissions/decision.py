"""The decision whether a principal may do an action on a resource, and its proof: the same for every cloud.

A decision never guesses. What depends on a value that nobody knows before the request is made is CONDITIONAL and names
the keys; what depends on an answer that the cloud did not give is UNKNOWN and names the gap.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from auditor.model.exposure import Effect
from auditor.model.observed import Gap


class Answer(StrEnum):
    """Whether the request is allowed."""

    YES = "yes"
    NO = "no"
    CONDITIONAL = "conditional"
    """It depends on the request: on a context key whose value is not known, or on which part of a resource pattern."""
    UNKNOWN = "unknown"
    """It depends on something that could not be read."""


@dataclass(frozen=True, slots=True)
class ProofStep:
    """One step of a proof: what a layer of policies says, and the statement that says it.

    ``layer`` is the kind of policy (``identity policy``, ``permissions boundary``); ``effect`` what it does, None where
    the layer is silent; ``source`` the ARN or name of the document, ``statement`` the Sid or place in it, ``text`` the
    statement itself; ``conditions`` the keys that decide whether it applies and are not known.
    """

    layer: str
    effect: Effect | None
    source: str = ""
    statement: str = ""
    text: str = ""
    conditions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer, a sentence that says why, and the steps in the order in which the cloud takes them.

    ``conditions`` are the keys on which a CONDITIONAL answer depends, ``gap`` is what an UNKNOWN one lacks, and
    ``before`` names kinds of policies that were not considered and could change the answer ("organisation policies").
    ``principal`` is whom it was decided for, where a function may act as one of several; "" for its only one.
    ``uniform`` says that a CONDITIONAL answer about a pattern is the answer about each resource that the pattern means,
    with the same proof: what it depends on is not which of them is asked for.
    """

    answer: Answer
    why: str
    proof: tuple[ProofStep, ...] = ()
    conditions: tuple[str, ...] = ()
    gap: Gap | None = None
    before: tuple[str, ...] = ()
    principal: str = ""
    uniform: bool = False

    @property
    def allowed(self) -> bool:
        """Whether it is allowed whatever the request holds."""
        return self.answer is Answer.YES

    @property
    def possible(self) -> bool:
        """Whether some request is known to be allowed, or may be."""
        return self.answer in (Answer.YES, Answer.CONDITIONAL)

    @property
    def of_each(self) -> bool:
        """Whether the answer about a pattern is the one about each resource that it means."""
        return self.uniform or self.answer in (Answer.YES, Answer.NO)


Context = Mapping[str, tuple[str, ...]]
"""Values of context keys. A key with no value at all is known to be absent from the request."""
RESOURCE_TAGS: Final = tuple(f"{name}:resourcetag/" for name in ("aws", "iam", "ec2", "ssm", "ecs", "sagemaker"))
"""What the keys of a resource's tags begin with, in lower case. Given by itself, with no value, each says that the
resource has no tags but those given.
"""


class Authorizer(Protocol):
    """Answers questions about the principals of one account, subscription or project."""

    def may(self, principal: str, action: str, resource: str, context: Context | None = None) -> Decision:
        """Whether the principal may do the action on the resource."""
