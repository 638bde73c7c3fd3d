"""The local Google Cloud over plain REST: pages, policies, assets, and the habits of single services."""

import base64
from typing import Any

import pytest

from moto_fixtures.gcp import resource_builders
from moto_fixtures.gcp.organization import Project, Resource
from moto_fixtures.gcp.policies import PUBLIC, audited, binding
from moto_fixtures.gcp.project_settings import balancer, constraint, default_logging, only
from moto_fixtures.gcp.server import Server
from moto_fixtures.gcp.services import SERVICE, revision
from tests.unit.moto_fixtures.gcp.conftest import NUMBER, PROJECT, Ask

_HERE = f"projects/{PROJECT}/locations/europe-west1"


@pytest.fixture
def project(server: Server) -> Project:
    """The project of this test."""
    return server.estate.projects[PROJECT]


def _service(project: Project, name: str) -> Resource:
    found = project.find(SERVICE, f"{_HERE}/services/{name}")
    assert found is not None
    return found


def _assets(ask: Ask, parent: str, kind: str, **parameters: Any) -> dict[str, dict[str, Any]]:
    answer = ask(f"v1/{parent}/assets", contentType=kind, **parameters)
    assert answer.status == 200
    return {each["name"]: each for each in answer.body.get("assets", ())}


# Pages


def test_pages_go_by_opaque_tokens_that_belong_to_one_question(ask: Ask, project: Project) -> None:
    for index in range(5):
        resource_builders.secret(project, f"secret-{index}")
    path, names, token = f"v1/projects/{PROJECT}/secrets", [], ""
    while True:
        answer = ask(path, pageSize=2, **({"pageToken": token} if token else {})).body
        names += [each["name"].rpartition("/")[2] for each in answer["secrets"]]
        assert answer["totalSize"] == 5
        token = answer.get("nextPageToken", "")
        if not token:
            break
        assert not token.isdigit()
        kept = token
    assert names == [f"secret-{index}" for index in range(5)]
    elsewhere = ask(f"v1/projects/{PROJECT}/subscriptions", pageToken=kept)
    assert (elsewhere.status, elsewhere.body["error"]["status"]) == (400, "INVALID_ARGUMENT")
    assert ask(path, pageToken="2").status == 400


def test_an_empty_list_has_no_member_at_all(ask: Ask) -> None:
    assert ask(f"v1/projects/{PROJECT}/locations/-/channels").body == {}


def test_a_list_across_regions_names_those_it_could_not_ask(ask: Ask, project: Project) -> None:
    assert [
        each["name"].split("/")[3] for each in ask(f"v1/projects/{PROJECT}/locations/-/triggers").body["triggers"]
    ] == ["us-central1"]
    project.unreachable["eventarc.googleapis.com"] = ("us-central1",)
    body = ask(f"v1/projects/{PROJECT}/locations/-/triggers").body
    assert body == {"unreachable": [f"projects/{PROJECT}/locations/us-central1"]}


# Enums


def test_enums_are_names_for_people_and_numbers_for_the_client(ask: Ask) -> None:
    path = f"v2/projects/{PROJECT}/locations/-/functions"
    by_name = {each["name"]: each for each in ask(path).body["functions"]}
    by_number = {each["name"]: each for each in ask(path, **{"$alt": "json;enum-encoding=int"}).body["functions"]}
    first = f"{_HERE}/functions/first"
    assert (by_name[first]["environment"], by_number[first]["environment"]) == ("GEN_1", 1)
    assert by_name[first]["serviceConfig"]["securityLevel"] == "SECURE_ALWAYS"
    assert by_number[first]["serviceConfig"]["securityLevel"] == 1
    assert by_number[first]["buildConfig"]["runtime"] == "python313"


# Policies


def test_an_empty_policy_is_an_etag(ask: Ask) -> None:
    assert ask(f"v2/{_HERE}/services/alone:getIamPolicy").body == {"etag": "ACAB"}
    assert ask(f"v2/{_HERE}/functions/second:getIamPolicy").body == {"etag": "ACAB"}


