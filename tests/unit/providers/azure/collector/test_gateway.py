"""Turns answers into envelopes: pages, refusals, retries and waits, against a scripted endpoint."""

import threading
from collections.abc import Iterator

import pytest

from auditor.model.capture import Outcome
from auditor.snapshot.redact import Redactor
from providers.azure.gateway import Gateway
from providers.azure.operations import BY_ID, OPERATIONS, TABLES, AzureOperation
from providers.calls.reply import Reply
from tests.unit.providers.azure.collector.conftest import FIRST, Endpoint, Kept, Told, refused, site
from tests.unit.providers.fake_clock import FakeClock

APP = site(FIRST, "orders")["id"]
FUNCTIONS = "web:ListFunctions"
SETTINGS = "web:ListApplicationSettings"


def sequence(endpoint: Endpoint, *answers: Told) -> None:
    """Answers in turn, the last one for ever."""
    left = list(answers)
    endpoint.script = lambda _asked: left.pop(0) if len(left) > 1 else left[0]


def about_app(gateway: Gateway, operation: str = FUNCTIONS) -> Reply:
    return gateway.call(operation, FIRST, APP)


@pytest.mark.parametrize(
    ("told", "reason", "tries"),
    [
        (refused("AuthorizationFailed"), "DENIED", 1),
        (refused("LinkedAuthorizationFailed"), "DENIED", 1),
        (refused("AuthorizationFailed", status=401), "DENIED", 1),
        (refused("ExpiredAuthenticationToken", status=401), "EXPIRED", 1),
        (refused("ResourceNotFound", status=404), "NOT_FOUND", 1),
        (refused("MissingSubscriptionRegistration", status=409), "NOT_OFFERED", 1),
        (refused("DisallowedOperation", "The namespace is not registered for it."), "NOT_OFFERED", 1),
        (refused("DisallowedOperation", "Something else."), "DENIED", 1),
        (refused("Conflict", status=409), "SERVICE_ERROR", 1),
        (refused("InternalServerError", status=500), "SERVICE_ERROR", 4),
        (refused("ServerTimeout", status=503), "SERVICE_ERROR", 4),
        (refused("GatewayTimeout", status=504), "SERVICE_ERROR", 4),
        (Told(raw=b"<html>Sign in</html>"), "MALFORMED", 2),
        (Told(raw=b'{"value": [', status=200), "MALFORMED", 2),
        (Told({"value": []}, cut=5), "MALFORMED", 2),
        (Told({"value": None}), "MALFORMED", 2),
        (Told({"value": {"a": 1}}), "MALFORMED", 2),
        (Told(status=302, headers={"Location": "https://login.example.com/"}, raw=b""), "MALFORMED", 2),
        (Told(raw=b"<html>Bad gateway</html>", status=502), "SERVICE_ERROR", 4),
    ],
)
def test_each_refusal_becomes_its_gap(
    gateway: Gateway, endpoint: Endpoint, kept: Kept, told: Told, reason: str, tries: int
) -> None:
    endpoint.script = lambda _asked: told
    assert about_app(gateway).outcome is Outcome.GAP
    (envelope,) = kept.envelopes
    assert (envelope.reason, envelope.subject, envelope.scope) == (reason, APP.lower(), FIRST)
    assert envelope.permission == "Microsoft.Web/sites/functions/read"
    assert len(endpoint.asked) == tries


def test_a_broken_host_speaks_another_dialect(gateway: Gateway, endpoint: Endpoint, kept: Kept) -> None:
    said = "Encountered an error (ServiceUnavailable) from host runtime."
    body = {"Code": "BadRequest", "Message": said, "Target": None, "Details": [{"Message": said}], "Innererror": None}
    endpoint.script = lambda _asked: Told(body, 400)
    about_app(gateway)
    assert kept.envelopes[0].reason == "SERVICE_ERROR"
    assert kept.envelopes[0].message == f"BadRequest: {said}"
    assert len(endpoint.asked) == 1


