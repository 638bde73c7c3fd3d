"""The promised shape of ``report.json`` (schema version 1). Keys may be added; none named here goes away.

The facts of a function are not declared here: they are the fields of :class:`auditor.model.function.Function`, and the
published schema is derived from it. :class:`FunctionRow` declares what a row holds besides them.
"""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from auditor.model.control_status import ControlStatus
from auditor.model.finding import Status
from auditor.model.ids import Cloud
from auditor.model.observed import GapReason
from auditor.model.severity import Confidence, Severity


class Row(BaseModel):
    """Readers tolerate keys added later."""

    model_config = ConfigDict(frozen=True, extra="allow")


class Tool(Row):
    """Who made the report."""

    name: str
    """Distribution name."""
    version: str
    """Version that evaluated, which may be newer than the one that collected."""


class Gate(Row):
    """Whether the findings pass ``--fail-on``."""

    fail_on: Literal["critical", "high", "medium", "low", "none"]
    """The least severity that fails the gate; `none`: no gate."""
    only_new: bool = False
    """Only findings count that the baseline does not have."""
    passed: bool
    """No cause is at or above it."""
    by_severity: dict[Severity, int] = {}
    """The causes that it looks at, by severity."""


class PluginRow(Row):
    """Code of others that took part: a distribution, or a directory of checks."""

    name: str
    """Name of the distribution, or the directory."""
    version: str | None
    """Version of the distribution; null for a directory."""
    sha256: str
    """Digest over its Python files: over each path and the digest of its content, sorted by path."""


class CloudNotScannedRow(Row):
    """A cloud of which nothing was scanned, and that was not left out on purpose (with ``--provider``)."""

    cloud: Cloud
    """The cloud."""
    reason: str
    """Why, in one sentence: no credentials, or credentials that fail."""


class CarriedOverRow(Row):
    """Answers of an earlier run that were taken over because nothing says that they changed."""

    answers: int
    """How many."""
    unchanged: int
    """Those of which the revision of their subject proves that they did not change."""
    oldest: str
    """When the oldest was asked, RFC 3339 UTC."""


class LeftOutRow(Row):
    """An account that was not read on purpose."""

    id: str
    """`<cloud>/<scope>`."""
    name: str
    """Its name, where that is known."""
    reason: str
    """Why: it was excluded, or it is not active."""


class OrganizationRow(Row):
    """Accounts that one run was to read."""

    accounts: int
    """How many were to be read."""
    unreadable: tuple[str, ...]
    """Those of which no list of functions answered (`<cloud>/<scope>`)."""
    left_out: tuple[LeftOutRow, ...]
    """Those that were left out on purpose."""


class RunRow(Row):
    """How the audit was asked for and how it ended."""

    depth: Literal["quick", "standard", "full"]
    """How deep the capture asked."""
    settings: dict[str, Any] = {}
    """The settings of checks that differ from their defaults."""
    prices: dict[str, Any] = {}
    """The prices and assumptions of spend ceilings that differ from those shipped."""
    caller: dict[Cloud, str] = {}
    """As whom each cloud was asked (ARN, user, application or service account), where that is known."""
    command: str = ""
    """The command line that collected the snapshot, without what is secret; "" for captures of before it was noted."""
    plugins: tuple[PluginRow, ...] = ()
    """Code of others that took part in the evaluation."""
    clouds_not_scanned: tuple[CloudNotScannedRow, ...] = ()
    """Clouds that were left out although nobody asked for that."""
    selection: dict[str, Any]
    """What narrowed the run, by option."""
    as_of: str
    """ISO date on which dates were judged."""
    gate: Gate
    """The severity gate."""
    complete: bool
    """Everything that was asked was answered, and every verdict reached."""
    exit_code: int
    """Exit code of the command that wrote the report."""
    interrupted: bool = False
    """A signal or `--timeout` ended the collection early."""
    carried_over: CarriedOverRow | None = None
    """The answers that an earlier run asked for; null where all were asked by this one."""
    organization: OrganizationRow | None = None
    """What became of the accounts of an organization or an accounts file; null where none was asked for."""
    errors: tuple[str, ...]
    """Clouds and scopes that could not be opened, and checks that crashed, one sentence each."""


