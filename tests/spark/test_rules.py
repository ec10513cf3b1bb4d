"""The parts of the driver that need no Spark: python3 -m unittest, in this folder."""

import os
import tempfile
import unittest

import local_cluster  # by importing it the driver's modules are found
from waybill_export import failures, graph, moments, namespaces, rows, spelled_json, spool, staging
from waybill_export.narrowing import KeyFilter, matters, packed, quick_look
from waybill_export.plan import Plan, Segment, tree_of
from waybill_export.policies import BUILT_IN
from waybill_export.profiles import Profile
from waybill_export.projection import project
from waybill_export.records import Fragment


class Json(unittest.TestCase):
    def test_numbers_keep_their_spelling_and_texts_every_character(self):
        for text in ['{"n":[0.10,1e400,9007199254740993,-0,1E+2,-0.0],"t":"\U0001f600\\u0000\\"\\\\7"}', '"7"', "7", "[]"]:
            self.assertEqual(spelled_json.write(spelled_json.parse(text)), text)
        self.assertEqual(spelled_json.parse('"\\ud83d\\ude00"'), "\U0001f600")

    def test_a_number_is_never_equal_to_a_text(self):
        self.assertNotEqual(*spelled_json.parse('[7,"7"]'))

    def test_null_members_are_left_out_and_null_elements_stay(self):
        self.assertEqual(spelled_json.write(spelled_json.parse('{"a":null,"b":[null,{"c":null}]}')), '{"b":[null,{}]}')

    def test_what_is_no_json_is_refused(self):
        broken = ['{"a":1}x', '{"a":NaN}', "", "{", '{"a":01}', '"\\ud800"', '"\\udc00 1"', '{"a":"\t"}', "[" * 100_000]
        for text in broken:
            with self.assertRaises(spelled_json.Malformed, msg=text[:20]):
                spelled_json.parse(text)

    def test_of_a_line_no_more_is_read_than_is_asked_for(self):
        members = spelled_json.Members(' { "a" : 1 , "b" : null, "c" : "x" , nonsense')
        self.assertEqual((members["a"], members["c"]), (b"1", "x"))

    def test_a_member_that_is_missing_or_null_is_none(self):
        members = spelled_json.Members('{"b":null}')
        self.assertEqual((members.get("b"), members.get("c")), (None, None))

    def test_a_line_is_whole_when_its_end_was_read(self):
        spelled_json.Members('{"a":1,"b":[{}]} ').finish()
        spelled_json.Members("{}").finish()
        for text in ['{"a":1', '{"a":1,}', '{"a":1}{', '{"a" 1}', '{"a":1 "b":2}', '{"a":1,"a":2}', "[]", "{,}"]:
            with self.assertRaises(spelled_json.Malformed, msg=text):
                spelled_json.Members(text).finish()


class Namespaces(unittest.TestCase):
    def test_counts_by_namespace_do_not_look_at_case_and_keep_the_first_spelling(self):
        counts = {"Email": 1}
        namespaces.add_counts(counts, {"EMAIL": 2, "Ü": 1, "ü": 4})
        namespaces.add_counts(counts, {"email": 3})
        self.assertEqual(counts, {"Email": 6, "Ü": 1, "ü": 4})


class Locations(unittest.TestCase):
    def test_a_link_is_followed_once_and_what_has_a_scheme_stays(self):
        with tempfile.TemporaryDirectory() as place:
            os.mkdir(f"{place}/monday")
            os.symlink("monday", f"{place}/now")
            self.assertEqual(spool.settled(f"{place}/now/"), os.path.realpath(f"{place}/monday"))
            self.assertEqual(spool.settled(f"file://{place}/now"), os.path.realpath(f"{place}/monday"))
            self.assertEqual(spool.settled(f"{place}/10:00/"), os.path.realpath(f"{place}/10:00"))
        self.assertEqual(spool.settled("hdfs:///profiles/now"), "hdfs:///profiles/now")


class Times(unittest.TestCase):
    def test_times_count_to_the_millisecond(self):
        for text, moment in [
            ("1970-01-01T00:00:00.0019Z", 1),
            ("1969-12-31T23:59:60.5Z", 0),
            ("1970-01-01t01:00:60+01:00", 60_000),
            ("2024-02-29T00:00:00-00:30", 1709166600000),
            ("0000-01-01T00:00:00Z", -62167219200000),
            ("9999-12-31T23:59:59.999z", 253402300799999),
        ]:
            self.assertEqual(moments.milliseconds(text), moment, text)

    def test_what_is_no_time(self):
        for text in ["2024-01-01", "2023-02-29T00:00:00Z", "2024-01-01T24:00:00Z", "2024-01-01 00:00:00Z", b"5", None, "",
                     "2024-01-01T00:00:00", "9999-12-31T23:59:59-01:00", "2024-01-01T00:00:00.Z", "0000-01-01T00:00:00+01:00"]:
            self.assertIsNone(moments.milliseconds(text), text)

    def test_times_are_told_in_utc(self):
        self.assertEqual(moments.rfc3339(1709166600007), "2024-02-29T00:30:00.007Z")


