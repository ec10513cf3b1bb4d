#include "store_look.hpp"

#include <algorithm>
#include <utility>

#include <waybill/job_store.hpp>

#include "command_failure.hpp"

namespace waybill::tool {

namespace {

class stored_look_source final : public look_source {
  public:
    explicit stored_look_source(std::filesystem::path file)
        : file_(std::move(file)), reader_(expect(job_reader::open(file_))) {}

    store_look look() override {
        store_look seen;
        seen.at = wall_clock();
        seen.taken = std::chrono::steady_clock::now();
        seen.numbers = reader_.statistics();
        if (seen.numbers.oldest_waiting) seen.waiting_since = seen.numbers.oldest_waiting->since;
        seen.owner = find_owner(file_);
        return seen;
    }

  private:
    std::filesystem::path file_;
    job_reader reader_;
};

std::int64_t finished(const moves_made& moves) {
    std::int64_t all = 0;
    for (const auto status : all_job_statuses)
        if (is_final(status)) all += moves.into[status];
    return all;
}

} // namespace

std::unique_ptr<look_source> stored_looks(const std::filesystem::path& file) {
    return std::make_unique<stored_look_source>(file);
}

std::optional<move_rates> rates_between(const store_look& earlier, const store_look& later) {
    const auto& before = earlier.numbers.moves;
    const auto& after = later.numbers.moves;
    const auto seconds = std::max(1e-3, std::chrono::duration<double>(later.taken - earlier.taken).count());
    const auto a_second = [seconds](std::int64_t count) { return static_cast<double>(count) / seconds; };
    const move_rates rates{a_second(after.created - before.created),
                           a_second(finished(after) - finished(before)),
                           a_second(after.into[job_status::failed] - before.into[job_status::failed])};
    if (rates.created < 0 || rates.finished < 0 || rates.failed < 0) return std::nullopt;
    return rates;
}

} // namespace waybill::tool
