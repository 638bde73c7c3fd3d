from auditor.model.exposure import AuthMode, Cors, Endpoint, Reach
from auditor.model.finding import Status
from auditor.model.function import Function
from auditor.model.observed import Known
from auditor.model.severity import Confidence, Severity
from checks.exposure.url_auth_none import url_auth_none
from checks.exposure.url_cors_any_origin import url_cors_any_origin
from checks.exposure.url_cors_any_origin_credentials import url_cors_any_origin_credentials
from checks.exposure.url_in_use import url_in_use
from checks.exposure.url_public_and_cors_any import url_public_and_cors_any
from tests.unit.checks.build import endpoint, found, make, only, unknown, verdicts
from tests.unit.checks.repairs import repairs

SOURCE = "lambda:ListFunctionUrlConfigs"
DENIED = make("urls-denied", endpoints=unknown(SOURCE))
NO_URL = make("no-url")


def on(*endpoints: Endpoint) -> Function:
    return make("storefront", endpoints=Known(endpoints, SOURCE))


def open_url(reach: Reach = Reach.ANONYMOUS, cors: Cors | None = None, **changes: object) -> Endpoint:
    return endpoint(
        AuthMode.NONE, cors, reach=Known(reach, "lambda:GetPolicy"), reach_reason="its policy says so", **changes
    )


def cors(*origins: str, credentials: bool = False) -> Cors:
    return Cors(origins=origins, methods=("GET",), headers=(), credentials=credentials)


def test_url_auth_none_is_weighed_with_the_policy() -> None:
    subjects = {
        "answers-anyone": on(open_url()),
        "answers-anyone-on-alias": on(open_url(qualifier="live")),
        "dormant": on(open_url(Reach.NONE)),
        "one-address": on(open_url(Reach.CONDITIONAL)),
        "policy-denied": on(endpoint(AuthMode.NONE, reach=unknown("lambda:GetPolicy"))),
        "newer-policy": on(open_url(Reach.UNRECOGNISED)),
        "signed": on(endpoint()),
        "no-url": NO_URL,
        "newer-auth": on(endpoint(AuthMode.UNRECOGNISED)),
        "urls-denied": DENIED,
    }
    assert verdicts(url_auth_none, subjects) == {
        "answers-anyone": Status.FAIL,
        "answers-anyone-on-alias": Status.FAIL,
        "dormant": Status.FAIL,
        "one-address": Status.FAIL,
        "policy-denied": Status.FAIL,
        "newer-policy": Status.FAIL,
        "signed": Status.PASS,
        "no-url": Status.PASS,
        "newer-auth": Status.UNKNOWN,
        "urls-denied": Status.UNKNOWN,
    }
    failing = [name for name, status in verdicts(url_auth_none, subjects).items() if status is Status.FAIL]
    assert {name: only(url_auth_none, subjects[name]).severity for name in failing} == {
        "answers-anyone": Severity.CRITICAL,
        "answers-anyone-on-alias": Severity.CRITICAL,
        "dormant": Severity.LOW,
        "one-address": Severity.MEDIUM,
        "policy-denied": Severity.HIGH,
        "newer-policy": Severity.HIGH,
    }


def test_url_auth_none_shows_both_answers_it_rests_on() -> None:
    function = on(open_url(qualifier="live"))
    hit = only(url_auth_none, function)
    assert [e.source for e in hit.evidence] == [SOURCE, "lambda:GetPolicy"]
    assert "accepts unauthenticated requests. its policy says so" in hit.message
    assert hit.confidence is Confidence.HIGH
    assert any(
        "--function-name storefront:live --auth-type AWS_IAM" in form for form in repairs(url_auth_none, function)
    )


def test_url_in_use_lists_every_url() -> None:
    assert verdicts(url_in_use, {"signed-url": on(endpoint()), "no-url": NO_URL, "urls-denied": DENIED}) == {
        "signed-url": Status.FAIL,
        "no-url": Status.PASS,
        "urls-denied": Status.UNKNOWN,
    }
    assert "authentication: iam" in only(url_in_use, on(endpoint())).message
    assert repairs(url_in_use, on(endpoint()))


