#include "listing_memory.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <stdexcept>
#include <string>

#include <waybill/job_store.hpp>
#include <waybill/json.hpp>

#include "peers.hpp"

namespace waybill::bench {
namespace {

constexpr std::size_t piece = 500;

} // namespace

std::int64_t anonymous_memory(const std::string& status) {
    std::ifstream lines(status);
    for (std::string line; std::getline(lines, line);)
        if (line.starts_with("RssAnon:")) return std::stoll(line.substr(8)) * 1024;
    throw std::runtime_error(status + " has no RssAnon");
}

listing_memory list_everything(const std::filesystem::path& file, const tenant& owner) {
    listing_memory found;
    auto reader = job_reader::open(file).value();
    const auto before = anonymous_memory();
    job_query query{piece, std::nullopt, {}};
    for (bool more = true; more;) {
        const auto page = reader.list(owner, query).value();
        std::string text;
        for (const auto& job : page.jobs)
            append_json(text, job);
        found.jobs += static_cast<std::int64_t>(page.jobs.size());
        found.growth = std::max(found.growth, anonymous_memory() - before);
        if (!page.jobs.empty()) query.after = position_of(page.jobs.back());
        more = page.more;
    }
    return found;
}

listing_memory list_everything_apart(const std::filesystem::path& file) {
    const auto program = std::filesystem::read_symlink("/proc/self/exe");
    const auto text = output_of({program, "--list-everything", file});
    listing_memory found;
    long long jobs = 0;
    long long growth = 0;
    if (std::sscanf(text.c_str(), "%lld %lld", &jobs, &growth) != 2)
        throw std::runtime_error("listing in a process of its own failed");
    return {jobs, growth};
}

} // namespace waybill::bench
