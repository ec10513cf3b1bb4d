// What stands in the batches, whatever number of threads makes the rows.
#include <catch2/catch.hpp>

#include <set>
#include <stop_token>
#include <thread>

#include "dataset/staged_check.hpp"
#include "support/engine_workshop.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

using texts = std::vector<std::string>;

constexpr std::size_t reader_counts[] = {1, 4};
/// Several stretches of candidates, so that each thread has some.
constexpr int people = 900;

constexpr std::string_view numbers =
    R"([0.10,1e400,9007199254740993,-0,-0.0,1E+2,1e-400,123456789012345678901234567890])";
constexpr std::string_view characters =
    R"(["","\u0000","\"\\\/\b\f\n\r\t","\u00e9\u2028\ud83d\ude00",)"
    "\"\xC3\xA9 e\xCC\x81 \xE2\x80\xA8\xE2\x80\xA9\x7F \xF0\x9F\x98\x80 \xF0\x90\x8D\x88 \xEF\xBF\xBF\"]";

/// The members whose spelling must not change; two of them have names that are spelled oddly, too.
std::string odd_members(std::string_view more_of_o) {
    std::string text = R"("n":)";
    text.append(numbers).append(R"(,"o":{"\u0000\ud83d\ude00":-0,"deep":{"v":[{"x":)").append(numbers);
    text.append(R"(,"y":1}],"\u2028":0.10},"t":)").append(characters).append(more_of_o).append("}");
    return text;
}

std::string person(int number, const std::string& members) {
    return R"({"crm":"p)" + std::to_string(number) + "\"," + members + "}\n";
}

std::string member_of(const std::set<std::string>& segments) {
    std::string text;
    for (const auto& segment : segments)
        text += (text.empty() ? "\"" : ",\"") + segment + R"(":{"status":"realized"})";
    return R"("segmentMembership":{"ups":{)" + text + "}}";
}

std::int64_t one_namespace(const attempt_report& report) {
    const auto& counted = report.metrics.exported_by_namespace;
    return counted.size() == 1 ? counted.front().second : -1;
}

/// Those whose number is even are in `even`, those whose number is a multiple of three in `third`.
void import_two_segments(engine_workshop& into) {
    std::string records;
    for (int i = 0; i < people; ++i) {
        std::set<std::string> in;
        if (i % 2 == 0) in.insert("even");
        if (i % 3 == 0) in.insert("third");
        records += person(i, member_of(in));
    }
    into.profiles.profiles(records);
}

texts rows_where(const std::function<bool(int)>& chosen) {
    texts rows;
    for (int i = 0; i < people; ++i)
        if (chosen(i)) rows.push_back(R"({"crm":"p)" + std::to_string(i) + "\"}");
    return rows;
}

} // namespace

TEST_CASE("numbers keep their spelling and texts every character, merged or not, however many threads") {
    engine_workshop w;
    std::string records;
    std::string further;
    for (int i = 0; i < people; ++i) {
        records += person(i, odd_members(""));
        if (i % 2 == 1) further += person(i, R"("o":{"deep":{"w":1},"more":-0})");
    }
    w.profiles.profiles(records, {.dataset = "first"});
    w.profiles.profiles(further, {.dataset = "second", .ingest_time = "2024-01-02T00:00:00Z"});
    auto what = a_publication(7, 0);
    for (const auto* const fields : {"n,o", ""}) {
        what.job.request.fields = fields;
        for (const auto readers : reader_counts) {
            ++what.key.attempt;
            const auto engine = w.engine(1, readers);
            REQUIRE(w.run(*engine, what).state == attempt_state::staged);
            const auto rows = w.rows(what);
            REQUIRE(rows.size() == people);
            for (int i = 0; i < people; ++i) {
                auto wanted = odd_members(i % 2 == 1 ? R"(,"more":-0)" : "");
                if (i % 2 == 1) wanted.insert(wanted.find(R"("\u2028")"), R"("w":1,)");
                if (*fields == '\0')
                    wanted += R"(,"crm":"p)" + std::to_string(i) + R"(","identityMap":{"CRMID":[{"id":"p)" +
                              std::to_string(i) + R"(","primary":true}]})";
                if (rows[static_cast<std::size_t>(i)] != in_order("{" + wanted + "}"))
                    REQUIRE(rows[static_cast<std::size_t>(i)] == in_order("{" + wanted + "}"));
            }
        }
    }
}

TEST_CASE("in one batch a profile of several segments stands once, in a batch a segment in each of them") {
    engine_workshop w;
    import_two_segments(w);
    const auto even = [](int i) { return i % 2 == 0; };
    const auto third = [](int i) { return i % 3 == 0; };
    const auto either = [&](int i) { return even(i) || third(i); };
    for (const auto readers : reader_counts) {
        const auto engine = w.engine(1, readers);
        auto apart = a_publication(static_cast<job_id>(10 + readers), 0, 3);
        apart.job.request.fields = "crm";
        apart.job.request.filter->segments = {{"third"}, {"even"}, {"third", "UPS"}};
        const auto report = w.run(*engine, apart);
        REQUIRE(report.state == attempt_state::staged);
        CHECK(w.rows(apart, 0) == rows_where(third));
        CHECK(w.rows(apart, 1) == rows_where(even));
        CHECK(w.rows(apart, 2) == rows_where(third));
        CHECK(report.metrics.exported == people / 2 + 2 * (people / 3));
        CHECK(report.metrics.looked_at == static_cast<std::int64_t>(rows_where(either).size()));
        CHECK(one_namespace(report) == report.metrics.exported);

        auto together = a_publication(static_cast<job_id>(20 + readers), 0);
        together.job.request.fields = "crm";
        together.job.request.filter = apart.job.request.filter;
        const auto once = w.run(*engine, together);
        REQUIRE(once.state == attempt_state::staged);
        CHECK(w.rows(together) == rows_where(either));
        CHECK(once.metrics.exported == static_cast<std::int64_t>(rows_where(either).size()));
        CHECK(one_namespace(once) == once.metrics.exported);
    }
}

