"""A graph of 50,000 nodes: built, loops found. Ten functions in a thousand lie on one; one queue starts a thousand."""

import time
from dataclasses import replace

from auditor.analysis.graph.build import build
from auditor.analysis.graph.loops import loops
from auditor.analysis.graph.writes import with_writes
from auditor.model.function import Function
from auditor.model.inventory import Inventory
from auditor.model.observed import Known
from auditor.model.trigger import TriggerKind
from tests.unit.checks.build import LISTED, arn, grant, identity, make, trigger, triggers

_FUNCTIONS = 25_000
_HUB = arn("sqs", "hub")


def measured() -> dict[str, float]:
    """CPU seconds of each step, and how many nodes, edges and loops there are."""
    base = make()
    functions = tuple(_function(base, number) for number in range(_FUNCTIONS))
    begun = time.process_time()
    graph = build(Inventory(scopes=(), locations=(), functions=functions))
    built = time.process_time()
    joined = with_writes(graph, functions)
    written = time.process_time()
    found = loops(joined)
    return {
        "build": built - begun,
        "writes": written - built,
        "loops": time.process_time() - written,
        "nodes": len(joined.nodes),
        "edges": len(joined.edges),
        "found": len(found),
    }


def _function(base: Function, number: int) -> Function:
    """Takes from its own queue, and from the hub if it is one of the first thousand; sends to the next one's, every
    hundredth to its own, and every fiftieth of those at the hub to the hub.
    """
    takes = [trigger(TriggerKind.QUEUE, source=_queue(number))]
    sends = [_queue(number if number % 100 == 0 else number + 1)]
    if number < 1000:
        takes.append(trigger(TriggerKind.QUEUE, source=_HUB))
        sends += [_HUB] if number % 50 == 0 else []
    return replace(
        base,
        id=arn("lambda", f"function:f{number:05}"),
        name=f"f{number:05}",
        triggers=triggers(*takes),
        identity=Known(identity(grant(("sqs:sendmessage",), tuple(sends)), name=f"r{number}"), LISTED),
    )


def _queue(number: int) -> str:
    return arn("sqs", f"q{number:05}")


if __name__ == "__main__":
    print(measured())
