"""Credentials, profiles, partitions and identity: what is said when AWS cannot be opened."""

import logging
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from auditor.errors import NoScopeError, UsageError
from auditor.provider import CollectOptions
from providers.aws.collect.account import identify
from providers.aws.gateway import Gateway
from providers.aws.policy import document
from providers.aws.provider import AwsProvider
from providers.aws.session import Session, Settings
from tests.unit.providers.aws.collector.conftest import Endpoint, Kept, Told

Options = Callable[..., CollectOptions]
IDENTITY = (
    "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>{arn}</Arn><UserId>x</UserId>"
    "<Account>{account}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>"
)
REFUSED = "<ErrorResponse><Error><Code>{code}</Code><Message>{message}</Message></Error></ErrorResponse>"


def identity(partition: str = "aws") -> Told:
    arn = f"arn:{partition}:sts::111122223333:assumed-role/auditor/me"
    return Told(raw=IDENTITY.format(arn=arn, account="111122223333").encode())


def refusing(code: str, message: str, status: int = 403) -> Told:
    return Told(raw=REFUSED.format(code=code, message=message).encode(), status=status)


def test_no_credentials_are_one_clear_sentence(options: Options) -> None:
    told = AwsProvider().usable(options())
    assert told is not None
    assert told.startswith("No AWS credentials were found: ")
    with pytest.raises(NoScopeError, match="No AWS credentials were found"):
        AwsProvider().collect(options(), Kept(), Kept())


def test_credentials_make_aws_usable(options: Options, credentials: None) -> None:
    assert AwsProvider().usable(options()) is None


def test_an_unknown_profile_lists_those_there_are(
    options: Options, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "config"
    config.write_text("[profile audit]\nregion = eu-west-1\n[profile shop]\nregion = eu-west-1\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    sentence = f"no AWS profile 'audt' in {config} or /dev/null, only audit, shop; did you mean audit"
    with pytest.raises(UsageError, match=sentence):
        AwsProvider().collect(options(settings={"profile": "audt"}), Kept(), Kept())


@pytest.mark.parametrize("partition", ["aws", "aws-us-gov", "aws-cn"])
def test_the_partition_is_the_callers(
    gateway: Gateway, endpoint: Endpoint, kept: Kept, options: Options, partition: str
) -> None:
    endpoint.script = lambda _m, _p: identity(partition)
    account = identify(gateway, gateway.session, options())
    assert account is not None
    assert (account.id, account.partition) == ("111122223333", partition)
    assert kept.told("sts:GetCallerIdentity") == {"": "ok"}


def test_without_a_region_every_partition_is_tried(gateway: Gateway, endpoint: Endpoint, options: Options) -> None:
    refusal = refusing("InvalidClientTokenId", "The security token included in the request is invalid.")
    queue = [refusal, identity("aws-cn")]
    endpoint.script = lambda _m, _p: queue.pop(0)
    account = identify(gateway, gateway.session, options(regions=()))
    assert account is not None
    assert account.partition == "aws-cn"
    assert gateway.home == "cn-north-1"


def test_a_refusal_that_names_the_caller_is_enough_and_recorded(
    gateway: Gateway, endpoint: Endpoint, kept: Kept, options: Options
) -> None:
    message = (
        "User: arn:aws-us-gov:iam::111122223333:user/me is not authorized to perform: sts:GetCallerIdentity "
        "with an explicit deny"
    )
    endpoint.script = lambda _m, _p: refusing("AccessDenied", message)
    account = identify(gateway, gateway.session, options())
    assert account is not None
    assert (account.id, account.partition) == ("111122223333", "aws-us-gov")
    assert kept.told("sts:GetCallerIdentity") == {"": "DENIED"}


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        (
            refusing("ExpiredToken", "The security token is expired."),
            r"have expired or give no access \(ExpiredToken: .*\): sign in again",
        ),
        (refusing("InvalidClientTokenId", "The token is invalid."), "are not accepted by sts:GetCallerIdentity"),
        (
            refusing("AccessDenied", "User: arn:aws:iam::111122223333:user/me may not perform: sts:AssumeRole"),
            "The role cannot be assumed",
        ),
        (Told(hang_up=True), r"AWS cannot be reached at http://127.0.0.1:\d+ .*comes from AWS_ENDPOINT_URL; start"),
        (
            Told(raw=b"<html>a login page</html>"),
            r"did not say whose the credentials are \(sts:GetCallerIdentity\) \(The answer cannot be read",
        ),
        (Told(raw=IDENTITY.format(arn="", account="").encode()), "without an account"),
    ],
    ids=["expired", "invalid", "role", "silent", "portal", "empty"],
)
def test_an_unreadable_identity_is_no_scope(
    gateway: Gateway, endpoint: Endpoint, options: Options, told: Told, sentence: str
) -> None:
    endpoint.script = lambda _m, _p: told
    with pytest.raises(NoScopeError, match=sentence):
        identify(gateway, gateway.session, options())


