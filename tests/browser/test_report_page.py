"""The HTML report as a reader uses it, in Chromium."""

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.sample import HOSTILE, Sample
from tests.browser.waiting import PATIENCE, new_page, settled

pytestmark = pytest.mark.browser

Opener = Callable[..., Page]
WEBHOOK = "arn:aws:lambda:eu-central-1:522233334444:function:billing-webhook"


def names(page: Page) -> list[str]:
    settled(page)
    return page.locator("#workspace .rows .c-name, #workspace .rows .c-function").all_inner_texts()


def in_sight(page: Page, selector: str) -> bool:
    inside = (
        "e => { const r = e.getBoundingClientRect(); return r.top >= 0 && r.bottom <= innerHeight && r.height > 0 }"
    )
    return bool(page.locator(selector).first.evaluate(inside))


def test_first_screen_says_score_gaps_matrix_and_worst_without_scrolling(open_report: Opener) -> None:
    page = open_report("denied")
    for selector in ("#score-title", "#blind-title", "table.matrix", ".worst li:nth-child(5)"):
        assert in_sight(page, selector), selector
    expect(page.locator(".card.score .big")).to_contain_text("24\u201371")
    expect(page.locator(".card.blind")).to_contain_text("iam:GetAccountAuthorizationDetails")
    expect(page.locator(".matrix tbody tr", has_text="Over-privilege").locator("td").last).to_have_text("160")


def test_the_first_sentence_counts_functions_and_each_number_filters_them(open_report: Opener) -> None:
    page = open_report("plain")
    rows = list(Sample(300).functions())
    public = {row["name"] for row in rows if "unauthenticated" in row["traits"]}
    admin = {row["name"] for row in rows if "administrator" in row["traits"]}
    expect(page.locator(".first")).to_have_text(
        f"{len(public)} of 300 functions can be reached from the internet without authentication; "
        f"{len(admin)} of 300 run as an administrator; {len(public & admin)} {'is' if len(public & admin) == 1 else 'are'} both."
    )
    for place, wanted in enumerate((public, admin, public & admin)):
        open_report("plain")
        page.locator(".first a").nth(place).click()
        expect(page.locator(".count")).to_contain_text(f"{len(wanted)} of 300 functions")
        assert set(names(page)) <= wanted
    open_report("denied")
    expect(page.locator(".first")).to_contain_text("Not known for 40 (the first) and 40 (the second).")
    page.locator(".first a").last.click()
    expect(page.locator(".count")).to_contain_text("40 of 40 functions")


def test_the_fix_plan_names_change_gain_and_command(open_report: Opener) -> None:
    page = open_report("plain")
    assert page.locator(".plan > .steps > li").count() == 5
    step = page.locator("#plan-1")
    expect(step).to_contain_text("Endpoint accepts unauthenticated callers")
    expect(step).to_contain_text("Set the function URL's AuthType to AWS_IAM")
    expect(step.locator(".breaks")).to_contain_text("Callers that do not sign their requests.")
    expect(step.locator(".gain")).to_contain_text(
        re.compile(r"Closes\s*\d+ findings?\s*On\s*1 function\s*Points\s*\+0.25\s*Score after\s*58.2")
    )
    step.get_by_text("CLI", exact=True).click()
    expect(step.locator(".way[open] code")).to_contain_text("--auth-type AWS_IAM")
    page.get_by_text("Steps 6 to 40").click()
    expect(page.locator("#plan-40")).to_be_visible()
    step.locator(".gain a").first.click()
    expect(page.locator(".count")).to_contain_text(re.compile(r"^\d of "))


def test_a_matrix_cell_filters_the_table_below_and_back_undoes_it(open_report: Opener) -> None:
    page = open_report("plain")
    cell = page.locator("a.cell.critical").first
    count = cell.inner_text()
    cell.click()
    expect(page.locator(".count")).to_contain_text(f"{count} of")
    assert page.locator("#workspace .rows .sev.critical").count() == page.locator("#workspace .rows .row").count() > 0
    assert "severity=critical" in page.url
    assert "risk=exposure" in page.url
    page.go_back()
    expect(page.locator(".count")).to_have_text("300 functions")
    assert page.evaluate("scrollY") == 0


def test_search_narrows_and_the_url_remembers_it(open_report: Opener) -> None:
    page = open_report("plain", "#view=functions")
    page.keyboard.press("/")
    expect(page.locator("input[name=q]")).to_be_focused()
    page.keyboard.type("billing-web")
    expect(page.locator(".count")).to_contain_text("of 300 functions")
    assert all(name.startswith("billing-webhook") for name in names(page))
    address = page.url
    open_report("plain", "#" + address.partition("#")[2])
    expect(page.locator("input[name=q]")).to_have_value("billing-web")
    assert all(name.startswith("billing-webhook") for name in names(page))


