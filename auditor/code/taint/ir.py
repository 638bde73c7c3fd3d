"""The small language that Python and JavaScript are lowered to: all that the engine ever sees of a program."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

Literal = str | int | float | bool | None


@dataclass(frozen=True, slots=True, eq=False)
class Const:
    """A literal."""

    value: Literal
    line: int


@dataclass(frozen=True, slots=True, eq=False)
class Pattern:
    """A regular expression literal with its flags."""

    text: str
    flags: str
    line: int


@dataclass(frozen=True, slots=True, eq=False)
class Name:
    """A variable, read or written."""

    name: str
    line: int


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """A member under a constant name: `a.b`, `a["b"]`."""

    of: "Expr"
    name: str
    line: int
    attribute: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Index:
    """A member under a computed key; with no key, a slice."""

    of: "Expr"
    key: "Expr | None"
    line: int


@dataclass(frozen=True, slots=True, eq=False)
class Arg:
    """An argument of a call: positional, by keyword, or spread (`*`, `**`)."""

    value: "Expr"
    keyword: str = ""
    spread: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Call:
    """A call or a construction."""

    callee: "Expr"
    args: tuple[Arg, ...]
    line: int
    new: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Text:
    """Parts put together: `+`, f-strings, template literals, `%`. `sure` where the result is text."""

    parts: "tuple[Expr, ...]"
    line: int
    sure: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """A member of a record; with no key, another record spread into it."""

    key: "Expr | None"
    value: "Expr"
    line: int


@dataclass(frozen=True, slots=True, eq=False)
class Record:
    """A dictionary or object literal."""

    entries: tuple[Entry, ...]
    line: int


@dataclass(frozen=True, slots=True, eq=False)
class Items:
    """A list, tuple, set or array literal; or what any of several operands gives."""

    items: tuple[Arg, ...]
    line: int


@dataclass(frozen=True, slots=True, eq=False)
class Either:
    """A conditional expression."""

    test: "Expr"
    then: "Expr"
    other: "Expr"
    line: int


@dataclass(frozen=True, slots=True, eq=False)
class Logic:
    """`and`, `or` and `??` with their operands."""

    operator: str
    operands: "tuple[Expr, ...]"
    line: int


@dataclass(frozen=True, slots=True, eq=False)
class Not:
    """A negation."""

    of: "Expr"
    line: int


@dataclass(frozen=True, slots=True, eq=False)
class Compare:
    """A comparison; the operators are spelt `==`, `!=`, `in`, `not in`, `<`, `>` ..."""

    operator: str
    left: "Expr"
    right: "Expr"
    line: int


@dataclass(frozen=True, slots=True, eq=False)
class Number:
    """Arithmetic and everything else that gives a number or a truth value."""

    operands: "tuple[Expr, ...]"
    line: int


@dataclass(frozen=True, slots=True, eq=False)
class Lambda:
    """A function as a value."""

    function: "Function"
    line: int


@dataclass(frozen=True, slots=True, eq=False)
class Comprehension:
    """A comprehension or generator: loops that lead to one expression."""

    body: "tuple[Stmt, ...]"
    element: "Expr"
    key: "Expr | None"
    line: int


@dataclass(frozen=True, slots=True, eq=False)
class Store:
    """An assignment that is used as a value."""

    target: "Target"
    value: "Expr"
    line: int


@dataclass(frozen=True, slots=True, eq=False)
class Sequence:
    """Expressions of which the last is the value."""

    items: "tuple[Expr, ...]"
    line: int


Expr = (
    Const
    | Pattern
    | Name
    | Field
    | Index
    | Call
    | Text
    | Record
    | Items
    | Either
    | Logic
    | Not
    | Compare
    | Number
    | Lambda
    | Comprehension
    | Store
    | Sequence
)


@dataclass(frozen=True, slots=True, eq=False)
class ListTarget:
    """Unpacking by position; a star takes the rest."""

    targets: "tuple[Target | None, ...]"
    line: int


@dataclass(frozen=True, slots=True, eq=False)
class RecordTarget:
    """Unpacking by name; the rest under the empty name."""

    targets: "tuple[tuple[str, Target], ...]"
    line: int


@dataclass(frozen=True, slots=True, eq=False)
class DefaultTarget:
    """A target with the value it takes when nothing is given."""

    target: "Target"
    default: "Expr"


@dataclass(frozen=True, slots=True, eq=False)
class RestTarget:
    """A target that takes what is left."""

    target: "Target"


Target = Name | Field | Index | ListTarget | RecordTarget | DefaultTarget | RestTarget


@dataclass(frozen=True, slots=True, eq=False)
class Parameter:
    """A parameter of a function."""

    target: Target
    annotation: "Expr | None" = None
    star: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """A function; its body is lowered when it is first called."""

    name: str
    parameters: tuple[Parameter, ...]
    body: "Callable[[], tuple[Stmt, ...]]"
    decorators: "tuple[Expr, ...]"
    line: int
    method: bool = False
    static: bool = False
    arrow: bool = False
    accessor: str = ""
    """"get" where reading the member of this name calls it, "set" where writing does."""


@dataclass(frozen=True, slots=True, eq=False)
class Eval:
    """An expression for its effects."""

    value: Expr
    line: int


@dataclass(frozen=True, slots=True, eq=False)
class Let:
    """An assignment; `adds` where the old value goes into the new one (`+=`)."""

    target: Target
    value: Expr
    line: int
    adds: bool = False
    annotation: Expr | None = None


@dataclass(frozen=True, slots=True, eq=False)
class If:
    """A branch."""

    test: Expr
    then: "tuple[Stmt, ...]"
    other: "tuple[Stmt, ...]"
    line: int


@dataclass(frozen=True, slots=True, eq=False)
class Loop:
    """A loop over `iterable` (its keys where `keys`), or while `test` holds."""

    target: Target | None
    iterable: Expr | None
    test: Expr | None
    body: "tuple[Stmt, ...]"
    line: int
    keys: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Handler:
    """What runs on an exception."""

    target: Target | None
    body: "tuple[Stmt, ...]"


@dataclass(frozen=True, slots=True, eq=False)
class Try:
    """A protected block."""

    body: "tuple[Stmt, ...]"
    handlers: tuple[Handler, ...]
    final: "tuple[Stmt, ...]"
    line: int


@dataclass(frozen=True, slots=True, eq=False)
class Leave:
    """`return`, `raise`/`throw`, `break` or `continue`."""

    kind: str
    value: Expr | None
    line: int


@dataclass(frozen=True, slots=True, eq=False)
class Define:
    """A named function."""

    function: Function


@dataclass(frozen=True, slots=True, eq=False)
class Class:
    """A class: bases, and members as functions and assignments."""

    name: str
    bases: tuple[Expr, ...]
    body: "tuple[Stmt, ...]"
    fields: "tuple[tuple[str, Expr], ...]"
    decorators: tuple[Expr, ...]
    line: int


@dataclass(frozen=True, slots=True, eq=False)
class Import:
    """Binds `name` to `module`, or to `member` of it; `*` binds all members."""

    module: str
    member: str
    name: str
    level: int
    line: int


@dataclass(frozen=True, slots=True, eq=False)
class Outer:
    """Says that names are variables of the module, or of a function around this one."""

    names: tuple[str, ...]
    line: int
    module: bool


Stmt = Eval | Let | If | Loop | Try | Leave | Define | Class | Import | Outer


@dataclass(frozen=True, slots=True, eq=False)
class Module:
    """A file."""

    path: str
    language: str
    body: tuple[Stmt, ...]


ENTERED: Final = "\0entered"
"""The name of what a `with` block calls: gives what the context manager hands to the block."""

UNKNOWN: Final = "\0unknown"
"""The name of a variable that never exists: an expression of which nothing is known."""
