"""One project while it is being read: what is selected, what was already asked, where answers belong."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from auditor.model.capture import Depth, Json
from auditor.provider import CollectOptions
from providers.answers.answers import GLOBAL
from providers.calls.once import Asked, Once
from providers.calls.reply import Refusal, Reply
from providers.gcp.gateway import Gateway, Request, Target


@dataclass(frozen=True, slots=True)
class Project:
    """A project. ``number`` and ``parent`` (``folders/1``, ``organizations/1``) are "" where they are not known."""

    id: str
    number: str = ""
    parent: str = ""


@dataclass
class ProjectContext:
    """A project being read. ``shared`` holds the answers that projects have in common."""

    gateway: Gateway
    project: Project
    options: CollectOptions
    shared: Once
    asked: Asked = field(default_factory=Asked)

    def at_least(self, depth: Depth) -> bool:
        """Whether the run goes that deep."""
        return self.options.depth.rank >= depth.rank

    def selected(self, name: str, labels: Mapping[str, Any]) -> bool:
        """Whether calls about one function are made for it."""
        globs = self.options.functions
        if globs and not any(fnmatchcase(name.rsplit("/", 1)[-1], glob) for glob in globs):
            return False
        return all(labels.get(key) == value for key, value in self.options.tags)

    def target(self, location: str = GLOBAL, subject: str = "") -> Target:
        """Where an answer belongs."""
        own = frozenset(name for name in (self.project.id, self.project.number) if name)
        return Target(self.project.id, location, subject, own)

    def request(self, names: Mapping[str, str], body: Mapping[str, Any] | None = None) -> Request:
        """A request about this project."""
        return Request({"project": self.project.id, **names}, {}, body)

    def call(self, operation: str, location: str = GLOBAL, subject: str = "", **names: str) -> Reply:
        """Asks now. ``location`` fills the path too, where it is in it."""
        return self.gateway.call(
            operation, self.target(location, subject), self.request({"location": location, **names})
        )

    def call_shared(
        self, operation: str, subject: str, *, body: Mapping[str, Any] | None = None, **names: str
    ) -> Json | None:
        """Asks what other projects ask too, once for all of them; the recorded answer is each project's own."""

        def ask() -> Json | Refusal:
            return self.gateway.ask(operation, Target("", GLOBAL, subject), Request(names, {}, body))

        answer = self.shared.answer((operation, subject), ask)
        return self.gateway.record(operation, self.target(subject=subject), 0, answer).body

    def listing_shared(self, operation: str, subject: str, each: Callable[[Any], None], **names: str) -> None:
        """Reads a list that other projects read too, once for all of them; each records the pages as its own."""

        def ask() -> list[Json | Refusal]:
            pages: list[Json | Refusal] = []

            def keep(_page: int, answer: Json | Refusal) -> bool:
                pages.append(answer)
                return True

            self.gateway.pages(operation, Target("", GLOBAL, subject), Request(names), keep)
            return pages

        for page, answer in enumerate(self.shared.answer((operation, subject), ask)):
            reply = self.gateway.record(operation, self.target(subject=subject), page, answer)
            if reply.body is not None:
                each(reply.body)

    def listing(
        self,
        operation: str,
        location: str = GLOBAL,
        subject: str = "",
        *,
        each: Callable[[Any], None] | None = None,
        **names: str,
    ) -> bool:
        """Reads a list now; says whether it is complete."""
        request = self.request({"location": location, **names})
        return self.gateway.listing(operation, self.target(location, subject), request, each=each)
