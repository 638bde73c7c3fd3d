"""The projects audited, what is above each, and who holds which role on any of it."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from auditor.model.capture import Capture
from auditor.model.ids import Cloud
from auditor.model.observed import Gap, GapReason, Known, Observed, Unknown
from providers.gcp.normalize.answers import Answers, Told, known
from providers.gcp.normalize.assets import Assets
from providers.gcp.normalize.fields import UnreadableError, required, text
from providers.gcp.normalize.names import last

_SEARCH: Final = "resourcemanager:SearchProjects"
_PROJECT: Final = "resourcemanager:GetProject"
_FOLDER: Final = "resourcemanager:GetFolder"
PROJECT_POLICY: Final = "resourcemanager:GetProjectPolicy"
_POLICIES: Final = {
    "folders": "resourcemanager:GetFolderPolicy",
    "organizations": "resourcemanager:GetOrganizationPolicy",
}
_COMPUTE: Final = re.compile(r"(\d+)-compute@developer\.gserviceaccount\.com")
_DEEPEST: Final = 12
"""Google allows ten folders above one another."""


@dataclass(frozen=True, slots=True)
class Level:
    """One level at which roles are granted: ``projects/p``, ``folders/1`` or ``organizations/1``, with its policy."""

    name: str
    policy: Observed[Told]


class Project:
    """One audited project: its number, what is above it, and its bulk lists."""

    def __init__(self, capture: Capture, project: str) -> None:
        self.id = project
        self.answers = Answers(capture, project)
        self.assets = Assets(self.answers)
        self._row = self._own_row()
        self.number = self._number()

    @property
    def now(self) -> datetime | None:
        """When the capture was taken; None where it does not say."""
        try:
            found = datetime.fromisoformat(self.answers.as_of)
        except ValueError:
            return None
        return found if found.tzinfo is not None else found.replace(tzinfo=UTC)

    def _own_row(self) -> Observed[dict[str, Any]]:
        """What the resource manager says of the project itself."""
        one = self.answers.one(_PROJECT)
        if isinstance(one, Known) and one.value is not None:
            return Known(one.value, _PROJECT)
        rows = self.answers.listed(_SEARCH, "projects")
        for row in rows.items:
            if row.get("projectId") == self.id:
                return Known(row, _SEARCH)
        asked = bool(self.answers.places(_PROJECT))
        if isinstance(one, Unknown) and asked:
            return one
        return Unknown(rows.gap or self.answers.gap(_SEARCH, GapReason.NOT_COLLECTED, "", self.id))

    def _number(self) -> str | None:
        if isinstance(self._row, Known):
            row = self._row.value
            for value in (row.get("projectNumber"), row.get("name")):
                if isinstance(value, str) and last(value).isdecimal():
                    return last(value)
        mine = next((name for name in self.assets.ancestors if name.startswith("projects/")), "")
        return last(mine) if last(mine).isdecimal() else self._number_of_accounts()

    def _number_of_accounts(self) -> str | None:
        """The number as the project's Compute Engine account has it."""
        accounts = self.answers.listed("iam:ListServiceAccounts", "accounts")
        emails = (account.get("email") for account in accounts.items)
        found = (_COMPUTE.fullmatch(email) for email in emails if isinstance(email, str))
        return next((match[1] for match in found if match), None)

    def levels(self) -> tuple[Level, ...]:
        """The project and everything above it, nearest first; what cannot be told ends the list as unknown."""
        found = [Level(f"projects/{self.id}", self._policy(PROJECT_POLICY, ""))]
        parent = self._parent()
        while isinstance(parent, Known) and parent.value is not None and len(found) < _DEEPEST:
            name = parent.value
            found.append(Level(name, self._policy(_POLICIES[name.partition("/")[0]], name)))
            parent = self._above(name)
        if isinstance(parent, Unknown):
            found.append(Level("", parent))
        return tuple(found)

    def _policy(self, operation: str, subject: str) -> Observed[Told]:
        body = self.answers.one(operation, subject)
        if isinstance(body, Unknown):
            return body
        if body.value is None:
            return Unknown(self.answers.gap(operation, GapReason.NOT_FOUND, "it is gone", subject or None))
        return Known(Told(self.answers, operation, subject, body.value), operation)

    def _parent(self) -> Observed[str | None]:
        listed = self._inventory_above(0)
        if isinstance(self._row, Unknown):
            return self._row if listed is None else listed
        row = self._row
        if "parent" not in row.value:  # a project may belong to nobody's organisation
            return listed or known(None, row.source)
        fact = self.answers.fact(row.source, lambda: _parent_of(row.value), self.id)
        return fact if isinstance(fact, Known) or listed is None else listed

    def _above(self, name: str) -> Observed[str | None]:
        if name.startswith("organizations/"):
            return known(None, "")
        body = self.answers.one(_FOLDER, name)
        if isinstance(body, Known):
            found = body.value or {}
            fact = self.answers.fact(_FOLDER, lambda: _parent_of(found), name)
            if isinstance(fact, Known):
                return fact
        chain = self.assets.ancestors
        listed = self._inventory_above(chain.index(name)) if name in chain else None
        if listed is not None:
            return listed
        return body if isinstance(body, Unknown) else Unknown(self._broken(name))

    def _broken(self, name: str) -> Gap:
        return self.answers.gap(_FOLDER, GapReason.MALFORMED, "the folder does not name its parent", name)

    def _inventory_above(self, index: int) -> Observed[str | None] | None:
        """The next ancestor as the inventory names it; None where it names none at all."""
        chain = self.assets.ancestors
        if not chain:
            return None
        following = chain[index + 1] if index + 1 < len(chain) else None
        if following is not None and not _level(following):
            return None
        return known(following, "asset:ListResources")


def _parent_of(row: dict[str, Any]) -> str:
    """The folder or organisation above a project or folder."""
    parent = required(row, "parent")
    name = f"{text(parent, 'type')}s/{text(parent, 'id')}" if isinstance(parent, dict) else text(row, "parent")
    if not _level(name):
        raise UnreadableError("the parent is neither a folder nor an organisation")
    return name


def _level(name: str) -> bool:
    kind, _, number = name.partition("/")
    return kind in _POLICIES and number.isascii() and number.isalnum()


def projects(capture: Capture) -> dict[str, Project]:
    """Every project asked, also those that only the shards tell of, by id."""
    found = {scope for cloud, scope, _ in capture.facts.scopes if cloud is Cloud.GCP}
    found |= {key.scope for key in capture.shards() if key.cloud is Cloud.GCP}
    return {name: Project(capture, name) for name in sorted(found)}
