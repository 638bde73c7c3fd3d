"""ARNs of every partition, taken apart without naming one."""

import pytest

from providers.aws.arn import Arn, LayerVersion, Repository, image_repository, parse_arn, parse_layer, split_function

PARTITIONS = ("aws", "aws-us-gov", "aws-cn")


@pytest.mark.parametrize("partition", PARTITIONS)
def test_functions_split_into_name_and_qualifier(partition: str) -> None:
    plain = f"arn:{partition}:lambda:eu-west-1:111122223333:function:orders"
    assert split_function(plain) == (plain, "")
    assert split_function(f"{plain}:live") == (plain, "live")
    assert split_function(f"{plain}:$LATEST") == (plain, "$LATEST")


def test_arns_keep_the_colons_of_their_resource() -> None:
    text = "arn:aws-cn:secretsmanager:cn-north-1:111122223333:secret:db/main-AbCdEf"
    assert parse_arn(text) == Arn("aws-cn", "secretsmanager", "cn-north-1", "111122223333", "secret:db/main-AbCdEf")
    assert parse_arn(text) is not None
    assert Arn(*text.split(":", 5)[1:]).text == text
    assert Arn("aws", "kms", "r", "1", "key/abc").name == "abc"
    assert Arn("aws", "sqs", "r", "1", "queue").name == "queue"


@pytest.mark.parametrize("text", ["", "orders", "arn:", "arn:aws:lambda", "arn:aws:lambda:r:1:", None, 7, ["arn"]])
def test_what_is_no_arn_is_none(text: object) -> None:
    assert parse_arn(text) is None
    assert split_function(text) is None
    assert parse_layer(text) is None


def test_layer_versions_name_their_owner() -> None:
    layer = "arn:aws-us-gov:lambda:us-gov-west-1:444455556666:layer:tools"
    assert parse_layer(f"{layer}:7") == LayerVersion(layer, "444455556666", 7)
    assert parse_layer(layer) is None


@pytest.mark.parametrize(
    ("image", "name"),
    [
        ("111122223333.dkr.ecr.eu-west-1.example.com/team/app:1.2", "team/app"),
        ("111122223333.dkr.ecr.eu-west-1.example.com.cn/app@sha256:00", "app"),
        ("111122223333.dkr-ecr.eu-west-1.on.example/app", "app"),
        ("dkr-ecr.eu-west-1.on.example/app", None),
        ("docker.io/library/python:3", None),
        ("app:latest", None),
        (None, None),
    ],
)
def test_images_name_their_repository(image: object, name: str | None) -> None:
    found = image_repository(image, "aws-cn")
    if name is None:
        assert found is None
    else:
        arn = f"arn:aws-cn:ecr:eu-west-1:111122223333:repository/{name}"
        assert found == Repository("111122223333", "eu-west-1", name, arn)