class ScopeRow(Row):
    """An account, subscription or project."""

    id: str
    """`<cloud>/<scope>`."""
    cloud: Cloud
    """The cloud."""
    scope: str
    """Account, subscription or project id."""
    locations: tuple[str, ...]
    """Regions that were asked or that hold functions."""
    status: Literal["read", "partial", "unreadable"]
    """`partial` where an answer is missing, `unreadable` where no list of functions answered."""
    unlisted: tuple[str, ...] = ()
    """Regions (or `global`) whose list of functions is not known to be whole."""
    name: str = ""
    """Its name, where an organization or an accounts file tells it."""
    carried_over: int = 0
    """How many of its answers an earlier run asked for."""
    age: str = ""
    """When the oldest of those was asked (RFC 3339 UTC); "" where there are none."""
    unit: str = ""
    """The organizational unit it is in, where that is known."""


class OperationRow(Row):
    """Answers of one operation in one place."""

    operation: str
    """The operation, as `service:Operation`."""
    scope: str
    """Id of the scope."""
    location: str
    """Region, or `global`."""
    ok: int
    """Answers."""
    absent: int
    """Times the cloud said that there is none."""
    gaps: dict[GapReason, int]
    """Missing answers by reason."""


class GapRow(Row):
    """Calls that went unanswered for one reason."""

    operation: str
    """The operation."""
    scope: str
    """Id of the scope."""
    location: str
    """Region, or `global`."""
    resource: str | None
    """The one resource that was asked about; null where several or none were."""
    reason: GapReason
    """Why there is no answer."""
    permission: str | None
    """Permission that the operation needs; null where none would help."""
    message: str
    """What the cloud said, redacted."""
    count: int = 1
    """Number of calls."""
    resources: tuple[str, ...] = ()
    """The first resources that were asked about."""
    owners: tuple[str, ...] = ()
    """Other accounts that own all these resources and must allow the call: it succeeded elsewhere in this scope."""
    needed: bool = True
    """A verdict of this report, or its list of functions, waits for this operation."""
    advice: str = ""
    """What to do about it, in a sentence; where no grant to the auditor would help, why."""
    grant: str | None = None
    """A command that grants the permission to the identity that asked; null where no grant is known or would help."""


class CoverageRow(Row):
    """What was asked and what answered."""

    operations: tuple[OperationRow, ...]
    """Answers by operation, scope and region."""
    gaps: tuple[GapRow, ...]
    """Missing answers, grouped by reason."""
    throttles: dict[str, int] = {}
    """Answers of "slow down" by operation; all were retried."""
    verdicts_reached: int
    """Verdicts that are PASS, FAIL or NOT_APPLICABLE."""
    verdicts_total: int
    """Those, UNKNOWN and ERROR."""
    complete: bool
    """Same as `run.complete`."""


class DriverRow(Row):
    """What lowered the score most."""

    check_id: str
    """The check."""
    function_id: str | None
    """The one function it failed on; null where there are several."""
    points: float
    """Points of the account's score."""
    text: str
    """The same in a sentence."""


class ScoreRow(Row):
    """The score of everything audited."""

    low: float | None
    """0 to 100, unknown verdicts taken as failed; null without functions."""
    high: float | None
    """0 to 100, unknown verdicts taken as passed; null without functions."""
    grade: str
    """A to F, of the low end; `n/a` without functions."""
    grade_high: str = ""
    """A to F, of the high end."""
    drivers: tuple[DriverRow, ...]
    """What lowered it most, worst first."""


