"""Published versions of functions: names, what those that are invoked run as, whose policies were left out."""

from collections.abc import Callable, Iterable, Mapping

from auditor.model.capture import Depth, Json
from auditor.model.environment import Environment
from auditor.model.function import Alias, ServedVersion
from auditor.model.identity import Identity
from auditor.model.observed import GapReason, Known, Observed, Unknown
from auditor.model.secret import SecretVerdict
from providers.answers.variables import variable
from providers.aws.normalize.answers import Answers, known
from providers.aws.normalize.fields import choice, items, member, optional_member, string, text
from providers.aws.normalize.references import qualified
from providers.aws.versions import AT_LEAST, newest_first

_ALL = "lambda:ListPublishedVersions"
_EACH = "lambda:ListVersionsByFunction"
_LATEST = "$LATEST"
_IMAGE = {"Zip": False, "Image": True}
"""Lambda API reference, FunctionConfiguration: PackageType."""

Names = tuple[str, ...]


class Versions:
    """The published versions of one location's functions."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        listing = answers.readable(
            answers.pages(_ALL, "Functions"),
            lambda body: (qualified(text(body, "FunctionArn"))[0], {"Version": text(body, "Version"), **body}),
        )
        self._gap = listing.gap
        self._all: dict[str, list[str]] = {}
        self._rows: dict[str, dict[str, Json]] = {}
        for arn, row in listing.items:
            version = text(row, "Version")
            self._all.setdefault(arn, []).append(version)
            self._rows.setdefault(arn, {})[version] = row
        self._each = answers.subjects(
            _EACH, lambda body: [(text(item, "Version"), item) for item in items(body, "Versions")]
        )
        self._secrets = answers.subjects(_EACH, lambda body: [_credentials(item) for item in items(body, "Versions")])

    def names(self, arn: str) -> Observed[Names]:
        """The published versions of a function, newest first."""
        own = self._answers.flat(self._each.all(arn), lambda page: page)
        if own.gap is None:
            return known(newest_first(name for name, _ in own.items if name != _LATEST), _EACH)
        if self._gap is None:
            return known(newest_first(self._all.get(arn, ())), _ALL)
        return Unknown(own.gap)

    def served(
        self,
        arn: str,
        aliases: Observed[tuple[Alias, ...]],
        qualifiers: Iterable[str | None],
        identity: Callable[[str], Identity],
    ) -> Observed[tuple[ServedVersion, ...]]:
        """The versions behind a function's aliases, and those that triggers and URLs name by number.

        ``identity`` reads a role by its ARN.
        """
        if self.has_none(arn):
            return known((), _ALL)
        if isinstance(aliases, Unknown):
            return aliases
        through: dict[str, list[str]] = {name: [] for name in qualifiers if name is not None and name.isdecimal()}
        for alias in aliases.value:
            for version in (alias.version, *(version for version, _ in alias.weights)):
                if version != _LATEST:
                    through.setdefault(version, []).append(alias.name)
        rows, source = self._configurations(arn)
        return known(
            tuple(
                self._served(arn, version, tuple(sorted(through[version])), rows, source, identity)
                for version in sorted(through, key=int)
            ),
            source,
        )

    def _configurations(self, arn: str) -> tuple[Mapping[str, Json], str]:
        """What each version of a function was published with, and the answer that says so."""
        own = self._answers.flat(self._each.all(arn), lambda page: page)
        if own.gap is None or self._gap is not None:
            return dict(own.items), _EACH
        return self._rows.get(arn, {}), _ALL

    def _served(
        self,
        arn: str,
        version: str,
        through: tuple[str, ...],
        rows: Mapping[str, Json],
        source: str,
        identity: Callable[[str], Identity],
    ) -> ServedVersion:
        row = rows.get(version)
        if row is None:
            gap = self._answers.flat(self._each.all(arn), lambda page: page).gap or self._gap
            why = Unknown(
                gap or self._answers.gap(source, GapReason.NOT_FOUND, f"version {version} is not listed", arn)
            )
            return ServedVersion(version=version, through=through, runtime=why, identity=why)
        if "Role" not in row:
            message = f"the run kept of version {version} no more than its name"
            why = Unknown(self._answers.gap(source, GapReason.NOT_COLLECTED, message, arn))
            return ServedVersion(version=version, through=through, runtime=why, identity=why)
        return ServedVersion(
            version=version,
            through=through,
            runtime=self._answers.fact(source, lambda: _runtime(row), arn),
            identity=self._answers.fact(source, lambda: identity(text(row, "Role")), arn),
        )

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

    def roles(self, arn: str) -> Observed[Names]:
        """The roles of a function's published versions; a role that could not be read makes them unknown."""
        if self._gap is not None:
            return Unknown(self._gap)
        rows = self._rows.get(arn, {}).values()
        return self._answers.fact(_ALL, lambda: tuple(dict.fromkeys(text(row, "Role") for row in rows)), arn)

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


def _runtime(row: Json) -> str | None:
    """The runtime of a version; None for an image. A missing type of package is that of a zip file."""
    image = choice(row, "PackageType", _IMAGE) if "PackageType" in row else False
    return None if image else text(row, "Runtime")


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
