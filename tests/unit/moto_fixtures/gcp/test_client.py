"""Google's own client, unchanged, against the local Google Cloud."""

from pathlib import Path
from typing import Any

import google.auth
import pytest
from google.api_core import exceptions
from google.auth.exceptions import InvalidOperation
from google.auth.transport.requests import AuthorizedSession
from google.cloud import functions_v2

from moto_fixtures.emulation.faults import Spoil
from moto_fixtures.gcp import enums
from moto_fixtures.gcp.credentials import service_account_file
from moto_fixtures.gcp.faults import Fault
from moto_fixtures.gcp.functions import function
from moto_fixtures.gcp.policies import PUBLIC, binding
from moto_fixtures.gcp.server import Server
from tests.unit.moto_fixtures.gcp.conftest import NUMBER, PROJECT

Client = functions_v2.FunctionServiceClient
_ANYWHERE = f"projects/{PROJECT}/locations/-"


def _name(name: str, location: str = "europe-west1") -> str:
    return f"projects/{PROJECT}/locations/{location}/functions/{name}"


def test_both_generations_are_listed_with_their_enums(client: Client) -> None:
    found = {each.name.rpartition("/")[2]: each for each in client.list_functions(parent=_ANYWHERE, timeout=300)}
    assert set(found) == {"first", "second", "worker"}
    first, second, worker = found["first"], found["second"], found["worker"]
    assert (first.environment.name, second.environment.name) == ("GEN_1", "GEN_2")
    assert first.service_config.security_level.name == "SECURE_ALWAYS"
    assert second.service_config.ingress_settings.name == "ALLOW_ALL"
    assert second.service_config.service == f"projects/{PROJECT}/locations/europe-west1/services/second"
    assert second.service_config.service_account_email == f"{NUMBER}-compute@developer.gserviceaccount.com"
    assert second.build_config.docker_registry.name == "ARTIFACT_REGISTRY"
    assert worker.event_trigger.pubsub_topic == f"projects/{PROJECT}/topics/orders"
    assert worker.event_trigger.retry_policy.name == "RETRY_POLICY_DO_NOT_RETRY"
    assert worker.state.name == "ACTIVE"


def test_pages_and_the_regions_that_only_the_first_names(server: Server, client: Client) -> None:
    project = server.estate.projects[PROJECT]
    for index in range(4):
        function(project, f"more-{index}")
    project.unreachable["cloudfunctions.googleapis.com"] = ("us-central1",)
    pager = client.list_functions(request={"parent": _ANYWHERE, "page_size": 2}, timeout=300)
    pages = list(pager.pages)
    assert [len(page.functions) for page in pages] == [2, 2, 2]
    assert [list(page.unreachable) for page in pages] == [["us-central1"], [], []]
    assert list(pager.unreachable) == []
    assert "worker" not in {each.name.rpartition("/")[2] for page in pages for each in page.functions}
    assert len({page.next_page_token for page in pages}) == 3
    assert pages[-1].next_page_token == ""


def test_runtimes_with_their_dates(client: Client) -> None:
    found = client.list_runtimes(parent=f"projects/{PROJECT}/locations/europe-west1", timeout=300).runtimes
    assert {each.name for each in found} >= {"python313", "nodejs18", "go125"}
    gone = next(each for each in found if (each.name, each.environment.name) == ("nodejs18", "GEN_2"))
    assert gone.stage.name == "DECOMMISSIONED"
    assert (gone.decommission_date.year, gone.decommission_date.month, gone.decommission_date.day) == (2025, 10, 30)


def test_policies_of_functions(server: Server, client: Client) -> None:
    policy = client.get_iam_policy(request={"resource": _name("first")}, timeout=300)
    assert [(each.role, list(each.members)) for each in policy.bindings] == [("roles/cloudfunctions.invoker", [PUBLIC])]
    empty = client.get_iam_policy(request={"resource": _name("second")}, timeout=300)
    assert (list(empty.bindings), empty.etag) == ([], b"\x00\x20\x01")
    project = server.estate.projects[PROJECT]
    narrowed = binding("cloudfunctions.invoker", PUBLIC, expression="false")
    function(project, "narrow", generation=1, invokers=(narrowed,))
    asked = {"resource": _name("narrow"), "options": {"requested_policy_version": 3}}
    told = client.get_iam_policy(request=asked, timeout=300)
    assert (told.version, told.bindings[0].condition.expression) == (3, "false")
    with pytest.raises(exceptions.NotFound):
        client.get_iam_policy(request={"resource": _name("nobody")}, timeout=300)