TEST_CASE("linked records are one row, whichever thread comes by them") {
    engine_workshop w;
    std::string first;
    std::string second;
    texts wanted;
    for (int i = 0; i < people; ++i) {
        const auto number = std::to_string(i);
        first += person(i, R"("a":)" + number + R"(,"identityMap":{"Email":[{"id":")" + number + "\"}]}");
        second += R"({"b":)" + number + R"(,"identityMap":{"Email":[{"id":")" + number + "\"}]}}\n";
        wanted.push_back(R"({"a":)" + number + R"(,"b":)" + number + "}");
    }
    w.profiles.profiles(first, {.dataset = "first"});
    w.profiles.profiles(second, {.dataset = "second"});
    auto what = a_publication(7, 0);
    what.job.request.fields = "a,b";
    what.job.request.merge_policy = merge_policy_ref{"timestampOrdered-pdg-mp", 1};
    for (const auto readers : reader_counts) {
        ++what.key.attempt;
        const auto engine = w.engine(1, readers);
        const auto report = w.run(*engine, what);
        REQUIRE(report.state == attempt_state::staged);
        CHECK(report.metrics.candidates == 2 * people);
        CHECK(report.metrics.looked_at == 2 * people);
        CHECK(report.metrics.exported == people);
        CHECK(w.rows(what) == wanted);
    }
}

TEST_CASE("a profile of which nothing is selected stands as {} in its batch, and counts") {
    engine_workshop w;
    w.profiles.profiles(many_profiles(people));
    auto what = a_publication(7, 0);
    what.job.request.fields = "nothing.here";
    for (const auto readers : reader_counts) {
        ++what.key.attempt;
        const auto engine = w.engine(1, readers);
        const auto report = w.run(*engine, what);
        REQUIRE(report.state == attempt_state::staged);
        CHECK(w.rows(what) == texts(people, "{}"));
        CHECK(report.metrics.exported == people);
        CHECK(one_namespace(report) == people);
        CHECK(dataset::check_staged(w.root.path(), what).batches.at(0).rows == people);
    }
}

TEST_CASE("an export that looks at many and selects nobody is a valid, empty batch") {
    engine_workshop w;
    import_two_segments(w);
    for (const auto readers : reader_counts)
        for (const std::size_t batches : {1U, 2U}) {
            auto what = a_publication(static_cast<job_id>(10 * readers + batches), 0, batches);
            auto& filter = what.job.request.filter.emplace();
            if (batches == 2) filter.segments = {{"even"}, {"third"}};
            filter.qualification_time = qualification_window{"2024-01-01T00:00:00Z", std::nullopt};
            const auto engine = w.engine(1, readers);
            const auto report = w.run(*engine, what);
            REQUIRE(report.state == attempt_state::staged);
            CHECK(report.metrics.candidates > people / 2);
            CHECK(report.metrics.exported == 0);
            CHECK(report.metrics.exported_by_namespace.empty());
            const auto checked = dataset::check_staged(w.root.path(), what);
            CHECK(checked.state == publication_state::checked);
            REQUIRE(checked.batches.size() == batches);
            CHECK(checked.batches.back().rows == 0);
            CHECK(w.rows(what, batches - 1).empty());
        }
}

TEST_CASE("an export with several threads sees one snapshot while imports run") {
    engine_workshop w;
    w.profiles.profiles(many_profiles(people));
    std::jthread importing([&](const std::stop_token& stop) {
        auto store = profile_store::open(w.profiles.file());
        import_options options;
        options.owner = acme;
        options.dataset_id = "values";
        options.identities = {*parse_identity_path("crm=CRMID")};
        // One transaction changes the first profile and the last, which are read far apart.
        for (int value = 1; !stop.stop_requested(); ++value) {
            const auto v = ",\"v\":" + std::to_string(value) + "}\n";
            std::istringstream both(R"({"crm":"0")" + v + R"({"crm":")" + std::to_string(people - 1) + '"' +
                                    v);
            options.ingest_time += std::chrono::milliseconds(1);
            if (!store->import_profiles(both, options)) return;
        }
    });
    auto what = a_publication(7, 0);
    what.job.request.fields = "v";
    const auto engine = w.engine(1, 4);
    std::set<std::string> seen;
    for (int round = 0; round < 20 || (seen.size() < 2 && round < 1'000); ++round) {
        ++what.key.attempt;
        CHECK(w.run(*engine, what).state == attempt_state::staged);
        const auto rows = w.rows(what);
        REQUIRE(rows.size() == people);
        CHECK(rows.front() == rows.back());
        seen.insert(rows.front());
    }
    importing.request_stop();
    importing.join();
    CHECK(seen.size() > 1);
}
