"""The parameters and secrets that variables refer to: never their values."""

from dataclasses import replace
from typing import Any

from auditor.model.environment import StoredSecret, StoredSecretKind
from auditor.model.observed import GapReason, Known, Observed, Unknown
from providers.answers.fields import day
from providers.aws.iam.policy_owner import ResourceKind
from providers.aws.normalize.answers import Answers, Listing, known, part_of
from providers.aws.normalize.fields import (
    choice,
    filled_text,
    optional_flag,
    optional_text,
    text,
)
from providers.aws.normalize.keys import Keys
from providers.aws.normalize.policies import judge, public
from providers.aws.secret_references import StoredName

_PARAMETERS = "ssm:DescribeParameters"
_SECRET = "secretsmanager:DescribeSecret"  # noqa: S105 - an operation
_SECRET_POLICY = "secretsmanager:GetResourcePolicy"  # noqa: S105 - an operation

_ENCRYPTED = {"SecureString": True, "String": False, "StringList": False}


class StoredSecrets:
    """The parameters and secrets that variables of one location refer to."""

    def __init__(self, answers: Answers, partition: str, keys: Keys) -> None:
        self._answers = answers
        self._partition = partition
        self._keys = keys
        self._found: dict[StoredName, StoredSecret] = {}
        self._parameters: Listing[tuple[str, dict[str, Any]]] | None = None
        self._by_name: dict[str, dict[str, Any]] = {}

    def secret(self, variable: str, name: StoredName) -> StoredSecret:
        """What a variable refers to."""
        found = self._found.get(name)
        if found is None:
            read = self._parameter if name.service == "ssm" else self._secret
            found = self._found[name] = read(variable, name)
        return found if found.variable == variable else replace(found, variable=variable)

    def _parameter(self, variable: str, name: StoredName) -> StoredSecret:
        account, region = name.account or self._answers.account, name.region or self._answers.location
        slash = "" if name.id.startswith("/") else "/"
        arn = f"arn:{self._partition}:ssm:{region}:{account}:parameter{slash}{name.id}"
        if (account, region) != (self._answers.account, self._answers.location):
            message = "parameters of another account or region are not asked for"
            gap = self._answers.gap(_PARAMETERS, GapReason.NOT_COLLECTED, message, arn)
            return _unread(variable, arn, StoredSecretKind.PARAMETER, account, Unknown(gap))
        listing = self._listed_parameters()
        body = self._by_name.get(name.id) or self._by_name.get(name.id.removeprefix("/"))
        if body is None:
            exists: Observed[bool] = Unknown(listing.gap) if listing.gap else known(value=False, source=_PARAMETERS)
            other = exists if isinstance(exists, Unknown) else self._gone(_PARAMETERS, arn)
            return _unread(variable, arn, StoredSecretKind.PARAMETER, account, other, exists)
        encrypted = self._answers.fact(_PARAMETERS, lambda: choice(body, "Type", _ENCRYPTED), arn)
        return StoredSecret(
            variable=variable,
            id=arn,
            kind=StoredSecretKind.PARAMETER,
            account=account,
            exists=known(value=True, source=_PARAMETERS),
            encrypted=encrypted,
            customer_key=self._parameter_key(body, encrypted, arn),
            rotates=known(None, _PARAMETERS),  # parameters do not rotate
            last_used=known(None, _PARAMETERS),  # the service does not tell of parameters
            public_policy=known(value=False, source=_PARAMETERS),  # they are shared with named accounts only
        )

    def _parameter_key(self, body: dict[str, Any], encrypted: Observed[bool], arn: str) -> Observed[bool]:
        if isinstance(encrypted, Unknown) or not encrypted.value:
            return encrypted
        key = self._answers.fact(_PARAMETERS, lambda: text(body, "KeyId"), arn)
        return key if isinstance(key, Unknown) else self._customer(key.value, _PARAMETERS)

    def _customer(self, key: str, source: str) -> Observed[bool]:
        """Both services show the default key by its ``alias/aws/`` name, and another key as it was given."""
        customer = self._keys.customer(key)
        return customer if isinstance(customer, Known) else known(value=True, source=source)

    def _listed_parameters(self) -> Listing[tuple[str, dict[str, Any]]]:
        if self._parameters is None:
            pages = self._answers.pages(_PARAMETERS, "Parameters")
            self._parameters = self._answers.readable(pages, lambda body: (text(body, "Name"), body))
            self._by_name = dict(self._parameters.items)
        return self._parameters

    def _secret(self, variable: str, name: StoredName) -> StoredSecret:
        account = name.account or self._answers.account
        body = self._answers.one(_SECRET, name.id)
        if isinstance(body, Unknown):
            unread = _unread(variable, name.id, StoredSecretKind.SECRET, account, body)
            return replace(unread, public_policy=self._public(name.id, body))
        found = body.value
        deleted = self._answers.fact(
            _SECRET, lambda: found is None or optional_text(found, "DeletedDate") is not None, name.id
        )
        if isinstance(deleted, Unknown):
            return _unread(variable, name.id, StoredSecretKind.SECRET, account, deleted)
        if found is None:
            exists = self._answers.absence(_SECRET, name.id, account)
            gone = exists if isinstance(exists, Unknown) else self._gone(_SECRET, name.id)
            return _unread(variable, name.id, StoredSecretKind.SECRET, account, gone, exists)
        if deleted.value:  # a secret that awaits deletion cannot be read any more
            gone, exists = self._gone(_SECRET, name.id), known(value=False, source=_SECRET)
            return _unread(variable, name.id, StoredSecretKind.SECRET, account, gone, exists)
        return self._described(variable, name.id, account, found)

    def _described(self, variable: str, name: str, account: str, body: dict[str, Any]) -> StoredSecret:
        fact = self._answers.fact
        key = fact(_SECRET, lambda: filled_text(body, "KmsKeyId"), name)  # absent: aws/secretsmanager
        customer: Observed[bool] = known(value=False, source=_SECRET)
        if isinstance(key, Unknown):
            customer = key
        elif key.value:
            customer = self._customer(key.value, _SECRET)
        arn = fact(_SECRET, lambda: text(body, "ARN"), name)
        exists = known(value=True, source=_SECRET)
        return StoredSecret(
            variable=variable,
            id=arn.value if isinstance(arn, Known) else name,
            kind=StoredSecretKind.SECRET,
            account=account,
            exists=exists,
            encrypted=known(value=True, source=_SECRET),  # every secret is
            customer_key=customer,
            rotates=fact(_SECRET, lambda: optional_flag(body, "RotationEnabled"), name),  # absent: never set up
            last_used=fact(_SECRET, lambda: _day(optional_text(body, "LastAccessedDate")), name),  # absent: never
            public_policy=self._public(name, exists),
        )

    def _public(self, subject: str, secret: Known[Any] | Unknown) -> Observed[bool]:
        body = part_of(secret, self._answers.one(_SECRET_POLICY, subject))
        if isinstance(body, Unknown):
            return body
        found = body.value

        def read() -> bool:
            document = filled_text(found, "ResourcePolicy") if found is not None else None  # absent: no policy
            if document is None:
                return False
            return public(judge(document, self._answers, self._partition, ResourceKind.SECRET))

        return self._answers.fact(_SECRET_POLICY, read, subject)

    def _gone(self, operation: str, resource: str) -> Unknown:
        return Unknown(self._answers.gap(operation, GapReason.NOT_FOUND, "it does not exist", resource))


def _unread(
    variable: str,
    name: str,
    kind: StoredSecretKind,
    account: str,
    why: Unknown,
    exists: Observed[bool] | None = None,
) -> StoredSecret:
    return StoredSecret(
        variable=variable,
        id=name,
        kind=kind,
        account=account,
        exists=exists or why,
        encrypted=why,
        customer_key=why,
        rotates=why,
        last_used=why,
        public_policy=why,
    )


def _day(moment: str | None) -> str | None:
    return None if moment is None else day(moment, "LastAccessedDate")