def test_select_filters_by_place_and_severity(open_report: Opener) -> None:
    page = open_report("plain", "#view=findings")
    page.select_option("select[name=location]", "eu-west-1")
    page.select_option("select[name=severity]", "high")
    expect(page.locator(".rows .c-location").first).to_have_text("AWS eu-west-1")
    assert set(page.locator(".rows .c-location").all_inner_texts()) == {"AWS eu-west-1"}
    assert set(page.locator(".rows .c-severity").all_inner_texts()) == {"High"}
    page.get_by_role("button", name="Clear filters").click()
    expect(page.locator(".count")).not_to_contain_text(" of ")


def test_sorting_by_name_both_ways_is_told_to_assistive_technology(open_report: Opener) -> None:
    page = open_report("plain", "#view=functions")
    header = page.get_by_role("columnheader", name="Function")
    header.get_by_role("button").click()
    expect(page.get_by_role("columnheader", name="Function")).to_have_attribute("aria-sort", "ascending")
    assert names(page)[0] == "billing-authorizer"
    header.get_by_role("button").click()
    expect(page.get_by_role("columnheader", name="Function")).to_have_attribute("aria-sort", "descending")
    assert names(page)[0] == "search-webhook-004"


def test_keyboard_walks_the_table_opens_a_function_and_comes_back_to_it(open_report: Opener) -> None:
    page = open_report("plain", "#view=functions")
    page.locator(".grid").focus()
    for key in ("ArrowDown", "ArrowDown", "End", "Home", "ArrowDown"):
        page.keyboard.press(key)
    grid = page.locator(".grid")
    expect(grid).to_have_attribute("aria-activedescendant", "row-1")
    expect(grid).to_have_attribute("aria-rowcount", "301")
    name = page.locator("#row-1 .c-name").inner_text()
    page.keyboard.press("Enter")
    expect(page.locator("#detail h1")).to_have_text(name)
    page.go_back()
    expect(page.locator(".grid")).to_be_focused()
    expect(page.locator("#row-1")).to_have_attribute("aria-selected", "true")


def test_end_reaches_the_last_row_and_few_rows_are_drawn(open_report: Opener) -> None:
    page = open_report("plain", "#view=findings")
    page.locator(".grid").focus()
    page.keyboard.press("End")
    total = int(page.locator(".grid").get_attribute("aria-rowcount") or 0) - 1
    expect(page.locator(f"#row-{total - 1}")).to_be_visible()
    assert page.locator(".rows .row").count() < 60


def test_a_finding_shows_evidence_and_three_fixes_one_can_copy(open_report: Opener) -> None:
    page = open_report("plain", f"#function={quote(WEBHOOK)}")
    card = page.locator("details.finding", has_text="Environment variable holds a credential")
    card.locator("summary").click()
    expect(card.get_by_text("Everyone with lambda:GetFunctionConfiguration")).to_be_visible()
    expect(card.locator(".proof figcaption")).to_have_text("lambda:ListFunctions")
    card.get_by_role("tab", name="CLI").click()
    expect(card.get_by_role("tab", name="CLI")).to_have_attribute("aria-selected", "true")
    expect(card.locator("[role=tabpanel]:not([hidden]) code")).to_contain_text("--function-name billing-webhook")
    page.keyboard.press("ArrowRight")
    expect(card.locator("[role=tabpanel]:not([hidden]) code")).to_contain_text('resource "aws_lambda_function"')
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    card.locator("[role=tabpanel]:not([hidden]) .copy").click()
    expect(page.locator("#said")).to_contain_text(re.compile("Copied|Selected"))
    assert 'function_name = "billing-webhook"' in page.evaluate("navigator.clipboard.readText()")


def test_a_finding_has_a_deep_link_that_opens_it(open_report: Opener) -> None:
    page = open_report("plain", "#view=findings")
    page.locator("#row-0").click()
    address = page.url.partition("#")[2]
    opened = page.locator("details.finding[open] .what b").inner_text()
    open_report("plain", "#" + address)
    expect(page.locator("details.finding[open]")).to_have_count(1)
    expect(page.locator("details.finding[open] .what b")).to_have_text(opened)
    assert in_sight(page, "details.finding[open] summary")


def test_a_scope_wide_finding_has_its_own_page(open_report: Opener) -> None:
    page = open_report("plain", "#view=findings&q=guardduty")
    page.locator("#row-0").click()
    expect(page.locator("#detail h1")).to_contain_text("aws:411122223333/")
    expect(page.locator("details.finding[open]")).to_contain_text("GuardDuty does not watch Lambda")


def test_a_link_to_something_gone_says_so(open_report: Opener) -> None:
    page = open_report("plain", "#function=nothing-of-the-kind")
    expect(page.locator("#detail")).to_contain_text("Not in this report")


