"""One call: paged, retried, counted, stopped, and always recorded."""

import threading
from typing import Any

import pytest

from auditor.model.capture import Outcome
from auditor.model.observed import GapReason
from auditor.snapshot.redact import Redactor
from providers.gcp.gateway import GOES_ON, Gateway, Request, Target, address
from providers.gcp.http_transport import Adapter
from providers.gcp.operations import BY_ID
from providers.gcp.session import Session, Settings
from tests.unit.providers.fake_clock import FakeClock
from tests.unit.providers.gcp.collector.conftest import Asked, Google, Kept, denied, error, off, whole

PROJECT = "shop-prod"
NUMBER = "415104041262"
FUNCTIONS = f"v2/projects/{PROJECT}/locations/-/functions"
SINKS = f"v2/projects/{PROJECT}/sinks"
HERE = Target(PROJECT, own=frozenset({PROJECT, NUMBER}))
ASKED = Request({"project": PROJECT})


def one(name: str, **more: Any) -> dict[str, Any]:
    return {"name": f"projects/{PROJECT}/locations/europe-west1/functions/{name}", **more}


def pages(*bodies: dict[str, Any]) -> Any:
    """Serves each body in turn, by an opaque token."""

    def serve(asked: Asked) -> dict[str, Any]:
        number = int(asked.query.get("pageToken", ["p0"])[0].removeprefix("p"))
        more = {"nextPageToken": f"p{number + 1}"} if number + 1 < len(bodies) else {}
        return {**bodies[number], **more}

    return serve


def test_every_page_of_functions_is_read_and_recorded(gateway: Gateway, google: Google, kept: Kept) -> None:
    google.scripts[FUNCTIONS] = pages({"functions": [one("a")]}, {}, {"functions": [one("b")]})
    seen: list[str] = []
    complete = gateway.listing(
        "functions:ListFunctions",
        HERE,
        ASKED,
        each=lambda page: seen.extend(f["name"] for f in page.get("functions", [])),
    )
    assert complete
    assert [name.rsplit("/", 1)[-1] for name in seen] == ["a", "b"]
    assert [(found.page, found.outcome) for found in kept.of("functions:ListFunctions")] == [
        (0, Outcome.OK),
        (1, Outcome.OK),
        (2, Outcome.OK),
    ]
    assert [asked.query.get("pageToken") for asked in google.log] == [None, ["p1"], ["p2"]]
    assert google.log[0].query["pageSize"] == ["1000"]
    assert [found.body.get("nextPageToken") for found in kept.envelopes] == [GOES_ON, GOES_ON, None]


def test_places_that_any_page_could_not_reach_are_gaps_of_those_places(
    gateway: Gateway, google: Google, kept: Kept
) -> None:
    google.scripts[FUNCTIONS] = pages(
        {"functions": [one("a")], "unreachable": [f"projects/{PROJECT}/locations/us-east4"]},
        {"functions": [one("b")], "unreachable": ["asia-south1", f"projects/{PROJECT}/locations/us-east4"]},
        {},
    )
    assert not gateway.listing("functions:ListFunctions", HERE, ASKED)
    gaps = [found for found in kept.of("functions:ListFunctions") if found.outcome is Outcome.GAP]
    assert [(gap.location, gap.reason, gap.page) for gap in gaps] == [
        ("asia-south1", GapReason.UNREACHABLE, 0),
        ("us-east4", GapReason.UNREACHABLE, 0),
    ]
    assert {gap.permission for gap in gaps} == {"cloudfunctions.functions.list"}
    assert len([found for found in kept.of("functions:ListFunctions") if found.outcome is Outcome.OK]) == 3


@pytest.mark.parametrize(
    ("operation", "path", "field", "place"),
    [
        ("eventarc:ListTriggers", f"v1/projects/{PROJECT}/locations/-/triggers", "unreachable", "europe-west4"),
        (
            "apigateway:ListConfigs",
            f"v1/projects/{PROJECT}/locations/global/apis/-/configs",
            "unreachableLocations",
            "us-central1",
        ),
        (
            "compute:ListNegs",
            f"compute/v1/projects/{PROJECT}/aggregated/networkEndpointGroups",
            "unreachables",
            "us-west1",
        ),
    ],
)
def test_plain_lists_say_in_their_own_words_what_they_could_not_reach(
    gateway: Gateway, google: Google, kept: Kept, operation: str, path: str, field: str, place: str
) -> None:
    kind = "regions" if operation.startswith("compute") else "locations"
    google.scripts[path] = {field: [f"projects/{PROJECT}/{kind}/{place}"]}
    assert not gateway.listing(operation, HERE, ASKED)
    assert [found.location for found in kept.of(operation) if found.outcome is Outcome.GAP] == [place]


