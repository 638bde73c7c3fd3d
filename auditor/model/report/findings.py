"""Findings, their causes, the plan, and what could not be said."""

from typing import Any, Literal

from pydantic import Field

from auditor.model.ids import Cloud
from auditor.model.observed import GapReason
from auditor.model.report.row import Row
from auditor.model.severity import Confidence, Severity


class EvidenceRow(Row):
    """Which API answer proves it, and what in it."""

    source: str
    """The operation that answered."""
    detail: str
    """The value or statement in its answer."""


class RemediationRow(Row):
    """The repair, filled in."""

    text: str
    """What to change."""
    command: str | None
    """A command to paste; null where none does it."""
    terraform: str | None
    """The same in Terraform; null where it is no resource's argument."""


class CauseRow(Row):
    """What one change closes: findings of one defect at one site."""

    id: str = Field(pattern=r"^[0-9a-f]{16}$")
    """Hash of the leading check and the site: the same cause has the same one in every report."""
    check_id: str
    """The check of the finding that leads."""
    title: str
    """Title of that check."""
    message: str
    """What the leading finding says."""
    risk: str
    """Risk of that check."""
    severity: Severity
    """The gravest of its findings."""
    confidence: Confidence
    """Confidence of the gravest finding."""
    cloud: Cloud
    """The cloud."""
    account: str
    """Account, subscription or project id."""
    region: str | None
    """Region of the leading finding; null where it is of a whole account."""
    site: str
    """What has to change: an attachment, an endpoint, a resource, a setting."""
    lead: str
    """Fingerprint of the leading finding."""
    findings: tuple[str, ...]
    """Fingerprints of all its findings, the leading one first."""
    functions: tuple[str, ...]
    """Ids of the functions it is found on; empty where it is of an account or a region."""
    points: float
    """Points of the account's score that mending it alone would gain, at the middle of the range."""
    breaks: str = ""
    """What could stop working by the change; "" where nothing could."""
    waived: bool = False
    """All its findings are waived."""
    remediation: RemediationRow
    """The repair."""


class ScoreAfterRow(Row):
    """The account's score after a change."""

    low: float | None
    """Low end; null without functions."""
    high: float | None
    """High end; null without functions."""


class PlanRow(Row):
    """One step of the fix plan: always the cause that gains most, given what is mended before it."""

    rank: int
    """Place in the plan, from 1."""
    cause: str
    """Id of the cause."""
    check_id: str
    """The check that leads it."""
    severity: Severity
    """Its severity."""
    title: str
    """Title of the check."""
    message: str
    """What is wrong."""
    cloud: Cloud
    """The cloud."""
    account: str
    """Account, subscription or project id."""
    region: str | None
    """Region; null where the change is one of a whole account."""
    change: str
    """What to change."""
    command: str | None
    """A command to paste; null where none does it."""
    terraform: str | None
    """The same in Terraform; null where it is no resource's argument."""
    breaks: str
    """What could stop working by it; "" where nothing could."""
    closes: tuple[str, ...]
    """Fingerprints of the findings it closes."""
    eases: tuple[str, ...]
    """Fingerprints of the findings that stay open after it with a lower severity; empty where there are none."""
    functions: tuple[str, ...]
    """Ids of the functions that get better by it."""
    points: float
    """Points of the account's score that it gains, at the middle of the range, after the steps before it."""
    score_after: ScoreAfterRow
    """The account's score after this step and all before it."""


class WaivedRow(Row):
    """That a finding is accepted until a day, and by which entry of the waiver file."""

    entry: int
    """Number of the entry in the file, from 1."""
    reason: str
    """Why it is accepted."""
    expires: str
    """ISO date of the last day on which it is."""
    owner: str | None
    """Who answers for it; null: the entry does not say."""
    ticket: str | None
    """Where it was decided; null: the entry does not say."""
    through: str | None
    """Fingerprint of the leading finding of its cause that was waived; null: the entry matches this finding itself."""


class WaiverRow(Row):
    """What became of one entry of the waiver file."""

    entry: int
    """Number of the entry in the file, from 1."""
    match: dict[str, str]
    """What it is about: the keys as they were given."""
    reason: str
    """Why findings are accepted."""
    expires: str
    """ISO date of the last day on which it counts."""
    owner: str | None
    """Who answers for it; null: the entry does not say."""
    ticket: str | None
    """Where it was decided; null: the entry does not say."""
    status: Literal["active", "expired", "unmatched", "over-broad"]
    """`unmatched`: no finding of this run is what it is about. `over-broad`: it names no finding, cause or check, and
    waives what several checks found; it counts all the same."""
    findings: int
    """Findings that it waives; of an expired one, that it would waive."""
    shadowed: bool = False
    """Entries before it waive all that it matches."""


