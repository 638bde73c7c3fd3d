"""Who may replace what a function is made from, as far as it says something about this function."""

from collections.abc import Iterable, Iterator

from auditor.model.exposure import AccessGrant, Reach

_EXPECTED = ("projectOwner:", "projectEditor:", "projectViewer:", "serviceAccount:")


def writers(grants: Iterable[AccessGrant]) -> Iterator[tuple[AccessGrant, tuple[str, ...]]]:
    """Grants that let somebody besides the platform's own agents write, with those members.

    Strangers count wherever they were let in. Of the own project only people named by the place itself count: its
    service accounts are the pipelines that are meant to write there, and who administers the whole project may write
    everywhere in it and is told by the checks of the project.
    """
    for grant in grants:
        if not grant.modifies or grant.reach is Reach.NONE:
            continue
        members = grant.principals
        if grant.reach is Reach.SCOPED:
            if not grant.sid.startswith(("roles/", "projects/")):
                continue  # inherited: sid starts with the level it comes from
            members = tuple(member for member in members if not member.startswith(_EXPECTED))
        if members:
            yield grant, members


def role_of(grant: AccessGrant) -> str:
    """The role a grant gives, as a command takes it; an inherited grant's id names its level before the role."""
    level, between, role = grant.sid.partition("/roles/")
    own = grant.sid.startswith(("projects/", "organizations/"))  # a custom role of the place itself
    return f"roles/{role}" if between and ":" in level and not own else grant.sid
