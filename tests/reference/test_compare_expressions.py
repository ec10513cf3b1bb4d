"""What the comparison of expressions finds, and how small it makes it."""

import contextlib
import io
import sys
import unittest
from collections import Counter
from pathlib import Path

from compare import Program
from compare_expressions import Run, summary

HERE = Path(__file__).parent
REFERENCE = [sys.executable, "-B", str(HERE / "pql.py")]
MISTAKES = {
    "doubles": "import pql_words; pql_words.MAX_INT = 2**53",
    "full folding": "import pql_values; pql_values.fold = str.casefold",
    "a null is not equal": "import pql_evaluator as e; e.not_equal = lambda one, other: not e.equal(one, other)",
    "days begin at noon": "import pql_times; pql_times.DATE_ONLY = pql_times.re.compile('(?!)')",
    "a deeper nesting": "import pql_parser; pql_parser.MAX_DEPTH = 65",
    "another code": "import pql_words; pql_words.NOT_BUILT.clear()",
    "an end": "import sys; sys.stdin.readline(); sys.exit(3)",
}


def broken_copy(mistake):
    """A program that is the reference but for a mistake."""
    return [sys.executable, "-B", "-c", f"import sys; sys.path.insert(0, {str(HERE)!r}); {mistake}; import pql; pql.main()"]


def compared(command, seeds, shrink=False):
    """(the run, what it printed)"""
    run, printed = Run(Program(command)), io.StringIO()
    with contextlib.redirect_stdout(printed):
        for seed in seeds:
            run.compare(seed, shrink)
            if run.counts["different"]:
                break
    run.program.end()
    return run, printed.getvalue()


class Comparison(unittest.TestCase):
    def test_the_reference_agrees_with_itself(self):
        run, printed = compared(REFERENCE, range(1, 200))
        self.assertEqual(printed, "")
        self.assertTrue(summary(run.counts)[1])

    def test_a_program_with_a_mistake_is_found_out(self):
        for name, mistake in MISTAKES.items():
            with self.subTest(name):
                run, printed = compared(broken_copy(mistake), range(1, 3000))
                self.assertEqual(run.counts["different"], 1)
                self.assertIn("expected", printed)

    def test_a_difference_is_made_small(self):
        _, printed = compared(broken_copy(MISTAKES["a null is not equal"]), range(1, 3000), shrink=True)
        expression = printed.split("expression: ")[1].splitlines()[0]
        self.assertLessEqual(len(expression.split()), 5, expression)

    def test_answers_of_one_kind_only_are_not_enough(self):
        for counts in ({"true": 1, "syntax": 1}, {"false": 1, "syntax": 1}, {"true": 1, "false": 1}):
            self.assertFalse(summary(Counter(counts))[1])
        self.assertTrue(summary(Counter({"true": 1, "false": 1, "syntax": 1}))[1])


if __name__ == "__main__":
    unittest.main()
