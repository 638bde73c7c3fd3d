"""What an archive holds, with a note for everything in it that is not read."""

from collections.abc import Callable, Iterator, Mapping

from auditor.code.files import shown

Read = Callable[[], bytes]


class EntryError(Exception):
    """An entry that cannot be read; the text says why."""


class Contents(Mapping[str, bytes]):
    """The files of an archive: read when they are asked for.

    ``notes`` say what was left out and why; an entry that turns out to be unreadable is empty and adds one.
    """

    def __init__(self) -> None:
        self._readers: dict[str, Read] = {}
        self._skipped: dict[str, list[str]] = {}

    def add(self, name: str, read: Read) -> None:
        """Adds a file. Of two of one name runtimes take the last; the earlier one is kept beside it to be read."""
        earlier = self._readers.get(name)
        if earlier is not None:
            self.skip("their name occurs twice (the last is what a runtime sees; both were read)", name)
            self._readers[f"duplicate-{len(self._readers)}/{name}"] = earlier
        self._readers[name] = read

    def skip(self, why: str, name: str) -> None:
        """Notes an entry that is not read."""
        self._skipped.setdefault(why, []).append(name)

    @property
    def notes(self) -> tuple[str, ...]:
        """One sentence for each reason by which entries were left out."""
        return tuple(_sentence(why, names) for why, names in self._skipped.items())

    def notes_about(self, concerns: Callable[[str], bool]) -> tuple[str, ...]:
        """The same sentences about some of the entries; one whose name is not known may be any."""
        chosen = {why: [name for name in names if not name or concerns(name)] for why, names in self._skipped.items()}
        return tuple(_sentence(why, names) for why, names in chosen.items() if names)

    def __getitem__(self, name: str) -> bytes:
        try:
            return self._readers[name]()
        except EntryError as unreadable:
            self.skip(str(unreadable), name)
            self._readers[name] = lambda: b""
            return b""

    def __iter__(self) -> Iterator[str]:
        return iter(tuple(self._readers))

    def __len__(self) -> int:
        return len(self._readers)

    def __contains__(self, name: object) -> bool:
        return name in self._readers


def _sentence(why: str, names: list[str]) -> str:
    if len(names) == 1:
        return f"{shown(names[0]) or 'An entry'}: {why}."
    return f"{len(names)} entries, such as {shown(names[0]) or 'one without a name'}: {why}."