def test_conditions_are_told_to_those_who_ask_for_version_three(ask: Ask, project: Project) -> None:
    service = _service(project, "alone")
    service.bind(
        binding("run.invoker", PUBLIC, title="a while", expression="request.time < timestamp('2027-01-01T00:00:00Z')")
    )
    path = f"v2/{_HERE}/services/alone:getIamPolicy"
    full = ask(path, options__requestedPolicyVersion=3).body
    assert full["version"] == 3
    assert full["bindings"][0]["condition"]["title"] == "a while"
    stripped = ask(path).body
    assert stripped["version"] == 1
    assert stripped["bindings"][0]["role"].startswith("roles/run.invoker_withcond_")
    assert "condition" not in stripped["bindings"][0]


def test_policies_of_projects_and_what_is_above_them(ask: Ask, server: Server, project: Project) -> None:
    project.bind(binding("viewer", "user:a@willow.example"))
    project.audit.append(audited("allServices", "DATA_READ", exempted=["user:b@willow.example"]))
    body = {"options": {"requestedPolicyVersion": 3}}
    told = ask(f"v3/projects/{PROJECT}:getIamPolicy", "POST", body).body
    assert told["bindings"] == [{"role": "roles/viewer", "members": ["user:a@willow.example"]}]
    logged = {"logType": "DATA_READ", "exemptedMembers": ["user:b@willow.example"]}
    assert told["auditConfigs"] == [{"service": "allServices", "auditLogConfigs": [logged]}]
    server.estate.nodes["folders/717171717171"].bindings.append(binding("run.invoker", PUBLIC))
    folder = ask("v3/folders/717171717171:getIamPolicy", "POST", body).body
    assert folder["bindings"][0]["members"] == [PUBLIC]
    assert ask("v3/organizations/616161616161:getIamPolicy", "POST", body).body == {"etag": "ACAB"}
    assert ask("v3/folders/717171717171").body["parent"] == "organizations/616161616161"
    assert ask("v3/folders/1").status == 403


def test_a_bucket_is_born_with_bindings_of_its_project(ask: Ask) -> None:
    told = ask(f"storage/v1/b/gcf-v2-sources-{NUMBER}-europe-west1/iam", optionsRequestedPolicyVersion=3).body
    assert told["kind"] == "storage#policy"
    assert told["bindings"][0] == {
        "role": "roles/storage.legacyBucketOwner",
        "members": [f"projectEditor:{PROJECT}", f"projectOwner:{PROJECT}"],
    }
    gone = ask("storage/v1/b/nobodys/iam")
    assert gone.body["error"] == {
        "code": 404,
        "message": "The specified bucket does not exist.",
        "errors": [{"message": "The specified bucket does not exist.", "domain": "global", "reason": "notFound"}],
    }


# Assets


def test_numbers_of_assets_are_doubles_in_the_words_of_each_api(ask: Ask) -> None:
    found = _assets(ask, f"projects/{PROJECT}", "RESOURCE")
    first = found[f"//cloudfunctions.googleapis.com/{_HERE}/functions/first"]
    assert first["assetType"] == "cloudfunctions.googleapis.com/CloudFunction"
    data = first["resource"]["data"]
    assert (data["availableMemoryMb"], type(data["availableMemoryMb"]), data["timeout"]) == (256, float, "60s")
    assert data["maxInstances"] == 3000.0
    assert data["httpsTrigger"]["securityLevel"] == "SECURE_ALWAYS"
    assert "Signature=" in data["sourceUploadUrl"]
    second = found[f"//cloudfunctions.googleapis.com/{_HERE}/functions/second"]
    assert second["assetType"] == "cloudfunctions.googleapis.com/Function"
    assert second["resource"]["data"]["serviceConfig"]["timeoutSeconds"] == 60.0
    knative = found[f"//run.googleapis.com/{_HERE}/services/alone"]["resource"]
    assert (knative["version"], knative["data"]["kind"]) == ("v1", "Service")
    assert knative["data"]["spec"]["template"]["spec"]["containerConcurrency"] == 80.0
    notes = knative["data"]["metadata"]["annotations"]
    assert (notes["run.googleapis.com/ingress"], notes["run.googleapis.com/build-function-target"]) == ("all", "handle")
    assert found[f"//storage.googleapis.com/gcf-v2-sources-{NUMBER}-europe-west1"]["ancestors"] == [
        f"projects/{NUMBER}",
        "folders/717171717171",
        "organizations/616161616161",
    ]


