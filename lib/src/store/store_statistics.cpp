#include "store/store_statistics.hpp"

#include <numeric>

#include <waybill/job_store.hpp>

#include "store/wal_size.hpp"

namespace waybill {
namespace {

constexpr const char* bytes_a_page = "pragma page_size";
constexpr const char* page_count = "pragma page_count";
constexpr const char* free_pages = "pragma freelist_count";

/// So that a look after a long pause stays short; the next one counts on.
constexpr std::size_t most_moves = 1'000'000;

void note_oldest(store_statistics& of, waiting_job found) {
    const auto older = [&found](const std::optional<waiting_job>& known) {
        return !known || found.id < known->id;
    };
    for (auto& each : of.tenants)
        if (each.owner == found.owner && older(each.oldest_waiting)) each.oldest_waiting = found;
    if (older(of.oldest_waiting)) of.oldest_waiting = std::move(found);
}

} // namespace

status_counts& status_counts::operator+=(const status_counts& more) {
    for (const auto status : all_job_statuses)
        (*this)[status] += more[status];
    return *this;
}

std::int64_t status_counts::total() const {
    return std::accumulate(counts_.begin(), counts_.end(), std::int64_t{0});
}

store_statistics store::statistics_reader::read() {
    store_statistics found;
    found.tenants = rows_.tenants();
    for (const auto& each : found.tenants)
        found.jobs += each.jobs;
    for (const bool held : {false, true})
        for (auto& waiting : rows_.oldest_waiting(held))
            note_oldest(found, std::move(waiting));
    found.running = rows_.running(store_statistics::most_running);
    counted_up_to_ = rows_.add_moves(counted_up_to_, most_moves, moves_);
    found.moves = moves_;
    const auto page = on_.integer_of(bytes_a_page);
    found.database_bytes = on_.integer_of(page_count) * page;
    found.free_bytes = on_.integer_of(free_pages) * page;
    found.wal_bytes = store::wal_size(on_.file());
    found.schema_version = rows_.schema_version();
    return found;
}

result<store_statistics> read_statistics(const std::filesystem::path& file) {
    auto reader = job_reader::open(file);
    if (!reader) return std::move(reader).error();
    return reader->statistics();
}

} // namespace waybill
