"""The JSON Schemas we publish, generated from the models that write and read."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from auditor.analysis.trigger_reach import TriggerReach
from auditor.config import Configuration
from auditor.engine.row_schema import descriptions, function_properties, record_reference
from auditor.model import report
from auditor.model.capture import Depth, Outcome
from auditor.model.code_analysis import CodeFinding
from auditor.model.ids import Cloud
from auditor.model.observed import GapReason
from auditor.model.report import CodeCallRow, CodeComponentRow, ReportDocument, Row
from auditor.model.waiver import WaiverFile

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


_REACH = {
    "description": "Who can set the function off through it: anybody, others than the account and its organization, or "
    "those alone; null: not known, or a gateway in front of the function decides (`gateways`).",
    "anyOf": [{"type": "string", "enum": [each.value for each in TriggerReach]}, {"type": "null"}],
}


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
    """``captures/<id>.json``: the facts about a capture, under the id that the names of its shards carry."""

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
    sizes: tuple[int, ...] = Field(
        (),
        description="How many answers, absences and gaps each of the shards holds, in the order of shards: where fewer "
        "are found, the rest counts as damaged. Empty where it was not counted.",
    )
    started_ns: int = Field(
        0,
        description="When the capture began, in nanoseconds since 1970-01-01 UTC. Where captures that were copied "
        "together answer the same question, the later one counts; where even this is the same, the one whose id sorts "
        "last. 0 where it was not noted: then started_at decides.",
    )
    callers: tuple[tuple[Cloud, str], ...] = Field((), description="As whom each cloud was asked, where that is known.")
    command: str = Field("", description="The command line that collected it, without what is secret.")
    not_scanned: tuple[tuple[Cloud, str], ...] = Field((), description="Clouds that were left out, and why.")
    unfinished: bool = Field(
        False,
        description="Whether the run ended without a word (it was killed, or its machine stopped): what the capture "
        "holds is whole, but nothing it lists is known to be all there is.",
    )


class SnapshotSchema(BaseModel):
    """A snapshot: facts about the capture, and shards of envelope heads and bodies."""

    capture: CaptureFile
    shard_line: EnvelopeHead


_MODELS: dict[str, type[BaseModel]] = {
    "report": ReportDocument,
    "snapshot": SnapshotSchema,
    "config": Configuration,
    "waivers": WaiverFile,
}


def schema(subject: str) -> dict[str, Any]:
    """The JSON Schema of ``report``, ``snapshot``, ``config`` or ``waivers``."""
    made = {"$schema": _DIALECT, **_MODELS[subject].model_json_schema(by_alias=True)}
    if subject == "report":
        _describe(made)
        definitions = made["$defs"]
        row, facts = definitions["FunctionRow"], function_properties(definitions)
        for holder in ("Code", "Layer"):
            definitions[holder]["properties"] |= _inside(definitions)
        own = {name: shape for name, shape in row["properties"].items() if name not in facts}
        row["properties"] = facts | own
        definitions["Trigger"]["properties"]["reach"] = _REACH
        reach = definitions["InvokeReachRow"]["properties"]["statements"]
        reach["items"] = {"$ref": "#/$defs/AccessGrant"}
    return made


def _inside(definitions: dict[str, Any]) -> dict[str, Any]:
    """What :mod:`auditor.engine.code_rows` shows beside an analysis. Its rows are declared in the definitions."""
    described = {
        "components": ("Third-party libraries in it.", CodeComponentRow),
        "findings": ("Defects in its own code.", CodeFinding),
        "calls": ("Calls of the cloud's API in its own code.", CodeCallRow),
    }
    for record in (CodeComponentRow, CodeCallRow):
        shape = record.model_json_schema()
        definitions[record.__name__] = shape
        _describe({"$defs": {record.__name__: shape}})
    record_reference(CodeFinding, definitions)
    return {
        name: {
            "description": f"{said} Null where the package was not read: `unknown_facts` says why, of `analysis`.",
            "anyOf": [{"type": "array", "items": {"$ref": f"#/$defs/{record.__name__}"}}, {"type": "null"}],
        }
        for name, (said, record) in described.items()
    }


def _describe(made: dict[str, Any]) -> None:
    """Puts the attribute docstrings of the report's rows beside their types."""
    rows = {kind.__name__: kind for kind in vars(report).values() if isinstance(kind, type) and issubclass(kind, Row)}
    whole = [(ReportDocument.__name__, made)] if made.get("title") == ReportDocument.__name__ else []
    for name, shape in [*made["$defs"].items(), *whole]:
        for member, text in descriptions(rows[name]).items() if name in rows else ():
            field = rows[name].model_fields[member].alias or member
            shape["properties"][field] = {**shape["properties"][field], "description": text}
