"""What a variable's value refers to, in every spelling."""

import pytest

from auditor.model.secret import Reference, ReferenceKind
from providers.aws.secret_references import StoredName, stored_names

HOME = ("111122223333", "eu-central-1")
SECRET = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:prod/db-AbCdEf"
PARAMETER = "arn:aws:ssm:eu-central-1:111122223333:parameter/prod/url"


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        (ReferenceKind.ARN, SECRET, [StoredName("secretsmanager", SECRET, *HOME)]),
        (ReferenceKind.ARN, f"{SECRET}:password::", [StoredName("secretsmanager", SECRET, *HOME)]),
        (ReferenceKind.ARN, f"{PARAMETER}:4", [StoredName("ssm", "/prod/url", *HOME)]),
        (
            ReferenceKind.ARN,
            f"{SECRET},{PARAMETER}",
            [StoredName("secretsmanager", SECRET, *HOME), StoredName("ssm", "/prod/url", *HOME)],
        ),
        (ReferenceKind.ARN, "arn:aws:sqs:eu-central-1:111122223333:queue", []),
        (ReferenceKind.SSM_PARAMETER, "/prod/url", [StoredName("ssm", "/prod/url", None, None)]),
        (ReferenceKind.SSM_PARAMETER, "/prod/url:3", [StoredName("ssm", "/prod/url", None, None)]),
        (
            ReferenceKind.DYNAMIC_REFERENCE,
            "{{resolve:ssm-secure:/prod/url:1}}",
            [StoredName("ssm", "/prod/url", None, None)],
        ),
        (
            ReferenceKind.DYNAMIC_REFERENCE,
            "{{resolve:secretsmanager:prod/db:SecretString:password}}",
            [StoredName("secretsmanager", "prod/db", None, None)],
        ),
        (
            ReferenceKind.DYNAMIC_REFERENCE,
            f"{{{{resolve:secretsmanager:{SECRET}:SecretString:password}}}}",
            [StoredName("secretsmanager", SECRET, *HOME)],
        ),
        (ReferenceKind.FILE, "", []),
    ],
)
def test_spellings_of_references(kind: ReferenceKind, text: str, expected: list[StoredName]) -> None:
    assert list(stored_names(Reference(kind, text))) == expected
