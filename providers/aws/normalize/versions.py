"""Published versions of functions: their names, and whose policies the run left out."""

from auditor.model.capture import Depth, Json
from auditor.model.environment import Environment
from auditor.model.observed import GapReason, Known, Observed, Unknown
from auditor.model.secret import SecretVerdict
from providers.answers.variables import variable
from providers.aws.normalize.answers import Answers, known
from providers.aws.normalize.fields import items, member, optional_member, string, text
from providers.aws.normalize.references import qualified
from providers.aws.versions import AT_LEAST, newest_first

_ALL = "lambda:ListPublishedVersions"
_EACH = "lambda:ListVersionsByFunction"
_LATEST = "$LATEST"

Names = tuple[str, ...]


class Versions:
    """The published versions of one location's functions."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        listing = answers.readable(
            answers.pages(_ALL, "Functions"),
            lambda body: (qualified(text(body, "FunctionArn"))[0], text(body, "Version")),
        )
        self._gap = listing.gap
        self._all: dict[str, list[str]] = {}
        for arn, version in listing.items:
            self._all.setdefault(arn, []).append(version)
        self._each = answers.subjects(_EACH, lambda body: [text(item, "Version") for item in items(body, "Versions")])
        self._secrets = answers.subjects(_EACH, lambda body: [_credentials(item) for item in items(body, "Versions")])

    def names(self, arn: str) -> Observed[Names]:
        """The published versions of a function, newest first."""
        own = self._answers.flat(self._each.all(arn), lambda page: page)
        if own.gap is None:
            return known(newest_first(name for name in own.items if name != _LATEST), _EACH)
        if self._gap is None:
            return known(newest_first(self._all.get(arn, ())), _ALL)
        return Unknown(own.gap)

    def secrets(self, arn: str, current: Observed[Environment]) -> Observed[Names]:
        """Credentials in variables of published versions that are not the function's own today, as `version/variable`.

        A version is immutable: a variable that was removed from the function stays in it.
        """
        if self.has_none(arn):
            return known((), _ALL)
        pages = self._answers.flat(self._secrets.all(arn), lambda page: page)
        own = {(v.name, v.digest) for v in current.value.variables} if isinstance(current, Known) else set()
        found: list[str] = []
        gap = pages.gap
        for version, credentials in pages.items:
            if version == _LATEST:
                continue
            if credentials is None:
                message = f"the variables of version {version} could not be read"
                gap = gap or self._answers.gap(_EACH, GapReason.SERVICE_ERROR, message, arn)
                continue
            found += [f"{version}/{name}" for name, digest in credentials if (name, digest) not in own]
        return Unknown(gap) if gap is not None and not found else known(tuple(found), _EACH)

    def has_none(self, arn: str) -> bool:
        """Whether the function is known to have no published version."""
        return self._gap is None and arn not in self._all

    def aliases_unasked(self, arn: str) -> bool:
        """Whether the depth leaves its aliases out: at standard they are asked only where there is a version."""
        return self._answers.depth is Depth.STANDARD and self.has_none(arn)

    def policies(self, arn: str, asked: frozenset[str]) -> tuple[Names, Observed[Names]]:
        """The versions whose policies belong to the depth, and whether those are all of them.

        ``asked`` are the qualifiers whose policies were asked for. Those left out are the oldest of very many.
        """
        if self._answers.depth is not Depth.FULL:
            return (), known((), _ALL)
        names = self.names(arn)
        if isinstance(names, Unknown):
            return (), names
        left = [name for name in names.value[AT_LEAST:] if name not in asked]
        if not left:
            return names.value, names
        message = (
            f"the policies of {len(left)} of {len(names.value)} published versions were not asked: those of the newest "
            "and of versions in use were"
        )
        gap = self._answers.gap("lambda:GetPolicy", GapReason.NOT_AT_DEPTH, message, arn)
        return tuple(name for name in names.value if name not in set(left)), Unknown(gap)


def _credentials(item: Json) -> tuple[str, tuple[tuple[str, str], ...] | None]:
    """A version with its variables that hold a credential, by name and digest; None where they could not be read."""
    version, environment = text(item, "Version"), optional_member(item, "Environment")
    if environment is not None and "Error" in environment:
        return version, None
    given = member(environment, "Variables") if environment is not None else {}
    found = (variable(string(name, "a name"), body) for name, body in given.items())
    return version, tuple((one.name, one.digest) for one in found if one.verdict is SecretVerdict.SECRET)


def known_names(names: Observed[Names]) -> Names:
    """The names, if they are known."""
    return names.value if isinstance(names, Known) else ()