class Projection(unittest.TestCase):
    DOCUMENT = {"a": {"b": 1, "c": [{"d": 1, "e": 2}, {"e": 3}, 4, [{"d": 5}]]}, "f": [1], "g": {}}

    def check(self, fields, expected):
        self.assertEqual(project(self.DOCUMENT, tree_of(fields.split(","))), expected)

    def test_the_shape_is_kept_and_what_is_missing_left_out(self):
        self.check("a.b,g", {"a": {"b": 1}, "g": {}})
        self.check("a.c.d", {"a": {"c": [{"d": 1}, [{"d": 5}]]}})
        self.check("a.x,f.x,g.x,a.b.x", None)

    def test_overlapping_paths_unite(self):
        for fields in ("a.b,a,a.c.d", "a,a.b", "a.c.d,a"):
            self.check(fields, {"a": self.DOCUMENT["a"]})
        self.check("a.c.e,a.c.d", {"a": {"c": [{"d": 1, "e": 2}, {"e": 3}, [{"d": 5}]]}})


class Csv(unittest.TestCase):
    ROW = {"t": 'a "b",\r\n', "n": b"0.10", "y": True, "o": {"x": b"1"}, "tags": [{"k": b"1", "v": 2}, [{"k": "z"}], 3], "e": ""}

    def test_a_cell_is_a_text_or_json(self):
        for path, text in [("n", "0.10"), ("y", "true"), ("o", '{"x":1}'), ("o.x", "1"), ("e", ""), ("none.x", ""), ("n.x", ""),
                           ("tags.k", '[{"k":1},[{"k":"z"}]]'), ("tags.none", "")]:
            self.assertEqual(rows.cell(self.ROW, path), text, path)

    def test_cells_are_quoted_where_they_must_and_no_line_is_blank(self):
        self.assertEqual(rows.csv_line(['a "b",\r\n', "c"]), '"a ""b"",\r\n",c\r\n')
        self.assertEqual(rows.csv_line([""]), '""\r\n')
        self.assertEqual(rows.csv_line(["", ""]), ",\r\n")

    def test_events_are_the_last_column_unless_they_are_named(self):
        self.assertEqual(Plan("o", "s", paths=("a", "a"), with_events=True).columns, ("a", "a", "eventList"))
        self.assertEqual(Plan("o", "s", paths=("eventList", "a"), with_events=True).columns, ("eventList", "a"))


class Merging(unittest.TestCase):
    def merged(self, *records):
        fragments = [Fragment("crm", (at, 0), [], record) for at, record in enumerate(records)]
        return Profile(fragments[::-1], BUILT_IN["timestampOrdered-none-mp"]).attributes()

    def test_objects_merge_and_all_else_is_replaced(self):
        self.assertEqual(self.merged({"a": {"x": 1, "y": [1]}}, {"a": {"y": [2]}}), {"a": {"x": 1, "y": [2]}})
        self.assertEqual(self.merged({"a": {"x": 1}}, {"a": 5}, {"a": {"z": 1}}), {"a": {"z": 1}})

    def test_a_membership_is_taken_whole_under_any_spelling_of_its_namespace(self):
        first = {"segmentMembership": {"ups": {"s": {"status": "realized", "x": 1}, "t": {"status": "exited"}}}}
        second = {"segmentMembership": {"UPS": {"s": {"status": "existing"}}}}
        merged = {"UPS": {"s": {"status": "existing"}, "t": {"status": "exited"}}}
        self.assertEqual(self.merged(first, second), {"segmentMembership": merged})


class Graph(unittest.TestCase):
    def groups(self, *records):
        """The groups, by the rounds that groups_of makes, without Spark."""
        balls = {}
        for key, ball in (link for record in records for link in graph.links_of(record)):
            balls[key] = graph.united(balls[key], ball) if key in balls else ball
        for _ in range(graph.ROUNDS):
            asked = [question for key, ball in balls.items() for question in graph.questions_of(key, ball)]
            answers = {}
            for (other, _), key in asked:
                answers[key] = graph.united(answers[key], balls[other]) if key in answers else balls[other]
            balls = {key: graph.grown_ball(ball, answers.get(key))[0] for key, ball in balls.items()}
        return {key: graph.group_of(key, ball) for key, ball in balls.items()}

    @staticmethod
    def chain(length):
        return [[("ns", f"{at:03d}"), ("ns", f"{at + 1:03d}")] for at in range(length - 1)]

    def test_fifty_linked_identities_are_one_person_however_far_apart(self):
        self.assertEqual(set(self.groups(*self.chain(50)).values()), {(("ns", "000"), False)})

    def test_fifty_one_are_none_whatever_links_them(self):
        star = [[("ns", "000"), ("ns", f"{at:03d}")] for at in range(1, 51)]
        for records in (self.chain(51), star, [[("ns", f"{at:03d}") for at in range(51)]], self.chain(300)):
            groups = self.groups(*records)
            self.assertEqual(groups, {key: (key, True) for key in groups})
            self.assertEqual(set(groups), {key for record in records for key in record})

    def test_a_lone_identity_links_nothing(self):
        self.assertEqual(graph.links_of([("ns", "1"), ("ns", "1")]), [])

    def test_of_a_key_its_ball_comes_before_who_asks_for_it(self):
        self.assertLess(graph.BALL, graph.QUESTION)


