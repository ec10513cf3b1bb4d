#include "pql/asked.hpp"

using namespace waybill::test;

namespace {

const std::string orders = R"({"orders":[{"id":1,"store":"a","price":5},{"id":2,"store":"b","price":50},
    {"id":3,"store":"b"},{"id":4,"store":null,"price":7}],"limit":10})";

} // namespace

TEST_CASE("a path through an array steps into every element, flattened once, without nulls") {
    CHECK(holds("orders.price.count() = 3", orders));
    CHECK(holds("orders.store = \"a\" and orders.price > 40", orders)); // of two items
    CHECK(holds("orders.nothing.isNull() and not orders.nothing", orders));
    CHECK(holds("a.b.count() = 3", R"({"a":[{"b":[1,null,[2]]},{"b":3},{"b":null},7,null]})"));
    CHECK(holds("a.b.c = 2", R"({"a":[{"b":[{"c":1}]},{"b":{"c":2}}]})"));
    CHECK(holds("a.b = 1", R"({"a":[[{"b":1}]]})"));
    CHECK(holds("a.b.isNull()", R"({"a":[{"b":[]},{"b":[null]}]})"));
    CHECK(holds("a.b.isNull()", R"({"a":[]})"));
    CHECK(holds("a.isNotNull() and a.count() = 0", R"({"a":[]})"));
}

TEST_CASE("an array with one value is compared by its elements") {
    CHECK(holds("a = 1 and 1 = a and a > 1 and a <= 1 and 2 >= a", R"({"a":[1,"x",2]})"));
    CHECK_FALSE(holds("a = 3 or a > 2 or a < 1", R"({"a":[1,2]})"));
    CHECK(holds("a != 3", R"({"a":[1,2]})"));
    CHECK_FALSE(holds("a != 1", R"({"a":[1,2]})"));
    CHECK(neither("a = 1", "a != 1", R"({"a":[]})"));
    CHECK_FALSE(holds("a < b or a >= b", R"({"a":[1],"b":[2]})"));
}

TEST_CASE("two arrays are equal as sets") {
    CHECK(holds("a = b", R"({"a":[1,2,2],"b":[2,1.0]})"));
    CHECK(holds("a = b", R"({"a":[null,1],"b":[1]})"));
    CHECK(holds("a = b", R"({"a":[],"b":[]})"));
    CHECK_FALSE(holds("a = b", R"({"a":[1],"b":[1,2]})"));
    CHECK_FALSE(holds("a = b", R"({"a":[1,2],"b":[1]})"));
    CHECK(holds("a != b", R"({"a":[1],"b":[1,2]})"));
    CHECK_FALSE(holds("a != b", R"({"a":[],"b":[1]})"));
    CHECK(holds("[orders.id, 7] = 3", orders));
    CHECK(holds("[[1, 2], [3]].count() = 2 and [limit, limit + 1] = [11, 10]", orders));
}

TEST_CASE("in asks whether some element is in an array, notIn whether none is") {
    CHECK(holds("limit in [9, 10.0] and limit notIn [9] and not (limit in [])", orders));
    CHECK(holds("orders.store in [\"b\", \"c\"] and orders.store notIn [\"c\"]", orders));
    CHECK_FALSE(holds("orders.store notIn [\"b\"]", orders));
    CHECK(holds("limit in (if(limit = 10, [10], orders))", orders));
    CHECK(holds("a in b", R"({"a":"x","b":["y","x"]})"));
    CHECK(neither("a in b", "a notIn b", R"({"a":"x","b":"x"})"));
    CHECK(neither("a in b", "a notIn b", R"({"a":null,"b":["x"]})"));
    CHECK(neither("a in b", "a notIn b", R"({"a":[],"b":["x"]})"));
    CHECK(holds("a notIn b", R"({"a":1,"b":[]})"));
    CHECK_FALSE(holds("a in [\"X\"]", R"({"a":"x"})"));
}

