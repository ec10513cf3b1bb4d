"""The small pools from which expressions.py takes names, values and whatever else there is to be odd about."""

from spelled_json import Number

# The values of one scenario come mostly from one group, whose members are easily mistaken for each other.
TEXT_GROUPS = [["x", "X", "xy"], ["x", "y", "y x"], ["x", "X", "y"], ["xy", "x", ""], ["é", "É", "e\u0301"], ["ß", "ẞ", "ss"]]
TEXT_GROUPS += [["ΣΑΣ", "σας", "σασ"], ["K", "k", "\u212a"], ["İ", "i", "I"], ["ᾈ", "ᾀ", "ἀι"], ["true", "false", "1"], ["%", "_", "x\ny"]]
TEXT_GROUPS += [['say "x" \\ /', "\\", '"'], ["\U0001f600", "\U0001f600x", "\uffff"], ["\x00", "", "x\x00"], ["x", "x", "X"]]
TEXTS = [text for group in TEXT_GROUPS for text in group]
NUMBER_GROUPS = [["1", "1.0", "1e0", "10e-1"], ["1", "2", "2.0", "3"], ["1", "2", "3", "4.5"], ["0.1", "0.2", "0.3", "1"], ["0", "1", "2", "7E0"]]
NUMBER_GROUPS += [["9007199254740992", "9007199254740993", "9007199254740992.0", "1"], ["-0", "-0.0", "0", "1e-400"], ["-1", "1", "-1.0", "-4.5"]]
NUMBER_GROUPS += [["9223372036854775807", "9223372036854775808", "-9223372036854775808", "1"], ["1e400", "-1e400", "1e308", "0", "10"]]
NUMBER_GROUPS += [["18014398509481985", "123456789012345678901234567890", "-1", "2", "9223372036854775806"], ["12", "11", "23", "2026"]]
NUMBERS = [number for group in NUMBER_GROUPS for number in group]
NOWS = ["2026-11-23T12:00:00Z", "2026-11-23T12:00:00Z", "2026-03-31T12:00:00Z", "2024-02-29T23:59:59.999Z", "2025-01-01T00:00:00Z"]
NOWS += ["2026-05-31T00:00:00Z", "2026-12-30T12:00:00Z"]
UNREADABLE_TIMES = ["soon", "", "2026-02-30", "2025-02-29T00:00:00Z", "2026-11-23 12:00:00Z", "2026-11-23T12:00Z", "2026-11-23T24:00:00Z"]
UNREADABLE_TIMES += ["2026-1-1", "0000-01-01", "2026-11-23T12:00:00+24:00", "0001-01-01T00:00:00+00:01", Number("1795435200000.5")]
UNREADABLE_TIMES += [Number("-62135596800001"), Number("253402300800000"), True, [], {}, None]
EXTREME_TIMES = ["0001-01-01", "9999-12-31T23:59:59.999Z", "9999-12-31", Number("-62135596800000"), Number("253402300799999")]
EXTREME_TIMES += [Number("0"), "2016-12-31T23:59:60Z", "1969-12-31T23:59:59.9999Z", "2000-01-01", "1999-12-31", "2019-12-31", "2030-01-01"]
DAYS = ["date(2026, 11, 23)", "date(2026, 11, 20)", "date(2026, 10, 31)", "date(2026, 3, 1)", "date(2024, 2, 29)", "date(2025, 1, 1)"]
DAYS += ["date(currentYear(), 11, 23)", "date(currentYear() - 1, currentMonth(), 28)", "date(n, m, 1)", "date(4052 / 2, 11, 20)"]
DISTANCES = [-1000, -1, 0, 1, 60_000, 3_600_000, 86_400_000, 2 * 86_400_000, 7 * 86_400_000, 31 * 86_400_000, 365 * 86_400_000]
UNITS = ["millisecond", "second", "minute", "hour", "hours", "day", "days", "days", "days", "week", "weeks", "month", "months"]
UNITS += ["year", "years", "decade", "century", "centuries", "millennium", "millennia", "minutes"]
COUNTS = ["0", "1", "1", "1", "1", "2", "3", "7", "24", "30", "12", "00", "999999999999999"]
SEGMENTS = ["s1", "s2", "S1", "é"]
# What stands in documents: for each kind of object its members by the type that they mostly have.
MEMBERS = {
    "profile": {"text": ["a", "b", "home.city"], "number": ["n", "m", "home.geo.n"], "time": ["due", "born"], "boolean": ["flag"],
                "texts": ["tags", "orders.sku", "orders.lines.sku", "orders.tags"], "numbers": ["nums", "orders.price", "orders.lines.qty"],
                "times": ["times", "orders.when"], "object": ["home", "home.geo", "map"], "order": ["orders"], "line": ["orders.lines"]},
    "order": {"text": ["sku"], "number": ["price", "qty"], "time": ["when"], "boolean": ["flag"], "texts": ["tags", "lines.sku"],
              "numbers": ["lines.qty"], "line": ["lines"]},
    "line": {"text": ["sku"], "number": ["qty", "price"]},
    "event": {"text": ["eventType", "a"], "number": ["n"], "time": ["timestamp", "at"], "boolean": ["flag"], "texts": ["tags", "items.sku"],
              "numbers": ["items.qty"], "line": ["items"], "object": ["home"]},
    "object": {"text": ["city", "x"], "number": ["n", "geo.n"]},
}
WORDS_AS_NAMES = ["$1.in", "$1.xEvent", "$1.now", "last", "next", "sum", "let", "from", "where", "exists", "if", "chain", "day", "E", "V"]
WORDS_AS_NAMES += ["$1.this", "missing", "home.missing", "a.a", "tags.a", "home.and", "$1.null"]
# What a random edit puts into an expression.
PIECES = ["and", "or", "not", "!", "in", "notIn", "like", "occurs", "AND", "==", "=", "!=", "<", "<=", "&&", "null", "(", ")", "[", "]"]
PIECES += [",", ".", ":", "^", "-", "+", "%", "$1", "$2", "xEvent", "this", "x", '"x"', "'x'", "1", "1.5", "-1", "true", "now", "today"]
PIECES += ["{", "}", "@{", "@", "é", "“x”", '"', '"\\q"', '"\\ud800"', '"\\u12"', "\\", ";", "where", "from", "exists E from", "let S ="]
PIECES += ["sum X over", ".count()", ".isNull()", ".isNull(1)", ".matches(", ".foo(", "foo(", "date(2023,2,29)", 'inSegment("s1")', "inSegment(a)"]
PIECES += ["if(", "chain(", "CHAIN(", "WHAT(", "COUNT(0)", "COUNT(2)", "WHEN(today)", "WHERE(", "before", "after", "on", "between", "last month"]
PIECES += ["3 days before", "3 moons", "3 days from", "=>", "(P) =>", "forall", "select X from", "mapEntry(", ".topN(price, n)", ".1", "1e", "0x1"]
BROKEN = ["", " ", "a =", "= 1", "a = 1 AND b = 2", "a == 1", "1", '"x"', "a + 1", "now", "[1]", "orders.count()", "xEvent[0]", "if(a, 1, 2)"]
BROKEN += ["a in 5", "a in (b = 1)", "true occurs before now", "a occurs before true", "a.startsWith(5)", 'a.equals("x", 1)', "a.get(1)"]
BROKEN += ["orders.exists(1)", "orders.topN(price, -1)", "orders.topN(price, n)", "orders.sum(true)", "orders.filter(price + 1)", "^a", "orders[^^a = 1]"]
BROKEN += ['date("x", 1, 1) = due', "date(2023, 2, 29) = due", "date(2023, 2) = due", "inSegment()", "inSegment(a)", "not 1", "a and 1", "1 or a"]
BROKEN += ["let S = n in (S > 1)", "(sum X.n over X from xEvent) > 1", 'a.matches("x")', 'a.regexGroup("x", 1) = "x"', "@{_xdm;version=1}.a = 1"]
BROKEN += ["t occurs < 3 days from now", "orders.groupBy(sku).map((K, G) => mapEntry(K, G.count()))", "$2.a", "a.b.", "a..b", "a.5", "a[", "a[]"]
BROKEN += ["chain(xEvent, timestamp, [A: WHAT(a) WHERE(a)])", "chain(xEvent, timestamp, [])", "chain(orders, when, [A: WHAT(a)])", "a = 1 = 1"]
BROKEN += ["exists E from", "exists E from xEvent where", "exists E from xEvent, orders", "forall", "a occurs", "a occurs on before today", "a.count"]
BROKEN += ["due = date(2024, 13, 1)", "due > date(0, 1, 1)", "date(2023, 4, 31) = due", "date(10000, 1, 1) = due", "date(1, 1, 1.5) = due"]
BROKEN += ['a = "x', 'a = "x\ny"', 'a = "\\q"', 'a = "é\\u00"', 'a = "\\udc00"', 'é = 1', 'a = "é" b', "a = ‘x’", 'a in ["é", 1,]', "a && b"]
BROKEN += ["a.isNull", "a.head(1)", "a.equals()", 'a.contains("x", true, 1)', "if(a, b)", "currentYear(1) = 1", "orders.sum(a, b) = 1"]
BROKEN += ["chain(xEvent, timestamp, [A: WHAT(a) COUNT(0)])", "chain(xEvent, timestamp, [A: WHAT(a) COUNT(1.0)])", "^.a", "orders[^^^a]"]
