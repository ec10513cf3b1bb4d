"""Expressions with a mistake: random edits of right ones, known mistakes, and what goes over a limit."""

from expression_pools import BROKEN, PIECES
from pql_tokens import tokens_of


class Breaker:
    def __init__(self, random):
        self.random = random

    def broken(self, expression):
        kind = self.random.randint(0, 19)
        if kind < 5:
            return self.random.choice(BROKEN)
        if kind == 5:
            return f"{expression} {self.random.choice(['and', 'or'])} ({self.random.choice(BROKEN)})"
        if kind == 6:
            return self.at_a_limit(expression)
        return self.edited(expression)

    def edited(self, expression):
        """One token left out, doubled, exchanged or put in, two of them exchanged, or the end left out."""
        pieces = pieces_of(expression)
        place, other = self.random.randrange(len(pieces)), self.random.randrange(len(pieces))
        edit = self.random.randint(0, 5)
        if edit == 0:
            del pieces[place]
        elif edit == 1:
            pieces.insert(place, pieces[place])
        elif edit == 2:
            pieces[place] = self.random.choice(PIECES)
        elif edit == 3:
            pieces.insert(place, self.random.choice(PIECES))
        elif edit == 4:
            pieces[place], pieces[other] = pieces[other], pieces[place]
        else:
            del pieces[place:]
        return " ".join(pieces)

    def at_a_limit(self, expression):
        deep = self.random.choice([60, 62, 63, 64, 65, 66])
        many = self.random.choice([999, 1000, 1001])
        return self.random.choice(
            [
                "(" * deep + expression + ")" * deep,
                "not " * deep + expression,
                "! " * deep + "a = 1",
                "n = " + "- " * deep + "1",
                "a in " + "[" * deep + "1" + "]" * deep,
                "if(true, " * deep + "a" + ", b)" * deep,
                "orders[" * deep + "true" + "]" * deep,
                "a in [" + ", ".join(["1"] * many) + "]",
                "n = " + " + ".join(["1"] * 8000),
                "a" + " " * (32768 - 1 + self.random.choice([-1, 0, 1])),
            ]
        )


def pieces_of(expression):
    """The spellings of its tokens; of a text that is none the text itself."""
    return [token.spelling for token in tokens_of(expression) if token.spelling] or [expression]