TEST_CASE("a filter keeps the items of which its condition holds") {
    CHECK(holds("orders[price > 6].count() = 2 and orders[price > 6].id = [4, 2]", orders));
    CHECK(holds("orders[store = \"b\" and price > 6].id = 2", orders));
    CHECK(holds("orders.filter(store = \"b\")[price > 6].id = 2", orders));
    CHECK_FALSE(holds("orders[price > 100]", orders));
    CHECK(holds("orders[price > 100].count() = 0 and orders[price > 100].isNotNull()", orders));
    CHECK(holds("limit[this > 1].isNull() and missing[a].isNull() and missing[a].count() = 0", orders));
    CHECK(holds("[1, 2, 3][this > 1].count() = 2 and [1, 2, 3][this > $1.limit].count() = 0", orders));
    CHECK(
        holds("a[this.isNull()].count() = 0 and a[this.isNull() or true].count() = 1", R"({"a":[1,null]})"));
}

TEST_CASE("exists asks whether one item meets the whole condition") {
    CHECK(holds("orders.exists(store = \"b\" and price > 40)", orders));
    CHECK_FALSE(holds("orders.exists(store = \"a\" and price > 40)", orders));
    CHECK_FALSE(holds("limit.exists(this = 10) or missing.exists(true)", orders));
}

TEST_CASE("in a filter a bare name is the item's, ^ leads outwards and $1 to the profile") {
    CHECK(holds("orders[price > limit].count() = 0", orders));
    CHECK(holds("orders[price > ^limit].id = 2 and orders[price > ^.limit].id = 2", orders));
    CHECK(holds("orders[price > $1.limit].id = 2", orders));
    const std::string deep = R"({"n":1,"a":[{"n":2,"b":[{"n":3}]}]})";
    CHECK(holds("a[b[n = 3 and ^n = 2 and ^^n = 1]]", deep));
    CHECK(holds("a[b.exists(n = 3 and ^n = 2 and ^^n = 1)]", deep));
    CHECK(holds("a.b[n = 3 and ^n = 1]", deep)); // one filter, one level
    CHECK(holds("a.sum(b.sum(n + ^n + ^^n)) = 6", deep));
    CHECK(holds("t[this = \"x\"]", R"({"t":["x"]})"));
    CHECK(holds("a[xEvent.k = n]", R"({"a":[{"n":1}]})",
                R"([{"_id":"1","timestamp":"2026-01-01T00:00:00Z","k":1}])"));
}

TEST_CASE("count tells the elements that are not null") {
    CHECK(holds("a.count() = 2", R"({"a":[1,null,[]]})"));
    CHECK(holds("missing.count() = 0"));
    CHECK(neither("a.count() >= 0", "a.count() < 0", R"({"a":"text"})"));
    CHECK(neither("a.count() >= 0", "a.count() < 0", R"({"a":{}})"));
}

TEST_CASE("sum, average, min and max leave out what is no number") {
    const std::string mixed = R"({"a":[1,"x",2.5,null,[3,[true,-4]]],"one":5,"none":[]})";
    CHECK(holds("a.sum() = 2.5 and a.average() = 0.625 and a.min() = -4 and a.max() = 3", mixed));
    CHECK(holds("none.sum() = 0 and missing.sum() = 0", mixed));
    CHECK(holds("none.average().isNull() and none.min().isNull() and missing.max().isNull()", mixed));
    CHECK(holds("one.sum().isNull() and one.max().isNull()", mixed));
    CHECK(holds("orders.sum(price) = 62 and orders.average(price) > 20.6 and orders.min(price) = 5", orders));
    CHECK(holds("orders.max(price * 2) = 100 and orders.sum(price + $1.limit) = 92", orders));
    CHECK(holds("orders.max(store).isNull()", orders));
    CHECK(holds("a.sum() = 9223372036854775808.0", R"({"a":[9223372036854775807,1]})"));
    CHECK(holds("a.sum().isNull() and a.max() = 1e999 and a.average().isNull()", R"({"a":[1e400,-1e400]})"));
}

