"""What GetFunction tells of a function, and what tells the same without it: tags and reserved concurrency.

GetFunction is asked only in the tier "code", for its answer holds a signed URL of the code.
"""

from dataclasses import dataclass
from typing import Any

from auditor.model.capture import Depth, Json
from auditor.model.observed import LEFT_OUT, GapReason, Known, Observed, Unknown
from auditor.model.tags import Tags
from providers.aws.normalize.answers import Answers, known
from providers.aws.normalize.fields import (
    filled_text,
    items,
    member,
    number,
    optional_member,
    optional_number,
    record,
    string,
    text,
)

_FUNCTION = "lambda:GetFunction"
_CONCURRENCY = "lambda:GetFunctionConcurrency"
_TAGS = "tag:GetResources"


@dataclass(frozen=True, slots=True)
class Single:
    """One function's GetFunction. ``tags`` Known(None): the answer holds none, and does not say that there are none."""

    concurrency: Observed[int | None]
    image: Observed[str | None]
    resolved: Observed[str | None]
    source_key: Observed[str | None]
    tags: Observed[Tags | None]


class Singles:
    """What GetFunction and the tagging service said of one location's functions."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._shows_tags = False
        self._singles = answers.subjects(_FUNCTION, self._read)
        self._reserved = answers.subjects(
            _CONCURRENCY,
            lambda body: optional_number(body, "ReservedConcurrentExecutions"),  # absent: unreserved
        )
        listing = answers.readable(
            answers.pages(_TAGS, "ResourceTagMappingList"),
            lambda body: (text(body, "ResourceARN"), _pairs(items(body, "Tags"))),
        )
        self._tagged: dict[str, Tags] = dict(listing.items)
        self._tag_gap = listing.gap

    def single(self, arn: str) -> Single:
        """What GetFunction said of a function."""
        found = self._singles.one(arn)
        if isinstance(found, Unknown):
            return Single(self._concurrency(arn, found), found, found, found, found)
        if found.value is None:
            gap = self._answers.gap(_FUNCTION, GapReason.NOT_FOUND, "the function is gone", arn)
            return Single(*(Unknown(gap),) * 5)
        return found.value

    def _concurrency(self, arn: str, unasked: Unknown) -> Observed[int | None]:
        """The reserved concurrency where GetFunction does not tell it; ``unasked`` says why it does not."""
        if arn in self._reserved:
            return self._reserved.one(arn)
        if unasked.gap.reason not in LEFT_OUT:
            return unasked
        if self._answers.depth is not Depth.STANDARD:
            return Unknown(self._answers.missing(_CONCURRENCY, arn))
        message = "at depth standard it is asked only of functions that the public may start"
        return Unknown(self._answers.gap(_CONCURRENCY, GapReason.NOT_AT_DEPTH, message, arn))

    def tags(self, arn: str, single: Single) -> Observed[Tags]:
        """The tags: GetFunction's where it shows any, else the tagging service's."""
        own = single.tags
        if isinstance(own, Known) and own.value is not None:
            return Known(own.value, own.source)
        if arn in self._tagged:
            return Known(self._tagged[arn], _TAGS)
        if self._tag_gap is None:
            return known(Tags(), _TAGS)
        if isinstance(own, Known) and self._shows_tags:
            return known(Tags(), own.source)  # the caller is shown tags here, and would be told if these were withheld
        if isinstance(own, Unknown) and own.gap.reason not in LEFT_OUT:
            return own
        return Unknown(self._tag_gap)

    def _read(self, body: Json) -> Single:
        fact = self._answers.fact
        answer = record(body)
        return Single(
            concurrency=fact(_FUNCTION, lambda: _reserved(answer)),
            image=fact(_FUNCTION, lambda: filled_text(member(answer, "Code"), "ImageUri")),
            resolved=fact(_FUNCTION, lambda: filled_text(member(answer, "Code"), "ResolvedImageUri")),
            source_key=fact(_FUNCTION, lambda: filled_text(member(answer, "Code"), "SourceKMSKeyArn")),  # absent: AWS's
            tags=self._tags(answer),
        )

    def _tags(self, body: dict[str, Any]) -> Observed[Tags | None]:
        if "TagsError" in body:
            message = "the function's tags were withheld"
            gap = self._answers.gap(_FUNCTION, GapReason.DENIED, message, None, "lambda:ListTags")
            return Unknown(gap)
        tags = self._answers.fact(_FUNCTION, lambda: _mapping(body))
        self._shows_tags = self._shows_tags or (isinstance(tags, Known) and tags.value is not None)
        return tags


def _reserved(body: dict[str, Any]) -> int | None:
    concurrency = optional_member(body, "Concurrency")  # absent: unreserved
    return number(concurrency, "ReservedConcurrentExecutions") if concurrency is not None else None


def _mapping(body: dict[str, Any]) -> Tags | None:
    tags = optional_member(body, "Tags")
    if not tags:
        return None
    return Tags((string(key, "a tag"), string(value, "a tag")) for key, value in tags.items())


def _pairs(tags: list[Json]) -> Tags:
    return Tags((text(tag, "Key"), text(tag, "Value")) for tag in tags)
