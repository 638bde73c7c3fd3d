"""Files of accounts, ours and c7n-org's, and what the options around them may say together."""

from pathlib import Path

import pytest

from auditor.errors import UsageError
from auditor.fleet import AccountsFile, Fleet, ListedAccount, read_accounts

C7N = """\
accounts:
- account_id: 012345670123
  name: shop
  email: shop@example.com
  role: arn:aws:iam::012345670123:role/Audit
  regions: [us-east-1, eu-west-1]
  external_id: contract-7
  tags: [type:prod, division:some division]
  vars: {charge_code: xyz}
- account_id: '111122223333'
  name: hub
  role: [Jump, Audit]
  regions: [all]
- account_id: "444455556666"
  profile: partner
subscriptions:
- subscription_id: e5a23d1e-0000-4000-8000-000000000001
  name: dev
projects:
- project_id: shop-prod
"""

OURS = """\
[[accounts]]
account_id = "111122223333"
role = "Audit"
"""


def written(tmp_path: Path, text: str, name: str = "accounts.yml") -> Path:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    return path


def test_c7n_orgs_file_is_read_as_it_is(tmp_path: Path) -> None:
    assert read_accounts(written(tmp_path, C7N)) == AccountsFile(
        (
            ListedAccount(
                "012345670123",
                "shop",
                ("arn:aws:iam::012345670123:role/Audit",),
                "contract-7",
                ("us-east-1", "eu-west-1"),
            ),
            ListedAccount("111122223333", "hub", ("Jump", "Audit")),
            ListedAccount("444455556666", profile="partner"),
        ),
        ("e5a23d1e-0000-4000-8000-000000000001",),
        ("shop-prod",),
    )


def test_our_own_may_be_toml(tmp_path: Path) -> None:
    path = written(tmp_path, OURS, "accounts.toml")
    assert read_accounts(path).accounts == (ListedAccount("111122223333", roles=("Audit",)),)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("accounts:\n- account_id: 1234\n", "must be the 12 digits"),
        ("accounts:\n- account_id: '111122223333'\n  extrenal_id: x\n", "did you mean external_id"),
        ("accounts:\n- account_id: '111122223333'\n- account_id: '111122223333'\n", "lists account 111122223333 twice"),
        ("accounts:\n- account_id: '111122223333'\n  role: {a: b}\n", "role must be a text or a list of texts"),
        ("accounts: {a: b}\n", "accounts must be a list of tables"),
        ("projects:\n- name: shop\n", "entry 1 of projects has no project_id"),
        ("- a\n", "lists nothing"),
        ("a: [\n", "is not valid YAML"),
    ],
)
def test_a_file_that_is_wrong_says_where(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        read_accounts(written(tmp_path, text))


LISTED = AccountsFile((ListedAccount("111122223333"),))


@pytest.mark.parametrize(
    ("fleet", "said"),
    [
        (Fleet(organization=True), "Which role is to be assumed"),
        (Fleet(listed=LISTED), "Which role is to be assumed"),
        (Fleet(accounts=("111122223333",)), "Which role is to be assumed"),
        (Fleet(organization=True, role="A", listed=LISTED), "name one"),
        (Fleet(role="A", units=("ou-abcd-12345678",), accounts=("111122223333",)), "add --organization"),
        (Fleet(organization=True, role="A", units=("shop",)), "'shop' is the id of no organizational unit"),
        (Fleet(organization=True, role="A", excluded=("1",)), "'1' is no AWS account"),
        (Fleet(role="A"), "need --organization, --accounts or --accounts-file"),
    ],
)
def test_options_that_contradict_one_another_are_refused(fleet: Fleet, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        fleet.checked()


def test_accounts_narrow_what_a_file_lists() -> None:
    listed = AccountsFile(tuple(map(ListedAccount, ("111122223333", "222233334444", "333344445555"))))
    fleet = Fleet(
        role="A", accounts=("111122223333", "222233334444"), excluded=("222233334444",), listed=listed
    ).checked()
    assert [account.id for account in fleet.named()] == ["111122223333"]