TEST_CASE(
    "topN is largest first, bottomN smallest first, ties stay in order and items without a key are last") {
    CHECK(holds("orders.topN(price, 1).head().id = 2 and orders.bottomN(price, 1).head().id = 1", orders));
    CHECK(holds("orders.topN(price, 2).id = [2, 4] and orders.bottomN(price, 2).id = [1, 4]", orders));
    CHECK(holds("orders.topN(price, 3).id.count() = 3 and orders.topN(price, 0).count() = 0", orders));
    CHECK(holds("orders.topN(price, 3)[id = 3].count() = 0 and orders.topN(price, 9)[id = 3]", orders));
    CHECK(holds("orders.bottomN(price, 3)[id = 3].count() = 0", orders));
    CHECK(holds("a.topN(k, 1).head().n = 1 and a.bottomN(k, 1).head().n = 1",
                R"({"a":[{"k":1,"n":1},{"k":1.0,"n":2}]})"));
    CHECK(
        holds("a.topN(k, 1).head().n = 2 and a.bottomN(k, 1).head().n = 1",
              R"({"a":[{"k":"2026-01-01T01:00:00+02:00","n":1},{"k":"2026-01-01","n":2},{"k":"x","n":3}]})"));
    CHECK(holds("limit.topN(this, 1).isNull() and missing.topN(a, 1).isNull()", orders));
    CHECK(holds("a.topN(b.topN(this, 1).head(), 1).head().n = 2",
                R"({"a":[{"b":[1,5],"n":1},{"b":[9,2],"n":2}]})"));
}

TEST_CASE("sets of elements are compared by what is equal") {
    const std::string sets = R"({"a":["x",1,1.0,null],"b":[1,"x","y"],"c":["z"],"none":[],"text":"x"})";
    CHECK(holds("a.includes(1) and a.includes(\"x\") and not a.includes(\"z\")", sets));
    CHECK_FALSE(holds("a.includes(missing) or text.includes(\"x\")", sets));
    CHECK(holds("a.intersects(b) and not a.intersects(c) and not a.intersects(none)", sets));
    CHECK(holds("a.subsetOf(b) and not b.subsetOf(a) and b.supersetOf(a) and not a.supersetOf(b)", sets));
    CHECK(holds("none.subsetOf(a) and a.supersetOf(none)", sets));
    CHECK_FALSE(holds(
        "a.subsetOf(missing) or missing.subsetOf(a) or missing.supersetOf(a) or a.intersects(text)", sets));
    CHECK(holds(
        "a.intersection(b).count() = 2 and a.intersection(c).isNull() and a.intersection(text).isNull()",
        sets));
    CHECK(
        holds("a.distinct().count() = 2 and text.distinct().isNull() and missing.distinct().isNull()", sets));
    CHECK(holds("none.distinct().isNotNull()", sets));
}

TEST_CASE("head is the first element") {
    CHECK(holds("orders.head().id = 1 and none.head().isNull() and limit.head().isNull()", orders));
    CHECK(holds("[[1, 2], [3]].head().count() = 2 and [orders[id > 2].id, 1].head() = [3, 4]", orders));
}

TEST_CASE("keys, values and get look into an object whose names are data") {
    const std::string map =
        R"({"m":{"ECID":[{"id":"1"},{"id":"2"}],"Email":{"id":"3"},"No":null},"k":"Email","n":5})";
    CHECK(holds("m.keys().includes(\"ECID\") and m.keys().count() = 3 and not m.keys().includes(\"ecid\")",
                map));
    CHECK(holds("m.values().id = [\"1\", \"2\", \"3\"] and m.values().count() = 3", map));
    CHECK(holds("m.get(\"Email\").id = \"3\" and m.get(k).id = \"3\" and m.get(\"email\").isNull()", map));
    CHECK(holds("m.get(n).isNull() and n.keys().isNull() and n.values().isNull() and k.get(\"x\").isNull()",
                map));
    CHECK(holds("m.get(n).isNull() and m.get(\"\") = 1", R"({"m":{"":1},"n":5})"));
    CHECK(holds("a.get(\"b\") = [1, 2]", R"({"a":[{"b":1},{"b":2}]})"));
    CHECK(holds("m.keys().includes(\"a\\\"b\")", R"({"m":{"a\u0022b":1}})"));
}

TEST_CASE("an array that is made on the way is used like one of the document") {
    CHECK(holds("[limit, 2, 3][this > 2].sum() = 13 and [1, 2].intersection([2, limit]) = 2", orders));
    CHECK(holds("orders[id > 1][id < 4][store = \"b\"].topN(id, 1).id = 3", orders));
    CHECK(holds("orders.distinct()[id > 1].price.distinct().count() = 2", orders));
    CHECK(holds("[orders[id > 2].id, orders[id < 2].id][this.count() > 1].head() = [3, 4]", orders));
    CHECK(holds("[orders[id > 2].id, [orders[id < 2].id, 9]].sum() = 17", orders));
}