def test_a_role_is_assumed_with_its_external_id_and_renewed(
    endpoint: Endpoint, credentials: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint.url)
    expired = "2020-01-01T00:00:00Z"
    endpoint.script = lambda _m, _p: Told(
        raw=(
            "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>k</AccessKeyId>"
            f"<SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>{expired}</Expiration>"
            "</Credentials></AssumeRoleResult></AssumeRoleResponse>"
        ).encode()
    )
    session = Session(Settings(role_arns=("arn:aws:iam::111122223333:role/audit",), external_id="contract-7"))
    assert endpoint.asked == []
    with pytest.raises(RuntimeError, match="expired"):
        session._core.get_credentials().get_frozen_credentials()
    assert endpoint.asked
    with pytest.raises(UsageError, match="is not the ARN of a role"):
        Session(Settings(role_arns=("audit",)))


def test_the_sdk_logs_nothing_at_any_level(credentials: None, caplog: pytest.LogCaptureFixture) -> None:
    Session(Settings())
    caplog.set_level(logging.DEBUG)
    for name in ("botocore.endpoint", "botocore.auth", "urllib3.connectionpool", "boto3"):
        logging.getLogger(name).critical("a header")
    assert not caplog.records


def test_the_policy_has_a_statement_for_each_tier_asked_for() -> None:
    provider = AwsProvider()
    base = provider.policy(())
    assert [statement["Sid"] for statement in base["Statement"]] == [
        "ServerlessAuditorBase",
        "ServerlessAuditorBaseApigateway",
    ]
    assert base["Statement"][1]["Action"] == ["apigateway:GET"]
    assert "arn:*:apigateway:*::/restapis/*/stages" in base["Statement"][1]["Resource"]
    assert not any(path.endswith(("::/*", "/apikeys")) for path in base["Statement"][1]["Resource"])
    actions = base["Statement"][0]["Action"]
    assert actions == sorted(set(actions))
    assert "access-analyzer:ListFindings" in actions
    assert "s3:ListBucket" in actions
    both = provider.policy(("decrypt",))
    assert both["Statement"][2] == {
        "Sid": "ServerlessAuditorDecrypt",
        "Effect": "Allow",
        "Action": ["kms:Decrypt"],
        "Resource": "*",
    }
    with pytest.raises(
        UsageError,
        match="tier 'everything' for AWS: there is organization, usage, code, packages, activity, config, decrypt",
    ):
        document(provider.operations, ("everything",))


def test_the_doctor_names_what_is_missing(
    endpoint: Endpoint, options: Options, credentials: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint.url)
    function = {"FunctionArn": "arn:aws:lambda:eu-west-1:111122223333:function:orders"}

    def script(method: str, path: str) -> Told:
        if "/policy" in path:
            return Told({"message": "no"}, 403, {"x-amzn-errortype": "AccessDeniedException"})
        if method == "GET" and path.split("?", maxsplit=1)[0].endswith("/functions"):
            return Told({"Functions": [function]})
        return identity() if method == "POST" and path == "/" else Told({})

    endpoint.script = script
    probes = {probe.subject: probe for probe in AwsProvider().doctor(options(settings={"pacing": "off"}))}
    assert probes["identity"].text == "account 111122223333, partition aws"
    assert probes["regions"].text == "eu-west-1"
    assert probes["lambda:ListFunctions"].ok
    assert (probes["lambda:GetPolicy"].ok, probes["lambda:GetPolicy"].permission) == (False, "lambda:GetPolicy")
    assert not [asked for asked in endpoint.asked if "function%3A" in asked], "functions are asked about by name"


def test_the_doctor_says_when_there_are_no_credentials(options: Options) -> None:
    (probe,) = AwsProvider().doctor(options())
    assert (probe.subject, probe.ok) == ("credentials", False)
    assert probe.text.startswith("No AWS credentials were found")


def test_declaring_needs_no_sdk() -> None:
    import subprocess
    import sys

    program = (
        "import sys; sys.modules['boto3'] = sys.modules['botocore'] = None\n"
        "from providers.aws.provider import AwsProvider; AwsProvider().policy(('decrypt',))"
    )
    done: Any = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


