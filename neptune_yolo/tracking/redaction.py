"""Takes secrets out of texts before they are logged: command lines, addresses, YAML. Pure functions.

What is taken out: the values of variables and options whose names say so (``--api-key x``, ``WANDB_API_KEY=x``,
``token=x``), user names and passwords in addresses, the texts of known kinds of tokens, words that look like one (long,
with digits, small and large letters, or purely hexadecimal), and the values of this process's own secret variables
wherever they stand. A secret that looks like an ordinary word cannot be told from one.
"""

import re
from collections.abc import Iterable, Mapping

HIDDEN = "***"

_WORDS = r"(?:token|secret|passw(?:or)?d|passphrase|credentials?|(?:api|access|private|secret|auth)[_-]?key)"
_SECRET_NAME = re.compile(rf"{_WORDS}s?$|(?:^|[_-])(?:key|pwd|auth)$", re.IGNORECASE)
_OPTION = re.compile(r"-{1,2}([\w.-]+)")
_ASSIGNMENT = re.compile(r"""(\b[\w.-]+["'\]]*[ \t]*[=:][ \t]*["']?)([^\s"'&,;]+)""")
_BEARER = re.compile(r"\b((?:bearer|basic)[ \t]+)[\w.=+/~-]{8,}", re.IGNORECASE)
_QUERY = re.compile(rf"([?&][\w.-]*(?:{_WORDS}|key|sig(?:nature)?)=)[^\s&#\"']+", re.IGNORECASE)
_USER_IN_ADDRESS = re.compile(r"(\b[a-zA-Z][\w+.-]*://)[^\s/@\"']+@")
_KNOWN_TOKENS = re.compile(
    r"\b(?:eyJ[\w=+/-]{10,}(?:\.[\w=+/-]+)*"  # base64 of JSON: Neptune's tokens, JSON web tokens
    r"|(?:hf|gh[pousr]|github_pat|glpat|sk|pk|rk|xox[abpr]|npm|pypi|dckr_pat|wandb_v1)[_-][\w-]{12,}"
    r"|A(?:KI|SI)A[0-9A-Z]{16}|AIza[\w-]{30,})"
)
_LONG_WORD = re.compile(r"(?<![\w+/.-])[A-Za-z0-9+]{32,}={0,2}(?![\w+/=.-])")
_HEXADECIMAL = re.compile(r"[0-9a-fA-F]+")
_SHORTEST_SECRET = 8  # characters; a shorter value of a variable would hide ordinary words


def redact_arguments(arguments: Iterable[str], environment: Mapping[str, str] | None = None) -> list[str]:
    """Return the words of a command line without secrets.

    Args:
        arguments: The words.
        environment: Variables of the process; the values of the secret ones are taken out wherever they stand.
    """
    redacted: list[str] = []
    follows_secret_option = False
    for word in arguments:
        if follows_secret_option and not word.startswith("--"):
            redacted.append(HIDDEN)
        else:
            redacted.append(redact(word, environment))
        option = _OPTION.fullmatch(word)
        follows_secret_option = option is not None and is_secret_name(option[1])
    return redacted


def redact(text: str, environment: Mapping[str, str] | None = None) -> str:
    """Return a text without secrets.

    Args:
        text: The text.
        environment: As for `redact_arguments`.
    """
    for name, value in (environment or {}).items():
        if len(value) >= _SHORTEST_SECRET and is_secret_name(name):
            text = text.replace(value, HIDDEN)
    text = _USER_IN_ADDRESS.sub(rf"\1{HIDDEN}@", text)
    text = _QUERY.sub(rf"\1{HIDDEN}", text)
    text = _ASSIGNMENT.sub(_without_value, text)
    text = _BEARER.sub(rf"\1{HIDDEN}", text)
    text = _KNOWN_TOKENS.sub(HIDDEN, text)
    return _LONG_WORD.sub(_unless_ordinary, text)


def is_secret_name(name: str) -> bool:
    """Return whether a variable or option of this name holds a secret, such as ``NEPTUNE_API_TOKEN``."""
    return _SECRET_NAME.search(name) is not None


def _without_value(match: re.Match[str]) -> str:
    name = re.split(r"[\s\"'\]=:]", match[1], maxsplit=1)[0]
    return f"{match[1]}{HIDDEN}" if is_secret_name(name) else match[0]


def _unless_ordinary(match: re.Match[str]) -> str:
    word = match[0]
    if _HEXADECIMAL.fullmatch(word.rstrip("=")):
        return HIDDEN
    kinds = (any(map(str.islower, word)), any(map(str.isupper, word)), any(map(str.isdigit, word)))
    return HIDDEN if all(kinds) else word