def test_what_was_not_read_is_never_blank_and_names_the_permission(open_report: Opener) -> None:
    page = open_report("denied", "#view=functions")
    assert set(page.locator(".rows .c-reach").all_inner_texts()) == {"not read"}
    page.locator("#row-0").click()
    strip = page.locator(".strip-facts")
    expect(strip.locator("div", has_text="Who may invoke")).to_contain_text("Not read: denied, needs lambda:GetPolicy")
    expect(strip.locator("div", has_text="Reserved concurrency")).to_contain_text("needs lambda:GetFunction")
    cause = page.locator(".cause", has_text="lambda:GetPolicy").first
    expect(cause).to_contain_text("Resource policy lets anyone invoke the function")
    cause.locator("summary").click()
    expect(cause).to_contain_text("aws iam put-role-policy")


def test_coverage_groups_gaps_and_grants_them(open_report: Opener) -> None:
    page = open_report("denied", "#view=coverage")
    gap = page.locator("details.gap", has_text="lambda:GetPolicy")
    expect(gap).to_have_count(1)
    expect(gap.locator("summary .num")).to_have_text("40 calls")
    gap.locator("summary").click()
    expect(gap).to_contain_text('"Action": "lambda:GetPolicy"')


def test_hostile_names_stay_text_everywhere(open_report: Opener) -> None:
    page = open_report("hostile")
    scripts = page.locator("script").count()
    for fragment in ("#view=overview", "#view=findings", "#view=checks", "#view=coverage", "#view=functions"):
        open_report("hostile", fragment)
    sample = Sample(24, hostile=True)
    for row in list(sample.functions())[: len(HOSTILE)]:
        identifier = row["id"].replace("\ud800", "�")
        open_report("hostile", f"#function={quote(identifier)}")
        expect(page.locator("#detail h1")).not_to_have_text("")
        for summary in page.locator("details.finding > summary").all():
            summary.click()
        page.emulate_media(media="print")
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        page.emulate_media(media="screen")
    assert page.evaluate("window.hacked") is None
    assert page.locator("img, iframe, object, svg[onload]").count() == 0
    assert page.locator("script").count() == scripts
    assert "\u202e" not in page.content()
    assert page.locator("a:not([href^='#'])").count() == 0


@pytest.mark.parametrize("number", [n for n, name in enumerate(HOSTILE) if "\ud800" not in name])
def test_a_hostile_name_opens_by_its_own_link(open_report: Opener, number: int) -> None:
    row = list(Sample(24, hostile=True).functions())[number]
    page = open_report("hostile", f"#function={quote(row['id'], safe='')}")
    expect(page.locator("#detail .strip-facts")).to_be_visible()
    assert "window" not in page.title() or "<" in page.title() or ":" in page.title()


def test_the_theme_lives_in_the_url(open_report: Opener) -> None:
    page = open_report("plain")
    page.locator("#theme").click()
    assert "theme=dark" in page.url
    assert page.evaluate("getComputedStyle(document.body).colorScheme") == "dark"
    page.get_by_role("link", name="Checks").first.click()
    assert "theme=dark" in page.url


def test_print_draws_the_filtered_rows_and_says_how_many(open_report: Opener, tmp_path: Path) -> None:
    page = open_report("plain", "#table=findings&severity=critical")
    count = int(page.locator(".count").inner_text().split(" of ")[0])
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("#paper tbody tr").count() == count
    expect(page.locator("#paper > p")).to_contain_text("with severity “critical”. All of them are printed.")
    written = page.pdf(path=tmp_path / "report.pdf", prefer_css_page_size=True)
    assert written.startswith(b"%PDF")


def test_a_printed_function_shows_every_finding_in_full(open_report: Opener) -> None:
    page = open_report("plain", f"#function={quote(WEBHOOK)}")
    closed = page.locator("details.finding:not([open])").count()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details.finding[open] .proof").count() == closed > 1
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("details.finding[open]").count() == 0