def test_resource_graph_says_in_the_details_what_is_wrong(gateway: Gateway, endpoint: Endpoint) -> None:
    error = {"code": "BadRequest", "message": "Please give a time.", "details": [{"code": "InvalidQuery"}]}
    endpoint.script = lambda _asked: Told({"error": error}, 400)
    (answer,) = gateway.graph("resources", {"subscriptions": [FIRST]})
    assert answer.message == "BadRequest: Please give a time. (InvalidQuery)"


def test_no_source_control_is_absent_and_a_lost_app_is_not(gateway: Gateway, endpoint: Endpoint, kept: Kept) -> None:
    sequence(
        endpoint,
        Told({"Code": "NotFound", "Message": "Cannot find SourceControl with name 'web'."}, 404),
        refused("ResourceNotFound", status=404),
    )
    about_app(gateway, "web:GetSourceControl")
    about_app(gateway, "web:GetSourceControl")
    assert [str(e.reason or e.outcome) for e in kept.envelopes] == ["absent", "NOT_FOUND"]


def test_a_missing_authentication_is_absent_only_if_it_is_what_is_missing(
    gateway: Gateway, endpoint: Endpoint, kept: Kept
) -> None:
    gone = "The Resource 'Microsoft.App/containerApps/{}' under resource group 'rg' was not found."
    sequence(
        endpoint,
        refused("ResourceNotFound", gone.format("orders/authConfigs/current"), 404),
        refused("ResourceNotFound", gone.format("orders"), 404),
    )
    about_app(gateway, "app:GetAuthConfig")
    about_app(gateway, "app:GetAuthConfig")
    assert [str(e.reason or e.outcome) for e in kept.envelopes] == ["absent", "NOT_FOUND"]


def test_a_post_that_is_throttled_without_a_wait_is_tried_again(
    gateway: Gateway, endpoint: Endpoint, kept: Kept
) -> None:
    sequence(endpoint, refused("TooManyRequests", status=429), Told({"properties": {"A": "1"}}))
    assert about_app(gateway, SETTINGS).body == {"properties": {"A": "1"}}
    assert endpoint.paths("/list") == [f"POST {APP.lower()}/config/appsettings/list"] * 2
    assert kept.throttles == {SETTINGS: 1}


def test_a_wait_that_is_asked_for_is_kept(gateway: Gateway, endpoint: Endpoint, clock: FakeClock) -> None:
    sequence(endpoint, refused("SubscriptionRequestsThrottled", status=429, Retry_After="9"), Told({"value": []}))
    began = clock.now()
    about_app(gateway)
    assert clock.now() - began >= 9


def test_a_provider_that_is_tired_of_one_action_does_not_hold_up_the_others(
    gateway: Gateway, endpoint: Endpoint, clock: FakeClock
) -> None:
    tired = refused("ResourceRequestsThrottled", status=429, Retry_After="30")
    answers = {"/functions": [tired, Told({"value": []})]}
    endpoint.script = lambda asked: answers.get(asked.path[-10:], [Told({"value": []})]).pop(0)
    other = threading.Thread(target=about_app, args=(gateway, "web:ListPublishingPolicies"))
    waits: list[float] = []

    def wait(_stop: threading.Event, seconds: float) -> None:
        """The first to wait is the one that was throttled; only then the other begins, which must not wait."""
        waits.append(seconds)
        if len(waits) == 1:
            other.start()
            other.join()
        clock.advance(seconds)

    clock.wait = wait  # type: ignore[assignment, method-assign]
    about_app(gateway)
    assert [asked.path.rsplit("/", 1)[-1] for asked in endpoint.asked] == [
        "functions",
        "basicpublishingcredentialspolicies",
        "functions",
    ]
    assert sum(waits) >= 30


