"""An option that nothing would read is refused in one sentence, not dropped."""

import pytest

from auditor.cli.main import run


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ["--provider", "aws", "--external-id", "abcd"],
            "--external-id is for assuming a role: name the role with --role-arn.",
        ),
        (
            ["--provider", "aws", "--subscription-id", "s"],
            "--subscription-id is an option of azure, which --provider leaves out: drop one of them.",
        ),
        (
            ["--provider", "gcp", "--role-arn", "arn:aws:iam::111122223333:role/audit"],
            "--role-arn is an option of aws, which --provider leaves out: drop one of them.",
        ),
        (
            ["--provider", "azure", "--project-id", "p"],
            "--project-id is an option of gcp, which --provider leaves out: drop one of them.",
        ),
    ],
)
def test_an_option_of_a_cloud_that_is_left_out_is_refused(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["scan", *arguments]) == 2
    assert sentence in " ".join(capsys.readouterr().err.split())
