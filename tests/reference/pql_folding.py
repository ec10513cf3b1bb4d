"""Unicode simple case folding: the lines C and S of CaseFolding.txt, made of what Python knows of Unicode."""

import sys


def simple_fold(character):
    """Python folds fully (C and F). Where that gives one character it is C. Of those that fold to several, the ones
    with a lower case of one character have an S, which is that; U+0130 has neither (its lower case here is of two)."""
    folded = character.casefold()
    if len(folded) == 1:
        return folded
    lower = character.lower()
    return lower if len(lower) == 1 else character


FOLDED = {c: simple_fold(c) for c in map(chr, range(sys.maxunicode + 1)) if simple_fold(c) != c}


def fold(text):
    return "".join(FOLDED.get(character, character) for character in text)
