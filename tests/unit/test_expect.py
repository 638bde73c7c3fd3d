"""What ``make expect`` prints of a check that is new: a line, not one for each subject."""

from tests.scenario.expect import new


def test_a_new_check_is_one_line_with_its_exceptions_by_name() -> None:
    verdicts = {"us-east-1/a": "PASS", "us-east-1/b": "FAIL", "us-east-1/c": "PASS"}
    assert new("mine", verdicts) == "mine  new: 2 PASS, us-east-1/b: FAIL"
