"""What the command line says about which accounts to read."""

import re
from dataclasses import dataclass, field
from typing import Final

from auditor.errors import UsageError
from auditor.fleet.accounts_file import AccountsFile, ListedAccount

NOT_ACTIVE: Final = "not active"
_ACCOUNT: Final = re.compile(r"\d{12}")
_UNIT: Final = re.compile(r"(ou-[0-9a-z]{4,32}-[0-9a-z]{8,32}|r-[0-9a-z]{4,32})")


@dataclass(frozen=True, slots=True)
class Fleet:
    """Several accounts in one run.

    ``organization``: those that AWS Organizations lists, below ``units`` where any is named. ``accounts`` are those
    that are named, ``excluded`` those that are not to be read; ``listed`` is the accounts file. ``role`` is the name of
    the role to assume in each account for which the file names none.
    """

    organization: bool = False
    role: str | None = None
    units: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    listed: AccountsFile = field(default_factory=AccountsFile)

    @property
    def spans_accounts(self) -> bool:
        """Whether AWS is to be read in other accounts than that of the credentials alone."""
        return self.organization or bool(self.accounts or self.listed.accounts)

    def checked(self) -> "Fleet":
        """Itself. Raises UsageError for options that contradict one another or name no account."""
        for option, names in (("--accounts", self.accounts), ("--exclude-account", self.excluded)):
            for name in names:
                if not _ACCOUNT.fullmatch(name):
                    raise UsageError(f"{option}: {name!r} is no AWS account: they have 12 digits.")
        for name in self.units:
            if not _UNIT.fullmatch(name):
                raise UsageError(f"--ou: {name!r} is the id of no organizational unit (ou-...) and no root (r-...).")
        if self.units and not self.organization:
            raise UsageError("--ou chooses accounts of an organization: add --organization.")
        if self.organization and self.listed.accounts:
            raise UsageError("--organization and --accounts-file both say which AWS accounts there are: name one.")
        listed = self.listed.accounts
        roles = self.role or (listed and all(account.roles or account.profile for account in listed))
        if self.spans_accounts and not roles:
            raise UsageError(f"Which role is to be assumed in the other accounts? Name it with {_ROLE}.")
        if not self.spans_accounts and (self.role or self.excluded):
            raise UsageError(f"{_ROLE} and --exclude-account need --organization, --accounts or --accounts-file.")
        return self

    def wants(self, account: str) -> bool:
        """Whether an account that was found is to be read."""
        return account not in self.excluded and (not self.accounts or account in self.accounts)

    def named(self) -> tuple[ListedAccount, ...]:
        """The accounts that are known without asking AWS: the file's, else those that were named."""
        found = self.listed.accounts or tuple(map(ListedAccount, self.accounts))
        return tuple(account for account in found if self.wants(account.id))


_ROLE: Final = "--org-role-name"
