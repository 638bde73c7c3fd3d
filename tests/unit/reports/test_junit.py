import io
from collections import Counter

from junitparser import Error, Failure, JUnitXml, Skipped, TestCase, TestSuite

from reports.junit_report import JunitReporter
from tests.unit.checks.build import ACCOUNT
from tests.unit.reports import hostile

SOURCE = hostile.report()
BYTES = hostile.written(JunitReporter(), SOURCE)
SUITES = {suite.name: suite for suite in JUnitXml.fromstring(BYTES)}


def cases(suite: TestSuite) -> list[TestCase]:
    return list(suite)


def kinds(suite: TestSuite) -> Counter[type]:
    return Counter(type(result) for case in cases(suite) for result in case.result)


def test_there_is_a_suite_for_each_account_and_for_the_run() -> None:
    assert set(SUITES) == {f"aws/{ACCOUNT}", f"azure/{hostile.AZURE}", f"gcp/{hostile.PROJECT}", "run"}
    assert all(suite.timestamp == "2026-11-23T00:00:00" for suite in SUITES.values())
    assert all(
        {one.name: one.value for one in suite.properties()}["run_complete"] == "false" for suite in SUITES.values()
    )


def test_a_function_and_a_failing_check_are_one_case_whatever_the_number_of_findings() -> None:
    pairs = {(row["function_id"], row["check_id"], row["account"]) for row in SOURCE.findings()}
    for suite in SUITES.values():
        names = [(case.classname, case.name) for case in cases(suite)]
        assert len(names) == len(set(names))
    found = sum(len([case for case in cases(suite) if case.name in ("open-url", "slow")]) for suite in SUITES.values())
    assert found == len(pairs) + 2  # one that could not be read, one whose check crashed


def test_counts_are_what_the_cases_say() -> None:
    for suite in SUITES.values():
        found = kinds(suite)
        assert (suite.tests, suite.failures, suite.errors, suite.skipped) == (
            len(cases(suite)), found[Failure], found[Error], found[Skipped],
        )  # fmt: skip
    whole = JUnitXml.fromstring(BYTES)
    stated = (whole.tests, whole.failures, whole.errors, whole.skipped)
    assert stated == tuple(
        sum(getattr(suite, name) for suite in SUITES.values()) for name in ("tests", "failures", "errors", "skipped")
    )


def test_waived_and_unknown_are_skipped_with_the_reason_and_a_crash_is_an_error() -> None:
    by_name = {(case.classname, case.name): case for case in cases(SUITES[f"aws/{ACCOUNT}"])}
    (unread,) = by_name["us-east-1.unread", "open-url"].result
    assert isinstance(unread, Skipped)
    assert "UNKNOWN: lambda:GetPolicy, which needs lambda:GetPolicy: DENIED" in unread.message
    (crashed,) = by_name["us-east-1.crashing", "open-url"].result
    assert isinstance(crashed, Error)
    (waived,) = by_name[f"us-east-1.{hostile.ATTACKS[0]}", "slow"].result
    assert isinstance(waived, Skipped)
    assert waived.message.startswith("waived until 2099-12-31: accepted ]]>")
    assert all(case.result for suite in SUITES.values() for case in cases(suite))


def test_one_open_finding_beside_a_waived_one_fails_the_case() -> None:
    class Half:
        head = SOURCE.head

        def functions(self):
            return SOURCE.functions()

        def verdicts(self):
            return SOURCE.verdicts()

        def findings(self):
            for row in SOURCE.findings():
                yield {**row, "waived": None} if row["waived"] and row["locus"] == "second" else row

    again = {suite.name: suite for suite in JUnitXml.fromstring(hostile.written(JunitReporter(), Half()))}
    (case,) = (
        one
        for one in again[f"aws/{ACCOUNT}"]
        if one.classname == f"us-east-1.{hostile.ATTACKS[0]}" and one.name == "slow"
    )
    (result,) = case.result
    assert isinstance(result, Failure)
    assert "Waived until 2099-12-31" in result.text
    assert result.text.count("Fingerprint: ") == 2


def test_the_file_is_xml_that_says_what_the_finding_says() -> None:
    texts = [result.text or "" for suite in SUITES.values() for case in cases(suite) for result in case.result]
    for row in SOURCE.findings():
        assert any(f"Fingerprint: {row['fingerprint']}" in text for text in texts)
    assert any("]]><!-- <script>alert(1)</script> &amp; --> <![CDATA[" in text for text in texts)
    assert io.BytesIO(BYTES).readline().startswith(b"<?xml")
    assert [char for char in BYTES.decode("utf-8") if not char.isprintable() and char != "\n"] == []
