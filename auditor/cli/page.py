"""Standard output as a page: lines broken between words where it is a terminal, in colour where that is wanted."""

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.text import Text

from auditor.cli.terminal import wrapped
from auditor.wording import inert

WARNING = "bold yellow"

Cell = tuple[str, str]
"""A text and its style."""


class _Console(Console):
    """rich ends the program, with 1, where its reader goes away; that is for the caller to answer."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


class Page:
    """Where a summary goes."""

    def __init__(self, *, color: bool) -> None:
        self._console = _Console(no_color=not color, highlight=False, soft_wrap=True)

    def line(self, text: str = "", style: str = "", *, start: str = "", hang: str = "  ") -> None:
        """One line, or as many as the terminal needs."""
        self._console.print(Text(wrapped(inert(text), hang, start), style=style))

    def whole(self, text: str) -> None:
        """One line however long, such as a path, which is to be copied."""
        self._console.print(Text(inert(text)))

    def table(self, rows: Iterable[Sequence[Cell]]) -> None:
        """Rows of cells, the first column to the left, the others to the right, each as wide as it needs."""
        lines = [[(inert(said), style) for said, style in row] for row in rows]
        widths = [max(len(line[column][0]) for line in lines) for column in range(len(lines[0]))]
        for cells in lines:
            text = Text()
            for column, ((said, style), width) in enumerate(zip(cells, widths, strict=True)):
                text.append("  " if column else "")
                text.append(said.rjust(width) if column else said.ljust(width), style=style)
            text.rstrip()
            self._console.print(text)