CONFIGURED = {
    "global variable": ({"AWS_ENDPOINT_URL": "{url}"}, "", "AWS_ENDPOINT_URL"),
    "a service's variable": ({"AWS_ENDPOINT_URL_LAMBDA": "{url}"}, "", "AWS_ENDPOINT_URL_LAMBDA"),
    "spelt otherwise": (
        {"AWS_ENDPOINT_URL_RESOURCE_GROUPS_TAGGING_API": "{url}"},
        "",
        "AWS_ENDPOINT_URL_RESOURCE_GROUPS_TAGGING_API",
    ),
    "signing in": ({"AWS_ENDPOINT_URL_SSO_OIDC": "{url}"}, "", "AWS_ENDPOINT_URL_SSO_OIDC"),
    "the profile": ({}, "[default]\nendpoint_url = {url}\n", "endpoint_url in the AWS configuration file"),
    "a services section": (
        {},
        "[default]\nservices = here\n[services here]\nlambda =\n  endpoint_url = {url}\n",
        "endpoint_url in the AWS configuration file",
    ),
    "a named profile": (
        {"AWS_PROFILE": "audit"},
        "[profile audit]\nendpoint_url = {url}\n",
        "endpoint_url in the AWS configuration file",
    ),
}


@pytest.mark.parametrize(("variables", "config", "setting"), CONFIGURED.values(), ids=CONFIGURED)
@pytest.mark.parametrize("host", ["example.internal", "10.255.255.1:81", "[2001:db8::1]", "localhost.example.com"])
def test_s17_signed_requests_are_sent_to_no_other_machine_in_clear_text(
    options: Options,
    credentials: None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    variables: dict[str, str],
    config: str,
    setting: str,
    host: str,
) -> None:
    def refuse(*_: Any) -> None:
        pytest.fail("nothing may be sent")

    url = f"http://{host}"
    for name, value in variables.items():
        monkeypatch.setenv(name, value.format(url=url))
    file = tmp_path / "config"
    file.write_text(config.format(url=url))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(file))
    monkeypatch.setattr("socket.socket.connect", refuse)
    monkeypatch.setattr("socket.getaddrinfo", refuse)
    for attempt in (
        lambda: AwsProvider().usable(options()),
        lambda: AwsProvider().collect(options(), Kept(), Kept()),
        lambda: list(AwsProvider().doctor(options())),
    ):
        with pytest.raises(UsageError, match="would send credentials in clear text: use https://") as refused:
            attempt()
        assert str(refused.value).startswith(f"{setting} is http://")
        assert refused.value.exit_code == 2


@pytest.mark.parametrize(
    "variables",
    [
        {"AWS_ENDPOINT_URL": "http://localhost:4566"},
        {"AWS_ENDPOINT_URL": "http://127.0.0.1:4566/"},
        {"AWS_ENDPOINT_URL_LAMBDA": "http://[::1]:9"},
        {"AWS_ENDPOINT_URL": "https://proxy.example"},
        {"AWS_ENDPOINT_URL": "http://example.internal", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"},
        {"AWS_ENDPOINT_URL_GLACIER": "http://example.internal"},
    ],
    ids=str,
)
def test_s17_this_machine_and_https_and_what_is_never_asked_are_no_matter(
    options: Options, credentials: None, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert AwsProvider().usable(options()) is None


def test_s17_no_client_is_ever_made_for_another_machine_in_clear_text(
    credentials: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever way an address finds into the SDK that the first look does not know of."""
    session = Session(Settings())
    with pytest.raises(UsageError, match=r"The AWS endpoint of sts is http://example\.internal"):
        session._core.create_client("sts", region_name="eu-west-1", endpoint_url="http://example.internal")


@pytest.mark.parametrize("url", ["localhost:4566", "ftp://localhost", "http://", "https://me:pw@host", "http://[::1"])
def test_s17_an_address_that_is_none_is_a_sentence(
    options: Options, credentials: None, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", url)
    with pytest.raises(UsageError, match="AWS_ENDPOINT_URL is not an endpoint: it must be https://host or"):
        AwsProvider().usable(options())


def test_without_a_network_the_partition_most_people_mean_is_named(
    options: Options, credentials: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(*_: Any, **__: Any) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr("socket.getaddrinfo", unknown)
    with pytest.raises(NoScopeError) as refused:
        AwsProvider().collect(options(regions=()), Kept(), Kept())
    assert str(refused.value) == (
        "AWS cannot be reached at https://sts.us-east-1.amazonaws.com (Name or service not known): check the network "
        "connection, and the proxy settings (HTTPS_PROXY, NO_PROXY)."
    )
