#include <thread>

#include <waybill/job_store.hpp>

#include "bench_host.hpp"
#include "benched_store.hpp"
#include "child_server.hpp"
#include "creators.hpp"
#include "crowd.hpp"
#include "http_load.hpp"
#include "http_requests.hpp"
#include "workload.hpp"

namespace waybill::bench {
namespace {

constexpr std::size_t slices = 8;

/// A host of its own with some jobs, one client that is measured, and perhaps others around it.
struct watched_client {
    watched_client(const std::filesystem::path& file, const job_mix& jobs, std::size_t count) {
        {
            auto store = open_store(file);
            store.together([&] {
                for (std::size_t i = 0; i < count; ++i)
                    store.create(jobs.owner(), jobs[i]).value();
            });
        }
        host = std::make_unique<bench_host>(file);
        for (std::size_t id = 1; id <= count; ++id)
            requests.push_back(request_text(jobs.owner(), "GET " + jobs_path + "/" + std::to_string(id)));
        load = std::make_unique<http_load>(host->port(), 1);
    }

    slice_time p99(std::size_t count) {
        const auto first = std::exchange(next, next + count);
        auto seen = load->run(first, count,
                              [&](std::size_t n) { return std::string_view(requests[n % requests.size()]); });
        return {1, p99_of(seen.latencies)};
    }

    std::unique_ptr<bench_host> host;
    std::vector<std::string> requests;
    std::unique_ptr<http_load> load;
    std::unique_ptr<crowd> around;
    std::size_t next = 0;
};

std::vector<result_row> gets_within_a_crowd(bench& in) {
    const auto count = in.sizes.crowd_jobs;
    const auto a_slice = in.sizes.requests / slices / 2;
    const auto alone = [&](const auto& folder) {
        return std::make_unique<watched_client>(folder / jobs_file, in.jobs, count);
    };
    const auto measured = [a_slice](std::unique_ptr<watched_client> client) {
        return std::make_unique<runner_of<watched_client>>(
            std::move(client), [a_slice](watched_client& state) { return state.p99(a_slice); });
    };
    const auto rates =
        race({{"alone", [&](const auto& folder) { return measured(alone(folder)); }},
              {"crowded",
               [&](const auto& folder) {
                   auto client = alone(folder);
                   client->around = std::make_unique<crowd>(crowd_plan{
                       client->host->port(), in.sizes.idle, in.sizes.idle / 10, client->requests.front(),
                       request_text(in.jobs.owner(), "GET " + jobs_path)});
                   return measured(std::move(client));
               }}},
             {in.folder, in.sizes.rounds, slices, {}});
    return {compare({"p99 of a GET beside " + std::to_string(in.sizes.idle) + " idle and " +
                         std::to_string(in.sizes.idle / 10) + " slow connections",
                     "us", "alone", measure::microseconds},
                    rates.at("crowded"), rates.at("alone"), at_most(2))};
}

/// The most that the host has while all connections ask and create at once.
double busiest_memory(bench& in, const std::vector<std::string>& requests) {
    const auto folder = in.folder / "memory";
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder / "datasets");
    const child_server host({WAYBILLD, "--store", folder / "jobs.db", "--profiles", folder / "none.db",
                             "--datasets", folder / "datasets", "--listen", "127.0.0.1:0", "--insecure-dev"});
    std::int64_t most = 0;
    {
        http_load load(host.port(), in.sizes.idle);
        std::jthread watching([&](const std::stop_token& until) {
            while (!until.stop_requested()) {
                most = std::max(most, host.anonymous_memory());
                std::this_thread::sleep_for(std::chrono::milliseconds(5));
            }
        });
        load.run(0, in.sizes.idle * 10,
                 [&](std::size_t n) { return std::string_view(requests[n % requests.size()]); });
    }
    return static_cast<double>(most) / (1U << 20U);
}

std::vector<result_row> memory_of_connections(bench& in) {
    constexpr double limit = 100;
    auto requests = create_requests(in.jobs, in.folder / "bodies");
    const auto page = request_text(in.jobs.owner(), "GET " + jobs_path + "?limit=100");
    for (std::size_t i = 0; i < requests.size(); i += 2)
        requests[i] = page;
    std::vector<double> mebibytes;
    for (std::size_t round = 0; round < in.sizes.rounds; ++round)
        mebibytes.push_back(busiest_memory(in, requests));
    return {within("anonymous memory of a host with " + std::to_string(in.sizes.idle) +
                       " connections, all at work",
                   "MiB", mebibytes, limit)};
}

} // namespace

std::vector<workload> crowd_workloads() {
    return {{"http-crowd", gets_within_a_crowd}, {"http-memory", memory_of_connections}};
}

} // namespace waybill::bench
