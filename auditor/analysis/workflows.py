"""The state machines that start a function, as checks read them: each once, however many of its steps do."""

from collections.abc import Callable, Iterator
from typing import Final, TypeVar

from auditor.analysis.event_sources import Judged, judged_triggers
from auditor.model.function import Function
from auditor.model.observed import Observed, not_offered
from auditor.model.trigger import TriggerKind
from auditor.model.workflow import Workflow

T = TypeVar("T")

STATES: Final = "states"
"""The name of Step Functions as a service of AWS."""
_NO_WORKFLOW: Final = not_offered("states:ListStateMachines", "it is no state machine")


def judged_workflows(function: Function, fact: Callable[[Workflow], Observed[T]]) -> Iterator[Judged[T]]:
    """A fact of every state machine that starts the function, then Unanswered where one could not be read."""
    seen: set[str | None] = set()
    for placed, known in judged_triggers(
        function,
        lambda trigger: (
            trigger.workflow.then(fact)
            if trigger.service == STATES and trigger.kind is TriggerKind.WORKFLOW
            else _NO_WORKFLOW
        ),
        services=(STATES,),
    ):
        source = placed[1].source
        if source not in seen:
            seen.add(source)
            yield placed, known
