import base64
import hashlib
import re
from importlib.resources import files

import pytest

from auditor.engine import permission_grants as grants
from reports.html import gaps, words
from reports.html.page import policy, render, script, style
from reports.html.templating import link
from tests.browser.sample import HOSTILE, Sample

MODULES = sorted(files("reports.html").joinpath("assets", "js").iterdir(), key=lambda path: path.name)


def test_the_policy_names_the_inlined_script_and_style_by_hash_and_nothing_else() -> None:
    page = Sample(2).page()
    inlined = re.findall(r'<(?:script type="module"|style)>(.*?)</(?:script|style)>', page, re.DOTALL)
    assert inlined == [style(), script()]
    for text in inlined:
        assert f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}" in policy()
    assert "unsafe" not in policy()
    assert policy().startswith("default-src 'none';")
    assert "base-uri 'none'; form-action 'none'" in policy()


def test_the_page_asks_for_nothing() -> None:
    page = Sample(2).page()
    assert (
        re.findall(r"""(?:src|href|action|url)\s*[=(]\s*["']?(?!#|data:)[a-z]+:""", page.partition("<body>")[0]) == []
    )
    assert re.findall(r"<(?:img|iframe|form|object|embed|base)\b", page) == []


def test_scripts_put_nothing_into_markup() -> None:
    for word in (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "fetch(",
        "XMLHttpRequest",
        "Function(",
    ):
        assert word not in script(), word


def test_module_names_are_unique_so_that_the_modules_can_stand_in_one_script() -> None:
    seen: dict[str, str] = {}
    for module in MODULES:
        for name in re.findall(
            r"^(?:export )?(?:async )?(?:function|const|let) (\w+)", module.read_text("utf-8"), re.MULTILINE
        ):
            assert name not in seen, f"{name} is in {module.name} and {seen[name]}"
            seen[name] = module.name


def test_our_script_stays_small() -> None:
    lines = [line.strip() for module in MODULES for line in module.read_text("utf-8").splitlines()]
    code = [line for line in lines if line and not line.startswith(("//", "/*", "*"))]
    assert len(code) < 1_310


def test_a_report_that_was_narrowed_says_so_on_its_first_screen_and_in_about() -> None:
    sample = Sample(4)
    functions = list(sample.functions())
    head = sample.head()
    head["run"]["selection"] = {"profile_level": "default", "function": ["pay-*", "<b>x"], "tag": ["team=orders"]}
    page = "".join(render(head, functions, sample.findings(), sample.verdicts()))
    overview, about = (page.partition(f'<section id="view-{name}"')[2] for name in ("overview", "about"))
    strip = overview.partition("</dl>")[0]
    for part in (strip, about.partition("</section>")[0]):
        assert "pay-*" in part
        assert "&lt;b&gt;x" in part
        assert "team=orders" in part
    assert "Only function" not in Sample(4).page()


def test_what_executions_cost_stands_beside_the_ceiling_where_metrics_were_read() -> None:
    def spend(observed: dict[str, float] | None) -> str:
        amount = {"low": 1.0, "high": 20.0}
        dear = {"function_id": "f", "function_name": "pay", "cloud": "aws", "location": "us-east-1"}
        row = {**dear, "hour": amount, "day": amount, "observed_day": observed}
        sums = {"hour": amount, "day": amount, "functions": 1, "without": 0, "dearest": [row]}
        sample = Sample(2)
        priced = {"currency": "USD", "prices_as_of": "2026-09-22", "prices_source": "AWS", **sums}
        head = {**sample.head(), "spend": priced}
        page = "".join(render(head, list(sample.functions()), sample.findings(), sample.verdicts()))
        return page.partition('id="spend-title"')[2].partition("</article>")[0]

    measured = spend({"low": 6.87, "high": 6.87})
    assert "A day as observed" in measured
    assert "$6.87" in measured
    assert "A day as observed" not in spend(None)


@pytest.mark.parametrize("name", [name for name in HOSTILE if "<" in name])
def test_hostile_names_are_escaped_in_what_is_drawn_here(name: str) -> None:
    page = Sample(24, hostile=True).page()
    assert name not in page


def test_the_same_report_gives_the_same_bytes() -> None:
    assert Sample(30, denied=True).page() == Sample(30, denied=True).page()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("user\u202egnp.exe", "user⟨U+202E⟩gnp.exe"),
        ("\x1b[31mred", "⟨U+001B⟩[31mred"),
        ("\ud800", "⟨U+D800⟩"),
        ("名前 é 😀", "名前 é 😀"),
        ("two\nlines\tand a tab", "two\nlines\tand a tab"),
    ],
)
def test_hidden_characters_are_spelled_out(text: str, shown: str) -> None:
    assert words.visible(text) == shown


def test_dates_and_durations_are_words() -> None:
    assert words.day_and_time("2026-11-24T04:06:16Z") == "24 November 2026, 04:06 UTC"
    assert words.day_and_time("2026-11-24T05:06:16+01:00") == "24 November 2026, 04:06 UTC"
    assert words.day("soon") == "soon"
    assert words.took("2026-11-24T04:06:16Z", "2026-11-24T04:07:28Z") == "1 minute 12 seconds"
    assert words.took("", "2026-11-24T04:07:28Z") == "not recorded"
    assert words.age("2026-08-22", "2026-11-24T04:06:16Z") == "3 months old"
    assert words.age("2027-01-01", "2026-11-24") == "dated after the scan"


