"""The small pools from which scenarios.py takes names, values and whatever else there is to be odd about."""

from spelled_json import Number

POLICIES = ["all", "built-in", "default"]  # what the jobs of a run may ask for
DATASETS = ["crm", "loyalty", "web"]
NAMESPACES = ["ECID", "CRMID", "Email"]
OTHER_CASES = ["ecid", "Ecid", "crmid", "EMAIL", "email"]
IDS = ["1", "2", "3", "a", "A", "ä", "\U0001f600"]
SEGMENTS = ["s1", "s2", "S1", "s 3"]
SEGMENT_NAMESPACES = ["ups", "UPS", "AAM"]
STATUSES = ["realized", "existing", "exited", "Realized", "lapsed"]
NAMES = ["a", "b", "c", "a.b", "id"]
NUMBERS = [Number(n) for n in ("0.10", "1e400", "9007199254740993", "-0", "1E+2", "7", "-0.0", "1" + "0" * 40)]
TEXTS = ["", "x", "7", "ü", "\U0001f600\U00010348", '"\\/\b\n\t', "\x00", "\u2028\x7f", "e\u0301", "a,b"]
INGEST_TIMES = ["2024-01-01T00:00:00Z", "2024-01-01T00:00:00.001Z", "2024-01-02T00:00:00Z", "2024-01-03T00:00:00Z"]
SAME_INGEST_TIMES = ["2024-01-01T01:00:00+01:00", "2024-01-01T00:00:00.0019Z", "2024-01-01T19:00:00.000-05:00"]
BOUNDS = ["2023-12-31T23:59:59.999Z", *INGEST_TIMES, *SAME_INGEST_TIMES, "2024-01-01T23:59:59.999Z"]
START, END = "2024-06-01T00:00:00Z", "2024-06-30T12:00:00Z"
WINDOWS = [[START, END], [START, END], [START, None], [None, END], [START, START]]
QUALIFIED = ["2024-05-31T23:59:59.999Z", "2024-06-01T00:00:00Z", "2024-06-01T02:00:00.001+02:00", "2024-06-30T12:00:00Z"]
QUALIFIED += ["2024-06-30T11:59:59.999Z", "2024-06-30T12:00:00.001Z", "2024-06-15T00:00:00Z", "2016-12-31T23:59:60Z", "2024-06-30T11:59:60.5Z"]
UNREADABLE = ["soon", "", "2024-06-15", "2024-06-15T00:00:00", Number("1718409600000"), [], {}, True]
EVENT_TIMES = ["2023-01-01T00:00:00Z", "2023-01-01T01:00:00.0001+01:00", "2025-01-01T00:00:00Z", "2024-01-01T00:00:00Z"]
FIELDS = ["a", "b", "c", "a.b", "a.b.c", "a.a", "b.a.c", "c.c", "c.c.c", "missing", "a.missing", "identities"]
FIELDS += ["identities.id", "identities.namespace.code", "identities.primary", "identities.missing", "identityMap"]
FIELDS += ["identityMap.ECID.id", "identityMap.ecid", "identityMap.CRMID.primary", "segmentMembership.ups.s1.status"]
FIELDS += ["segmentMembership", "segmentMembership.UPS", "_acme.crm.id", "eventList", "eventList.a", "_id"]
DECLARED = [("_acme.crm.id", "CRMID"), ("_acme.mail", "Email"), ("_acme.crm.ecid", "ECID"), ("id", "ecid")]
BROKEN = ["{", '{"a":1} x', "5", '"text"', "null", '{"a":1,"a":2}', '{"a":NaN}', '{"id":"1","b":"\\ud800"}', '{"id":"1",}']
BROKEN += ['{"id":"1","a":01}', '{"id":"1","a":"\t"}', '{"id":"1","a":' + "[" * 32 + "]" * 32 + "}", "{}", "'"]
# Records at a limit, or just odd, that are accepted.
WHO = '"identityMap":{"ECID":[{"id":"1"}]}'
EXTREMES = ["{" + WHO + ',"a":' + "[" * 31 + "]" * 31 + "}", "{" + WHO + ',"":{"":[""]}}', "{" + WHO + ',"a":"' + "x" * 9000 + '"}']
EXTREMES += ["{" + WHO + ',"\\u00e4\\ud83d\\ude00":"\\u00e4\\ud83d\\ude00\\/"}', "\t{ " + WHO + " , \"b\" : [ ] }\t"]
# What stands where something else belongs.
ODD_MEMBERSHIP_MAPS = [None, Number("5"), [], {"ups": Number("5")}, {"ups": {"s1": "realized"}}]
ODD_MEMBERSHIPS = [{}, None, "realized", {"status": "realized"}, {"status": Number("1")}]
ODD_PARENTS = [[{"crm": {"id": "1"}}], "text", {"crm": []}, {"crm": {"id": []}}, {"mail": True}, None]
ODD_IDENTITY_MAPS = [[], "text", {"ECID": {"id": "1"}}, {"ECID": ["1"]}, {"ECID": [{"id": True}]}, {"ECID": None}]
# What jobs ask for.
ASKED_STATUSES = ["exited", "realized", ["exited", "realized"], ["existing", "exited", "existing"]]
EVENT_FIELDS = ["a", "_id", "_id, a.b", "timestamp,_id", "c.c", "identityMap", "", "_id,identities"]
