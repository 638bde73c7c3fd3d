"""Several projects, and what is above them: nothing is asked twice, and nobody spoils another."""

from collections.abc import Callable

import pytest

from auditor.errors import NoScopeError
from auditor.model.capture import Depth, Outcome
from auditor.model.observed import GapReason
from tests.unit.providers.gcp.collector.company import (
    BEHIND,
    OTHER_REGION,
    PROJECT,
    REGION,
    project,
    resources,
    scripts,
)
from tests.unit.providers.gcp.collector.conftest import Google, Kept, denied, error

Run = Callable[..., Kept]
HERE = f"projects/{PROJECT}"
ASSETS = f"v1/{HERE}/assets"


@pytest.fixture(autouse=True)
def company(google: Google) -> None:
    google.scripts = scripts()


def two(google: Google) -> str:
    """A second project, in which nothing is allowed; the first is as it was."""
    other = "shop-dark"
    google.scripts["v3/projects:search"] = {"projects": [project(), project(other, "77", "")]}
    for path in (
        f"v3/projects/{other}:getIamPolicy",
        f"v2/projects/{other}/locations/-/functions",
        f"v1/projects/{other}/assets#RESOURCE",
        f"v1/projects/{other}/assets#IAM_POLICY",
        f"v1/projects/{other}/locations",
        f"v2/projects/{other}/sinks",
    ):
        google.scripts[path] = denied()
    return other


def test_a_denied_project_never_spoils_another(google: Google, run: Run, kept: Kept) -> None:
    other = two(google)
    run()
    assert {one.reason for one in kept.of("functions:ListFunctions", other)} == {GapReason.DENIED}
    assert {one.reason for one in kept.of("asset:ListResources", other)} == {GapReason.DENIED}
    assert {one.reason for one in kept.of("run:ListLocations", other)} == {GapReason.DENIED}
    mine = [one for one in kept.envelopes if one.scope == PROJECT]
    assert [one for one in mine if one.outcome is Outcome.GAP] == []
    assert list(kept.scopes) == [other, PROJECT]
    assert kept.scopes[PROJECT] == [REGION, OTHER_REGION]


def test_each_project_is_recorded_with_its_own_row(google: Google, run: Run, kept: Kept) -> None:
    other = two(google)
    run(Depth.QUICK)
    found = {one.scope: one.body for one in kept.of("resourcemanager:SearchProjects")}
    assert found == {PROJECT: {"projects": [project()]}, other: {"projects": [project(other, "77", "")]}}


def test_what_is_above_is_asked_once_and_recorded_for_every_project_below(google: Google, run: Run, kept: Kept) -> None:
    second = project("shop-test", "88")
    google.scripts["v3/projects:search"] = {"projects": [project(), second]}
    google.scripts["v2/projects/shop-test/locations/-/functions"] = {
        "functions": [{"name": "projects/shop-test/locations/europe-west1/functions/f"}]
    }
    run()
    for path in ("v3/folders/77", "v3/folders/77:getIamPolicy", "v3/organizations/9:getIamPolicy"):
        assert google.count(path) == 1
    assert google.count("v1/organizations/9/roles/watcher") == 1
    scopes = [one.scope for one in kept.of("resourcemanager:GetFolderPolicy")]
    assert scopes == [PROJECT, "shop-test"]
    assert kept.subjects("resourcemanager:GetOrganizationPolicy") == ["organizations/9"] * 2


def test_where_a_folder_is_denied_the_inventory_tells_what_is_above(google: Google, run: Run) -> None:
    google.scripts["v3/folders/77"] = denied("resourcemanager.folders.get")
    kept = run()
    assert [(one.subject, one.reason) for one in kept.of("resourcemanager:GetFolder")] == [
        ("folders/77", GapReason.DENIED)
    ]
    assert kept.subjects("resourcemanager:GetOrganizationPolicy") == ["organizations/9"]