def test_labels_are_spelled_as_the_field_spells_them() -> None:
    labels = [
        words.label(slug) for slug in ("denial-of-wallet", "over-privilege", "third-party-dependency", "NOT_AT_DEPTH")
    ]
    assert labels == ["Denial of wallet", "Over-privilege", "Third-party dependency", "Not at depth"]
    assert [words.label(cloud) for cloud in ("aws", "azure", "gcp")] == ["AWS", "Azure", "GCP"]
    assert words.label("aws_runtimes") == "AWS runtimes"


def test_a_command_breaks_between_its_words_and_stays_text() -> None:
    shown = words.unbroken("aws lambda --function-name '<b>'\u202e\n  next")
    assert shown == 'aws lambda <span class="word">--function-name</span> &#39;&lt;b&gt;&#39;⟨U+202E⟩\n  next'


def test_a_share_is_never_rounded_to_all_or_nothing() -> None:
    assert words.share(1, 1_000) == "under 1 %"
    assert words.share(999, 1_000) == "over 99 %"
    assert words.share(0, 5) == "0 %"
    assert words.share(0, 0) == "n/a"


def test_links_carry_hostile_identifiers_whole() -> None:
    assert link(function='a"b&c#d', view="") == "#function=a%22b%26c%23d"


def test_grants_follow_the_permission_of_each_cloud() -> None:
    aws, azure, gcp = (
        grants.grant(name) for name in ("lambda:GetPolicy", "Microsoft.Web/sites/read", "cloudfunctions.functions.get")
    )
    assert aws
    assert "put-role-policy" in aws.command
    assert '"Action": "lambda:GetPolicy"' in aws.statement
    assert azure
    assert "az role definition create" in azure.command
    assert gcp
    assert "--permissions=cloudfunctions.functions.get" in gcp.command
    assert grants.grant("rm -rf / ; lambda:x") is None
    assert grants.grant(None) is None


LAYER = "arn:aws:lambda:eu-west-1:999988887777:layer:shared:1"
FOREIGN = {
    "operation": "lambda:GetLayerVersion", "scope": "aws/123456789012", "location": "eu-west-1", "resource": LAYER,
    "reason": "DENIED", "permission": "lambda:GetLayerVersion", "message": "denied", "count": 1, "resources": [LAYER],
    "owners": ["999988887777"],
}  # fmt: skip


def test_a13_no_grant_is_printed_for_what_another_account_has_to_allow() -> None:
    (row,) = gaps.gap_groups([FOREIGN], {})
    assert row["grant"] is None
    assert "999988887777 must allow it" in row["advice"]
    assert gaps.grant_table((), [FOREIGN], {}) == {}
    unknown = {
        "check_id": "layer-foreign", "operation": "lambda:GetLayerVersion", "permission": "lambda:GetLayerVersion",
        "reason": "DENIED", "message": "denied", "subjects": [],
    }  # fmt: skip
    (told,) = gaps.unknown_rows([unknown], {}, [FOREIGN])
    assert told["advice"] == row["advice"]


def test_a13_a_grant_is_printed_where_the_own_account_denied_as_well() -> None:
    own = {**FOREIGN, "location": "us-east-1", "owners": []}
    rows = gaps.gap_groups([FOREIGN, own], {"aws": "arn:aws:iam::123456789012:user/ci/audit"})
    assert [row["grant"] and "--user-name audit " in row["grant"].command for row in rows] == [None, True]
    assert list(gaps.grant_table((), [FOREIGN, own], {})) == ["lambda:GetLayerVersion"]


def test_one_denied_call_is_one_row_whatever_the_number_of_functions() -> None:
    sample = Sample(40, denied=True)
    list(sample.functions())
    rows = gaps.gap_groups(sample.head()["coverage"]["gaps"], {})
    named = {row["operation"]: row["count"] for row in rows if row["reason"] == "DENIED"}
    assert named == {
        "lambda:GetPolicy": 40,
        "lambda:GetFunction": 40,
        "lambda:ListFunctionUrlConfigs": 40,
        "iam:GetAccountAuthorizationDetails": 2,
    }
    assert [row["operation"] for row in rows if row["deliberate"]] == ["lambda:GetRuntimeManagementConfig"]


def test_a_permission_is_missing_only_where_the_call_was_denied() -> None:
    sample = Sample(40, denied=True)
    list(sample.functions())
    head = sample.head()
    gone = {"check_id": "role-admin", "operation": "lambda:GetAlias", "permission": "lambda:GetAlias", "reason": "NOT_FOUND",
                "message": "gone", "subjects": [f"f{number}" for number in range(999)]}  # fmt: skip
    head["unknowns"].append(gone)
    page = "".join(render(head, [], [], []))
    body = page.partition("<body>")[2].partition("<script")[0]
    assert "<code>lambda:GetAlias</code> <span>not found" in body
    assert "Missing permission: <code>lambda:GetPolicy</code>" in body
    assert "Missing permission: <code>logs:DescribeLogGroups</code>" not in body
