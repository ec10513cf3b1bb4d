#include "store/job_store_impl.hpp"
#include "store/wal_size.hpp"

namespace waybill::store {
namespace {

constexpr const char* count_free_pages = "pragma freelist_count";
// So many pages take a few milliseconds.
constexpr const char* give_back_pages = "pragma incremental_vacuum(256)";
constexpr const char* cut_log = "pragma wal_checkpoint(truncate)";
// Looks at so many rows of each index, so it takes as long in a large store as in a small one.
constexpr const char* analyze = "pragma analysis_limit = 1000; analyze";

constexpr std::size_t most_jobs_a_step = 500;

std::int64_t number_of(sql::connection& database, const char* statement) {
    auto row = database.prepare(statement);
    return row.step() ? row.integer(0) : 0;
}

} // namespace

bool owner_verbs::upkeep() {
    return prune() || forget_keys() || forget_audit() || shrink() || cut_log_if_long() || analyze_if_due();
}

/// The jobs of one status a step, oldest first, until enough rows are gone.
bool owner_verbs::prune() {
    for (const auto& rule : options_.upkeep.retention) {
        if (!is_final(rule.status)) continue;
        const auto before = options_.now() - rule.keep;
        const auto below = tables_.order.first_at(to_integer(before));
        const auto old = tables_.jobs.final_before(rule.status, before, below, most_jobs_a_step);
        if (old.empty()) continue;
        sql::transaction step(database_);
        tables_.state.raise(numbers_.used());
        const auto changes_before = database_.total_changes();
        for (const auto job : old) {
            tables_.remove(job);
            if (database_.total_changes() - changes_before >= options_.upkeep.rows_a_step) break;
        }
        step.commit();
        return true;
    }
    return false;
}

bool owner_verbs::forget_keys() {
    const auto before = options_.now() - options_.upkeep.keep_idempotency_keys;
    return tables_.keys.forget(before, options_.upkeep.rows_a_step) > 0;
}

bool owner_verbs::forget_audit() {
    if (!options_.upkeep.keep_audit) return false;
    const auto before = options_.now() - *options_.upkeep.keep_audit;
    return tables_.audit.forget(before, options_.upkeep.rows_a_step) > 0;
}

bool owner_verbs::shrink() {
    const auto free = number_of(database_, count_free_pages);
    if (free <= options_.upkeep.free_pages) return false;
    database_.execute(give_back_pages);
    return number_of(database_, count_free_pages) < free; // an old file may not be able to
}

/// A log that a reader still needs stays; the next round tries again.
bool owner_verbs::cut_log_if_long() {
    if (static_cast<std::uintmax_t>(wal_size(database_.file())) <= options_.upkeep.longest_wal) return false;
    database_.busy_timeout(static_cast<int>(options_.upkeep.longest_cut_wait.count()));
    const bool busy = number_of(database_, cut_log) != 0;
    database_.busy_timeout(sql::connection::usual_busy_timeout);
    return !busy;
}

bool owner_verbs::analyze_if_due() {
    const auto now = options_.now();
    const bool due = !analyzed_ || now < *analyzed_ || now - *analyzed_ >= options_.upkeep.analyze_every;
    if (!due) return false;
    analyzed_ = now;
    database_.execute(analyze);
    return true;
}

} // namespace waybill::store