@pytest.mark.parametrize(
    ("kind", "error", "reason"),
    [
        (Spoil.DENY, exceptions.Forbidden, "IAM_PERMISSION_DENIED"),
        (Spoil.DISABLED, exceptions.Forbidden, "SERVICE_DISABLED"),
        (Spoil.THROTTLE, exceptions.TooManyRequests, "RATE_LIMIT_EXCEEDED"),
        (Spoil.UNAVAILABLE, exceptions.ServiceUnavailable, None),
        (Spoil.VANISH, exceptions.NotFound, None),
    ],
    ids=str,
)
def test_errors_as_the_client_tells_them(
    kind: Spoil, error: type[exceptions.GoogleAPICallError], reason: str | None, server: Server, client: Client
) -> None:
    server.faults.add(Fault(kind, "functions:ListFunctions", times=1))
    with pytest.raises(error) as raised:
        client.list_functions(parent=_ANYWHERE, timeout=300)
    assert raised.value.reason == reason
    assert client.list_functions(parent=_ANYWHERE, timeout=300)


def test_what_a_denial_and_a_quota_say_of_themselves(server: Server, client: Client) -> None:
    server.deny("cloudfunctions.functions.list")
    with pytest.raises(exceptions.Forbidden, match=r"Permission 'cloudfunctions\.functions\.list' denied") as denied:
        client.list_functions(parent=_ANYWHERE, timeout=300)
    assert denied.value.metadata["permission"] == "cloudfunctions.functions.list"
    server.denied.clear()
    server.faults.add(Fault(Spoil.THROTTLE, "functions:ListFunctions"))
    with pytest.raises(exceptions.TooManyRequests) as throttled:
        client.list_functions(parent=_ANYWHERE, timeout=300)
    assert throttled.value.metadata["consumer"] == f"projects/{NUMBER}"
    assert {"quota_metric", "quota_limit", "quota_limit_value", "service"} <= set(throttled.value.metadata)


def _enums(descriptor: Any, path: tuple[str, ...] = ()) -> dict[tuple[str, ...], list[str]]:
    found = {}
    for field in descriptor.fields:
        where = (*path, field.json_name)
        if field.enum_type:
            found[where] = [value.name for value in sorted(field.enum_type.values, key=lambda value: value.number)]
        elif field.message_type and not field.message_type.GetOptions().map_entry and len(path) < 2:
            found |= _enums(field.message_type, where)
    return found


@pytest.mark.parametrize(
    ("message", "table"),
    [(functions_v2.Function, enums.FUNCTION), (functions_v2.ListRuntimesResponse.Runtime, enums.RUNTIME)],
)
def test_the_numbers_of_enums_are_the_clients_own(message: Any, table: Any) -> None:
    known = _enums(message.pb(message()).DESCRIPTOR)
    assert set(known) <= set(table)
    for path, names in known.items():
        assert list(table[path])[: len(names)] == names


@pytest.fixture
def found(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Application default credentials: a service account's key file that names the local token endpoint."""
    email = f"auditor@{PROJECT}.iam.gserviceaccount.com"
    path = service_account_file(tmp_path, server.token_uri, email, PROJECT)
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(path))
    monkeypatch.setenv("NO_GCE_CHECK", "true")
    credentials, project = google.auth.default(scopes=["https://www.googleapis.com/auth/cloud-platform"])
    assert project == PROJECT
    return credentials


def test_a_service_account_signs_in_at_the_token_endpoint(server: Server, found: Any) -> None:
    server.tokens.required = True
    with AuthorizedSession(found) as session:
        url = f"{server.endpoint}/v3/projects:search"
        assert [each["projectId"] for each in session.get(url, timeout=300).json()["projects"]] == [PROJECT]
        assert found.token.startswith("ya29.")
        server.tokens.withdraw()
        assert session.get(url, timeout=300).status_code == 200  # the session signs in again
    assert [seen.operation for seen in server.requests] == ["resourcemanager:SearchProjects"] * 3
    assert [seen.status for seen in server.requests] == [200, 401, 200]


def test_the_client_signs_its_own_tokens(server: Server, found: Any) -> None:
    server.tokens.required = True
    made = Client(transport="rest", credentials=found, client_options={"api_endpoint": server.endpoint})
    assert {each.name.rpartition("/")[2] for each in made.list_functions(parent=_ANYWHERE, timeout=300)} >= {"first"}
    made.transport.close()


def test_a_token_that_is_never_good_enough(server: Server, client: Client, found: Any) -> None:
    server.faults.add(Fault(Spoil.UNAUTHENTICATED))
    made = Client(transport="rest", credentials=found, client_options={"api_endpoint": server.endpoint})
    with pytest.raises(exceptions.Unauthorized) as refused:
        made.list_functions(parent=_ANYWHERE, timeout=300)
    assert refused.value.reason == "ACCESS_TOKEN_EXPIRED"
    made.transport.close()
    with pytest.raises(InvalidOperation, match="cannot be refreshed"):  # google-auth tries to sign nobody in again
        client.list_functions(parent=_ANYWHERE, timeout=300)