def test_url_cors_any_origin_is_lower_behind_signatures() -> None:
    subjects = {
        "any-origin": on(open_url(cors=cors("*"))),
        "any-https-origin": on(open_url(cors=cors("https://*"))),
        "any-origin-signed": on(endpoint(cors=cors("*"))),
        "own-site": on(open_url(cors=cors("https://shop.example"))),
        "no-cors": on(open_url()),
        "no-url": NO_URL,
        "urls-denied": DENIED,
    }
    assert verdicts(url_cors_any_origin, subjects) == {
        "any-origin": Status.FAIL,
        "any-https-origin": Status.FAIL,
        "any-origin-signed": Status.FAIL,
        "own-site": Status.PASS,
        "no-cors": Status.PASS,
        "no-url": Status.PASS,
        "urls-denied": Status.UNKNOWN,
    }
    assert only(url_cors_any_origin, subjects["any-origin"]).severity is None
    assert only(url_cors_any_origin, subjects["any-origin-signed"]).severity is Severity.LOW
    assert only(url_cors_any_origin, subjects["any-origin"]).evidence[0].detail == "Cors.AllowOrigins = *"
    assert repairs(url_cors_any_origin, subjects["any-origin"])


def test_url_cors_any_origin_credentials_needs_both() -> None:
    both = on(open_url(cors=cors("*", credentials=True)))
    assert verdicts(
        url_cors_any_origin_credentials,
        {
            "both": both,
            "origin-only": on(open_url(cors=cors("*"))),
            "credentials-only": on(open_url(cors=cors("https://shop.example", credentials=True))),
            "urls-denied": DENIED,
        },
    ) == {
        "both": Status.FAIL,
        "origin-only": Status.PASS,
        "credentials-only": Status.PASS,
        "urls-denied": Status.UNKNOWN,
    }
    assert "AllowCredentials = true" in only(url_cors_any_origin_credentials, both).evidence[0].detail
    assert repairs(url_cors_any_origin_credentials, both)


def test_url_public_and_cors_any_needs_a_url_that_strangers_reach() -> None:
    hidden = endpoint(AuthMode.NONE, cors("*"), reach=unknown("lambda:GetPolicy"), url="https://hidden.example/")
    both = on(open_url(cors=cors("*")))
    assert verdicts(
        url_public_and_cors_any,
        {
            "both": both,
            "dormant": on(open_url(Reach.NONE, cors("*"))),
            "signed": on(endpoint(cors=cors("*"))),
            "own-site": on(open_url(cors=cors("https://shop.example"))),
            "policy-denied": on(hidden),
            "newer-policy": on(open_url(Reach.UNRECOGNISED, cors("*"))),
            "both-and-policy-denied": on(hidden, open_url(cors=cors("*"))),
            "urls-denied": DENIED,
        },
    ) == {
        "both": Status.FAIL,
        "dormant": Status.PASS,
        "signed": Status.PASS,
        "own-site": Status.PASS,
        "policy-denied": Status.UNKNOWN,
        "newer-policy": Status.UNKNOWN,
        "both-and-policy-denied": Status.FAIL,
        "urls-denied": Status.UNKNOWN,
    }
    (hit,) = found(url_public_and_cors_any, both)
    assert [e.source for e in hit.evidence] == [SOURCE, "lambda:GetPolicy"]
    assert repairs(url_public_and_cors_any, both)


def test_a7_a_dormant_url_is_low_everywhere() -> None:
    asleep = on(open_url(Reach.NONE, cors=cors("*")))
    assert only(url_auth_none, asleep).severity is Severity.LOW
    assert only(url_cors_any_origin, asleep).severity is Severity.LOW
    assert found(url_public_and_cors_any, asleep) == ()
