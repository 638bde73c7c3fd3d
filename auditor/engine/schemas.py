"""The JSON Schemas we publish, generated from the models that write and read."""

from typing import Any

from pydantic import BaseModel, ConfigDict

from auditor.config import Configuration
from auditor.model.capture import Depth, Outcome
from auditor.model.ids import Cloud
from auditor.model.observed import GapReason
from auditor.model.report import ReportDocument

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


class EnvelopeHead(BaseModel):
    """The first line of each pair in a shard; the second is the redacted answer (or null)."""

    model_config = ConfigDict(extra="forbid")

    s: str
    p: int
    o: Outcome
    r: GapReason | None = None
    n: str | None = None
    m: str = ""


class CaptureFile(BaseModel):
    """``captures/<digest>.json``."""

    model_config = ConfigDict(extra="forbid")

    version: int
    started_at: str
    finished_at: str
    depth: Depth
    tool_version: str
    scopes: tuple[tuple[Cloud, str, tuple[str, ...]], ...]
    selection: tuple[tuple[str, str], ...]
    throttles: dict[str, int]
    interrupted: bool
    errors: tuple[str, ...]
    shards: tuple[tuple[Cloud, str, str, str], ...] = ()


class SnapshotSchema(BaseModel):
    """A snapshot: facts about the capture, and shards of envelope heads and bodies."""

    capture: CaptureFile
    shard_line: EnvelopeHead


_MODELS: dict[str, type[BaseModel]] = {
    "report": ReportDocument,
    "snapshot": SnapshotSchema,
    "config": Configuration,
}


def schema(subject: str) -> dict[str, Any]:
    """The JSON Schema of ``report``, ``snapshot`` or ``config``."""
    return {"$schema": _DIALECT, **_MODELS[subject].model_json_schema(by_alias=True)}
