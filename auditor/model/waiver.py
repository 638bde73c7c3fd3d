"""A waiver: somebody's decision to live with a finding until a day. What a file of them holds, and what it does."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

MATCHING = ("fingerprint", "cause", "check", "scope", "location", "function", "tag")
"""The keys of an entry that say what it is about; all that are given have to match."""

_MARK = r"^[0-9a-f]{16}$"


class WaiverEntry(BaseModel):
    """One entry of a waiver file. At least one of its matching keys is given; all that are have to match."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    fingerprint: str | None = Field(None, pattern=_MARK, description="Fingerprint of one finding.")
    cause: str | None = Field(None, pattern=_MARK, description="Id of a cause: every finding it has.")
    check: str | None = Field(None, min_length=1, description="Check id; * and ? stand for any letters.")
    scope: str | None = Field(
        None, min_length=1, description="Account, subscription or project, with or without `aws/`; * and ? are allowed."
    )
    location: str | None = Field(None, min_length=1, description="Region; * and ? are allowed.")
    function: str | None = Field(None, min_length=1, description="Name of the function; * and ? are allowed.")
    tag: str | None = Field(None, min_length=1, description="`key=value`, or `key` for any value.")
    reason: str = Field(description="Why the finding is accepted. Shown wherever the finding is.")
    expires: date = Field(description="The last day on which it counts, as YYYY-MM-DD.")
    owner: str | None = Field(None, min_length=1, description="Who answers for it.")
    ticket: str | None = Field(None, min_length=1, description="Where it was decided.")

    @field_validator("reason")
    @classmethod
    def _said(cls, reason: str) -> str:
        if not reason.strip():
            raise ValueError("it is empty: say why the finding is accepted")
        return reason.strip()

    @model_validator(mode="after")
    def _about_something(self) -> Self:
        if not any(getattr(self, key) for key in MATCHING):
            raise ValueError(f"it matches nothing: name at least one of {', '.join(MATCHING)}")
        return self

    @property
    def matching(self) -> dict[str, str]:
        """The keys that say what it is about, as they were given."""
        return {key: value for key in MATCHING if (value := getattr(self, key)) is not None}


class WaiverFile(BaseModel):
    """A waiver file, TOML (``[[waivers]]``) or YAML (``waivers:``)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    waivers: tuple[WaiverEntry, ...] = Field((), description="The entries; the first that matches a finding counts.")


@dataclass(frozen=True, slots=True)
class WaiverTarget:
    """What an entry is matched against: one finding. ``checks`` are the id of its check and the older ids of it."""

    fingerprint: str
    cause: str
    checks: tuple[str, ...]
    scope: str
    location: str
    function: str
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Waived:
    """That a finding is waived, and by what. ``entry`` counts from 1; ``through`` is the fingerprint of the leading
    finding whose waiver covers this facet, "" where the entry matches the finding itself.
    """

    entry: int
    reason: str
    expires: date
    owner: str | None
    ticket: str | None
    through: str = ""

    def row(self) -> dict[str, Any]:
        """As ``report.json`` has it."""
        return {
            "entry": self.entry,
            "reason": self.reason,
            "expires": self.expires.isoformat(),
            "owner": self.owner,
            "ticket": self.ticket,
            "through": self.through or None,
        }


class Waivers(Protocol):
    """What the engine asks of a file of waivers."""

    def match(self, target: WaiverTarget, today: date) -> Waived | None:
        """The waiver of a finding on a day; None where there is none that counts."""

    def rows(self, today: date) -> list[dict[str, Any]]:
        """What became of each entry, once every finding was matched."""
