#include "store_look.hpp"

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

} // namespace

std::unique_ptr<look_source> stored_looks(const std::filesystem::path& file) {
    return std::make_unique<stored_look_source>(file);
}

} // namespace waybill::tool
