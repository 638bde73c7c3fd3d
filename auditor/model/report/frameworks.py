"""Controls of frameworks, and what the run says of them."""

from typing import Literal

from auditor.model.control_status import ControlStatus
from auditor.model.finding import Status
from auditor.model.ids import Cloud
from auditor.model.report.row import Row


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
    """How many controls the whole framework has, and who counted: those that are not in `controls` are not assessed."""
    controls_total: int | None = None
    """That number; null where the whole was not counted, and in reports of before it was told."""
    controls_not_listed: int | None = None
    """How many of them are not in `controls`, nor in `by_status`: not assessed. Null where `controls_total` is."""
    notes: tuple[str, ...]
    """What its controls say nothing of, such as a cloud that was not scanned."""
    by_status: dict[ControlStatus, int]
    """The controls of `controls` by status: the counts add up to as many as are listed. Of the whole framework,
    `not-assessed` and `controls_not_listed` are not assessed."""
    controls: tuple[ControlRow, ...]
    """Its controls that a scan of functions touches."""