def test_what_the_sdk_does_not_know_survives_into_the_record(gateway: Gateway, google: Google, kept: Kept) -> None:
    function = one(
        "a",
        environment=2,
        state="HIBERNATING",
        serviceConfig={
            "ingressSettings": 97,
            "vpcConnectorEgressSettings": "MOST_TRAFFIC",
            "maxInstanceCount": 0,
            "directVpcNetworkInterface": [{"network": "main"}],
            "timeoutSeconds": 60,
        },
        tomorrow={"tier": "TIER_9"},
    )
    google.scripts[FUNCTIONS] = {"functions": [function]}
    gateway.listing("functions:ListFunctions", HERE, ASKED)
    (page,) = kept.of("functions:ListFunctions")
    (found,) = page.body["functions"]
    assert found["environment"] == "GEN_2"
    assert found["state"] == "HIBERNATING"
    assert found["serviceConfig"] == {
        "ingressSettings": 97,
        "vpcConnectorEgressSettings": "MOST_TRAFFIC",
        "maxInstanceCount": 0,
        "directVpcNetworkInterface": [{"network": "main"}],
        "timeoutSeconds": 60,
    }
    assert found["tomorrow"] == {"tier": "TIER_9"}


def test_a_page_the_sdk_cannot_parse_is_kept_as_it_came(gateway: Gateway, google: Google, kept: Kept) -> None:
    odd = one("a", serviceConfig={"timeoutSeconds": {"seconds": 60}})
    google.scripts[FUNCTIONS] = {"functions": [odd, one("b")]}
    assert gateway.listing("functions:ListFunctions", HERE, ASKED)
    (page,) = kept.of("functions:ListFunctions")
    assert page.body == {"functions": [odd, one("b")]}


def test_runtimes_come_through_the_sdk_too(gateway: Gateway, google: Google, kept: Kept) -> None:
    path = f"v2/projects/{PROJECT}/locations/europe-west1/runtimes"
    google.scripts[path] = {"runtimes": [{"name": "python39", "stage": "DEPRECATED", "environment": "GEN_2"}]}
    asked = Request({"project": PROJECT, "location": "europe-west1"})
    assert gateway.listing("functions:ListRuntimes", Target(PROJECT, "europe-west1"), asked)
    (page,) = kept.of("functions:ListRuntimes")
    assert page.body == {"runtimes": [{"name": "python39", "stage": "DEPRECATED", "environment": "GEN_2"}]}


ERRORS: list[tuple[Any, GapReason, int]] = [
    (denied("logging.sinks.list"), GapReason.DENIED, 1),
    (off(), GapReason.NOT_OFFERED, 1),
    (error(400, "INVALID_ARGUMENT"), GapReason.SERVICE_ERROR, 1),
    (error(503, "UNAVAILABLE"), GapReason.SERVICE_ERROR, 4),
    ((200, b"<html>sign in</html>", {}), GapReason.MALFORMED, 2),
    ((200, [], {}), GapReason.MALFORMED, 2),
    ((302, b"", {"Location": "http://127.0.0.1:1/elsewhere"}), GapReason.SERVICE_ERROR, 1),
]


@pytest.mark.parametrize(("answer", "reason", "tries"), ERRORS)
@pytest.mark.parametrize(
    ("operation", "path"), [("logging:ListSinks", SINKS), ("functions:ListFunctions", FUNCTIONS)], ids=["rest", "sdk"]
)
def test_each_error_becomes_its_gap_after_as_many_tries_as_help(
    gateway: Gateway,
    google: Google,
    kept: Kept,
    operation: str,
    path: str,
    answer: Any,
    reason: GapReason,
    tries: int,
) -> None:
    google.scripts[path] = answer
    assert not gateway.listing(operation, HERE, ASKED)
    (gap,) = kept.of(operation)
    assert (gap.outcome, gap.reason, gap.permission) == (Outcome.GAP, reason, BY_ID[operation].permission)
    assert google.count(path) == tries
    assert set(google.paths()) == {path}


def test_a_list_of_the_wrong_type_is_malformed(gateway: Gateway, google: Google, kept: Kept) -> None:
    google.scripts[SINKS] = {"sinks": "none"}
    assert not gateway.listing("logging:ListSinks", HERE, ASKED)
    assert [gap.reason for gap in kept.of("logging:ListSinks")] == [GapReason.MALFORMED]


