"""What functions hand over to other functions, by their settings for asynchronous runs."""

from collections.abc import Iterator
from typing import Final

from auditor.model.capture import Json
from auditor.model.trigger import TriggerKind
from providers.aws.normalize.answers import Answers
from providers.aws.normalize.fields import items, optional_member, optional_text, text
from providers.aws.normalize.function_list import FunctionList
from providers.aws.normalize.references import qualified
from providers.aws.normalize.sources.reading import EVERYTHING, Delivery, Reading, delivery, is_function

_SETTINGS: Final = "lambda:ListFunctionEventInvokeConfigs"


def destinations(answers: Answers, listed: FunctionList) -> Reading:
    """The functions that others of the location send their results to, or what they could not process.

    No policy of a function names what sends to it so: the sender's role may invoke it. One gap stands for all senders
    that could not be read, as each of them may send to any function.
    """
    bodies = answers.bodies(_SETTINGS)
    deliveries: list[Delivery] = []
    gap = listed.gap
    for function in sorted({*listed.arns, *bodies}):
        rows = answers.flat(bodies.all(function), lambda body: items(body, "FunctionEventInvokeConfigs"))
        sent = answers.readable(rows, lambda body: tuple(_sent(body)))
        deliveries.extend(each for found in sent.items for each in found)
        gap = gap or sent.gap
    gaps = {EVERYTHING: gap} if gap is not None else {}
    return Reading("lambda", _SETTINGS, tuple(deliveries), gaps=gaps, by_role=True, forwards=False)


def _sent(body: Json) -> Iterator[Delivery]:
    sender, _ = qualified(text(body, "FunctionArn"))
    settings = optional_member(body, "DestinationConfig")
    for outcome in ("OnSuccess", "OnFailure") if settings is not None else ():
        target = optional_text(optional_member(settings or {}, outcome) or {}, "Destination") or ""
        if is_function(target):
            yield delivery(target, "lambda", sender, TriggerKind.OTHER, asynchronous=True)