class FindingRow(Row):
    """One proven defect."""

    fingerprint: str = Field(pattern=r"^[0-9a-f]{16}$")
    """Hash of check, resource and locus: the same finding has the same one in every report."""
    cause: str = ""
    """Id of its cause."""
    check_id: str
    """The check that failed."""
    risk: str
    """Its risk."""
    status: Literal["FAIL"]
    """Always FAIL."""
    severity: Severity
    """How bad."""
    confidence: Confidence
    """How sure."""
    title: str
    """Title of the check."""
    message: str
    """What is wrong here."""
    function_id: str | None
    """The function; null where the finding is of an account or a region."""
    function_name: str | None = None
    """Its name; null where there is no function."""
    cloud: Cloud
    """The cloud."""
    account: str
    """Account, subscription or project id."""
    region: str | None = None
    """Region; null where the finding is of a whole account."""
    owner: str | None = None
    """Owner of the function, as its tags name it; null: no tag names one."""
    tags: dict[str, str] = Field({})
    """Tags of the function; empty where there are none or they were not read."""
    subject_id: str
    """Id of the function, account or region that was judged: the key in `verdicts`."""
    resource_id: str
    """The resource to change."""
    locus: str
    """Where in the resource: a statement, a variable, a URL."""
    evidence: tuple[EvidenceRow, ...]
    """The answers that prove it."""
    remediation: RemediationRow
    """The repair."""
    controls: tuple[str, ...]
    """Controls it is evidence for, as `framework:control`."""
    cwe: int | None = None
    """CWE number of the check; null: none fits."""
    first_seen: str | None = None
    """RFC 3339 time of the run that first had it; null where no baseline and no history was compared."""
    waived: WaivedRow | None
    """The waiver it is accepted by until a day; null: it is not waived. It keeps its status."""


class BaselineRow(Row):
    """The earlier report that this one was compared with."""

    started_at: str
    """RFC 3339 time when its collection began."""
    depth: str
    """How deep it asked."""
    tool_version: str
    """Version that evaluated it."""


class CarriedRow(Row):
    """A finding of an earlier report that this run did not examine again: it counts neither as open nor as resolved."""

    fingerprint: str
    """Its fingerprint."""
    check_id: str
    """Its check."""
    severity: Severity
    """How bad it was."""
    title: str
    """Title of the check."""
    message: str
    """What was wrong."""
    subject_id: str
    """The function, account or region."""
    function_name: str | None
    """Its name; null where there is no function."""
    cloud: Cloud
    """The cloud."""
    account: str
    """Account, subscription or project id."""
    region: str | None
    """Region; null where the finding is of a whole account."""
    first_seen: str
    """RFC 3339 time of the run that first had it."""
    depth: str
    """Depth of the run that had it last."""
    settings: dict[str, Any]
    """The settings of checks that differed from their defaults in that run."""
    as_of: str = ""
    """ISO date on which that run judged dates; "" where it was not noted."""
    why: str
    """Why it was not examined again."""


class UnknownRow(Row):
    """Verdicts that could not be reached, grouped by what was missing."""

    check_id: str
    """The check."""
    operation: str
    """The operation that should have answered."""
    permission: str | None
    """Permission that it needs; null where none would help."""
    reason: GapReason
    """Why it did not answer."""
    message: str
    """What the cloud said, redacted."""
    subjects: tuple[str, ...]
    """The functions, accounts and regions concerned."""


class CheckRow(Row):
    """A check that has a verdict in this report."""

    id: str
    """Name of the defect."""
    aliases: tuple[str, ...] = ()
    """Ids it had before, oldest first."""
    title: str
    """The defect in a line."""
    summary: str = ""
    """What it looks for; absent where nothing failed: `auditor checks show` prints it."""
    why: str = ""
    """Why it matters; absent where nothing failed."""
    risk: str
    """Its risk."""
    severity: Severity
    """Severity unless a finding says otherwise."""
    confidence: Confidence = Confidence.HIGH
    """Confidence unless a finding says otherwise."""
    profile_level: Literal["default", "strict"]
    """`strict`: an opinion, asked only with `--profile-level strict`."""
    subject: str = "function"
    """What it judges: function, location or scope."""
    clouds: tuple[Cloud, ...]
    """Clouds it applies to."""
    cwe: int | None
    """CWE number; null: none fits."""
    controls: tuple[str, ...]
    """Controls it is evidence for, as `framework:control`."""
    covers: tuple[str, ...]
    """Rows of the catalogue of checks that it covers."""
    references: tuple[str, ...] = ()
    """Pages of the vendor or of a standard that say so; absent where nothing failed."""
