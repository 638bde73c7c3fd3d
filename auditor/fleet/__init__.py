"""Which accounts one run reads: what the command line and an accounts file say, before any cloud is asked."""

from auditor.fleet.accounts_file import AccountsFile, ListedAccount, read_accounts
from auditor.fleet.selection import NOT_ACTIVE, Fleet

__all__ = ["NOT_ACTIVE", "AccountsFile", "Fleet", "ListedAccount", "read_accounts"]
