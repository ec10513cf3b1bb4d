#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <optional>
#include <regex>
#include <string>

#include <CLI/CLI.hpp>

#include "export_memory.hpp"
#include "listing_memory.hpp"
#include "peers.hpp"
#include "report.hpp"
#include "stored_jobs.hpp"
#include "stored_profiles.hpp"
#include "workload.hpp"

namespace {

using namespace waybill::bench;
namespace fs = std::filesystem;

struct request {
    fs::path folder;
    fs::path peers;
    fs::path list_everything;   ///< what the memory workload starts this program for
    fs::path export_everything; ///< the same, of an export
    std::string json;
    std::string only = ".*";
    std::size_t rounds = 5;
    std::uint64_t seed = 7;
    std::optional<std::size_t> people;
    bool quick = false;
    bool keep = false;
    bool list = false;
    bool markdown = false;
};

std::vector<workload> all_workloads() {
    std::vector<workload> all;
    for (auto some :
         {create_workloads(), caller_workloads(), claim_workloads(), page_workloads(), get_workloads(),
          wake_workloads(), memory_workloads(), http_workloads(), crowd_workloads(), export_workloads(),
          batch_workloads(), evaluate_workloads(), import_workloads()})
        all.insert(all.end(), some.begin(), some.end());
    return all;
}

/// Enough to see that everything runs and both sides do the same; its figures mean nothing.
bench_sizes quick_sizes() {
    bench_sizes sizes;
    sizes.rounds = 1;
    sizes.single = 32;
    sizes.bulk = 400;
    sizes.callers = 128;
    sizes.backlog = 1'000;
    sizes.claimed_singly = 12;
    sizes.claimed_together = 200;
    sizes.stored = 2'000;
    sizes.stuck = 1'000;
    sizes.pages = 16;
    sizes.gets = 160;
    sizes.wakes = 8;
    sizes.requests = 320;
    sizes.idle = 40;
    sizes.crowd_jobs = 1'000;
    sizes.people = 1'000;
    sizes.imported = 400;
    sizes.part_exports = 1;
    return sizes;
}

void write_file(const std::string& name, const std::string& text) {
    std::ofstream out(name, std::ios::binary);
    out << text;
    if (!out.flush()) throw std::runtime_error("cannot write " + name);
}

void run_all(const request& asked) {
    auto sizes = asked.quick ? quick_sizes() : bench_sizes{};
    if (!asked.quick) sizes.rounds = asked.rounds;
    sizes.people = asked.people.value_or(sizes.people);
    fs::create_directories(asked.folder);
    const job_mix jobs({.seed = asked.seed});
    stored_jobs stored(asked.folder / "stored", jobs, asked.seed, {sizes.stored, sizes.stuck, sizes.backlog});
    peers others(asked.peers);
    stored_profiles profiles(asked.folder / "stored-profiles", WAYBILL_GENERATE, asked.seed, sizes.people);
    bench in{jobs, sizes, asked.folder / "rounds", stored, others, profiles};

    report all{this_machine(asked.folder), sizes.rounds, {}};
    const std::regex wanted(asked.only);
    for (const auto& one : all_workloads()) {
        if (!std::regex_search(std::string(one.name), wanted)) continue;
        std::fprintf(stderr, "%s\n", std::string(one.name).c_str());
        for (auto& row : one.run(in))
            all.rows.push_back(std::move(row));
    }
    fs::remove_all(in.folder);
    if (!asked.keep)
        for (const auto* large : {"stored", "stored-profiles"})
            fs::remove_all(asked.folder / large);
    std::fputs((asked.markdown ? as_markdown(all) : as_table(all)).c_str(), stdout);
    if (!asked.json.empty()) write_file(asked.json, as_json(all));
}

fs::path beside_this_program() { return fs::read_symlink("/proc/self/exe").parent_path() / "bench-data"; }

} // namespace

int main(int argc, char** argv) {
    request asked;
    asked.folder = beside_this_program();
    CLI::App app{
        "Measures Waybill's store against hand-written SQLite and against other queues, side by side.\n"
        "Only the ratios count: see docs/performance.md.\n\n"
        "Example: waybill-bench --only '^create' --rounds 7 --json results.json",
        "waybill-bench"};
    app.add_option("--dir", asked.folder, "where the databases go; on a real disk")->capture_default_str();
    app.add_option("--json", asked.json, "write the results here, too");
    app.add_option("--only", asked.only, "regular expression: workloads to run")->capture_default_str();
    app.add_option("--rounds", asked.rounds, "rounds of each workload")
        ->capture_default_str()
        ->check(CLI::Range(std::size_t{1}, std::size_t{1'000}));
    app.add_option("--seed", asked.seed, "another seed, other jobs")->capture_default_str();
    app.add_option("--peers", asked.peers, "directory of the peers' programs");
    app.add_option("--people", asked.people, "people of the profile store that is exported [1000000]")
        ->check(CLI::Range(std::size_t{100}, std::size_t{10'000'000}));
    app.add_option("--list-everything", asked.list_everything)->group("");
    app.add_option("--export-everything", asked.export_everything)->group("");
    app.add_flag("--quick", asked.quick, "tiny sizes, one round: to see that it works");
    app.add_flag("--keep", asked.keep, "keep the large stores for the next run");
    app.add_flag("--list", asked.list, "name the workloads, run none");
    app.add_flag("--markdown", asked.markdown, "print the table as Markdown");
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& wrong) {
        return app.exit(wrong) == 0 ? 0 : 2;
    }
    try {
        if (!asked.export_everything.empty()) {
            const auto found = export_everything(asked.export_everything, asked.folder);
            std::printf("%lld %lld\n", static_cast<long long>(found.rows),
                        static_cast<long long>(found.peak));
        } else if (!asked.list_everything.empty()) {
            const auto found = list_everything(asked.list_everything, job_mix({.requests = 1}).owner());
            std::printf("%lld %lld\n", static_cast<long long>(found.jobs),
                        static_cast<long long>(found.growth));
        } else if (asked.list)
            for (const auto& one : all_workloads())
                std::printf("%s\n", std::string(one.name).c_str());
        else
            run_all(asked);
    } catch (const std::exception& problem) {
        std::fprintf(stderr, "waybill-bench: %s\n", problem.what());
        return 1;
    }
    return 0;
}
