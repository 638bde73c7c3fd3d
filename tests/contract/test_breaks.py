"""Each fix says what could stop working by the change, for whoever has to plan it."""

import re

import pytest

from auditor.check import ProfileLevel
from auditor.model.ids import Cloud
from auditor.model.severity import Severity
from auditor.plugins import checks
from tests.contract.test_language import faults

PARTS = [
    pytest.param(check, cloud, fix, id=f"{check.id}-{cloud}")
    for check in checks()
    for cloud, fix in sorted(check.fix.items())
]

BREAK_NOTHING = {
    # They add a record, an alert, a scan or a copy beside what runs.
    ("access-analyzer-off-or-findings", Cloud.AWS),
    ("alarm-absent", Cloud.AWS),
    ("api-access-log-off", Cloud.AWS),
    ("asset-inventory-off", Cloud.GCP),
    ("audit-logs-absent", Cloud.AZURE),
    ("change-alert-absent", Cloud.AZURE),
    ("change-alert-absent", Cloud.GCP),
    ("detection-plan-off", Cloud.AZURE),
    ("diagnostics-absent", Cloud.AZURE),
    ("diagnostics-retention-short", Cloud.AZURE),
    ("ecr-scan-off", Cloud.AWS),
    ("guardduty-lambda-off", Cloud.AWS),
    ("inspector-coverage-inactive", Cloud.AWS),
    ("inspector-excluded-by-tag", Cloud.AWS),
    ("inspector-lambda-standard-off", Cloud.AWS),
    ("iterator-age-alarm-absent", Cloud.AWS),
    ("log-bucket-retention-short", Cloud.GCP),
    ("log-level-hides-errors", Cloud.AWS),
    ("log-sink-absent", Cloud.GCP),
    ("role-no-log-permission", Cloud.AWS),
    ("spend-alert-absent", Cloud.AWS),
    ("spend-alert-absent", Cloud.AZURE),
    ("storage-no-soft-delete", Cloud.AZURE),
    ("vpc-flowlogs-off", Cloud.AWS),
    ("workflow-log-off", Cloud.AWS),
    # Old key material is kept for decryption.
    ("env-kms-rotation-off", Cloud.AWS),
    ("env-kms-rotation-off", Cloud.GCP),
    # What is mended does not work today, or the command only reads.
    ("destination-s3-gone", Cloud.AWS),
    ("dlq-target-gone", Cloud.AWS),
    ("env-secret-ref-unreadable", Cloud.AWS),
    ("executions-failing", Cloud.AWS),
    ("executions-failing", Cloud.AZURE),
    ("executions-failing", Cloud.GCP),
    ("function-not-active", Cloud.GCP),
    ("function-unlisted", Cloud.GCP),
    ("handler-without-trigger", Cloud.AZURE),
    ("policy-principal-source-mismatch", Cloud.AWS),
    ("trigger-source-gone", Cloud.AWS),
}


@pytest.mark.parametrize(("check", "cloud", "fix"), PARTS)
def test_a_fix_says_what_could_stop_working_unless_it_can_break_nothing(check, cloud, fix) -> None:
    if check.profile_level is ProfileLevel.DEFAULT and check.severity is not Severity.INFORMATIONAL:
        assert bool(fix.breaks) is ((check.id, cloud) not in BREAK_NOTHING)


@pytest.mark.parametrize(("check", "cloud", "fix"), PARTS)
def test_what_could_break_is_one_sentence_that_the_fix_does_not_say_already(check, cloud, fix) -> None:
    assert faults(fix.breaks) == []
    if fix.breaks:
        assert re.fullmatch(r"[A-Z].*\.", fix.breaks)
        assert not re.search(r"\.\s+[A-Z]", fix.breaks)
        assert not re.search(r"\{\w*\}", fix.breaks), "it is not filled from the finding"
        assert fix.breaks not in fix.text


def test_the_list_names_checks_that_exist() -> None:
    assert {(check.id, cloud) for check in checks() for cloud in check.fix} >= BREAK_NOTHING
