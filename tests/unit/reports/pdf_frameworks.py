"""The hostile report with a framework, of which each control has another status.

What two checks fail and what none looks at is assessed; the other rows are that of a control with another answer.
"""

from auditor.compliance.assess import assess
from auditor.compliance.catalogue import Basis, Control, Framework, Link, Strength
from auditor.engine.report import AuditReport
from auditor.model.control_status import ControlStatus
from auditor.model.function import Function
from auditor.model.ids import Cloud
from tests.unit.reports import hostile

_LINK = Link("slow", tuple(Cloud), Strength.FULL, Basis.VENDOR, "the same test", "a guide")
_WAIVER = {
    "fingerprint": "0123456789abcdef", "check_id": "slow", "reason": "moved in May <script>alert(3)</script>", "expires": hostile.LATE,
    "owner": "payments", "ticket": "T-17",
}  # fmt: skip
EXPECTED = {
    "failed": r"C\.1: Limits are set <script>alert\(2\)</script> \(failed\) Failed (aws|azure|gcp): slow: a defect was found\..*"
    r"full, vendor-published.*lambda:ListFunctions: Timeout = 900.*more open findings of this control",
    "not-assessed": r"C\.2: People are trained Not assessed No check looks at it: only people know\. the training's records",
    "unknown": r"C\.unknown: .*?\(unknown\) Unknown made up for unknown",
    "waived": r"C\.waived: .*?\(waived\) Waived made up for waived.*moved in May <script>alert\(3\)</script> ?2099-12-31 ?payments, T-17",
    "no-failure-seen": r"C\.no-failure-seen: .*?\(no failure seen\) No failure seen made up for no-failure-seen",
    "satisfied": r"Satisfied ?1 of 7.*C\.satisfied: .*?\(satisfied\) Satisfied made up for satisfied",
    "not-applicable": r"C\.not-applicable: .*?\(not applicable\) Not applicable made up for not-applicable",
}
"""By status, what the text of the document has."""


def report(made: tuple[Function, ...] = ()) -> AuditReport:
    """The report, of all hostile functions or of these."""
    controls = (
        Control("C.1", "Limits are set <script>alert(2)</script>", (_LINK,)),
        Control("C.2", "People are trained", (), "only people know", "the training's records"),
    )
    framework = Framework(
        id="toy", title="Toy controls", version="1", publisher="Toy", url="https://toy.example", as_of="2026-11-30",
        licence="own words", scope="Functions.", size="9 controls", controls_total=9, controls=controls,
    )  # fmt: skip
    found = hostile.report(made=made)
    (row,) = assess(found, [framework])
    failed = row["controls"][0]
    for status in ControlStatus:
        if status not in (ControlStatus.FAILED, ControlStatus.NOT_ASSESSED):
            waived = [_WAIVER] if status is ControlStatus.WAIVED else []
            answer = {"status": status.value, "reason": f"made up for {status.value}", "findings": [], "waived": waived}
            row["controls"].append({**failed, **answer, "id": f"C.{status.value}"})
    row["controls_not_listed"] = 9 - len(row["controls"])
    row["by_status"] = {status.value: 1 for status in ControlStatus}
    found.assessed([row])
    return found