class SummaryRow(Row):
    """How many functions have each of the traits that matter most, in numbers that add up to all functions."""

    functions: int
    """Functions audited."""
    unauthenticated: int
    """Functions that can be reached from the internet without authentication."""
    unauthenticated_unknown: int
    """Functions of which that could not be judged."""
    administrator: int
    """Functions whose identity has administrator permissions."""
    administrator_unknown: int
    """Functions of which that could not be judged."""
    both: int
    """Functions that are both."""


class WaivedTotalsRow(Row):
    """What is waived: it counts in no gate, no score and no plan."""

    causes: int
    """Causes all of whose findings are waived."""
    findings: int
    """Findings that are waived."""


class TotalsRow(Row):
    """Counts. A cause is what one change closes; it may show as several findings."""

    functions: int
    """Functions audited."""
    causes: int = 0
    """Causes with a finding that is not waived."""
    findings: int
    """Findings, also waived ones."""
    by_severity: dict[Severity, int]
    """Those causes by their gravest finding."""
    findings_by_severity: dict[Severity, int] = {}
    """Findings by severity."""
    waived: WaivedTotalsRow | None = None
    """What is waived besides; null in reports of before there were waivers."""
    by_cloud: dict[Cloud, dict[Severity, int]] = {}
    """Causes by severity, of each cloud that has one."""
    by_risk: dict[str, dict[Severity, int]] = {}
    """Causes by severity, of each risk that has one."""
    verdicts: dict[Status, int]
    """Verdicts by status."""


class WorstRow(Row):
    """One of the functions with the lowest scores."""

    function_id: str
    """The function."""
    function_name: str
    """Its name."""
    cloud: Cloud | None = None
    """Its cloud; null in reports of before it was told."""
    location: str
    """Region."""
    low: float | None
    """Low end of its score; null where nothing was judged."""
    high: float | None
    """High end of its score; null where nothing was judged."""
    cause: str = ""
    """Its gravest cause."""
    check_id: str
    """Check that leads it."""
    severity: Severity
    """Severity of that cause."""
    title: str
    """Title of that check."""


class PointRow(Row):
    """What one cause, or one verdict that could not be reached, takes from one function."""

    check_id: str
    """The check of its gravest finding on this function."""
    points: float
    """Points, 0 to 100. Those of FAIL add up to what the high end lacks of 100, all to what the low end lacks."""
    status: Status = Status.FAIL
    """FAIL: lost. UNKNOWN: lost in the low end only."""
    cause: str | None = None
    """The cause; null where the verdict is unknown."""


class FunctionScoreRow(Row):
    """The score of one function."""

    low: float | None
    """0 to 100, unknown verdicts taken as failed; null where nothing was judged."""
    high: float | None
    """0 to 100, unknown verdicts taken as passed; null where nothing was judged."""
    grade: str
    """A to F, of the low end."""
    points: tuple[PointRow, ...]
    """What each check took, most first."""


class InvokeReachRow(Row):
    """Who may invoke the function, by its resource policies and endpoints."""

    worst: str | None
    """The widest reach of any statement or endpoint; null: no statement admits a caller, or none was read."""
    proved_for: tuple[str, ...]
    """Qualifiers whose policy was read; `endpoints` where there are no resource policies."""
    statements: tuple[dict[str, Any], ...]
    """Every statement of the policies that were read."""


class UnknownFactRow(Row):
    """Facts of a function that could not be read for one reason."""

    fields: tuple[str, ...]
    """Paths in the row."""
    reason: GapReason
    """Why."""
    operation: str
    """The operation that should have answered."""
    permission: str | None
    """Permission that it needs; null where none would help."""
    message: str
    """What the cloud said, redacted."""


class MoneyRow(Row):
    """An amount of money, to the cent."""

    low: float
    """At the least: limits that were not read at their lower end, runs as long as they may last."""
    high: float | None
    """At the most; null where no limit is known."""


