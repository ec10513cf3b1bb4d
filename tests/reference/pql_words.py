"""The words and limits of the segment query language."""

MAX_BYTES = 32_768
MAX_DEPTH = 64
MAX_ELEMENTS = 1000
MAX_INTEGER_DIGITS = 15
MAX_INT = 2**63 - 1

COMPARISONS = ["=", "!=", "<", "<=", ">", ">="]
NO_FIELDS = ["and", "or", "not", "in", "notIn", "like", "occurs", "null"]  # as a root field
TIME_WORDS = ["now", "today", "yesterday", "tomorrow"]
NO_VARIABLES = [*NO_FIELDS, "true", "false", *TIME_WORDS, "xEvent"]
QUANTIFIERS = ["exists", "forall", "select"]
FUNCTIONS = ["inSegment", "date", "if", "currentMonth", "currentYear", "currentDayOfMonth"]
METHODS = (
    "equals notEqualTo startsWith doesNotStartWith endsWith doesNotEndWith contains doesNotContain isNull isNotNull"
    " exists count get sum average min max includes intersects subsetOf supersetOf intersection distinct filter keys"
    " values head topN bottomN getMonth getYear getDayOfMonth"
).split()
NOT_BUILT = ["matches", "regexGroup", "groupBy", "map", "mapEntry"]
AGGREGATES = ["sum", "average", "min", "max"]  # `sum E over V from A` is not built
AFTER_A_FIELD = ["and", "or", "in", "notIn", "like", "occurs", "where", "matches"]  # what may follow a field `sum`
SHORT_UNITS = ["millisecond", "second", "minute", "hour", "day", "week", "month", "year", "decade"]
UNITS = {unit: unit for unit in [*SHORT_UNITS, "century", "millennium"]} | {unit + "s": unit for unit in SHORT_UNITS}
UNITS |= {"centuries": "century", "millennia": "millennium"}


def number(spelling):
    """An integer of 64 bits exactly, everything else as a double."""
    digits = spelling.lstrip("-")
    if digits.isdigit() and len(digits.lstrip("0")) < 20:
        value = int("0" + digits.lstrip("0")) * (-1 if spelling.startswith("-") else 1)
        return value if -MAX_INT - 1 <= value <= MAX_INT else float(spelling)
    return float(spelling)