@pytest.mark.parametrize("headers", [{}, {"Retry-After": "0.01"}], ids=["without", "with"])
@pytest.mark.parametrize(
    ("operation", "path"), [("logging:ListSinks", SINKS), ("functions:ListFunctions", FUNCTIONS)], ids=["rest", "sdk"]
)
def test_being_told_to_slow_down_is_counted_and_tried_again(
    gateway: Gateway, google: Google, kept: Kept, operation: str, path: str, headers: dict[str, str]
) -> None:
    slow = error(429, "RESOURCE_EXHAUSTED", "RATE_LIMIT_EXCEEDED", headers=headers)
    google.scripts[path] = [slow, slow, slow, whole(path)]
    assert gateway.listing(operation, HERE, ASKED)
    assert kept.throttles == {operation: 3}
    assert [found.outcome for found in kept.of(operation)] == [Outcome.OK]


def test_the_time_google_asks_for_is_waited(gateway: Gateway, google: Google, clock: FakeClock) -> None:
    google.scripts[SINKS] = [error(429, "RESOURCE_EXHAUSTED", headers={"Retry-After": "11"}), whole(SINKS)]
    began = clock.now()
    gateway.listing("logging:ListSinks", HERE, ASKED)
    assert clock.now() - began >= 11


def test_a_quota_that_never_refills_ends_in_a_gap(
    gateway: Gateway, google: Google, kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("providers.calls.retry.TRIES", 5)
    google.scripts[SINKS] = error(429, "RESOURCE_EXHAUSTED")
    assert not gateway.listing("logging:ListSinks", HERE, ASKED)
    assert [gap.reason for gap in kept.of("logging:ListSinks")] == [GapReason.THROTTLED]
    assert kept.throttles == {"logging:ListSinks": 5}


def test_a_list_that_repeats_itself_ends(gateway: Gateway, google: Google, kept: Kept) -> None:
    google.scripts[SINKS] = {"sinks": [{"name": "s"}], "nextPageToken": "again"}
    assert not gateway.listing("logging:ListSinks", HERE, ASKED)
    found = kept.of("logging:ListSinks")
    assert [(one.page, one.reason) for one in found] == [(0, None), (1, None), (2, GapReason.MALFORMED)]


def test_a_page_that_fails_leaves_the_others_and_a_gap(gateway: Gateway, google: Google, kept: Kept) -> None:
    google.scripts[SINKS] = [{"sinks": [{"name": "s"}], "nextPageToken": "p1"}, denied()]
    assert not gateway.listing("logging:ListSinks", HERE, ASKED)
    found = kept.of("logging:ListSinks")
    assert [(one.page, one.reason) for one in found] == [(0, None), (1, GapReason.DENIED)]


def test_what_is_not_there_is_absent_where_that_is_an_answer(gateway: Gateway, google: Google, kept: Kept) -> None:
    missing = error(404, "NOT_FOUND")
    google.scripts["storage/v1/b/lost/iam"] = missing
    google.scripts["v2/projects/p/locations/l/services/s:getIamPolicy"] = missing
    name = "projects/p/locations/l/services/s"
    gateway.call("storage:GetBucketPolicy", Target(PROJECT, subject="lost"), Request({"bucket": "lost"}))
    gateway.call("run:GetIamPolicy", Target(PROJECT, "l", name), Request({"service": name}))
    assert [one.outcome for one in kept.of("storage:GetBucketPolicy")] == [Outcome.ABSENT]
    assert [one.reason for one in kept.of("run:GetIamPolicy")] == [GapReason.NOT_FOUND]


def test_a_service_that_is_off_is_asked_once(gateway: Gateway, google: Google, kept: Kept) -> None:
    path = "v1/projects/p/locations/l/keyRings/r/cryptoKeys/"
    for key in ("a", "b"):
        google.scripts[path + key] = off()
        name = f"{path}{key}".removeprefix("v1/")
        gateway.call("cloudkms:GetCryptoKey", Target(PROJECT, "l", name, HERE.own), Request({"key": name}))
    assert google.paths() == [path + "a"]
    assert [one.reason for one in kept.of("cloudkms:GetCryptoKey")] == [GapReason.NOT_OFFERED] * 2


def test_a_stopped_run_asks_nothing_and_says_so(google: Google, kept: Kept) -> None:
    stop = threading.Event()
    stop.set()
    session = Session(Settings())
    gateway = Gateway(session, kept, kept, stop, 2, paced=False)
    gateway.listing("functions:ListFunctions", HERE, ASKED)
    gateway.call("iam:GetRole", Target(PROJECT, subject="r"), Request({"role": "projects/p/roles/r"}))
    session.close()
    assert google.log == []
    assert {one.reason for one in kept.envelopes} == {GapReason.INTERRUPTED}
    assert kept.expected == kept.finished == 2


def test_stopping_ends_a_wait(gateway: Gateway, google: Google, kept: Kept, clock: FakeClock) -> None:
    stop = gateway._caller._stop
    stop_when_waiting = clock.wait

    def wait(event: threading.Event, seconds: float) -> None:
        stop_when_waiting(event, seconds)
        stop.set()

    clock.wait = wait  # type: ignore[assignment, method-assign]
    google.scripts[SINKS] = error(429, "RESOURCE_EXHAUSTED", headers={"Retry-After": "60"})
    gateway.listing("logging:ListSinks", HERE, ASKED)
    assert len(clock.waits) == 1
    assert [gap.reason for gap in kept.of("logging:ListSinks")] == [GapReason.INTERRUPTED]


def test_every_request_carries_a_timeout(
    gateway: Gateway, google: Google, kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Any] = []
    real = Adapter.send

    def watch(self: Adapter, request: Any, *args: Any, **rest: Any) -> Any:
        seen.append(rest["timeout"])
        return real(self, request, *args, **rest)

    monkeypatch.setattr(Adapter, "send", watch)
    gateway.listing("logging:ListSinks", HERE, ASKED)
    gateway.listing("functions:ListFunctions", HERE, ASKED)
    assert len(seen) == 2
    assert seen[0] == (5.0, 30.0)
    assert seen[1] == pytest.approx(30.0, abs=1)


def test_a_host_that_does_not_answer_is_unreachable_and_soon_left_alone(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUDITOR_GCP_ENDPOINT", "http://127.0.0.1:9")
    session = Session(Settings())
    gateway = Gateway(session, kept, kept, threading.Event(), 2, paced=False)
    for _ in range(5):
        gateway.listing("logging:ListSinks", HERE, ASKED)
    session.close()
    assert [one.reason for one in kept.of("logging:ListSinks")] == [GapReason.UNREACHABLE] * 5


@pytest.mark.parametrize("name", ["", "..", "a/../b", "a//b", "a?b=c", "a#b", "a b", "a\\b", "a\nb"])
def test_a_name_cannot_lead_to_another_call(name: str, gateway: Gateway, google: Google, kept: Kept) -> None:
    with pytest.raises(ValueError, match="is not the name of a resource"):
        address(BY_ID["cloudkms:GetCryptoKey"], {"key": name})
    gateway.call("cloudkms:GetCryptoKey", Target(PROJECT, subject=name), Request({"key": name}))
    assert google.log == []
    assert [one.reason for one in kept.of("cloudkms:GetCryptoKey")] == [GapReason.MALFORMED]


def test_names_are_quoted_into_the_path() -> None:
    assert address(BY_ID["storage:GetBucketPolicy"], {"bucket": "a%2Fb:c"}) == "storage/v1/b/a%252Fb:c/iam"


def test_quotas_hold_calls_back(google: Google, kept: Kept) -> None:
    clock = FakeClock()
    session = Session(Settings())
    gateway = Gateway(session, kept, kept, threading.Event(), 2, clock=clock)
    parent = Request({"parent": f"projects/{PROJECT}"})
    for _ in range(30):
        gateway.ask("asset:ListResources", HERE, parent)
    assert clock.waits == [], "the inventory's burst is thirty calls"
    gateway.ask("asset:ListResources", HERE, parent)
    waited = len(clock.waits)
    assert waited > 0
    for _ in range(32):
        gateway.ask("logging:ListSinks", HERE, ASKED)
    assert len(clock.waits) == waited, "other services have buckets of their own"
    session.close()


def test_a_name_that_is_marked_in_answers_is_asked_for_by_its_own(
    gateway: Gateway, google: Google, kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    redactor, name = Redactor(b"k" * 32), "key" + "-" + "0123456789abcdef" * 2
    monkeypatch.setattr(kept, "restore", redactor.restore)
    marked = redactor.subject(one(name)["name"])
    gateway.call("functions:GetIamPolicy", Target(PROJECT, subject=marked), Request({"function": marked}))
    assert all(name in path for path in google.paths())
    assert [envelope.subject for envelope in kept.of("functions:GetIamPolicy")] == [marked]
