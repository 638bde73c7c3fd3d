"""Customer's keys: whether they can still be used, and whether they rotate."""

from typing import Final

from auditor.model.environment import EncryptionKey, KeyState
from auditor.model.observed import Observed, Unknown
from providers.gcp.normalize.answers import Told, known
from providers.gcp.normalize.assets import KEY
from providers.gcp.normalize.collections import instead
from providers.gcp.normalize.fields import Enumeration, optional_member, optional_text
from providers.gcp.normalize.names import project_in
from providers.gcp.normalize.project_index import ProjectIndex

_GET: Final = "cloudkms:GetCryptoKey"

_STATES: Final[Enumeration[KeyState]] = Enumeration(
    ENABLED=KeyState.ENABLED,
    DISABLED=KeyState.DISABLED,
    DESTROYED=KeyState.UNAVAILABLE,
    DESTROY_SCHEDULED=KeyState.PENDING_DELETION,
    PENDING_GENERATION=KeyState.UNAVAILABLE,
    PENDING_IMPORT=KeyState.UNAVAILABLE,
    IMPORT_FAILED=KeyState.UNAVAILABLE,
    GENERATION_FAILED=KeyState.UNAVAILABLE,
    PENDING_EXTERNAL_DESTRUCTION=KeyState.PENDING_DELETION,
    EXTERNAL_DESTRUCTION_FAILED=KeyState.UNAVAILABLE,
)
_SYMMETRIC: Final = "ENCRYPT_DECRYPT"


class Keys:
    """The keys that functions of one project use."""

    def __init__(self, estate: ProjectIndex, project: str) -> None:
        self._estate = estate
        self._project = estate.projects[project]
        self._made: dict[str, EncryptionKey] = {}

    def key(self, name: str) -> EncryptionKey:
        """The key of that name; a version of it stands for the key."""
        name = self._estate.canonical(name.partition("/cryptoKeyVersions/")[0])
        made = self._made.get(name)
        if made is None:
            made = self._made[name] = self._describe(name)
        return made

    def _describe(self, name: str) -> EncryptionKey:
        told = self._told(name)
        account = project_in(name)
        if isinstance(told, Unknown):
            return EncryptionKey(id=name, account=account, state=told, rotation=told)
        key = told.value
        if key is None:
            missing = known(KeyState.MISSING, told.source)
            return EncryptionKey(id=name, account=account, state=missing, rotation=known(None, told.source))
        return EncryptionKey(
            id=name,
            account=account,
            state=key.fact(lambda body: _STATES.read(optional_member(body, "primary"), "state")),
            rotation=key.fact(
                lambda body: (
                    bool(optional_text(body, "rotationPeriod"))
                    if optional_text(body, "purpose") in ("", _SYMMETRIC)
                    else None
                )
            ),
        )

    def _told(self, name: str) -> Observed[Told | None]:
        answers = self._project.answers
        body = answers.one(_GET, name)
        if not isinstance(body, Unknown):
            return known(None if body.value is None else Told(answers, _GET, name, body.value), _GET)
        for project in self._estate.projects.values():
            for told in project.assets.of(KEY).values():
                if self._estate.canonical(told.name) == name:
                    return known(told, told.source)
        gap = self._project.assets.gap
        return body if gap is None or answers.asked(_GET, name) else Unknown(instead(answers, gap, _GET, name))
