"""Files of the package as modules: finds them, follows them once, and binds imports."""

import posixpath
import re
from collections.abc import Mapping
from typing import Final

from auditor.code.own_files import JAVASCRIPT, PYTHON
from auditor.code.taint import ir, python_lowering
from auditor.code.taint.memory import OutOfSteps
from auditor.code.taint.stored_items import StoredItems
from auditor.code.taint.values import ModuleRef, Scope, Shape, Value

LARGEST: Final = 1_000_000
"""Bytes of a file that is followed: larger ones are bundles or data."""

_RENAMED: Final = {
    "fs/promises": "fs.promises", "path/posix": "path.posix", "lodash-es": "lodash", "mysql2/promise": "mysql2",
    "@sentry/serverless": "@sentry", "middy": "@middy/core", "fastify": "fastify", "html-entities": "html-entities",
    "timers/promises": "timers", "dns/promises": "dns", "hono/tiny": "hono", "react-dom/server": "react-dom",
}  # fmt: skip


def outside_name(module: str) -> str:
    """The catalogue's name of a JavaScript module."""
    module = module.removeprefix("node:")
    if module in _RENAMED:
        return _RENAMED[module]
    if module.startswith(("lodash/", "lodash-es/")):
        return "lodash." + module.split("/", 1)[1].removeprefix("fp/")
    if module.startswith("aws-sdk/clients/"):
        return "aws-sdk." + module.rsplit("/", 1)[1].upper()
    return module


_STEPS_OF_A_FILE: Final = 100
"""What reading a file counts beside the expressions in it."""


