"""The grammar, and what its words are called in messages."""

from collections.abc import Mapping

GRAMMAR = r"""
start: _any

_any: disjunction | conjunction | _one
disjunction: (conjunction | _one) (_OR (conjunction | _one))+
conjunction: _one (_AND _one)+
_one: negation | clause | "(" _any ")"
negation: _NOT _one

clause: _name [":" TYPE ["." AGGREGATE]] operator _value
_name: BACKTICKED | NAME
operator: COMPARISON | [NEGATED] (CONTAINS | MATCHES)
_value: DOUBLE_QUOTED | SINGLE_QUOTED | BARE

_OR: /OR(?![\w\/.\-])/i
_AND: /AND(?![\w\/.\-])/i
_NOT: /NOT(?![\w\/.\-])/i
NEGATED: /NOT(?![\w\/.\-])/i
CONTAINS: /CONTAINS(?![\w\/.\-])/i
MATCHES: /MATCHES(?![\w\/.\-])/i
COMPARISON: />=|<=|!=|=|>|</

BACKTICKED: /`[^`]+`/
NAME: /(?!(?:AND|OR|NOT)(?![\w\/.\-]))\w[\w\/.\-]*/i
TYPE: /[A-Za-z]\w*/
AGGREGATE: /[A-Za-z]\w*/
DOUBLE_QUOTED: /"(?:[^"\\]|\\[\s\S])*+"/
SINGLE_QUOTED: /'(?:[^'\\]|\\[\s\S])*+'/
BARE: /(?!(?:AND|OR|NOT)(?![\w\/.\-]))[^\s()"'`=<>!]++/i

%ignore /\s+/
"""
"""``AND`` binds tighter than ``OR``, ``NOT`` tighter than both."""

TERMINAL_NAMES: Mapping[str, str] = {
    "_OR": "OR",
    "_AND": "AND",
    "_NOT": "NOT",
    "NEGATED": "NOT CONTAINS or NOT MATCHES",
    "CONTAINS": "CONTAINS",
    "MATCHES": "MATCHES",
    "COMPARISON": "one of = != > >= < <=",
    "BACKTICKED": "an attribute's name",
    "NAME": "an attribute's name",
    "TYPE": "a type",
    "AGGREGATE": "last, min, max, average or variance",
    "DOUBLE_QUOTED": "a value",
    "SINGLE_QUOTED": "a value",
    "BARE": "a value",
    "LPAR": "(",
    "RPAR": ")",
    "COLON": ": and a type",
    "DOT": ". and an aggregate",
    "$END": "the end of the query",
}