def test_services_may_be_told_in_the_words_of_version_two(ask: Ask, server: Server) -> None:
    server.estate.run_assets = "v2"
    found = _assets(ask, f"projects/{PROJECT}", "RESOURCE", assetTypes="run.googleapis.com/Service")
    data = found[f"//run.googleapis.com/{_HERE}/services/alone"]["resource"]["data"]
    assert data["buildConfig"]["functionTarget"] == "handle"
    assert data["template"]["scaling"]["maxInstanceCount"] == 100.0


def test_policies_are_listed_only_where_there_is_one(ask: Ask) -> None:
    found = _assets(ask, f"projects/{PROJECT}", "IAM_POLICY")
    assert found[f"//run.googleapis.com/{_HERE}/services/second"]["iamPolicy"]["bindings"][0]["members"] == [PUBLIC]
    assert f"//run.googleapis.com/{_HERE}/services/alone" not in found
    assert "resource" not in found[f"//pubsub.googleapis.com/projects/{PROJECT}/topics/orders"]


def test_assets_of_a_folder_and_the_organisation(ask: Ask, server: Server) -> None:
    other = server.estate.project("elsewhere", "818181818181")
    resource_builders.topic(other, "news")
    kinds = ["pubsub.googleapis.com/Topic"]
    news, orders = (
        "//pubsub.googleapis.com/projects/elsewhere/topics/news",
        f"//pubsub.googleapis.com/projects/{PROJECT}/topics/orders",
    )
    assert set(_assets(ask, "folders/717171717171", "RESOURCE", assetTypes=kinds)) == {orders}
    assert set(_assets(ask, "organizations/616161616161", "RESOURCE", assetTypes=kinds)) == {news, orders}
    assert ask(f"v1/projects/{PROJECT}/assets", contentType="RESOURCE", assetTypes="made.up/Thing").status == 400


def test_assets_come_a_thousand_a_page_at_most(ask: Ask, project: Project) -> None:
    for index in range(1001):
        resource_builders.topic(project, f"topic-{index:04}")
    path, kind = f"v1/projects/{PROJECT}/assets", "pubsub.googleapis.com/Topic"
    page = ask(path, contentType="RESOURCE", assetTypes=kind, pageSize=5000).body
    assert len(page["assets"]) == 1000
    rest = ask(path, contentType="RESOURCE", assetTypes=kind, pageSize=5000, pageToken=page["nextPageToken"]).body
    assert len(rest["assets"]) == 2
    assert "nextPageToken" not in rest
    assert len(ask(path, contentType="RESOURCE", assetTypes=kind).body["assets"]) == 100


# Single services


def test_cloud_run_wants_a_region(ask: Ask, project: Project) -> None:
    wildcard = ask(f"v2/projects/{PROJECT}/locations/-/services")
    assert (wildcard.status, wildcard.body["error"]["status"]) == (400, "INVALID_ARGUMENT")
    regions = [each["locationId"] for each in ask(f"v1/projects/{PROJECT}/locations").body["locations"]]
    assert regions == list(project.regions)
    found = {each["name"].rpartition("/")[2]: each for each in ask(f"v2/{_HERE}/services").body["services"]}
    assert {name: "buildConfig" in each for name, each in found.items()} == {
        "second": False,
        "alone": True,
        "container": False,
    }
    assert found["second"]["labels"]["goog-managed-by"] == "cloudfunctions"


def test_revisions_keep_what_services_forgot(ask: Ask, project: Project) -> None:
    old = revision(project, _service(project, "second"), 2, {"containers": [{"env": [{"name": "OLD", "value": "1"}]}]})
    serving, told = ask(f"v2/{_HERE}/services/second/revisions").body["revisions"]
    assert serving["name"] == _service(project, "second").body["latestReadyRevision"]
    assert told["name"] == old.name
    assert told["containers"][0]["env"] == [{"name": "OLD", "value": "1"}]
    everywhere = ask(f"v2/{_HERE}/services/-/revisions").body["revisions"]
    assert [each["service"] for each in everywhere] == ["second", "alone", "container", "second"]
    assert ask(f"v2/{_HERE}/services/nobody/revisions").status == 404


def test_services_of_a_project_are_listed_by_number(ask: Ask, project: Project) -> None:
    project.disabled.add("cloudasset.googleapis.com")
    told = ask(f"v1/projects/{PROJECT}/services", filter="state:ENABLED", pageSize=200).body["services"]
    names = {each["config"]["name"]: each["name"] for each in told}
    assert names["run.googleapis.com"] == f"projects/{NUMBER}/services/run.googleapis.com"
    assert "cloudasset.googleapis.com" not in names


