"""The policies that an organisation sets above an account, as layers of the evaluation.

Sources: AWS Organizations User Guide, "SCP evaluation" (every level from the root to the account has to allow; the
management account is not bound; each level has at least one such policy where they are in use) and "RCP evaluation".
"""

from collections import defaultdict
from typing import Final

from auditor.model.observed import Gap, GapReason, Unknown
from providers.aws.iam.authorizer import OrganizationLayers
from providers.aws.iam.document import PolicyMalformedError
from providers.aws.iam.evaluation.layers import RCP, SCP
from providers.aws.iam.evaluation.policies import CompiledPolicy, PolicyLayer, compile_policy
from providers.aws.iam.patterns import is_account
from providers.aws.normalize.answers import Answers
from providers.aws.normalize.fields import member, text
from providers.aws.organization import IRREMOVABLE, KINDS, levels_of_path

_ORGANIZATION: Final = "organizations:DescribeOrganization"
_LIST: Final = "organizations:ListPolicies"
_TARGETS: Final = "organizations:ListTargetsForPolicy"
_DOCUMENT: Final = "organizations:DescribePolicy"
_PARENTS: Final = "organizations:ListParents"
_ACCOUNTS: Final = ("organizations:ListAccounts", "organizations:ListAccountsForParent")
_WITHOUT_POLICIES: Final = "CONSOLIDATED_BILLING"


def read_organization(answers: Answers) -> OrganizationLayers:
    """What binds the account from above. What could not be read is never taken for "nothing"."""
    body = answers.one(_ORGANIZATION)
    if isinstance(body, Unknown):
        return OrganizationLayers(gap=body.gap)
    if body.value is None:
        return OrganizationLayers()
    found = body.value

    def standing() -> tuple[str, str]:
        organization = member(found, "Organization")
        return text(organization, "MasterAccountId"), text(organization, "FeatureSet")

    fact = answers.fact(_ORGANIZATION, standing)
    if isinstance(fact, Unknown):
        return OrganizationLayers(gap=fact.gap)
    management, features = fact.value
    if not is_account(management):
        message = "the management account is not named by its number"
        return OrganizationLayers(gap=answers.gap(_ORGANIZATION, GapReason.MALFORMED, message))
    if management == answers.account or features == _WITHOUT_POLICIES:
        return OrganizationLayers()
    return _Reader(answers).layers()


class _Reader:
    """Reads levels, attachments and documents; the first thing that is missing is kept."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._gap: Gap | None = None

    def layers(self) -> OrganizationLayers:
        levels = self._levels()
        found = {kind: self._attached(kind, levels) for kind in KINDS}
        self._check_levels(levels, found[KINDS[0]])
        partly = self._gap is not None
        scps, rcps = (
            tuple(
                PolicyLayer(name, found[kind][level], denies_only=partly) for level in levels if found[kind].get(level)
            )
            for kind, name in zip(KINDS, (SCP, RCP), strict=True)
        )
        return OrganizationLayers(scps, rcps, self._gap)

    def _missing(self, gap: Gap | None) -> None:
        self._gap = self._gap or gap

    def _levels(self) -> tuple[str, ...]:
        """Root, units and the account itself, as far as they are known."""
        answers, account = self._answers, self._answers.account
        for operation in _ACCOUNTS:
            for row in answers.pages(operation, "Accounts").items:
                told = levels_of_path(row) if isinstance(row, dict) and row.get("Id") == account else ()
                if told:
                    return (*told, account)
        levels, child = [account], account
        while not child.startswith("r-"):
            listing = answers.pages(_PARENTS, "Parents", child)
            above = answers.readable(listing, lambda row: text(row, "Id"))
            if above.gap is not None or len(above.items) != 1 or above.items[0] in levels:
                message = "an account or unit has one parent, and the answer names another number"
                self._missing(above.gap or answers.gap(_PARENTS, GapReason.MALFORMED, message, child))
                break
            child = above.items[0]
            levels.insert(0, child)
        return tuple(levels)

    def _attached(self, kind: str, levels: tuple[str, ...]) -> dict[str, list[CompiledPolicy]]:
        """The policies of a kind by level."""
        answers = self._answers
        listed = answers.readable(
            answers.pages(_LIST, "Policies", kind), lambda row: (text(row, "Id"), text(row, "Name"))
        )
        self._missing(listed.gap)
        if listed.gap is None and not listed.items:  # AWS's own are always there
            self._missing(answers.gap(_LIST, GapReason.MALFORMED, "no policy is listed, not even AWS's own", kind))
        found: defaultdict[str, list[CompiledPolicy]] = defaultdict(list)
        for identifier, name in listed.items:
            if identifier == IRREMOVABLE:
                continue
            targets = answers.readable(
                answers.pages(_TARGETS, "Targets", identifier), lambda row: text(row, "TargetId")
            )
            self._missing(targets.gap)
            for level in (level for level in levels if level in targets.items):
                policy = self._compiled(identifier, f"{name} ({identifier}) on {level}", kind)
                if policy is not None:
                    found[level].append(policy)
        return found

    def _compiled(self, identifier: str, source: str, kind: str) -> CompiledPolicy | None:
        answers = self._answers
        body = answers.one(_DOCUMENT, identifier)
        if isinstance(body, Unknown):
            self._missing(body.gap)
            return None
        document = answers.fact(_DOCUMENT, lambda: text(member(body.value or {}, "Policy"), "Content"), identifier)
        if isinstance(document, Unknown):
            self._missing(document.gap)
            return None
        try:
            return compile_policy(document.value, SCP if kind == KINDS[0] else RCP, source)
        except PolicyMalformedError as error:
            self._missing(answers.gap(_DOCUMENT, GapReason.MALFORMED, str(error), identifier))
            return None

    def _check_levels(self, levels: tuple[str, ...], attached: dict[str, list[CompiledPolicy]]) -> None:
        """Where service control policies are in use, every level has one: one without any was not read whole."""
        bare = [level for level in levels if not attached.get(level)]
        if attached and bare:
            message = f"no service control policy is attached to {', '.join(bare)}, which AWS does not allow"
            self._missing(self._answers.gap(_TARGETS, GapReason.MALFORMED, message))
