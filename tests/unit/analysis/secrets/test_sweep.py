"""What the sweep takes out of free text, and what it must leave."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.analysis.secrets import judge, sweep

KEY = "AK" + "IA" + "QWERTY" + "UIOP234567"
SIGNATURE = "9f" * 32


@pytest.mark.parametrize(
    "text",
    [
        "arn:aws:lambda:eu-west-1:111122223333:function:orders-token-refresh",
        "OPxMLiYzg3bpl4ftGTNZFJS4oNo7MBcERleot+CJL74=",
        "sha256:0e8655f24ddcdfc016b0a60077b943c952199ead4afb65c07746053b1c811301",
        "b0d3741f-c6d6-f378-f399-28ca114b3de5",
        '"4609d384d33933f6686bd951f6fa7002"',
        "User: arn:aws:iam::111122223333:user/a is not authorized to perform: secretsmanager:GetSecretValue",
        '{"Condition":{"StringEquals":{"lambda:FunctionUrlAuthType":"NONE","aws:SecureTransport":"false"}}}',
        '{"Action":["ssm:GetParameter","kms:Decrypt"],"Resource":"arn:aws:ssm:*:*:parameter/prod/api-key"}',
        "Rotates the API key: daily",
        "registry/shop:v1.4.2-3fa9bc1e@sha256:0e8655f24ddcdfc016b0a60077b943c952199ead4afb65c07746053b1c811301",
        "see https://x.test/a?api-key=<your-key>), then git@host:8080",
        "password: ${DB_PASSWORD}",
        "https://sqs.eu-west-1.amazonaws.com/111122223333/token-queue",
    ],
)
def test_what_is_no_credential_stays(text: str) -> None:
    assert sweep(text) == text


@pytest.mark.parametrize(
    ("before", "secret", "after", "detector"),
    [
        ("key ", KEY, " used", "aws-access-key-id"),
        ("postgres://app:", "hunter" + "22", "@db/x", "url-userinfo"),
        ("https://b.s3/k?X-Amz-Expires=60&X-Amz-Signature=", SIGNATURE, "&x=1", "presigned-url"),
        ("https://s.blob.core.windows.net/c?sv=1&sig=", "l3jKQzejVOb%2Ff9%3D", "", "presigned-url"),
        ("Authorization: Bearer ", "h3Kq9ZtW" + "x7LmR2vB" + "n5Yc8PdF", "", "bearer-token"),
        ("connect failed: password=", "Winter" + "2025!", ";host=h", "embedded-field"),
        ('{"client_secret": "', "h3Kq9ZtW" + "x7LmR2vB", '"}', "embedded-field"),
        ("[docs](https://x.test/a?api-key=", "E8xsTdcm1u" + "pGDLRR44Bp", ") there", "url-query"),
        ("b0:9092,app:", "2qtYyzRn" + "J4oXAda7", "@b1:9092", "url-userinfo"),
        ("--password ", "s3kr" + "et99", " --host h", "command-line-password"),
    ],
)
def test_credential_in_text_is_replaced(before: str, secret: str, after: str, detector: str) -> None:
    swept = sweep(before + secret + after)
    assert secret not in swept
    assert f"[redacted:{detector}]" in swept


def test_private_key_block_goes_whole() -> None:
    block = "\n".join(("-----BEGIN RSA " + "PRIVATE KEY-----", "abcd1234" * 8, "-----END RSA " + "PRIVATE KEY-----"))
    assert sweep(f"before {block} after") == "before [redacted:private-key] after"


@given(st.text(max_size=300))
def test_sweep_is_idempotent_on_any_text(text: str) -> None:
    assert sweep(sweep(text)) == sweep(text)


_PARTS = st.sampled_from(
    [
        "password=",
        "Bearer ",
        KEY,
        "://u:",
        "pw9",
        "@h",
        "[redacted:",
        "]",
        '"',
        "sig=",
        "--token ",
        "x" * 9,
        " ",
        "&",
        ";",
        "=",
        ":",
        "{",
        "}",
    ]
)


@given(st.lists(_PARTS, max_size=14).map("".join))
def test_sweep_is_idempotent_on_credential_fragments(text: str) -> None:
    once = sweep(text)
    assert sweep(once) == once


@given(st.text(max_size=60), st.text(max_size=400))
def test_judge_never_raises(name: str, value: str) -> None:
    judge(name, value)


_HOSTILE = st.sampled_from(
    [
        "{",
        "}",
        "[",
        '"',
        "\\",
        "://",
        ":",
        "@",
        "=",
        ";",
        "${",
        "}}",
        "{{",
        "/",
        "a",
        "1",
        "-",
        ".",
        " ",
        "eyJ",
        "%",
        "<",
        ">",
        "$",
        "\n",
    ]
)


@given(
    st.sampled_from(["X", "DB_PASSWORD", "API_KEY", "SECRET_ARN", "AUTH"]), st.lists(_HOSTILE, max_size=60).map("".join)
)
def test_judge_never_raises_on_broken_syntax(name: str, value: str) -> None:
    judge(name, value)


CHANCE = "Zk4t9vQ" + "7mTrWp3x"


@pytest.mark.parametrize(
    "text",
    [
        '{"body": {"apiKey": ["{}"]}}',
        '{"body": {"token": [{"prefix": "x"}, {"equals-ignore-case": "{}"}]}}',
        '{"Condition": {"StringEquals": {"aws:Referer": "{}"}}}',
        '{"Condition": {"StringLike": {"aws:UserAgent": ["Mozilla", "{}"]}}}',
        "Nightly job; the password is {}, ask Ann",
        "uses password {} for now",
        "api key is '{}'",
    ],
)
def test_k1_a_secret_in_a_filter_a_condition_or_prose_goes(text: str) -> None:
    swept = sweep(text.replace("{}", CHANCE))
    assert CHANCE not in swept
    assert sweep(swept) == swept


@pytest.mark.parametrize(
    "text",
    [
        '{"detail": {"key": ["orders/incoming"], "token": [{"exists": true}]}}',
        '{"Condition": {"StringEquals": {"aws:UserAgent": "AmazonCloudFront"}}}',
        '{"Condition": {"StringLike": {"aws:Referer": ["https://shop.fernhollow.example/*"]}}}',
        "the password policy requires twelve characters",
        "the secret is rotated monthly",
        "token is required",
    ],
)
def test_k3_what_a_filter_or_prose_says_of_secrets_stays(text: str) -> None:
    assert sweep(text) == text
