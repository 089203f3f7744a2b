"""Text to tree."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from lark import Lark, Token, Transformer
from lark.exceptions import UnexpectedCharacters, UnexpectedEOF, UnexpectedInput, UnexpectedToken

from neptune_yolo.server.domain.attribute import AttributeType
from neptune_yolo.server.exceptions import QuerySyntaxError
from neptune_yolo.server.nql.client_form import BACKSLASH, QUOTE, mask_values, peel, unmask
from neptune_yolo.server.nql.errors import syntax_error
from neptune_yolo.server.nql.grammar import GRAMMAR, TERMINAL_NAMES
from neptune_yolo.server.nql.syntax import Aggregate, Clause, Expression, Not, Operator, all_of, any_of, walk

MAX_LENGTH = 256 * 1024
"""Characters of a query; about 7,000 run IDs as the client writes them."""

MAX_DEPTH = 24
"""How deeply AND, OR and NOT may be nested; parentheses alone do not count."""

MAX_NAME_LENGTH = 1024

WordT = TypeVar("WordT", AttributeType, Aggregate)

_TYPES: Mapping[str, AttributeType] = {
    **{kind.value.lower(): kind for kind in AttributeType},
    "integer": AttributeType.INT,
    "boolean": AttributeType.BOOL,
}


@dataclass(frozen=True)
class Query:
    """A query, read.

    Attributes:
        text: As it came.
        expression: Its condition; None holds for everything.
        after: The clause with which the client continues past the 10,000th row; not part of ``expression``.
    """

    text: str
    expression: Expression | None
    after: Clause | None = None


def parse(text: str, sorted_by: str | None = None) -> Query:
    """Read a query.

    Args:
        text: What the client sent; blank holds for everything.
        sorted_by: Name of the column by which the table is sorted.

    Raises:
        QuerySyntaxError: If the text is not a query; its message points at the place.
    """
    _require_bounds(text)
    if not text.strip():
        return Query(text, None)
    try:
        return _parse_peeled(text, text, sorted_by)
    except QuerySyntaxError:
        masked = mask_values(text)
        if masked == text:
            raise
        try:
            return _parse_peeled(masked, text, sorted_by)
        except QuerySyntaxError:
            pass
        raise


def _parse_peeled(text: str, original: str, sorted_by: str | None) -> Query:
    tails: list[Expression] = []
    after: Clause | None = None
    rest = text
    for outermost in (True, False, False):
        peeled = peel(rest.strip(), sorted_by if outermost else None)
        if peeled is None:
            break
        offset = len(rest) - len(rest.lstrip())
        head, tail = " " * offset + peeled.rest, " " * offset + peeled.tail
        if not _is_expression(head):
            break
        clause = _read(tail, original)
        if peeled.continues and isinstance(clause, Clause):
            after = clause
        else:
            tails.insert(0, clause)
        rest = head
    body = [_read(rest, original)] if rest.strip() else []
    operands = [*body, *tails]
    return Query(original, all_of(*operands) if operands else None, after)


def _is_expression(text: str) -> bool:
    try:
        return not text.strip() or _read(text, text) is not None
    except QuerySyntaxError:
        return False


def _read(text: str, original: str) -> Expression:
    try:
        expression: Expression = _parser().parse(text)  # type: ignore[assignment]  # the transformer makes it
    except UnexpectedInput as error:
        raise _translated(error, original) from error
    except _WordError as error:
        raise syntax_error(original, error.position, error.expected) from error
    for node, depth in walk(expression):
        if depth > MAX_DEPTH:
            position = node.position if isinstance(node, Clause) else 0
            raise syntax_error(original, position, f"AND, OR and NOT nested at most {MAX_DEPTH} deep", "more")
    return expression


@cache
def _parser() -> Lark:
    return Lark(GRAMMAR, parser="lalr", lexer="contextual", maybe_placeholders=True, transformer=_TreeMaker())


class _WordError(Exception):
    """A word that stands in the right place but is not one of those that may."""

    def __init__(self, token: Token, expected: str) -> None:
        self.position = token.start_pos or 0
        self.expected = expected
        super().__init__(expected)


class _TreeMaker(Transformer[Token, Expression]):
    """Makes the tree while the text is read, so that nothing here is recursive."""

    def start(self, children: list[Any]) -> Expression:
        made: Expression = children[0]
        return made

    def disjunction(self, children: list[Any]) -> Expression:
        return any_of(*children)

    def conjunction(self, children: list[Any]) -> Expression:
        return all_of(*children)

    def negation(self, children: list[Any]) -> Expression:
        return Not(children[0])

    def operator(self, children: list[Any]) -> Operator:
        return Operator(" ".join(str(word).upper() for word in children if word is not None))

    def clause(self, children: list[Any]) -> Expression:
        name, kind, aggregate, operator, value = children
        return Clause(
            name=_name(name),
            type=None if kind is None else _word(kind, _TYPES),
            aggregate=None if aggregate is None else _word(aggregate, {word.value: word for word in Aggregate}),
            operator=operator,
            value=_value(value),
            position=value.start_pos,
        )


def _name(token: Token) -> str:
    name = token[1:-1] if token.type == "BACKTICKED" else str(token)
    if len(name) > MAX_NAME_LENGTH:
        raise _WordError(token, f"a name of at most {MAX_NAME_LENGTH} characters")
    return name


def _value(token: Token) -> str:
    if token.type == "BARE":
        return str(token)
    return unmask(token[1:-1].replace(f"\\{token[0]}", token[0]))


def _word(token: Token, known: Mapping[str, WordT]) -> WordT:
    found = known.get(token.lower())
    if found is None:
        raise _WordError(token, f"one of {', '.join(sorted({str(value) for value in known.values()}))}")
    return found


def _require_bounds(text: str) -> None:
    if len(text) > MAX_LENGTH:
        raise QuerySyntaxError(
            f"Expected a query of at most {MAX_LENGTH} characters, got {len(text)}. Ask in several queries.",
            line=1,
            column=1,
        )
    for character in (QUOTE, BACKSLASH):
        if character in text:
            raise syntax_error(text, text.index(character), "no control character", repr(character))


def _translated(error: UnexpectedInput, text: str) -> QuerySyntaxError:
    match error:
        case UnexpectedCharacters():
            return syntax_error(text, _place(error), _expected(error.allowed or ()))
        case UnexpectedToken() if error.token.type != "$END":
            return syntax_error(text, _place(error), _expected(error.accepts))
        case UnexpectedToken():
            return syntax_error(text, len(text), _expected(error.accepts))
        case _:
            expected = error.expected if isinstance(error, UnexpectedEOF) else ()
            return syntax_error(text, len(text), _expected(expected))


def _expected(terminals: Iterable[str]) -> str:
    known = set(terminals)
    words = dict.fromkeys(word for terminal, word in TERMINAL_NAMES.items() if terminal in known)
    return " or ".join(words) or "something else"


def _place(error: UnexpectedInput) -> int:
    position: int | None = getattr(error, "pos_in_stream", None)
    return position or 0