def folder(google: Google) -> None:
    """Two projects below folder 77 and one elsewhere; the inventory answers for the whole folder."""
    rows = [project(), project("shop-test", "88", "folders/78"), project("lab", "99", "organizations/9")]
    google.scripts["v3/projects:search"] = {"projects": rows}
    google.scripts["v3/folders/78"] = {"name": "folders/78", "parent": "folders/77"}
    theirs = {
        "name": "//run.googleapis.com/projects/shop-test/locations/asia-east1/services/probe",
        "assetType": "run.googleapis.com/Service",
        "ancestors": ["projects/88", "folders/78", "folders/77", "organizations/9"],
        "resource": {"data": {"metadata": {"annotations": {"run.googleapis.com/build-function-target": "f"}}}},
    }
    google.scripts["v1/folders/77/assets#RESOURCE"] = [
        {"assets": [*resources()[:2], theirs], "readTime": "2026-11-23T10:00:00Z", "nextPageToken": "p1"},
        {"assets": resources()[2:]},
    ]
    google.scripts["v1/folders/77/assets#IAM_POLICY"] = {"assets": []}


def test_a_folder_is_listed_once_and_every_project_gets_its_own_part(google: Google, run: Run, kept: Kept) -> None:
    folder(google)
    run(settings={"folder_id": "77"})
    assert sorted(kept.scopes) == [PROJECT, "shop-test"]
    assert google.count("v1/folders/77/assets") == 3
    assert ASSETS not in google.paths()
    mine = kept.of("asset:ListResources", PROJECT)
    assert [(one.page, [row["name"] for row in one.body["assets"]]) for one in mine] == [
        (0, [row["name"] for row in resources()[:2]]),
        (1, [resources()[2]["name"]]),
    ]
    (theirs,) = kept.of("asset:ListResources", "shop-test")
    assert [row["assetType"] for row in theirs.body["assets"]] == ["run.googleapis.com/Service"]
    assert [(one.scope, one.body) for one in kept.of("asset:ListPolicies")] == [
        (PROJECT, {"assets": []}),
        ("shop-test", {"assets": []}),
    ]
    assert "asia-east1" in kept.scopes["shop-test"]


def test_where_the_folder_may_not_be_listed_its_projects_are(google: Google, run: Run, kept: Kept) -> None:
    folder(google)
    for kind in ("RESOURCE", "IAM_POLICY"):
        google.scripts[f"v1/folders/77/assets#{kind}"] = denied()
    run(settings={"folder_id": "folders/77"})
    assert google.count(ASSETS) == 2
    assert google.count("v1/projects/shop-test/assets") == 2
    assert {one.outcome for one in kept.of("asset:ListResources")} == {Outcome.OK}


def test_a_folders_list_that_breaks_off_is_a_gap_of_every_project(google: Google, run: Run, kept: Kept) -> None:
    folder(google)
    google.scripts["v1/folders/77/assets#IAM_POLICY"] = [
        {"assets": [], "nextPageToken": "p1"},
        error(503, "UNAVAILABLE"),
    ]
    run(settings={"folder_id": "77"})
    assert [(one.scope, one.page, one.reason) for one in kept.of("asset:ListPolicies")] == [
        (PROJECT, 0, GapReason.SERVICE_ERROR),
        ("shop-test", 0, GapReason.SERVICE_ERROR),
    ]
    assert BEHIND in kept.subjects("run:GetIamPolicy")


def test_projects_whose_folders_are_hidden_are_left_out_aloud(google: Google, run: Run, kept: Kept) -> None:
    folder(google)
    google.scripts["v3/folders/78"] = denied("resourcemanager.folders.get")
    run(Depth.QUICK, settings={"folder_id": "77"})
    assert list(kept.scopes) == [PROJECT]
    (said,) = kept.errors
    assert said.startswith("Whether these projects are below folders/77 could not be read")
    assert said.endswith("(resourcemanager.folders.get), so they were left out: shop-test.")


def test_an_organisation_is_read_like_a_folder(google: Google, run: Run, kept: Kept) -> None:
    folder(google)
    run(Depth.QUICK, settings={"organization_id": "9"})
    assert sorted(kept.scopes) == ["lab", PROJECT, "shop-test"]
    assert google.count("v1/organizations/9/assets") == 2


def test_a_folder_without_projects_is_a_sentence(google: Google, run: Run) -> None:
    with pytest.raises(NoScopeError, match="see no active project below folders/5: name one"):
        run(settings={"folder_id": "5"})


def test_a_list_of_projects_that_breaks_off_is_told(google: Google, run: Run) -> None:
    google.scripts["v3/projects:search"] = [{"projects": [project()], "nextPageToken": "p1"}, denied()]
    kept = run(Depth.QUICK)
    assert list(kept.scopes) == [PROJECT]
    assert kept.errors[0].startswith("The list of projects broke off, so some were not read (")
