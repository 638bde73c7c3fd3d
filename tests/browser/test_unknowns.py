"""What the page of a function says of verdicts that could not be reached."""

from pathlib import Path

from playwright.sync_api import Browser, expect

from reports.html.page import render
from reports.html.templating import link
from tests.browser.sample import Sample
from tests.browser.waiting import new_page


def test_a_function_is_told_its_own_reason_and_no_permission_that_is_not_missing(
    browser: Browser, tmp_path: Path
) -> None:
    sample = Sample(2)
    functions = list(sample.functions())
    first, second = (str(row["id"]) for row in functions)
    checks = ("anonymous-endpoint", "role-admin")
    head = sample.head()
    head["unknowns"] = [
        {
            "check_id": check,
            "operation": "lambda:GetPolicy",
            "permission": "lambda:GetPolicy",
            "reason": "MALFORMED",
            "message": f"Statement {name} cannot be read.",
            "subjects": [subject],
        }
        for check in checks
        for name, subject in (("s1", first), ("s2", second))
    ]
    verdicts = [(subject, dict.fromkeys(checks, "UNKNOWN")) for subject in (first, second)]
    path = tmp_path / "report.html"
    path.write_text("".join(render(head, functions, [], verdicts)), "utf-8")
    page = new_page(browser)
    page.goto(f"file://{path}{link(function=second)}")
    cause = page.locator(".cause", has_text="lambda:GetPolicy")
    expect(cause).to_have_count(1)
    expect(cause).to_contain_text("Statement s2 cannot be read.")
    expect(cause.locator("li")).to_have_count(2)
    expect(cause).not_to_contain_text("needs")
    expect(page.locator("body")).not_to_contain_text("Statement s1")
    page.close()