class SpendLegRow(Row):
    """One part of a bill."""

    leg: Literal["compute", "requests", "source", "logs", "egress"]
    """What is paid for; `source` is the gateway, load balancer, queue, topic or bucket in front of the function."""
    hour: MoneyRow
    """What an hour of it costs."""
    day: MoneyRow
    """What a day of it costs."""


class SpendTriggerRow(Row):
    """What a flood through one trigger could cost."""

    name: str
    """The trigger."""
    hour: MoneyRow
    """What an hour of it costs."""
    day: MoneyRow
    """What a day of it costs."""
    legs: tuple[SpendLegRow, ...]
    """Its parts."""
    limits: tuple[str, ...]
    """The limits of the platform that bound it."""
    beyond: tuple[str, ...]
    """What nothing bounds."""


class UnreadLimitRow(Row):
    """A limit that could not be read."""

    operation: str
    """The operation that should have answered."""
    permission: str | None
    """Permission that it needs; null where none would help."""
    reason: GapReason
    """Why."""


class SpendCeilingRow(Row):
    """What the platform would let an attacker spend on one function."""

    hour: MoneyRow
    """What an hour of a flood through every trigger costs."""
    day: MoneyRow
    """What a day of it costs."""
    triggers: tuple[SpendTriggerRow, ...]
    """Each trigger."""
    assumptions: tuple[str, ...]
    """What is taken as given."""
    unread_limits: tuple[UnreadLimitRow, ...]
    """Limits that could not be read: they make the ceiling a range."""
    shares: str | None
    """Region or plan whose instances it shares with other functions; null: it has its own."""


class DearestRow(Row):
    """One of the functions with the highest spend ceilings."""

    function_id: str
    """The function."""
    function_name: str
    """Its name."""
    cloud: Cloud
    """Its cloud."""
    location: str
    """Region."""
    hour: MoneyRow
    """What an hour of abuse costs."""
    day: MoneyRow
    """What a day of abuse costs."""


class SpendRow(Row):
    """What abuse of all functions could cost."""

    currency: str
    """Currency of every amount in the report, as ISO 4217 names it."""
    prices_as_of: str
    """ISO date of the shipped prices."""
    prices_source: str
    """Where they are from."""
    hour: MoneyRow
    """What an hour of abuse of every function costs; what functions share counts once."""
    day: MoneyRow
    """What a day of it costs."""
    functions: int
    """Functions with a ceiling."""
    without: int
    """Functions without: how they are hosted is not known, or not priced."""
    dearest: tuple[DearestRow, ...]
    """Up to ten functions, highest ceiling first."""


class FunctionRow(Row):
    """One function. A null is a fact that was not read; `unknown_facts` says why."""

    id: str
    name: str
    cloud: Cloud
    kind: str
    """How the cloud runs it, where the cloud says; else how its code is delivered."""
    scope: str
    location: str
    owner: str | None = None
    """The first of the owner tags (`settings.owner_tags`); null: no such tag, or tags were not read."""
    runtime: str | None = None
    runtime_end_of_life: str | None = None
    """ISO date when the runtime's support ends; null: not announced, not known, or a container image's own."""
    invoke_reach: InvokeReachRow
    """Who may invoke it."""
    score: FunctionScoreRow
    """Its score."""
    traits: tuple[str, ...] = ()
    """`unauthenticated`: reachable from the internet without authentication; `administrator`: its identity has
    administrator permissions."""
    unknown_traits: tuple[str, ...] = ()
    """Traits of which neither could be proved."""
    spend_ceiling: SpendCeilingRow | None = None
    """What an attacker could spend on it; null: how it is hosted is not known, or not priced."""
    unknown_facts: tuple[UnknownFactRow, ...] = ()
    """The facts that could not be read."""


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
    tags: dict[str, str] = {}
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


class ControlOnCloudRow(Row):
    """A control on one cloud."""

    status: ControlStatus
    """What became of it there."""
    reason: str
    """Why, in a sentence."""
    verdicts: dict[Status, int]
    """Verdicts of the linked checks there, by status; those without any are left out."""


