"""What a condition comes to: Z11, and every other shape of one."""

from datetime import UTC, datetime

import pytest

from providers.gcp.iam.conditions import ConditionState, state

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
PAST, COMING = 'timestamp("2026-01-01T00:00:00Z")', "timestamp('2027-01-01T00:00:00+02:00')"
ALWAYS, HOLDS, ENDED, LATER, UNDECIDED = ConditionState


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (None, ALWAYS),
        ("", ALWAYS),
        (" true ", ALWAYS),
        ("false", ENDED),
        (f"request.time < {PAST}", ENDED),
        (f"request.time <= {PAST}", ENDED),
        (f"{PAST} > request.time", ENDED),
        (f"!(request.time >= {PAST})", ENDED),
        (f"request.time < {COMING}", HOLDS),
        (f"{COMING} >= request.time", HOLDS),
        (f"request.time > {PAST}", ALWAYS),
        (f"request.time > {COMING}", LATER),
        (f"request.time > {PAST} && request.time < {COMING}", HOLDS),
        (f"request.time > {COMING} && request.time < timestamp('2028-01-01T00:00:00.000000000Z')", LATER),
        (f"request.time > {COMING} && request.time < {PAST}", ENDED),
        (f"request.time < {PAST} || request.time > {PAST}", ALWAYS),
        (f"(request.time < {PAST}) && resource.name.startsWith('projects/_/buckets/a')", ENDED),
        (f"request.time < {COMING} && resource.type == 'run.googleapis.com/Service'", UNDECIDED),
        (f"request.time < {PAST} || resource.service == 'run.googleapis.com'", UNDECIDED),
        ("resource.name == 'a' && request.time < request.time", ENDED),
        ('request.time.getHours("Europe/Berlin") >= 9', UNDECIDED),
        ("api.getAttribute('iam.googleapis.com/modifiedGrantsByRole', []).hasOnly(['roles/viewer'])", UNDECIDED),
        ("destination.ip in ['10.0.0.1']", UNDECIDED),
        (f"resource.name == 'x' ? true : request.time < {PAST}", UNDECIDED),
        ("request.time < timestamp('soon')", UNDECIDED),
        ("request.time + duration('1h') < timestamp('2020-01-01T00:00:00Z')", UNDECIDED),
        ("request.time <", UNDECIDED),
        ("((request.time", UNDECIDED),
        ("€", UNDECIDED),
        ("(" * 5000, UNDECIDED),
        ("!" * 4000 + "true", UNDECIDED),
    ],
)
def test_z11_what_depends_on_the_time_alone_is_decided_and_nothing_else(
    expression: str | None, expected: ConditionState
) -> None:
    assert state(expression, NOW) is expected


def test_without_a_time_only_what_is_always_true_is_decided() -> None:
    assert state("true", None) is ALWAYS
    assert state(f"request.time < {PAST}", None) is UNDECIDED
