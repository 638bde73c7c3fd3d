"""Objects of which nothing is known but what is given: for damaged entries, and for what a cloud has not."""

from dataclasses import MISSING, fields
from typing import Any, TypeVar

from auditor.model.asynchronous import FailureHandling
from auditor.model.code import Code, Package
from auditor.model.function import Function
from auditor.model.limits import Limits
from auditor.model.observed import Unknown

T = TypeVar("T")


def unread(kind: type[T], why: Unknown, **given: Any) -> T:
    """An object whose facts are all ``why``, but those ``given``. Facts that not every cloud has stay unfilled."""
    required = (field.name for field in fields(kind) if field.default is MISSING)  # type: ignore[arg-type]
    return kind(**{**dict.fromkeys(required, why), **given})


def unread_function(why: Unknown, **given: Any) -> Function:
    """A function of which nothing is known but what is given: at least what names it, and its source."""
    rest = {
        "triggers": (why,),
        "code": unread_code(why),
        "limits": unread(Limits, why),
        "failures": unread(FailureHandling, why),
    }
    return unread(Function, why, **{**rest, **given})


def unread_code(why: Unknown, **given: Any) -> Code:
    """The code of a function of which nothing is known but what is given; an archive unless another package is."""
    return unread(Code, why, **{"package": Package.ARCHIVE, "image": None, **given})
