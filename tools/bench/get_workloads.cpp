#include <stdexcept>

#include <waybill/job_store.hpp>

#include "floor_reader.hpp"
#include "stored_jobs.hpp"
#include "workload.hpp"

namespace waybill::bench {
namespace {

constexpr std::size_t slices = 8;

struct reading {
    explicit reading(const std::filesystem::path& file) : reader(job_reader::open(file).value()) {}
    job_reader reader;
    std::size_t next = 0;
};

struct raw_reading {
    raw_reading(const std::filesystem::path& file, const tenant& owner) : reader(file, owner) {}
    floor_reader reader;
    std::size_t next = 0;
};

std::vector<result_row> get_by_id(bench& in) {
    const auto file = in.stored.plain();
    const auto count = in.stored.plain_count();
    const auto a_slice = in.sizes.gets / slices;
    const auto& owner = in.jobs.owner();
    const auto id_of = [count](std::size_t i) {
        return static_cast<std::int64_t>(1 + scattered(i * 0x9e3779b9U + 1) % count);
    };
    const contestant ours{"find", [&](const auto&) {
                              return std::make_unique<runner_of<reading>>(
                                  std::make_unique<reading>(file), [&](reading& from) {
                                      return timed(a_slice, [&] {
                                          for (std::size_t i = 0; i < a_slice; ++i)
                                              from.reader.find(owner, id_of(from.next++)).value();
                                      });
                                  });
                          }};
    const contestant raw{"floor", [&](const auto&) {
                             return std::make_unique<runner_of<raw_reading>>(
                                 std::make_unique<raw_reading>(file, owner), [&](raw_reading& from) {
                                     return timed(a_slice, [&] {
                                         for (std::size_t i = 0; i < a_slice; ++i) {
                                             floor_job job;
                                             if (!from.reader.find(id_of(from.next++), job))
                                                 throw std::runtime_error("the floor finds no job");
                                         }
                                     });
                                 });
                         }};
    const auto rates = race({ours, raw}, {in.folder, in.sizes.rounds, slices, {}});
    return {compare({"get by id among " + std::to_string(count) + " jobs", "jobs/s", "floor"},
                    rates.at("find"), rates.at("floor"), at_least(0.65))};
}

} // namespace

std::vector<workload> get_workloads() { return {{"get", get_by_id}}; }

} // namespace waybill::bench
