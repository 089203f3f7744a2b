"""Match patterns in linear time: an automaton whose states are made as texts need them."""

from collections.abc import Callable
from dataclasses import dataclass, field

from neptune_yolo.server.nql.patterns import (
    WORD_CHARACTERS,
    Anchor,
    Characters,
    Choice,
    Node,
    PatternError,
    Repeat,
    Sequence,
)

MAX_STATES = 2000
"""Places of a pattern, repeats written out."""

MAX_REMEMBERED = 20_000
"""Steps that are remembered before all are forgotten."""

_FOUND = -1
_Context = tuple[bool, bool | None]
"""Whether the last character belongs to a word; the second item is None before the first character."""


@dataclass
class _Program:
    """Places and the ways between them.

    Attributes:
        characters: What leads from a place to its ``target``; None if nothing has to be read.
        anchors: What must hold at a place that is passed without reading.
        targets: Places reached from a place.
        built: Nodes added so far, each as often as it is repeated; those that read nothing have no place.
    """

    characters: list[Characters | None] = field(default_factory=list)
    anchors: list[Anchor | None] = field(default_factory=list)
    targets: list[list[int]] = field(default_factory=list)
    built: int = 0

    def add(self, characters: Characters | None = None, anchor: Anchor | None = None) -> int:
        self._require(len(self.targets))
        self.characters.append(characters)
        self.anchors.append(anchor)
        self.targets.append([])
        return len(self.targets) - 1

    def build(self, node: Node, end: int) -> int:
        """Add a node that leads to the place ``end`` and return its first place."""
        self.built += 1
        self._require(self.built // 8)
        match node:
            case Characters():
                return self._leading(self.add(characters=node), end)
            case Anchor():
                return self._leading(self.add(anchor=node), end)
            case Sequence():
                for part in reversed(node.parts):
                    end = self.build(part, end)
                return end
            case Choice():
                return self._leading(self.add(), *[self.build(option, end) for option in node.options])
            case Repeat():
                return self._repeat(node, end)

    def _repeat(self, node: Repeat, end: int) -> int:
        if node.maximum is None:
            loop = self.add()
            self._leading(loop, self.build(node.part, loop), end)
            end = loop
        else:
            for _ in range(node.maximum - node.minimum):
                end = self._leading(self.add(), self.build(node.part, end), end)
        for _ in range(node.minimum):
            end = self.build(node.part, end)
        return end

    def _require(self, places: int) -> None:
        if places >= MAX_STATES:
            raise PatternError(f"a pattern of at most {MAX_STATES} places once its repeats are written out")

    def _leading(self, place: int, *targets: int) -> int:
        self.targets[place].extend(targets)
        return place


class Automaton:
    """Tells whether a pattern matches somewhere in a text.

    Args:
        node: The pattern.
        spend: Is told how many places were visited; may raise to give up.

    Raises:
        PatternError: If the pattern has too many places.
    """

    def __init__(self, node: Node, spend: Callable[[int], None] = lambda _places: None) -> None:
        self._program = _Program()
        self._end = self._program.add()
        self._start = self._program.build(node, self._end)
        self._spend = spend
        self._forget()

    def search(self, text: str) -> bool:
        """Return whether the pattern matches somewhere in the text."""
        self._spend(len(text))
        state = self._number(frozenset(), (False, None))
        for character in text:
            following = self._steps[state].get(character)
            if following is None:
                following = self._step(state, character)
            if following == _FOUND:
                return True
            state = following
        places, context = self._states[state]
        return self._end in self._closure(places, context, None)

    def _forget(self) -> None:
        self._states: list[tuple[frozenset[int], _Context]] = []
        self._numbers: dict[tuple[frozenset[int], _Context], int] = {}
        self._steps: list[dict[str, int]] = []
        self.remembered = 0

    def _number(self, places: frozenset[int], context: _Context) -> int:
        known = self._numbers.get((places, context))
        if known is not None:
            return known
        self._states.append((places, context))
        self._steps.append({})
        self._numbers[places, context] = len(self._states) - 1
        return len(self._states) - 1

    def _step(self, state: int, character: str) -> int:
        places, context = self._states[state]
        if self.remembered >= MAX_REMEMBERED:
            self._forget()
            state = self._number(places, context)
        self.remembered += 1
        reached = self._closure(places, context, character)
        following = _FOUND
        if self._end not in reached:
            program = self._program
            after = frozenset(
                target
                for place in reached
                if (wanted := program.characters[place]) is not None and character in wanted
                for target in program.targets[place]
            )
            following = self._number(after, (character in WORD_CHARACTERS, True))
        self._steps[state][character] = following
        return following

    def _closure(self, places: frozenset[int], context: _Context, following: str | None) -> set[int]:
        """Return what is reached without reading: a match may begin anywhere."""
        program = self._program
        reached: set[int] = set()
        waiting = [*places, self._start]
        while waiting:
            place = waiting.pop()
            if place in reached or not _holds(program.anchors[place], context, following):
                continue
            reached.add(place)
            if program.characters[place] is None:
                waiting.extend(program.targets[place])
        self._spend(len(reached))
        return reached


def _holds(anchor: Anchor | None, context: _Context, following: str | None) -> bool:
    in_word, begun = context
    match anchor:
        case None:
            return True
        case Anchor.START:
            return begun is None
        case Anchor.END:
            return following is None
        case Anchor.WORD:
            return in_word != (following is not None and following in WORD_CHARACTERS)
