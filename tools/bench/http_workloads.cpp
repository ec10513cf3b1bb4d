#include <atomic>
#include <stdexcept>
#include <thread>

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>

#include <waybill/async_job_reader.hpp>
#include <waybill/job_store.hpp>
#include <waybill/json.hpp>

#include "bench_host.hpp"
#include "child_server.hpp"
#include "creators.hpp"
#include "http_load.hpp"
#include "http_requests.hpp"
#include "memory_server.hpp"
#include "peers.hpp"
#include "stored_jobs.hpp"
#include "workload.hpp"

namespace waybill::bench {
namespace {

namespace net = boost::asio;

constexpr std::size_t slices = 4;
constexpr std::size_t page_size = 100;

/// GETs of jobs at random, and the documents that answer them.
struct gets {
    std::vector<std::string> requests{};
    std::vector<std::string> documents{};
};

/// The ids are the n-th document's place, too: the server that answers from memory finds it by `id mod
/// count`.
gets random_gets(const std::filesystem::path& file, const tenant& owner, std::size_t stored) {
    constexpr std::size_t distinct = 4'096;
    const auto count = std::min(distinct, stored / 2);
    gets made{{}, std::vector<std::string>(count)};
    auto reader = job_reader::open(file).value();
    for (std::size_t i = 0; i < count; ++i) {
        const auto id = 1 + i + count * (scattered(i) % (stored / count));
        if (id > stored) continue;
        made.requests.push_back(request_text(owner, "GET " + jobs_path + "/" + std::to_string(id)));
        append_json(made.documents[id % count], reader.find(owner, static_cast<job_id>(id)).value());
    }
    return made;
}

/// A server under a load of its own.
template <class Server>
struct loaded {
    template <class... Arguments>
    explicit loaded(std::size_t connections, Arguments&&... arguments)
        : server(std::forward<Arguments>(arguments)...), load(server.port(), connections) {}
    Server server;
    http_load load;
    std::size_t next = 0;
};

template <class Server>
slice_time send_slice(loaded<Server>& to, const std::vector<std::string>& requests, std::size_t count) {
    const auto first = std::exchange(to.next, to.next + count);
    return to.load
        .run(first, count, [&](std::size_t n) { return std::string_view(requests[n % requests.size()]); })
        .took;
}

template <class Server>
std::unique_ptr<runner> sending(std::unique_ptr<loaded<Server>> to, const std::vector<std::string>& requests,
                                std::size_t count) {
    return std::make_unique<runner_of<loaded<Server>>>(
        std::move(to), [&requests, count](auto& state) { return send_slice(state, requests, count); });
}

std::vector<result_row> gets_over_http(bench& in) {
    constexpr std::size_t connections = 32;
    const auto file = in.stored.plain();
    const auto asked = random_gets(file, in.jobs.owner(), in.stored.plain_count());
    const auto a_slice = in.sizes.requests / slices;
    const auto rates =
        race({{"host",
               [&](const auto&) {
                   return sending(std::make_unique<loaded<bench_host>>(connections, file), asked.requests,
                                  a_slice);
               }},
              {"memory",
               [&](const auto&) {
                   return sending(std::make_unique<loaded<memory_server>>(connections, asked.documents),
                                  asked.requests, a_slice);
               }}},
             {in.folder, in.sizes.rounds, slices, {}});
    return {compare({"GET of a job, 32 connections", "requests/s", "Beast from memory"}, rates.at("host"),
                    rates.at("memory"), at_least(0.45))};
}

/// The same pages, asked for by as many callers within the process.
class page_callers {
  public:
    page_callers(const std::filesystem::path& file, const tenant& owner, std::size_t callers)
        : reader_(job_reader::open(file).value()),
          pages_(reader_, reads_.get_executor()),
          owner_(owner),
          callers_(callers) {}
    ~page_callers() { reads_.join(); }
    page_callers(const page_callers&) = delete;
    page_callers& operator=(const page_callers&) = delete;