class ControlWaivedRow(Row):
    """A finding that decides a control, accepted until a day."""

    fingerprint: str
    """The finding."""
    check_id: str
    """Its check."""
    reason: str
    """Why it is accepted."""
    expires: str
    """ISO date of the last day on which it is."""
    owner: str | None
    """Who answers for it; null: the entry does not say."""
    ticket: str | None
    """Where it was decided; null: the entry does not say."""


class ControlEvidenceRow(Row):
    """A linked check on one cloud, and what it said there."""

    check_id: str
    """The check."""
    cloud: Cloud
    """The cloud."""
    strength: Literal["full", "partial", "supporting"]
    """`full`: the control's own test, for functions. `partial`: a part of it. `supporting`: decides nothing."""
    basis: str
    """Who says that it belongs here: the vendor, the framework's text, another mapping, or we."""
    verdicts: dict[Status, int]
    """Its verdicts by status; empty where it did not run or had nothing to judge."""


class ControlRow(Row):
    """A control of a framework. What is not proved is never counted as met."""

    id: str
    """Its id in the framework."""
    title: str
    """What it asks, in our own words."""
    status: ControlStatus
    """`failed`: a linked check that decides found a defect. `unknown`: something that decides could not be read.
    `waived`: all that was found is accepted. `not-assessed`: nothing that decides was judged, or a supporting check
    alone failed. `no-failure-seen`: what was judged passed, and proves a part only. `satisfied`: its own test passed,
    every linked check ran and reached its verdicts, and none failed. `not-applicable`: it makes no sense here. Of
    several clouds the gravest, in this order."""
    reason: str
    """Why, in a sentence."""
    limit: str
    """Why a scan does not decide it, or not as a whole; "" where nothing is known to be missing."""
    wanted: str
    """What would be evidence for the rest; "" where nothing is known to be missing."""
    clouds: dict[Cloud, ControlOnCloudRow]
    """Each scanned cloud on which anything is evidence for it."""
    findings: tuple[str, ...]
    """Fingerprints of the findings that fail it."""
    waived: tuple[ControlWaivedRow, ...]
    """Findings that would fail it and are waived."""
    evidence: tuple[ControlEvidenceRow, ...]
    """The linked checks, on each scanned cloud."""


class FrameworkRow(Row):
    """A framework that was asked for with ``--framework``."""

    id: str
    """Id, as in `auditor frameworks list`."""
    version: str
    """Version of the framework."""
    title: str
    """Its name."""
    publisher: str
    """Who publishes it."""
    url: str
    """Where."""
    as_of: str
    """ISO date of the last review of the links."""
    scope: str
    """Which part of it a scan of functions touches."""
    size: str
    """How many controls the whole framework has: those that are not in `controls` are not assessed."""
    notes: tuple[str, ...]
    """What its controls say nothing of, such as a cloud that was not scanned."""
    by_status: dict[ControlStatus, int]
    """Its controls here by status."""
    controls: tuple[ControlRow, ...]
    """Its controls that a scan of functions touches."""


class GraphNodeRow(Row):
    """A function, or a resource that sends events to one or takes events from one."""

    id: str
    """Resource id; `internet` for callers without an identity; `<cloud>:<service>:*`: any resource of it."""
    kind: str
    """Kind of resource, the same words on every cloud."""
    name: str
    """Its name."""
    service: str
    """The cloud's name of its service; empty for functions."""
    account: str | None
    """Account that owns it; null: its id names none."""
    unnamed: bool
    """It stands for any resource of its kind."""


class GraphEdgeRow(Row):
    """One way an event goes."""

    source: str = Field(alias="from")
    """Node it comes from."""
    to: str
    """Node it goes to."""
    kind: str
    """`calls`, `invokes`, `delivers`, `dead-letter`, `feeds` or `writes`."""
    certainty: str
    """Which ends of the connection say that it exists."""
    via: str
    """Where it was read."""
    detail: str
    """What tells it apart from others between the same nodes: a qualifier, an outcome, a method with its path."""
    enabled: bool
    """Events flow."""
    asynchronous: bool
    """The platform retries failed events and can lose them."""
    filters: tuple[str, ...]
    """Patterns that select events."""


