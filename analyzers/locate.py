"""Where LibCST nodes stand in the text, without generating the code of the whole tree again."""

from __future__ import annotations

from bisect import bisect_left

import libcst as cst

from analyzers.blocks import Piece
from analyzers.lexer import Span, SpanIndex, SpanKind, Word, is_code
from analyzers.uses import Marker


class LocateError(ValueError):
    """LibCST's tree does not tell where its nodes stand in the text."""


class Locator:
    """Finds nodes of pieces of one text.

    ``words`` are the occurrences of all names of interest, sorted; ``heads`` are those names for
    whose sake strings are of interest too.
    """

    def __init__(
        self, text: str, index: SpanIndex, words: list[Word], heads: frozenset[str]
    ) -> None:
        self._text = text
        self._words = words
        self._held = index.holding(heads)

    def locate(self, piece: Piece, tree: cst.Module, markers: list[Marker]) -> dict[int, int]:
        """Offsets in code points of the markers of a piece, by ``id`` of the node.

        Markers are names of interest, and strings that hold a head, in source order. The lexer
        finds the same ones in the same order, so they can be paired. Where it does not, LibCST's
        own positions are used.
        """
        found = sorted([*self._names(piece), *self._strings(piece)])
        if [value for _, value in found] == [marker.value for marker in markers]:
            return {id(node): start for node, (start, _) in zip(markers, found, strict=True)}
        return self._generated(piece, tree, markers)

    def _names(self, piece: Piece) -> list[tuple[int, str]]:
        first = bisect_left(self._words, piece.start, key=_start)
        last = bisect_left(self._words, piece.end, key=_start)
        words = self._words[first:last]
        return [(word.start, word.value) for word in words if is_code(self._text, word)]

    def _strings(self, piece: Piece) -> list[tuple[int, str]]:
        first = bisect_left(self._held, piece.start, key=_start)
        last = bisect_left(self._held, piece.end, key=_start)
        strings = (span for span in self._held[first:last] if span.kind is SpanKind.STRING)
        return [(span.start, self._text[span.start : span.end]) for span in strings]

    def _generated(self, piece: Piece, tree: cst.Module, markers: list[Marker]) -> dict[int, int]:
        from libcst.metadata import ByteSpanPositionProvider, MetadataWrapper  # slow to import

        wrapper = MetadataWrapper(tree, unsafe_skip_copy=True)
        spans = wrapper.resolve(ByteSpanPositionProvider)
        code = tree.bytes
        offsets = {}
        for marker in markers:
            within = len(code[: spans[marker].start].decode(tree.encoding))
            offset = piece.start + within - len(piece.prefix)
            if not self._text.startswith(marker.value, offset):
                raise LocateError(f"cannot tell where `{marker.value}` stands")
            offsets[id(marker)] = offset
        return offsets


def _start(place: Word | Span) -> int:
    return place.start