class Modules(StoredItems):
    """Modules of one package."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        super().__init__()
        self.files = files
        self.names = frozenset(files)
        self.loaded: dict[str, ModuleRef | None] = {}
        self.incomplete: dict[str, None] = {}
        self._said: dict[tuple[str, re.Pattern[bytes]], bool] = {}
        self.roots = self._roots()

    def says(self, path: str, words: re.Pattern[bytes]) -> bool:
        key = path, words
        if key not in self._said:
            self._said[key] = words.search(self.files.get(path, b"")) is not None
        return self._said[key]

    def _roots(self) -> tuple[str, ...]:
        """Folders from which Python imports: the package's root, and folders of layers and sources in it."""
        known = ("", "src/", "app/", "python/", "lambda/", "function/", "functions/")
        return tuple(one for one in known if not one or any(name.startswith(one) for name in self.names))

    def module(self, path: str) -> ModuleRef | None:
        """A file, followed; None where it cannot be read, which is noted."""
        if path in self.loaded:
            return self.loaded[path]
        text = self.files[path]
        self.left -= _STEPS_OF_A_FILE
        if self.left < 0:
            raise OutOfSteps
        language = "python" if path.endswith(PYTHON) else "javascript"
        lowered = self._lowered(path, text, language)
        if lowered is None:
            self.loaded[path] = None
            return None
        scope = Scope(None, path, language)
        made = self.loaded[path] = ModuleRef(path, scope)
        if language == "javascript":
            exports = Value(objs=(Shape("record"),))
            module = Shape("record")
            module.members["exports"] = exports
            scope.variables["exports"] = exports
            scope.variables["module"] = Value(objs=(module,))
        self._follow(lowered, scope)
        return made

    def _follow(self, lowered: ir.Module, scope: Scope) -> None:
        file, before, level, frames = self.file, self.language, self.level, self.frames
        loops, cleared, stack = self.loops, self.cleared, self.stack
        self.file, self.language, self.level, self.frames = lowered.path, lowered.language, 0, []
        self.loops, self.cleared, self.stack = [], {}, []
        self.run(lowered.body, scope)
        self.file, self.language, self.level, self.frames = file, before, level, frames
        self.loops, self.cleared, self.stack = loops, cleared, stack

    def _lowered(self, path: str, text: bytes, language: str) -> ir.Module | None:
        if len(text) > LARGEST:
            self.incomplete[f"{path} is larger than {LARGEST} bytes and was not followed"] = None
            return None
        try:
            if language == "python":
                return python_lowering.lower(path, text)
            from auditor.code.taint import javascript_lowering  # noqa: PLC0415 (an extra)

            return javascript_lowering.lower(path, text)
        except ImportError:
            self.incomplete["JavaScript and TypeScript need the extra serverless-auditor[code]"] = None
        except (SyntaxError, ValueError):
            self.incomplete[f"{path} cannot be parsed"] = None
        except (RecursionError, MemoryError):
            self.incomplete[f"{path} is nested too deeply to be followed"] = None
        return None

    def required(self, module: str) -> Value:
        found = self._javascript_file(module, self.file)
        if found is not None:
            got = self.module(found)
            return got.scope.variables["exports"] if got is not None else Value()
        return Value(name=outside_name(module)) if not module.startswith(".") else Value()

    def _javascript_file(self, module: str, importer: str) -> str | None:
        if module.startswith("."):
            bases = [posixpath.normpath(posixpath.join(posixpath.dirname(importer), module))]
        elif module.startswith(("@/", "~/", "src/", "/opt/nodejs/")):
            tail = module.split("/", 1)[1] if module[0] in "@~" else module.removeprefix("/opt/nodejs/")
            bases = ["src/" + tail, tail]
        else:
            return None
        for base in bases:
            stem = base.removesuffix(".js").removesuffix(".mjs")
            for name in (base, *(stem + end for end in JAVASCRIPT), *(base + "/index" + end for end in JAVASCRIPT)):
                if name in self.names and name.endswith(JAVASCRIPT):
                    return name
        return None

    def _python_file(self, module: str, level: int, importer: str) -> str | None:
        tail = module.replace(".", "/")
        if level:
            folder = posixpath.dirname(importer)
            for _ in range(level - 1):
                folder = posixpath.dirname(folder)
            bases = [posixpath.join(folder, tail) if tail else folder]
        else:
            beside = posixpath.dirname(importer)
            bases = [*(root + tail for root in self.roots), *([f"{beside}/{tail}"] if beside else [])]
        for base in bases:
            for name in (base + ".py", base + "/__init__.py"):
                if name in self.names:
                    return name
        return None

    def imported(self, statement: ir.Import, scope: Scope) -> None:
        if scope.language == "javascript":
            self._import_javascript(statement, scope)
        else:
            self._import_python(statement, scope)

    def _import_javascript(self, statement: ir.Import, scope: Scope) -> None:
        base = self.required(statement.module)
        if statement.member == "*":
            exports = scope.variables["exports"]
            for thing in base.objs:
                for name, value in thing.members.items() if isinstance(thing, Shape) else ():
                    self.put(exports, name, value, statement.line)
            return
        if not statement.name:
            return
        value = base
        if statement.member and statement.member != "default":
            value = self.load(base, statement.member, ir.Name(statement.member, statement.line))
        elif statement.member == "default":
            for thing in base.objs:
                if isinstance(thing, Shape) and "default" in thing.members:
                    value = thing.members["default"]
        scope.variables[statement.name] = value

    def _import_python(self, statement: ir.Import, scope: Scope) -> None:
        found = self._python_file(statement.module, statement.level, scope.file)
        if not statement.member:
            if statement.name:
                got = self.module(found) if found is not None else None
                scope.variables[statement.name] = Value(objs=(got,)) if got else Value(name=statement.module)
            elif found is not None:
                self.module(found)
            return
        value = self._python_member(statement, scope, found)
        if statement.member != "*":
            scope.variables[statement.name] = value
            return
        for thing in value.objs:
            if isinstance(thing, ModuleRef):
                scope.variables.update(
                    {name: one for name, one in thing.scope.variables.items() if not name.startswith("_")}
                )

    def _python_member(self, statement: ir.Import, scope: Scope, found: str | None) -> Value:
        got = self.module(found) if found is not None else None
        if statement.member == "*":
            return Value(objs=(got,)) if got is not None else Value()
        if got is not None and statement.member in got.scope.variables:
            return got.scope.variables[statement.member]
        name = f"{statement.module}.{statement.member}" if statement.module else statement.member
        inner = self._python_file(name, statement.level, scope.file)
        if inner is not None:
            made = self.module(inner)
            return Value(objs=(made,)) if made is not None else Value()
        return Value(name=self.sources.canonical(name)) if not statement.level else Value()
