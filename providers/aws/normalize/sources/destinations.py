"""What functions hand over to other functions, by their settings for asynchronous runs."""

from collections.abc import Iterator
from typing import Final

from auditor.model.capture import Json
from auditor.model.observed import GapReason
from auditor.model.trigger import TriggerKind
from providers.aws.normalize.answers import Answers
from providers.aws.normalize.fields import items, optional_member, optional_text, text
from providers.aws.normalize.function_list import FunctionList
from providers.aws.normalize.references import qualified
from providers.aws.normalize.sources.reading import EVERYTHING, Delivery, Reading, delivery, is_function

DESTINATIONS: Final = "lambda:ListFunctionEventInvokeConfigs"


def destinations(answers: Answers, listed: FunctionList) -> Reading:
    """The functions that others of the location send their results to, or what they could not process.

    No policy of a function names what sends to it so: the sender's role may invoke it. One gap stands for all senders
    that could not be read, as each of them may send to any function. A depth that does not ask for them leaves none:
    what a function of the account hands over decides nothing about outsiders, and would hide all that is known of them.
    """
    bodies = answers.bodies(DESTINATIONS)
    deliveries: list[Delivery] = []
    gap = listed.gap
    for function in sorted({*listed.arns, *bodies}):
        rows = answers.flat(bodies.all(function), lambda body: items(body, "FunctionEventInvokeConfigs"))
        sent = answers.readable(rows, lambda body: tuple(_sent(body)))
        deliveries.extend(each for found in sent.items for each in found)
        gap = gap or sent.gap
    asked = gap is not None and gap.reason is not GapReason.NOT_AT_DEPTH
    gaps = {EVERYTHING: gap} if gap is not None and asked else {}
    return Reading("lambda", DESTINATIONS, tuple(deliveries), gaps=gaps, by_role=True, forwards=False)


def _sent(body: Json) -> Iterator[Delivery]:
    sender, _ = qualified(text(body, "FunctionArn"))
    settings = optional_member(body, "DestinationConfig")
    for outcome in ("OnSuccess", "OnFailure") if settings is not None else ():
        target = optional_text(optional_member(settings or {}, outcome) or {}, "Destination") or ""
        if is_function(target):
            yield delivery(target, "lambda", sender, TriggerKind.OTHER, asynchronous=True)
