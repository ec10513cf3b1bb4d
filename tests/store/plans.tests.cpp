#include <deque>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include <catch2/catch.hpp>

#include "sql/migrator.hpp"
#include "store/job_store_impl.hpp"
#include "store/store_statistics.hpp"
#include "support/a_job.hpp"
#include "support/temp_store.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

/// The parts of a job store on a connection that can be asked for its statements.
struct open_parts {
    explicit open_parts(const job_store_options& how)
        : options(how),
          database(options.file, sql::access::write),
          tables(database),
          numbers(sql::owner_lock::take(std::filesystem::path(options.file) += ".lock", "store").value(),
                  state_of(tables), 1),
          owner(options, database, tables, numbers) {}

    static store::store_state state_of(store::job_tables& tables) {
        auto state = tables.state.read().value();
        state.last_transition = tables.transitions.newest();
        return state;
    }

    job_store_options options;
    sql::connection database;
    store::job_tables tables;
    store::growing_numbers numbers;
    store::owner_verbs owner;
};

void list_in_every_way(open_parts& parts) {
    const job_query by_status{.statuses = {job_status::new_, job_status::failed}};
    const job_query by_segment{.after = cursor{1, 1}, .segment_id = "s"};
    const job_query by_dataset{.dataset_id = "d", .created_after = timestamp{}};
    for (const auto& query : {job_query{}, by_status, by_segment, by_dataset})
        REQUIRE(parts.tables.list(acme, query).ok());
}

staging_key claim(open_parts& parts) { return parts.owner.claim(1, no_objection).at(0).key; }

/// Uses every statement once, on jobs 1 to 8 that wait.
void do_everything(open_parts& parts) {
    auto& [options, database, tables, numbers, owner] = parts;
    tables.moves.release_all();
    list_in_every_way(parts);
    REQUIRE(tables.find(acme, 1).ok());
    tables.keys.find(1, "k", {});
    tables.keys.note(1, {"k", "f"}, 1, {});
    tables.audit.note({{}, "n", 1, audit_action::create, 1, "r"});
    for (const auto& query : {audit_query{}, audit_query{.owner = acme}, audit_query{.job = 1}})
        REQUIRE(tables.audit.list(query).size() == 1);
    tables.datasets.set(1, {"d", {}});
    REQUIRE(tables.datasets.list(acme).size() == 1);
    const auto succeeding = claim(parts);
    owner.note_progress(succeeding, "e", {.exported = 1, .exported_by_namespace = {{"CRMID", 1}}});
    owner.mark_publishing(succeeding);
    owner.succeed(succeeding, {}, {tables.find(acme, succeeding.job).value().batches.at(0)});
    owner.fail(claim(parts), {{"1", "2", "3"}}, "test", "failed");
    tables.find(acme, 2).value();
    const auto held = claim(parts);
    owner.put_back(held, {.hold = true});
    owner.release(held.job);
    const auto cancelled = claim(parts);
    tables.moves.start_cancelling(cancelled.job, {});
    owner.cancelling();
    owner.staged_keys();
    owner.orphans();
    owner.take_over(cancelled);
    owner.settle_cancelled(cancelled);
    tables.moves.cancel_waiting(8, {});
    owner.acknowledge({{acme, "d", tables.find(acme, 7).value().batches.at(0).batch_id, 1, false, 1, 1}});
    owner.claim(1, [](const export_job&) { return job_error{"1", "2", "3"}; });
    tables.transitions.of_job(1);
    tables.transitions.after(1, 10);
    tables.tenants.unfinished(1);
    tables.jobs.evaluating(1, "s");
    tables.retries.insert(8, 1);
    tables.transitions.newest();
    tables.jobs.newest();
    store::statistics_reader(database).read();
    tables.tenants.id_of({"new", "tenant"});
    CHECK_THROWS_AS(tables.state.insert("0123456789abcdef"), store_failure); // there is a row
    while (owner.upkeep()) {
    }
}

std::string plan_of(sql::connection& database, const std::string& text) {
    static std::deque<std::string> kept; // a statement is known by its address
    auto rows = database.prepare(kept.emplace_back("explain query plan " + text).c_str());
    std::string plan;
    while (rows.step())
        plan += rows.text(3) + "\n";
    return plan;
}

std::size_t statements_in_source() {
    std::size_t count = 0;
    const std::regex statement("constexpr const char\\* \\w+ = (?!\"pragma)");
    for (const auto& file : std::filesystem::directory_iterator(WAYBILL_SOURCE_DIR "/lib/src/store")) {
        std::ostringstream text;
        text << std::ifstream(file.path()).rdbuf();
        const auto source = text.str();
        // Look at whole files.
        if (file.path().filename() == "store_inspection.cpp" || file.path().filename() == "store_checkup.cpp")
            continue;
        count += static_cast<std::size_t>(
            std::distance(std::sregex_iterator(source.begin(), source.end(), statement), {}));
    }
    return count;
}

} // namespace

TEST_CASE("no statement of the store reads a whole table or sorts, with or without statistics") {
    temp_store files;
    for (int i = 0; i < 8; ++i)
        REQUIRE(files->create(acme, a_full_job()).ok());
    auto options = files.options();
    options.upkeep.retention = {{job_status::failed, std::chrono::milliseconds{-1}}};
    options.upkeep.keep_audit = std::chrono::milliseconds{0};
    files.close();
    open_parts parts(options);
    const bool analyzed = GENERATE(false, true);
    if (analyzed) parts.database.execute("analyze");
    try {
        do_everything(parts);
    } catch (const store_failure& known) {
        FAIL(known.what());
    }
    std::set<std::string> plans;
    for (const auto* const text : parts.database.prepared()) {
        const std::string statement(text);
        if (statement.find("pragma") != statement.npos ||
            statement.find("from sqlite_schema") != statement.npos)
            continue;
        const auto plan = plan_of(parts.database, statement);
        INFO(statement << "\n" << plan);
        // The tenants are few, so are their counts, and the store's state is one row; all else is found by an
        // index.
        const std::regex whole_table(
            "SCAN (?!(u|t|c|tenants|store_state|CONSTANT ROW|j USING INDEX export_jobs_at_work)\\b)");
        CHECK_FALSE(std::regex_search(plan, whole_table));
        // Few rows each: the tenants, the attempts under way, one job's batches.
        const bool few = statement.find("last_turn") != statement.npos ||
                         plan.find("export_jobs_at_work") != plan.npos ||
                         plan.find("PRIMARY KEY (job_id=?)") != plan.npos;
        CHECK((few || plan.find("TEMP B-TREE") == plan.npos));
        // What is at work is few; a dataset's jobs may be a million (a claim once looked at them all).
        if (statement.find("in ('PROCESSING', 'CANCELLING')") != statement.npos &&
            statement.starts_with("select"))
            CHECK(plan.find("export_jobs_at_work") != plan.npos);
        plans.insert(statement);
    }
    CHECK(plans.size() >= statements_in_source() - 10);
}