class Narrowing(unittest.TestCase):
    PLAN = Plan("acme", "prod", segments=(Segment("s\u00e4", "UPS", ("realized",)),))

    def test_a_line_is_read_when_a_segment_may_stand_in_it(self):
        look = quick_look(self.PLAN)
        self.assertTrue(look('{"ups":{"s\u00e4":{}}}') and look('{"ups":{"s\\u00e4":{}}}'))
        self.assertFalse(look('{"ups":{"sa":{}}}'))

    def test_a_fragment_matters_by_its_own_membership(self):
        for status, does in [("realized", True), ("exited", False)]:
            record = {"segmentMembership": {"Ups": {"s\u00e4": {"status": status}}}}
            self.assertEqual(matters({"org": "acme", "sandbox": "prod", "record": record}, self.PLAN), does)

    def test_the_filter_has_all_its_keys_and_hardly_any_other(self):
        keys = [("ns", str(at)) for at in range(2000)]
        found = KeyFilter([packed(keys[:1000], 1000), packed(keys[1000:], 1000)])
        self.assertTrue(all(key in found for key in keys))
        self.assertLess(sum(("other", name) in found for _, name in keys), 40)
        self.assertNotIn(("ns", "1"), KeyFilter([]))

    def test_too_many_keys_are_none(self):
        self.assertIsNone(packed([("ns", str(at)) for at in range(11)], 10))


class Failures(unittest.TestCase):
    def test_what_a_task_raised_is_found_in_what_spark_tells(self):
        raised = failures.not_written("/out", OSError(28, "No space left on device"))
        told, transient = failures.told_of(RuntimeError(f"Job aborted: Traceback …\nExportFailure: {raised}\n\tat org.apache…"), "")
        self.assertEqual((told[0]["code"], told[0]["msg"], transient), ("0090000016", "No space left at '/out'", True))

    def test_a_foreign_error_keeps_class_message_and_stack(self):
        try:
            {}["who"]
        except KeyError as error:
            (told,), transient = failures.told_of(error, "/profiles")
        self.assertEqual((told["code"], told["msg"], transient), ("unknown", "KeyError: 'who'", False))
        self.assertIn("test_a_foreign_error_keeps_class_message_and_stack", told["callStack"])

    def test_an_input_that_breaks_off_is_told_as_such(self):
        told, transient = failures.told_of(RuntimeError("EOFException\n\tat …DecompressorStream.getCompressedData"), "/profiles")
        self.assertEqual((told[0]["code"], transient), ("0090000010", True))

    def test_a_python_that_was_ended_for_its_memory_is_worth_another_try(self):
        for stack in ["org.apache.spark.SparkException: Python worker exited unexpectedly (crashed)", "MemoryError"]:
            self.assertTrue(failures.told_of(RuntimeError(stack), "")[1], stack)

    def test_an_error_is_never_too_long_for_the_host_to_read(self):
        (told,), _ = failures.told_of(RuntimeError("x" * 5_000_000), "")
        self.assertLess(len(told["msg"]) + len(told["callStack"]), 100_000)


class Names(unittest.TestCase):
    def test_the_driver_of_a_standalone_cluster_knows_its_id_by_its_directory(self):
        from waybill_export.spool import OF_A_CLUSTER

        self.assertTrue(OF_A_CLUSTER.fullmatch("driver-20261126023241-0007"))
        self.assertFalse(OF_A_CLUSTER.fullmatch("driver-7"))

    def test_the_name_of_a_part_tells_format_and_compression(self):
        for format, compression, name in [("ndjson", "none", "part-00007.ndjson"), ("csv", "zstd", "part-00007.csv.zst"),
                                          ("ndjson", "gzip", "part-00007.ndjson.gz")]:
            self.assertEqual(staging.part_name(Plan("o", "s", format=format, compression=compression), 7), name)


if __name__ == "__main__":
    unittest.main()