def test_print_leaves_out_what_is_over_two_thousand_rows_and_says_so(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "many.html"
    path.write_text(Sample(2_345).page(), "utf-8")
    page = new_page(browser)
    page.goto(path.as_uri() + "#view=functions")
    settled(page)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("#paper tbody tr").count() == 2_000
    expect(page.locator("#paper > p")).to_contain_text("The first 2,000 are printed; 345 are left out")
    page.close()


def test_an_empty_account_says_what_would_stand_here(open_report: Opener) -> None:
    page = open_report("empty")
    expect(page.locator(".card.score .big")).to_have_text("n/a")
    expect(page.locator("#workspace .empty-state")).to_contain_text("No function was found")


def test_without_scripts_the_overview_stands(browser: Browser, reports: dict[str, Path]) -> None:
    context = browser.new_context(java_script_enabled=False)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto(reports["denied"].as_uri())
    expect(page.locator("noscript p")).to_contain_text("score 24\u201371 of 100, grade F")
    expect(page.locator("table.matrix")).to_be_visible()
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_has_contrast_of_four_and_a_half_to_one(open_report: Opener, scheme: str) -> None:
    page = open_report("denied", f"#theme={scheme}")
    poor = page.evaluate(CONTRAST)
    assert poor == []


def test_an_address_of_no_view_shows_the_overview(open_report: Opener) -> None:
    page = open_report("plain", "#view=nosuch")
    expect(page.locator("#score-title")).to_be_visible()
    expect(page.locator("nav [aria-current]")).to_contain_text("Overview")
    expect(page.locator(".count")).to_have_text("300 functions")


def test_a_slash_on_the_overview_leads_to_the_results(open_report: Opener) -> None:
    page = open_report("plain")
    page.keyboard.press("/")
    expect(page.locator("input[name=q]")).to_be_focused()
    location = page.locator("#workspace").bounding_box()
    assert location is not None
    assert 0 <= location["y"] <= 61
    page.keyboard.type("billing")
    expect(page.locator(".count")).to_contain_text("of 300 functions")
    assert in_sight(page, "#workspace .rows .row")


CUT = "rows => rows.filter(e => e.scrollWidth > e.clientWidth).map(e => e.textContent)"


def test_no_risk_is_cut_short(open_report: Opener) -> None:
    page = open_report("plain")
    assert page.locator(".matrix tbody th, .matrix tbody th a").evaluate_all(CUT) == []
    page = open_report("denied")
    assert page.locator(".matrix tbody th, .matrix tbody th a").evaluate_all(CUT) == []
    page = open_report("plain", "#view=findings&risk=third-party-dependency")
    assert page.locator(".rows .c-risk").first.inner_text() == "Third-party dependency"
    assert page.locator(".rows .c-risk").evaluate_all(CUT) == []


@pytest.mark.parametrize("view", ["overview", "checks", "coverage", "about"])
def test_on_a_telephone_the_bar_shows_where_one_is(open_report: Opener, view: str) -> None:
    page = open_report("plain")
    page.set_viewport_size({"width": 390, "height": 800})
    open_report("plain", f"#view={view}")
    within = (
        "e => { const [a, b] = [e.getBoundingClientRect(), e.parentElement.getBoundingClientRect()];"
        " return a.left >= b.left - 1 && a.right <= b.right + 1 }"
    )
    assert page.locator("nav [aria-current]").evaluate(within)
    assert page.evaluate("scrollY") == 0


@pytest.mark.parametrize("name", ["plain", "denied", "hostile", "remembered"])
def test_on_a_telephone_no_view_is_wider_than_the_screen(open_report: Opener, name: str) -> None:
    page = open_report(name)
    page.set_viewport_size({"width": 390, "height": 800})
    views = page.locator("nav a").evaluate_all("links => links.map(a => a.getAttribute('href'))")
    widths = {}
    for view in views:
        open_report(name, view)
        widths[view] = page.evaluate("document.documentElement.scrollWidth")
    assert widths == dict.fromkeys(views, 390)


CONTRAST = """() => {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const over = (...layers) => {
    canvas.clearRect(0, 0, 1, 1);
    for (const layer of layers) { canvas.fillStyle = layer; canvas.fillRect(0, 0, 1, 1); }
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const light = (rgb) => {
    const [r, g, b] = rgb.map((v) => v / 255).map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const poor = [];
  for (const element of document.querySelectorAll('main *, .bar *')) {
    const words = [...element.childNodes].filter((node) => node.nodeType === 3).map((node) => node.data.trim()).join('');
    if (!words || words === '·' || !element.checkVisibility() || element.closest('option, select, svg, .sr, noscript')) continue;
    const layers = [];
    for (let at = element; at; at = at.parentElement) layers.unshift(getComputedStyle(at).backgroundColor);
    const back = over('#fff', ...layers);
    const front = over('rgb(' + back + ')', getComputedStyle(element).color);
    const [a, b] = [light(back), light(front)].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) poor.push([words.slice(0, 30), ratio.toFixed(2)]);
  }
  return poor;
}"""


def test_fifty_thousand_findings_open_and_only_what_is_in_sight_is_drawn(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "large.html"
    sample = Sample(8_600)
    path.write_text(sample.page(), "utf-8")
    assert path.stat().st_size < 3_000_000
    page = new_page(browser)
    page.goto(f"{path.as_uri()}#view=findings")
    settled(page)
    assert int((page.get_attribute("html", "data-ready") or "0").split()[0].replace(",", "")) >= 50_000
    assert 10 < page.get_by_role("row").count() < 200
    page.close()