def test_resource_graph_says_when_its_quota_is_whole_again(
    gateway: Gateway, endpoint: Endpoint, clock: FakeClock
) -> None:
    throttled = refused("RateLimiting", status=429, x_ms_user_quota_resets_after="00:00:05")
    sequence(endpoint, throttled, Told({"data": []}))
    began = clock.now()
    assert list(gateway.graph("resources", {"subscriptions": [FIRST]})) == [{"data": []}]
    assert clock.now() - began >= 5


def test_endless_throttling_ends(
    gateway: Gateway, endpoint: Endpoint, kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("providers.calls.retry.TRIES", 3)
    endpoint.script = lambda _asked: refused("TooManyRequests", status=429)
    about_app(gateway)
    about_app(gateway)
    assert [str(e.reason) for e in kept.envelopes] == ["THROTTLED", "THROTTLED"]
    assert len(endpoint.asked) == 4, "the second call tries once: nothing was answered meanwhile"


def test_expired_credentials_end_the_asking(gateway: Gateway, endpoint: Endpoint, kept: Kept) -> None:
    endpoint.script = lambda _asked: refused("ExpiredAuthenticationToken", status=401)
    about_app(gateway)
    about_app(gateway, SETTINGS)
    assert [str(e.reason) for e in kept.envelopes] == ["EXPIRED", "EXPIRED"]
    assert len(endpoint.asked) == 1


def test_an_endpoint_that_is_not_there_is_tried_by_one_call_only(
    gateway: Gateway, endpoint: Endpoint, kept: Kept, clock: FakeClock
) -> None:
    endpoint.close()
    about_app(gateway)
    waited = len(clock.waits)
    about_app(gateway, SETTINGS)
    assert len(clock.waits) == waited
    assert [str(e.reason) for e in kept.envelopes] == ["UNREACHABLE", "UNREACHABLE"]


def page(names: str, link: object = None) -> Told:
    return Told({"value": [{"name": name} for name in names], "nextLink": link, "id": None})


def names(kept: Kept) -> Iterator[str]:
    for envelope in kept.envelopes:
        yield "".join(r["name"] for r in envelope.body["value"]) if envelope.body else str(envelope.reason)


def test_of_absolute_continuations_which_are_followed_only_that_there_is_one_is_recorded(
    gateway: Gateway, endpoint: Endpoint, kept: Kept
) -> None:
    link = f"{endpoint.url}{APP}/functions?api-version=2025-05-01&$skiptoken=a%2Bb"
    sequence(endpoint, page("ab", link), page("c"))
    assert gateway.listing(FUNCTIONS, FIRST, APP) is None
    assert list(names(kept)) == ["ab", "c"]
    assert [e.page for e in kept.envelopes] == [0, 1]
    assert endpoint.asked[1].query["$skiptoken"] == "a+b"
    assert [e.body.get("nextLink") for e in kept.envelopes] == ["continues", None]


@pytest.mark.parametrize(
    "link",
    ["https://evil.example.com/x", "http://127.0.0.1:1/x", "http://user@127.0.0.1/x", 7, "http://[broken"],
)
def test_a_continuation_at_another_host_is_not_followed(
    gateway: Gateway, endpoint: Endpoint, kept: Kept, link: object
) -> None:
    sequence(endpoint, page("a", link))
    refusal = gateway.listing(FUNCTIONS, FIRST, APP)
    assert refusal is not None
    assert list(names(kept)) == ["a", "MALFORMED"]
    assert len(endpoint.asked) == 1


def test_a_list_that_never_ends_is_left(gateway: Gateway, endpoint: Endpoint, kept: Kept) -> None:
    sequence(endpoint, page("a", f"{endpoint.url}/again"))
    gateway.listing(FUNCTIONS, FIRST, APP)
    assert list(names(kept)) == ["a", "a", "MALFORMED"]


def test_a_bare_list_is_read_as_its_value(gateway: Gateway, endpoint: Endpoint, kept: Kept) -> None:
    endpoint.script = lambda _asked: Told([{"name": "a"}])
    gateway.listing("web:ListSiteExtensions", FIRST, APP)
    assert kept.envelopes[0].body == {"value": [{"name": "a"}]}


def test_an_empty_bare_list_proves_nothing(gateway: Gateway, endpoint: Endpoint, kept: Kept) -> None:
    endpoint.script = lambda _asked: Told([])
    gateway.listing("web:ListFunctions", FIRST, APP)
    assert list(names(kept)) == ["MALFORMED"]


def test_connection_strings_are_recorded_under_their_own_names(gateway: Gateway, endpoint: Endpoint) -> None:
    pairs = {"Orders": {"value": "Server=db", "type": "SQLAzure"}, "Odd": "bare"}
    endpoint.script = lambda _asked: Told({"properties": pairs})
    body = about_app(gateway, "web:ListConnectionStrings").body
    assert body["properties"] == {"Orders": "Server=db", "Odd": "bare"}
    assert body["connectionTypes"] == {"Orders": "SQLAzure", "Odd": None}


def test_a_containers_references_stand_beside_its_variables(gateway: Gateway, endpoint: Endpoint) -> None:
    variables = [{"name": "A", "value": "1"}, {"name": "B", "secretRef": "b"}]
    template = {"containers": [{"image": "x", "env": variables}], "initContainers": None}
    endpoint.script = lambda _asked: Told({"properties": {"template": template}})
    body = about_app(gateway, "app:GetContainerApp").body
    assert body["properties"]["template"]["containers"] == [
        {"image": "x", "env": [{"name": "A", "value": "1"}], "envSources": [{"name": "B", "secretRef": "b"}]}
    ]


def test_names_are_sent_quoted(gateway: Gateway, endpoint: Endpoint) -> None:
    endpoint.script = lambda _asked: Told({"value": []})
    odd = APP.replace("Shop-RG", "Shop (old) ümlaut#1")
    gateway.call(FUNCTIONS, FIRST, odd)
    assert endpoint.asked[0].path == f"{odd}/functions".lower()
    assert endpoint.asked[0].query == {"api-version": "2025-05-01"}


def test_requests_carry_the_token_and_nothing_surprising(gateway: Gateway, endpoint: Endpoint) -> None:
    about_app(gateway)
    headers = {name.lower(): value for name, value in endpoint.asked[0].headers.items()}
    assert headers["authorization"] == "Bearer emulated"
    assert headers["user-agent"].startswith("serverless-auditor/")
    assert endpoint.asked[0].body is None


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.id)
def test_every_declared_call_can_be_sent(gateway: Gateway, operation: AzureOperation) -> None:
    days = {"since": "2026-11-30T00:00:00Z", "until": "2026-12-01T00:00:00Z"}
    url = gateway.url(operation, FIRST, APP, group="fern", timespan="a/b", **days)
    assert "{" not in url
    assert f"api-version={operation.api_version}" in url
    assert operation.graph == "" or operation in TABLES[operation.graph]


def test_what_is_not_declared_cannot_be_called(gateway: Gateway, endpoint: Endpoint) -> None:
    with pytest.raises(KeyError):
        gateway.call("web:ListHostKeys", FIRST, APP)
    assert endpoint.asked == []
    forbidden = ("listkeys", "listsecrets", "publishxml", "/publishingcredentials", "metadata", "backup/list")
    assert not [o.id for o in BY_ID.values() if any(word in o.path.lower() for word in forbidden)]


def test_a_name_that_is_marked_in_answers_is_asked_for_by_its_own(
    gateway: Gateway, endpoint: Endpoint, kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    redactor, name = Redactor(b"k" * 32), "key" + "-" + "0123456789abcdef" * 2
    monkeypatch.setattr(kept, "restore", redactor.restore)
    marked = redactor.subject(site(FIRST, name)["id"])
    gateway.call(FUNCTIONS, FIRST, marked)
    assert [asked.path.split("/")[-2] for asked in endpoint.asked] == [name]
    assert [envelope.subject for envelope in kept.of(FUNCTIONS)] == [marked.lower()]
