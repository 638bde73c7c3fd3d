"""Customer keys: state and rotation, one shared object a key."""

from auditor.model.environment import EncryptionKey, KeyState
from auditor.model.observed import Known, Observed, Unknown
from providers.aws.arn import parse_arn
from providers.aws.normalize.answers import Answers, known, part_of
from providers.aws.normalize.fields import choice, flag, member, optional_text, text
from providers.aws.normalize.references import arn_account

_DESCRIBE = "kms:DescribeKey"
_ROTATION = "kms:GetKeyRotationStatus"

_STATES = {
    "Enabled": KeyState.ENABLED,
    "Updating": KeyState.ENABLED,  # a multi-Region key changing its primary; it stays usable
    "Disabled": KeyState.DISABLED,
    "PendingDeletion": KeyState.PENDING_DELETION,
    "PendingReplicaDeletion": KeyState.PENDING_DELETION,
    "Creating": KeyState.UNAVAILABLE,
    "PendingImport": KeyState.UNAVAILABLE,
    "Unavailable": KeyState.UNAVAILABLE,
}

_MANAGED_ALIAS = "alias/aws/"
"""Aliases with this prefix are reserved for keys that AWS manages."""


class Keys:
    """The keys that functions of one location refer to."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._keys: dict[str, EncryptionKey] = {}

    def key(self, reference: str) -> EncryptionKey | None:
        """The key behind a key ARN, key id or alias; None where AWS itself manages it."""
        if self.customer(reference) == Known(value=False, source=_DESCRIBE) or _by_alias(reference):
            return None
        found = self._keys.get(reference)
        if found is None:
            found = self._keys[reference] = self._read(reference)
        return found

    def customer(self, reference: str) -> Observed[bool]:
        """Whether a customer, and not AWS, manages the key."""
        if _by_alias(reference):
            return known(value=False, source=_DESCRIBE)
        body = self._answers.one(_DESCRIBE, reference)
        if isinstance(body, Unknown):
            return body
        found = body.value
        if found is None:
            return known(value=True, source=_DESCRIBE)  # AWS never deletes the keys it manages
        table = {"CUSTOMER": True, "AWS": False}
        return self._answers.fact(
            _DESCRIBE, lambda: choice(member(found, "KeyMetadata"), "KeyManager", table), reference
        )

    def _read(self, reference: str) -> EncryptionKey:
        body, account = self._answers.one(_DESCRIBE, reference), arn_account(reference)
        if isinstance(body, Unknown):
            rotation = part_of(body, self._rotation(reference, reference))
            return EncryptionKey(id=reference, account=account, state=body, rotation=rotation)
        if body.value is None:
            exists = self._answers.absence(_DESCRIBE, reference, account)
            state = exists.map(lambda _: KeyState.MISSING)
            return EncryptionKey(id=reference, account=account, state=state, rotation=exists.map(lambda _: None))
        return self._described(reference, body.value)

    def _described(self, reference: str, body: dict[str, object]) -> EncryptionKey:
        fact = self._answers.fact
        state = fact(_DESCRIBE, lambda: choice(member(body, "KeyMetadata"), "KeyState", _STATES), reference)
        arn = fact(_DESCRIBE, lambda: text(member(body, "KeyMetadata"), "Arn"), reference)
        rotates = fact(_DESCRIBE, lambda: _rotatable(member(body, "KeyMetadata")), reference)
        rotation: Observed[bool | None]
        if isinstance(rotates, Known) and not rotates.value:
            rotation = known(None, _DESCRIBE)
        else:
            rotation = self._rotation(reference, arn.value if isinstance(arn, Known) else reference)
        account = arn_account(reference) or (arn_account(arn.value) if isinstance(arn, Known) else None)
        return EncryptionKey(id=reference, account=account, state=state, rotation=rotation)

    def _rotation(self, reference: str, arn: str) -> Observed[bool | None]:
        asked = self._answers.bodies(_ROTATION)
        body = asked.one(reference)
        if not body.known and arn != reference:
            resolved = asked.one(arn)  # the rotation of an alias is asked about the key behind it
            body = resolved if resolved.known else body
        if isinstance(body, Unknown):
            return body
        found = body.value
        if found is None:
            return known(None, _ROTATION)
        return self._answers.fact(_ROTATION, lambda: flag(found, "KeyRotationEnabled"), reference)


def _rotatable(metadata: dict[str, object]) -> bool:
    """Automatic rotation exists only for symmetric encryption keys whose material AWS made."""
    spec = optional_text(metadata, "KeySpec") or text(metadata, "CustomerMasterKeySpec")
    return spec == "SYMMETRIC_DEFAULT" and text(metadata, "Origin") == "AWS_KMS"


def _by_alias(reference: str) -> bool:
    arn = parse_arn(reference)
    return (arn.resource if arn else reference).startswith(_MANAGED_ALIAS)
