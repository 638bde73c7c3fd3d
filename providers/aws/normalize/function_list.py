"""The functions a location lists: counted and named before any is described, and none may vanish."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from auditor.model.capture import Json, Outcome
from auditor.model.observed import Gap, GapReason, Observed, Unknown
from providers.aws.arn import parse_arn, split_function
from providers.aws.normalize.answers import Answers, Listing, known
from providers.aws.normalize.fields import UnreadableError, items, record, text

_LISTED = "lambda:ListFunctions"


class _Named(NamedTuple):
    arn: str | None
    role: str | None
    group: str | None
    dead_letter: str | None = None


class FunctionList:
    """What ListFunctions told of one location. ``gap`` says why the list is not complete."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        pages: Listing[list[_Named]] = answers.subjects(
            _LISTED, lambda body: [_name(item, answers.location) for item in items(body, "Functions")]
        ).all()
        named = [item for page in pages.items for item in page]
        self.gap: Gap | None = pages.gap
        if self.gap is None and any(item.arn is None for item in named):
            self.gap = answers.gap(_LISTED, GapReason.MALFORMED, "a function could not be told by its ARN")
        self.arns: frozenset[str] = frozenset(item.arn for item in named if item.arn is not None)
        self.roles: frozenset[str] = frozenset(item.role for item in named if item.role is not None)
        self.log_groups: frozenset[str] = frozenset(item.group for item in named if item.group is not None)
        self.dead_letters: frozenset[str] = frozenset(
            item.dead_letter for item in named if item.dead_letter is not None
        )

    def functions(self) -> Iterator[tuple[str | None, Json]]:
        """Every function listed, once, with its ARN (None where it cannot be read)."""
        seen: set[str] = set()
        pages: set[int] = set()
        for envelope in self._answers.envelopes(_LISTED):
            if envelope.outcome is not Outcome.OK or envelope.page in pages or envelope.subject:
                continue
            body: Any = envelope.body
            functions = body.get("Functions") if isinstance(body, dict) else None
            if not isinstance(functions, list):
                continue
            pages.add(envelope.page)
            for item in functions:
                arn = _name(item, self._answers.location).arn
                if arn is not None and arn in seen:
                    continue  # it moved between pages while they were read
                seen.add(arn or "")
                yield arn, item

    def exists(self, target: str) -> Observed[bool]:
        """Whether a function that something refers to is there."""
        arn = split_function(target)
        parsed = parse_arn(target)
        if arn is None or parsed is None:
            return Unknown(self._answers.gap(_LISTED, GapReason.MALFORMED, "not the ARN of a function", target))
        if arn[0] in self.arns:
            return known(value=True, source=_LISTED)
        if (parsed.account, parsed.region) != (self._answers.account, self._answers.location):
            message = "functions of another account or region are not looked for"
            return Unknown(self._answers.gap(_LISTED, GapReason.NOT_COLLECTED, message, target))
        return Unknown(self.gap) if self.gap is not None else known(value=False, source=_LISTED)


def _name(item: Json, location: str) -> _Named:
    """What an entry of the list is called; one of another region than was asked is damage."""
    try:
        body = record(item)
        arn = text(body, "FunctionArn")
    except UnreadableError:
        return _Named(None, None, None)
    role, logging, failed = body.get("Role"), body.get("LoggingConfig"), body.get("DeadLetterConfig")
    group = logging.get("LogGroup") if isinstance(logging, dict) else None
    dead_letter = failed.get("TargetArn") if isinstance(failed, dict) else None
    parsed = parse_arn(arn)
    readable = parsed is not None and parsed.resource.startswith("function:") and parsed.region == location
    return _Named(
        arn if readable else None,
        role if isinstance(role, str) else None,
        group if isinstance(group, str) else None,
        dead_letter if isinstance(dead_letter, str) else None,
    )
