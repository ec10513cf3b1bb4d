#include <stdexcept>

#include <nlohmann/json.hpp>

#include <waybill/job_store.hpp>
#include <waybill/json.hpp>

#include "floor_reader.hpp"
#include "stored_jobs.hpp"
#include "workload.hpp"

namespace waybill::bench {
namespace {

constexpr std::size_t page_size = 100;

/// Positions that a page is read from: the same ones for every contestant.
using positions = std::vector<cursor>;

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

job_page page_at(reading& from, const tenant& owner, const cursor& after) {
    auto page = from.reader.list(owner, {page_size, after, {}}).value();
    if (page.jobs.size() != page_size) throw std::runtime_error("a page is too short");
    return page;
}

/// `random` positions of `plain()` with a page behind each, drawn from ids in (page_size, newest].
positions random_positions(std::size_t count, std::size_t newest, std::size_t oldest,
                           cursor (*position_of_id)(std::int64_t)) {
    positions drawn;
    for (std::size_t i = 0; i < count; ++i)
        drawn.push_back(position_of_id(static_cast<std::int64_t>(
            oldest + page_size + 1 + scattered(i * 0x9e3779b9U + newest) % (newest - oldest - page_size))));
    return drawn;
}

/// A contestant whose slice reads `a_slice` pages from positions in turn.
template <class State>
contestant over_pages(std::string name, std::function<std::unique_ptr<State>()> open, const positions& from,
                      std::size_t a_slice, std::function<void(State&, const cursor&)> read) {
    return {std::move(name), [=](const auto&) {
                return std::make_unique<runner_of<State>>(open(), [=](State& state) {
                    return timed(a_slice, [&] {
                        for (std::size_t i = 0; i < a_slice; ++i)
                            read(state, from[state.next++ % from.size()]);
                    });
                });
            }};
}

contestant store_pages(const bench& in, std::string name, const std::filesystem::path& file,
                       const positions& from, std::size_t a_slice) {
    return over_pages<reading>(
        std::move(name), [file] { return std::make_unique<reading>(file); }, from, a_slice,
        [&in](reading& state, const cursor& after) { page_at(state, in.jobs.owner(), after); });
}

contestant floor_pages(const bench& in, const std::filesystem::path& file, const positions& from,
                       std::size_t a_slice) {
    return over_pages<raw_reading>(
        "floor", [file, &in] { return std::make_unique<raw_reading>(file, in.jobs.owner()); }, from, a_slice,
        [](raw_reading& state, const cursor& after) {
            std::vector<floor_job> jobs;
            state.reader.list(after, page_size, jobs);
            if (jobs.size() != page_size) throw std::runtime_error("a page of the floor is too short");
        });
}

std::vector<std::string> documents_of(const job_page& page) {
    std::vector<std::string> documents;
    for (const auto& job : page.jobs)
        append_json(documents.emplace_back(), job);
    return documents;
}

/// A contestant that makes a page's text. The page was read just before, outside of what is timed, so that
/// the documents which one of them begins with are at hand, and caches are as warm for the other.
contestant text_pages(const bench& in, std::string name, const std::filesystem::path& file,
                      const positions& from, std::size_t a_slice,
                      std::string (*text_of)(const job_page&, const std::vector<std::string>&)) {
    return {std::move(name), [=, &in](const auto&) {
                return std::make_unique<runner_of<reading>>(
                    std::make_unique<reading>(file), [=, &in](reading& state) {
                        slice_time sum;
                        for (std::size_t i = 0; i < a_slice; ++i) {
                            const auto& after = from[state.next++ % from.size()];
                            const auto documents = documents_of(page_at(state, in.jobs.owner(), after));
                            const auto took = timed(1, [&] {
                                if (text_of(page_at(state, in.jobs.owner(), after), documents).empty())
                                    throw std::runtime_error("a page has no text");
                            });
                            sum.operations += took.operations;
                            sum.seconds += took.seconds;
                        }
                        return sum;
                    });
            }};
}

std::string text_directly(const job_page& page, const std::vector<std::string>&) {
    std::string text;
    for (const auto& job : page.jobs)
        append_json(text, job);
    return text;
}

/// Each job's document as a value, and that as text: what a service without a writer of its own does.
std::string text_by_values(const job_page&, const std::vector<std::string>& documents) {
    std::string text;
    for (const auto& document : documents)
        text += nlohmann::json::parse(document).dump();
    return text;
}

std::string among(std::size_t count) { return " of " + std::to_string(count) + " jobs"; }

constexpr std::size_t slices = 8;

std::vector<result_row> pages_as_objects(bench& in) {
    const auto file = in.stored.plain();
    const auto from =
        random_positions(in.sizes.pages * 7, in.stored.plain_count(), 0, stored_jobs::plain_position);
    const auto a_slice = in.sizes.pages / slices;
    const auto rates =
        race({store_pages(in, "list", file, from, a_slice), floor_pages(in, file, from, a_slice)},
             {in.folder, in.sizes.rounds, slices, {}});
    return {compare(
        {"page of 100 at a random depth" + among(in.stored.plain_count()) + ", objects", "pages/s", "floor"},
        rates.at("list"), rates.at("floor"), at_least(0.65))};
}

std::vector<result_row> pages_as_text(bench& in) {
    const auto file = in.stored.plain();
    const auto from =
        random_positions(in.sizes.pages * 7, in.stored.plain_count(), 0, stored_jobs::plain_position);
    const auto a_slice = in.sizes.pages / slices / 2;
    const auto rates = race({text_pages(in, "text", file, from, a_slice, text_directly),
                             text_pages(in, "nlohmann", file, from, a_slice, text_by_values)},
                            {in.folder, in.sizes.rounds, slices, {}});
    return {compare({"page of 100 at a random depth" + among(in.stored.plain_count()) + ", JSON text",
                     "pages/s", "by nlohmann values"},
                    rates.at("text"), rates.at("nlohmann"), at_least(5))};
}

std::vector<result_row> pages_deep(bench& in) {
    const auto file = in.stored.plain();
    const auto count = in.stored.plain_count();
    // Around 99 % of the depth, so that no one page stays in every cache.
    const auto deep = random_positions(in.sizes.pages * 7, count / 200 + page_size + count / 100, count / 200,
                                       stored_jobs::plain_position);
    const positions first{{stored_jobs::plain_position(static_cast<std::int64_t>(count) + 1)}};
    const auto a_slice = in.sizes.pages / slices;
    const auto rates =
        race({store_pages(in, "deep", file, deep, a_slice), store_pages(in, "first", file, first, a_slice)},
             {in.folder, in.sizes.rounds, slices, {}});
    return {compare({"page at depth " + std::to_string(count / 100 * 99) + among(count), "us/page",
                     "first page", measure::microseconds},
                    rates.at("deep"), rates.at("first"), at_most(2.6))};
}

std::vector<result_row> pages_of_equal_times(bench& in) {
    const auto count = std::min(in.stored.stuck_count(), in.stored.plain_count());
    const auto newest = in.stored.plain_count();
    const auto stuck = random_positions(in.sizes.pages * 7, count, 0, stored_jobs::stuck_position);
    const auto plain =
        random_positions(in.sizes.pages * 7, newest, newest - count, stored_jobs::plain_position);
    const auto a_slice = in.sizes.pages / slices;
    const auto rates = race({store_pages(in, "equal", in.stored.stuck(), stuck, a_slice),
                             store_pages(in, "plain", in.stored.plain(), plain, a_slice)},
                            {in.folder, in.sizes.rounds, slices, {}});
    return {compare({"page among " + std::to_string(count) + " jobs of equal creation time", "us/page",
                     "of distinct times", measure::microseconds},
                    rates.at("equal"), rates.at("plain"), at_most(2))};
}

/// Pages of what one filter lets through, another filter each.
contestant filtered_pages(const bench& in, std::string name, std::size_t a_slice,
                          job_query (*filter)(const new_export_job& like)) {
    return {std::move(name), [=, &in, file = in.stored.plain()](const auto&) {
                return std::make_unique<runner_of<reading>>(
                    std::make_unique<reading>(file), [=, &in](reading& state) {
                        return timed(a_slice, [&] {
                            for (std::size_t i = 0; i < a_slice; ++i) {
                                auto query = filter(in.jobs[state.next++]);
                                query.limit = page_size;
                                if (state.reader.list(in.jobs.owner(), query).value().jobs.empty())
                                    throw std::runtime_error("a filtered page is empty");
                            }
                        });
                    });
            }};
}

std::vector<result_row> pages_filtered(bench& in) {
    const auto from =
        random_positions(in.sizes.pages * 7, in.stored.plain_count(), 0, stored_jobs::plain_position);
    const auto a_slice = in.sizes.pages / slices / 2;
    const auto by_dataset = [](const new_export_job& like) {
        return job_query{.dataset_id = like.dataset_id};
    };
    const auto by_segment = [](const new_export_job& like) {
        return job_query{.segment_id = like.filter->segments.at(0).segment_id};
    };
    const auto rates = race({filtered_pages(in, "dataset", a_slice, by_dataset),
                             filtered_pages(in, "segment", a_slice, by_segment),
                             store_pages(in, "plain", in.stored.plain(), from, a_slice)},
                            {in.folder, in.sizes.rounds, slices, {}});
    const auto row = [&](const char* which) {
        return compare({std::string("page of one ") + which + among(in.stored.plain_count()), "us/page",
                        "page at a random depth", measure::microseconds},
                       rates.at(which), rates.at("plain"), std::nullopt);
    };
    return {row("dataset"), row("segment")};
}

} // namespace

std::vector<workload> page_workloads() {
    return {{"page-objects", pages_as_objects},
            {"page-json", pages_as_text},
            {"page-depth", pages_deep},
            {"page-equal-times", pages_of_equal_times},
            {"page-filtered", pages_filtered}};
}

} // namespace waybill::bench
