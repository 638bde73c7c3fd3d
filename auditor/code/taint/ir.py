"""The small language that Python and JavaScript are lowered to: all that the engine ever sees of a program."""

from collections.abc import Callable
from typing import Final, NamedTuple

Literal = str | int | float | bool | None


class Const(NamedTuple):
    """A literal."""

    value: Literal
    line: int


class Pattern(NamedTuple):
    """A regular expression literal with its flags."""

    text: str
    flags: str
    line: int


class Name(NamedTuple):
    """A variable, read or written."""

    name: str
    line: int


class Field(NamedTuple):
    """A member under a constant name: `a.b`, `a["b"]`."""

    of: "Expr"
    name: str
    line: int
    attribute: bool = False


class Index(NamedTuple):
    """A member under a computed key; with no key, a slice."""

    of: "Expr"
    key: "Expr | None"
    line: int


class Arg(NamedTuple):
    """An argument of a call: positional, by keyword, or spread (`*`, `**`)."""

    value: "Expr"
    keyword: str = ""
    spread: str = ""


class Call(NamedTuple):
    """A call or a construction."""

    callee: "Expr"
    args: tuple[Arg, ...]
    line: int
    new: bool = False


class Text(NamedTuple):
    """Parts put together: `+`, f-strings, template literals, `%`. `sure` where the result is text."""

    parts: "tuple[Expr, ...]"
    line: int
    sure: bool = False


class Entry(NamedTuple):
    """A member of a record; with no key, another record spread into it."""

    key: "Expr | None"
    value: "Expr"
    line: int


class Record(NamedTuple):
    """A dictionary or object literal."""

    entries: tuple[Entry, ...]
    line: int


class Items(NamedTuple):
    """A list, tuple, set or array literal; or what any of several operands gives."""

    items: tuple[Arg, ...]
    line: int


class Either(NamedTuple):
    """A conditional expression."""

    test: "Expr"
    then: "Expr"
    other: "Expr"
    line: int


class Logic(NamedTuple):
    """`and`, `or` and `??` with their operands."""

    operator: str
    operands: "tuple[Expr, ...]"
    line: int


class Not(NamedTuple):
    """A negation."""

    of: "Expr"
    line: int


class Compare(NamedTuple):
    """A comparison; the operators are spelt `==`, `!=`, `in`, `not in`, `<`, `>` ..."""

    operator: str
    left: "Expr"
    right: "Expr"
    line: int


class Number(NamedTuple):
    """Arithmetic and everything else that gives a number or a truth value."""

    operands: "tuple[Expr, ...]"
    line: int


class Lambda(NamedTuple):
    """A function as a value."""

    function: "Function"
    line: int


class Comprehension(NamedTuple):
    """A comprehension or generator: loops that lead to one expression."""

    body: "tuple[Stmt, ...]"
    element: "Expr"
    key: "Expr | None"
    line: int


class Store(NamedTuple):
    """An assignment that is used as a value."""

    target: "Target"
    value: "Expr"
    line: int


class Sequence(NamedTuple):
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


class ListTarget(NamedTuple):
    """Unpacking by position; a star takes the rest."""

    targets: "tuple[Target | None, ...]"
    line: int


class RecordTarget(NamedTuple):
    """Unpacking by name; the rest under the empty name."""

    targets: "tuple[tuple[str, Target], ...]"
    line: int


class DefaultTarget(NamedTuple):
    """A target with the value it takes when nothing is given."""

    target: "Target"
    default: "Expr"


class RestTarget(NamedTuple):
    """A target that takes what is left."""

    target: "Target"


Target = Name | Field | Index | ListTarget | RecordTarget | DefaultTarget | RestTarget


class Parameter(NamedTuple):
    """A parameter of a function."""

    target: Target
    annotation: "Expr | None" = None
    star: str = ""


class Function(NamedTuple):
    """A function; its body is lowered when it is first called."""

    name: str
    parameters: tuple[Parameter, ...]
    body: "Callable[[], tuple[Stmt, ...]]"
    decorators: "tuple[Expr, ...]"
    line: int
    method: bool = False
    static: bool = False
    arrow: bool = False


class Eval(NamedTuple):
    """An expression for its effects."""

    value: Expr
    line: int


class Let(NamedTuple):
    """An assignment; `adds` where the old value goes into the new one (`+=`)."""

    target: Target
    value: Expr
    line: int
    adds: bool = False
    annotation: Expr | None = None


class If(NamedTuple):
    """A branch."""

    test: Expr
    then: "tuple[Stmt, ...]"
    other: "tuple[Stmt, ...]"
    line: int


class Loop(NamedTuple):
    """A loop over `iterable` (its keys where `keys`), or while `test` holds."""

    target: Target | None
    iterable: Expr | None
    test: Expr | None
    body: "tuple[Stmt, ...]"
    line: int
    keys: bool = False


class Handler(NamedTuple):
    """What runs on an exception."""

    target: Target | None
    body: "tuple[Stmt, ...]"


class Try(NamedTuple):
    """A protected block."""

    body: "tuple[Stmt, ...]"
    handlers: tuple[Handler, ...]
    final: "tuple[Stmt, ...]"
    line: int


class Leave(NamedTuple):
    """`return`, `raise`/`throw`, `break` or `continue`."""

    kind: str
    value: Expr | None
    line: int


class Define(NamedTuple):
    """A named function."""

    function: Function


class Class(NamedTuple):
    """A class: bases, and members as functions and assignments."""

    name: str
    bases: tuple[Expr, ...]
    body: "tuple[Stmt, ...]"
    fields: "tuple[tuple[str, Expr], ...]"
    decorators: tuple[Expr, ...]
    line: int


class Import(NamedTuple):
    """Binds `name` to `module`, or to `member` of it; `*` binds all members."""

    module: str
    member: str
    name: str
    level: int
    line: int


Stmt = Eval | Let | If | Loop | Try | Leave | Define | Class | Import


class Module(NamedTuple):
    """A file."""

    path: str
    language: str
    body: tuple[Stmt, ...]


UNKNOWN: Final = "\0unknown"
"""The name of a variable that never exists: an expression of which nothing is known."""
