"""Every call that can be made to the toy cloud. What is not here cannot be called."""

from dataclasses import dataclass

from auditor.answer_shape import AnswerShape
from auditor.model.capture import Depth
from auditor.provider import Operation


@dataclass(frozen=True, slots=True)
class ToyOperation(Operation):
    """A declared call as it is sent: ``{name}`` in the path is filled in."""

    path: str = ""


LIST = ToyOperation(
    id="toy:ListFunctions",
    permission="toy.functions.list",
    purpose="functions",
    bucket="toy",
    path="/functions",
    pages="functions",
    continuation=("next",),
    answer=AnswerShape(required={"functions": list}, optional={"next": str}),
)
POLICY = ToyOperation(
    id="toy:GetPolicy",
    permission="toy.functions.getPolicy",
    purpose="who may call a function",
    bucket="toy",
    path="/functions/{name}/policy",
    depth=Depth.STANDARD,
    per_subject=True,
    absent_codes=frozenset({"NO_POLICY"}),
    answer=AnswerShape(required={"callers": list}),
)
OPERATIONS = (LIST, POLICY)
BY_ID = {operation.id: operation for operation in OPERATIONS}
LISTING = frozenset({LIST.id})