class GraphUnreadRow(Row):
    """Edges that may exist and could not be read."""

    subject: str
    """Id of a function, or of a location."""
    direction: Literal["in", "out", "between"]
    """Which edges of a function; `between`: those among the sources of a location."""
    reason: GapReason
    """Why."""
    operation: str
    """The operation that would have shown them."""
    permission: str | None
    """Permission that was missing; null: none would have told it."""
    message: str
    """What was answered."""


class GraphRow(Row):
    """What sets functions off and where their events go."""

    nodes: tuple[GraphNodeRow, ...]
    """Functions and resources, by id."""
    edges: tuple[GraphEdgeRow, ...]
    """Ways in, ways out, and between resources."""
    unread: tuple[GraphUnreadRow, ...]
    """What is missing of it."""


class ReportDocument(Row):
    """``report.json``."""

    schema_version: Literal["1"]
    """Version of this schema."""
    tool: Tool
    """Who made the report."""
    started_at: str
    """RFC 3339 time when the collection began."""
    finished_at: str
    """RFC 3339 time when it ended."""
    data_as_of: dict[str, Any]
    """Date of each table that ships with the tool."""
    run: RunRow
    """How the audit was asked for and how it ended."""
    scopes: tuple[ScopeRow, ...]
    """Accounts, subscriptions and projects."""
    coverage: CoverageRow
    """What was asked and what answered."""
    score: ScoreRow
    """The score of everything audited."""
    summary: SummaryRow | None = None
    """The traits that matter most, counted; null in reports of before they were."""
    totals: TotalsRow
    """Counts."""
    graph: GraphRow | None = None
    """What sets functions off and where their events go; null in reports of before it was drawn."""
    plan: tuple[PlanRow, ...] = ()
    """The first changes of the fix plan, best first."""
    worst: tuple[WorstRow, ...] = ()
    """The functions with the lowest scores that have a finding, lowest first."""
    spend: SpendRow | None = None
    """What abuse could cost; null in reports of before it was reckoned."""
    waivers: tuple[WaiverRow, ...] = ()
    """What became of each entry of the waiver file; empty without one."""
    functions: tuple[FunctionRow, ...]
    """Functions, by id."""
    verdicts: dict[str, dict[str, Status]]
    """Verdicts by function id (or scope id, or `<scope id>/<region>`) and check id."""
    causes: tuple[CauseRow, ...] = ()
    """Causes of the findings, gravest first."""
    findings: tuple[FindingRow, ...]
    """Findings, worst first."""
    unknowns: tuple[UnknownRow, ...]
    """Verdicts that could not be reached, grouped."""
    partial_verdicts: dict[str, tuple[str, ...]] = {}
    """By subject, the checks that fail and of which an answer is missing besides: what else they would find is not
    known."""
    baseline: BaselineRow | None = None
    """The report that this one was compared with; null: none was."""
    new: tuple[str, ...] = ()
    """Fingerprints of findings that the baseline does not have."""
    resolved: tuple[str, ...] = ()
    """Fingerprints of findings of the baseline whose check was asked again and did not find them."""
    gone: tuple[str, ...] = ()
    """Fingerprints of findings of the baseline whose function or account does not exist any more."""
    not_examined_again: tuple[str, ...] = ()
    """Fingerprints of findings of the baseline that this run did not examine: nothing is known of them."""
    carried: tuple[CarriedRow, ...] = ()
    """Those findings, for the next comparison."""
    frameworks: tuple[FrameworkRow, ...] = ()
    """The frameworks that were asked for with ``--framework``, control by control; empty without it."""
    checks: tuple[CheckRow, ...]
    """Checks that have a verdict in this report."""