    /// As the host has it: two threads that make texts, one that reads.
    slice_time run(std::size_t count, const std::vector<cursor>& positions) {
        left_ = count;
        return timed(count, [&] {
            for (std::size_t i = 0; i < callers_; ++i)
                net::post(io_, [&] { begin_next(positions); });
            io_.restart();
            std::jthread other([&] { io_.run(); });
            io_.run();
        });
    }

  private:
    void begin_next(const std::vector<cursor>& positions) {
        const auto mine = left_.fetch_sub(1);
        if (mine <= 0) return;
        const job_query query{page_size, positions[static_cast<std::size_t>(mine) % positions.size()], {}};
        pages_.list(owner_, query,
                    net::bind_executor(io_, [this, &positions, query](const std::exception_ptr& thrown,
                                                                      const result<job_page>& page) {
                        if (thrown) std::rethrow_exception(thrown);
                        std::string text;
                        append_json(text, page.value(), {true, query});
                        if (page->jobs.size() != page_size) throw std::runtime_error("a page is too short");
                        begin_next(positions);
                    }));
    }

    net::io_context io_;
    job_reader reader_;
    net::thread_pool reads_{1};
    async_job_reader pages_;
    tenant owner_;
    std::size_t callers_;
    std::atomic<std::int64_t> left_ = 0;
};

std::vector<result_row> pages_over_http(bench& in) {
    constexpr std::size_t connections = 32;
    const auto file = in.stored.plain();
    std::vector<cursor> positions;
    std::vector<std::string> requests;
    for (std::size_t i = 0; i < 1'024; ++i) {
        const auto id = page_size + 1 + scattered(i) % (in.stored.plain_count() - page_size);
        positions.push_back(stored_jobs::plain_position(static_cast<std::int64_t>(id)));
        requests.push_back(request_text(
            in.jobs.owner(), "GET " + jobs_path + "?limit=100&offset=" + to_text(positions.back())));
    }
    const auto a_slice = in.sizes.pages * 2 / slices;
    const auto rates =
        race({{"host",
               [&](const auto&) {
                   return sending(std::make_unique<loaded<bench_host>>(connections, file), requests, a_slice);
               }},
              {"callers",
               [&](const auto&) {
                   return std::make_unique<runner_of<page_callers>>(
                       std::make_unique<page_callers>(file, in.jobs.owner(), connections),
                       [&](page_callers& state) { return state.run(a_slice, positions); });
               }}},
             {in.folder, in.sizes.rounds, slices, {}});
    return {compare({"GET of a page of 100 jobs, 32 connections", "requests/s", "32 callers in the process"},
                    rates.at("host"), rates.at("callers"), at_least(0.70))};
}

std::vector<result_row> creates_over_http(bench& in) {
    constexpr std::size_t connections = 64;
    const auto a_slice = std::max<std::size_t>(in.sizes.callers / slices / connections, 1) * connections;
    const auto requests = create_requests(in.jobs, in.folder / "bodies");
    const create_plan plan{in.jobs, a_slice, 1};
    std::vector<contestant> contestants{
        {"host",
         [&](const auto& folder) {
             return sending(std::make_unique<loaded<bench_host>>(connections, folder / jobs_file), requests,
                            a_slice);
         }},
        store_callers(plan, connections)};
    const bool with_peer = !in.others.serving("fastapi", {}).empty();
    if (with_peer)
        contestants.push_back({"peer", [&](const auto& folder) {
                                   return sending(std::make_unique<loaded<child_server>>(
                                                      connections, in.others.serving("fastapi", folder)),
                                                  requests, a_slice / 4);
                               }});
    const auto rates = race(contestants, {in.folder, in.sizes.rounds, slices, {}});
    const auto of_peer = with_peer ? rates.at("peer") : std::vector<double>{};
    return {compare({"POST of a job, 64 connections", "jobs/s", "64 callers in the process"},
                    rates.at("host"), rates.at(store_name), at_least(0.50)),
            compare({"POST of a job, 64 connections, against a peer", "jobs/s", "FastAPI on uvicorn"},
                    rates.at("host"), of_peer, at_least(5))};
}

} // namespace

std::vector<workload> http_workloads() {
    return {{"http-get", gets_over_http}, {"http-page", pages_over_http}, {"http-create", creates_over_http}};
}

} // namespace waybill::bench
