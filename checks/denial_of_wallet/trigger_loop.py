"""Flags functions whose output can trigger them again, directly or through other functions."""

from collections.abc import Iterable, Iterator

from auditor.analysis.destinations import sent
from auditor.analysis.graph.loops import Loop
from auditor.analysis.graph.model import EdgeKind, NodeKind
from auditor.analysis.graph.writes import writes
from auditor.analysis.triggers import raise_unread
from auditor.check import Context, Evidence, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.handler import Direction
from auditor.model.ids import Cloud
from auditor.model.severity import Confidence, Severity

_WATCHED = frozenset({NodeKind.FUNCTION, NodeKind.QUEUE, NodeKind.TOPIC, NodeKind.BUCKET})
"""What Lambda's recursive loop detection follows: SQS, SNS, S3 and Lambda itself."""

_CAN_CLOSE_A_LOOP = frozenset({"events", "logs", "pipes", "s3", "sns", "states"})
"""Services that forward what a function writes; schedules forward nothing, and APIs only what a caller sends."""

_FIX = Fix(
    text="Remove one connection of the loop: write the output to another bucket, queue, topic or table (or to a prefix"
    " that the notification filters out), and remove the write permission on the source from the execution role.",
    breaks="Readers of the old output location no longer find the output there, and writes to it are rejected.",
    no_command="which connection of the loop to remove depends on what the functions do",
    no_terraform="which connection of the loop to remove depends on what the functions do",
)
_FIX_AZURE = Fix(
    text="Remove one connection of the loop: let one of its output bindings write to another queue, container, topic or"
    " event hub, which starts nothing.",
    breaks="Readers of the old place no longer find the output there.",
    no_command="the code of the functions declares their bindings",
    no_terraform="the code of the functions declares their bindings",
)
_FIX_GCP = Fix(
    text="Remove one connection of the loop: publish or write to a topic or bucket that starts nothing, and take the"
    " right to write to the source from the service account of a function of the loop.",
    breaks="Readers of the old topic or bucket no longer find the output there, and writes to it are rejected.",
    no_command="which connection of the loop to remove depends on what the functions do",
    no_terraform="which connection of the loop to remove depends on what the functions do",
)


@check(
    id="trigger-loop",
    title="Function can trigger itself in a loop",
    risk=Risk.DENIAL_OF_WALLET,
    severity=Severity.HIGH,
    fix={Cloud.AWS: _FIX, Cloud.AZURE: _FIX_AZURE, Cloud.GCP: _FIX_GCP},
    covers=("gap-self-trigger-loop",),
    references=(
        "https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html",
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-filtering.html",
        "https://learn.microsoft.com/en-us/azure/azure-functions/functions-triggers-bindings",
        "https://cloud.google.com/functions/docs/bestpractices/tips",
    ),
    cwe=674,
)
def trigger_loop(function: Function, context: Context) -> Iterator[Hit]:
    """A function that can write to the source of its own events, directly or through other functions, invokes itself
    until the cost is noticed. Lambda detects such loops only through SQS, SNS, S3 and Lambda, and only where RecursiveLoop
    is Terminate; loops through tables, streams, event buses or log groups are never stopped. Where only permissions
    close the loop, confidence is medium, because the code may never use them. The other clouds stop no loop: there,
    loops through several entry points or functions are reported, by output bindings on Azure and by the policies of
    topics and buckets on Google Cloud; recursion-allowed reports a function that writes to its own source.
    """
    if function.cloud is not Cloud.AWS:
        yield from _through_others(function, context)
        return
    for loop in _distinct(context.loops(function)):
        if _watched(loop) and not function.limits.recursion_allowed.need():
            continue  # the platform ends it after some sixteen rounds
        yield _hit(function, loop, _detection(function) if _watched(loop) else ())
    identity = function.identity.need()
    for statements in identity.statements if identity else ():
        statements.need()
    if any(sent(function.failures)) or writes(function):  # what emits nothing closes no loop, whatever starts it
        raise_unread(function, services=_CAN_CLOSE_A_LOOP)


def _distinct(loops: Iterable[Loop]) -> Iterable[Loop]:
    """One loop through the same nodes, whatever the order: the first that is proved, else the first."""
    found: dict[str, Loop] = {}
    for loop in loops:
        place = _place(loop)
        if place not in found or (loop.proved and not found[place].proved):
            found[place] = loop
    return found.values()


def _place(loop: Loop) -> str:
    return " → ".join(sorted(node.id for node in loop.nodes))


def _hit(function: Function, loop: Loop, detection: tuple[Evidence, ...] = ()) -> Hit:
    said = (f"{edge.source} {edge.kind.value} {edge.target} {edge.detail}".strip() for edge in loop.edges)
    return Hit(
        message=f"Function {function.name} can trigger itself: {loop}",
        evidence=(
            *(Evidence(edge.via or function.source, text) for edge, text in zip(loop.edges, said, strict=True)),
            *detection,
        ),
        locus=_place(loop),
        confidence=None if loop.proved else Confidence.MEDIUM,
    )


_ITS_OWN_SOURCE = 2
"""Edges of a loop through nothing but the function's own source."""


def _through_others(function: Function, context: Context) -> Iterator[Hit]:
    for loop in _distinct(context.loops(function)):
        if len(loop.edges) > _ITS_OWN_SOURCE:
            yield _hit(function, loop)
    gap = context.loops_unread(function)
    if function.cloud is Cloud.GCP:
        function.identity.need()  # which functions run as the writers of a source
    else:
        handlers = function.handlers.need()
        if any(binding.target for handler in handlers for binding in handler.bindings if binding.direction is _OUT):
            function.environment.need()  # the settings tell which accounts the outputs lead to
    raise_unread(function, gap)


_OUT = Direction.OUT


def _detection(function: Function) -> tuple[Evidence, ...]:
    return (cite(function.limits.recursion_allowed, "RecursiveLoop is Allow"),)


def _watched(loop: Loop) -> bool:
    """Whether every hop is one that Lambda's own detection follows."""
    return all(node.kind in _WATCHED for node in loop.nodes) and all(
        edge.kind is not EdgeKind.DEAD_LETTER for edge in loop.edges
    )
