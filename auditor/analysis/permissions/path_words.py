"""Paths in words, for messages."""

from auditor.analysis.permissions import techniques
from auditor.model.access import AccessPath, PathStep


def steps_told(path: AccessPath) -> str:
    """The steps, continuing the name of the principal that takes the first."""
    first, *rest = path.steps
    told = (f"then {_by(step, first)}{step.sentence}" for step in rest)
    return ", ".join((first.sentence, *told))


def _by(step: PathStep, first: PathStep) -> str:
    return "" if step.source == first.source else f"as {named(step.source)} "


def reached(path: AccessPath) -> str:
    """What the path leads to, continuing the name of who takes it."""
    name = named(path.target)
    if path.administrator and through_unseen(path):
        return f"may become an administrator of the account ({name}), if there is compute that runs so"
    if path.administrator:
        return f"can become an administrator of the account ({name})"
    return f"can become {name}, which can do more ({'; '.join(path.gains)})"


def through_unseen(path: AccessPath) -> bool:
    """Whether the path leads through compute of which only the role is known, not whether any exists."""
    return any(not step.object and step.technique in techniques.on_existing_compute() for step in path.steps)


def depending(path: AccessPath) -> str:
    """On what the path depends, and for one that works as it is nothing."""
    return f", if this holds: {'; '.join(path.conditions)}" if path.conditions else ""


def named(principal: str) -> str:
    """A principal as its kind and name: ``role deployer``."""
    kind, _, name = principal.rpartition(":")[2].partition("/")
    return f"{kind} {name.rpartition('/')[2]}" if name else principal