def test_accounts_and_roles_wherever_they_are(ask: Ask, project: Project) -> None:
    resource_builders.service_account(project, "off", disabled=True)
    role = resource_builders.custom_role(project, "helper", "run.services.list")
    email = project.email("off")
    assert ask(f"v1/projects/{PROJECT}/serviceAccounts").body["accounts"][0]["disabled"] is True
    assert ask(f"v1/projects/-/serviceAccounts/{email}").body["projectId"] == PROJECT
    assert ask(f"v1/projects/-/serviceAccounts/nobody@{PROJECT}.iam.gserviceaccount.com").status == 404
    assert ask(f"v1/{role}").body["includedPermissions"] == ["run.services.list"]
    assert ask(f"v1/projects/{PROJECT}/roles/nothing").status == 404


def test_a_constraint_nobody_set_allows_everything(ask: Ask, project: Project) -> None:
    path = f"v2/projects/{PROJECT}/policies/%s:getEffectivePolicy"
    assert ask(path % "run.allowedIngress").body["spec"]["rules"] == [{"allowAll": True}]
    assert ask(path % "cloudfunctions.requireVPCConnector").body["spec"]["rules"] == [{"enforce": False}]
    constraint(project, "run.allowedIngress", only("internal"))
    assert ask(path % "run.allowedIngress").body == {
        "name": f"projects/{NUMBER}/policies/run.allowedIngress",
        "spec": {"rules": [{"values": {"allowedValues": ["internal"]}}]},
    }


def test_compute_lists_by_place_with_a_warning_where_nothing_is(ask: Ask, project: Project) -> None:
    balancer(project, "front", "second", armour="waf")
    groups = ask(f"compute/v1/projects/{PROJECT}/aggregated/networkEndpointGroups", maxResults=500).body["items"]
    (group,) = groups["regions/europe-west1"]["networkEndpointGroups"]
    assert group["cloudRun"] == {"service": "second"}
    assert groups["global"]["warning"]["code"] == "NO_RESULTS_ON_PAGE"
    services = ask(f"compute/v1/projects/{PROJECT}/aggregated/backendServices").body["items"]
    (backend,) = services["global"]["backendServices"]
    assert backend["backends"][0]["group"] == group["selfLink"]
    assert backend["securityPolicy"].endswith("/securityPolicies/waf")


def test_every_project_has_two_sinks(ask: Ask, project: Project) -> None:
    default_logging(project)
    assert [each["name"] for each in ask(f"v2/projects/{PROJECT}/sinks").body["sinks"]] == ["_Required", "_Default"]
    kept = {
        each["name"].rpartition("/")[2]: each["retentionDays"]
        for each in ask(f"v2/projects/{PROJECT}/locations/-/buckets").body["buckets"]
    }
    assert kept == {"_Required": 400, "_Default": 30}


def test_a_push_subscription_delivers_what_eventarc_hears(ask: Ask) -> None:
    (told,) = ask(f"v1/projects/{PROJECT}/subscriptions").body["subscriptions"]
    endpoint, _, query = told["pushConfig"]["pushEndpoint"].partition("?")
    assert (endpoint.startswith("https://worker-"), query) == (
        True,
        f"__GCP_CloudEventsMode=CUSTOM_PUBSUB_projects%2F{PROJECT}%2Ftopics%2Forders",
    )
    assert told["pushConfig"]["oidcToken"]["serviceAccountEmail"] == f"{NUMBER}-compute@developer.gserviceaccount.com"


def test_a_project_nobody_knows_is_refused_not_missing(ask: Ask) -> None:
    for path in ("v2/projects/nobody/locations/-/functions", "v3/projects/nobody"):
        assert ask(path).status == 403
    assert ask(f"v3/projects/{NUMBER}").body["projectId"] == PROJECT


def test_tokens_are_not_what_they_seem(ask: Ask, project: Project) -> None:
    for index in range(3):
        resource_builders.secret(project, f"s-{index}")
    token = ask(f"v1/projects/{PROJECT}/secrets", pageSize=1).body["nextPageToken"]
    forged = base64.urlsafe_b64encode(b"2:00000000").decode().rstrip("=")
    assert ask(f"v1/projects/{PROJECT}/secrets", pageSize=2, pageToken=token).status == 200
    assert ask(f"v1/projects/{PROJECT}/secrets", pageSize=1, pageToken=forged).status == 400
