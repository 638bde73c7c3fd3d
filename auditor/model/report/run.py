"""How a run went: tool, command, accounts, coverage."""

from typing import Any, Literal

from pydantic import Field

from auditor.model.ids import Cloud
from auditor.model.observed import GapReason
from auditor.model.report.row import Row
from auditor.model.severity import Severity


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
    by_severity: dict[Severity, int] = Field({})
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
    """Answers that were given before this run, to an earlier one or to AWS Config, and of which nothing says that they
    changed.
    """

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
    settings: dict[str, Any] = Field({})
    """The settings of checks that differ from their defaults."""
    prices: dict[str, Any] = Field({})
    """The prices and assumptions of spend ceilings that differ from those shipped."""
    caller: dict[Cloud, str] = Field({})
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
    throttles: dict[str, int] = Field({})
    """Answers of "slow down" by operation; all were retried."""
    verdicts_reached: int
    """Verdicts that are PASS, FAIL or NOT_APPLICABLE."""
    verdicts_total: int
    """Those, UNKNOWN and ERROR."""
    complete: bool
    """Same as `run.complete`."""
