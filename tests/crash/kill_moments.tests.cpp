// kill -9 of the real host at twenty moments spread over an export of 100,000 profiles, each followed by a
// start.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <sstream>
#include <thread>

#include <catch2/catch.hpp>

#include <waybill/dataset_publisher.hpp>
#include <waybill/job_store.hpp>
#include <waybill/profile_store.hpp>

#include "support/a_job.hpp"
#include "support/program.hpp"
#include "support/temp_directory.hpp"

using namespace waybill;
using namespace waybill::test;
namespace fs = std::filesystem;

namespace {

constexpr int profiles = 100'000;

/// One store, one set of profiles and one datasets' root, with one job in it.
class crashing_host {
  public:
    crashing_host() {
        std::stringstream records;
        for (int i = 0; i < profiles; ++i)
            records << R"({"_acme":{"id":")" << i << R"("},"person":{"name":{"fullName":"Somebody Number )"
                    << i << R"("}},"personalEmail":{"address":"somebody.)" << i << R"(@example.com"}})"
                    << '\n';
        import_options how;
        how.owner = acme;
        how.dataset_id = "crm";
        how.identities = {{"_acme.id", "CRMID", true}};
        auto store = profile_store::open(directory_ / "profiles.db").value();
        REQUIRE(store.import_profiles(records, how).value().added == profiles);
    }

    /// A new job for a dataset of its own, made while no host runs.
    export_job create(const std::string& dataset) {
        job_store_options how;
        how.file = directory_ / "jobs.db";
        return job_store::open(how).value().create(acme, a_job(dataset)).value();
    }
    std::unique_ptr<running_host> start() {
        return std::make_unique<running_host>(directory_.path(), std::vector<std::string>{"--insecure-dev"});
    }

    export_job find(job_id id) {
        return job_reader::open(directory_ / "jobs.db").value().find(acme, id).value();
    }
    fs::path dataset(const export_job& job) const {
        return dataset_directory(directory_ / "datasets", acme, job.request.dataset_id);
    }
    fs::path batch(const export_job& job) const {
        return dataset(job) / ("batch-" + job.batches.at(0).batch_id);
    }
    /// The batch of the attempt that runs now, if there is one.
    std::optional<fs::path> staged(const export_job& job) const {
        std::error_code gone; // it may vanish while we look
        for (fs::directory_iterator at(dataset(job) / ".staging", gone), end; !gone && at != end;
             at.increment(gone))
            return at->path() / batch(job).filename();
        return std::nullopt;
    }
    std::uintmax_t staged_bytes(const export_job& job) const {
        const auto place = staged(job);
        std::error_code gone;
        const auto size = place ? fs::file_size(*place / "part-00000.ndjson", gone) : 0;
        return gone ? 0 : size;
    }
    std::uintmax_t published_bytes(const export_job& job) const {
        return fs::file_size(batch(job) / "part-00000.ndjson");
    }

  private:
    temp_directory directory_;
};

/// Looks again and again, without sleeping; a minute and a half only ends a hung test.
void spin_until(const std::function<bool()>& come) {
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds{90};
    while (!come()) {
        if (std::chrono::steady_clock::now() > give_up) throw std::runtime_error("it never came to this");
        std::this_thread::yield();
    }
}

/// Every row once: the ids 0 to 99,999.
void check_rows(const fs::path& part) {
    std::vector<bool> seen(profiles);
    int rows = 0;
    for (const auto& line : lines_of(part)) {
        constexpr std::string_view member = R"("id":")";
        const auto at = line.find(member);
        REQUIRE(at != std::string::npos);
        const auto id = static_cast<std::size_t>(std::stoi(line.substr(at + member.size())));
        REQUIRE_FALSE(seen.at(id));
        seen[id] = true;
        ++rows;
    }
    CHECK(rows == profiles);
}

void check_published_once(crashing_host& crashing, const export_job& created) {
    const auto job = crashing.find(created.id);
    CHECK(job.status == job_status::succeeded);
    CHECK(job.errors.empty());
    CHECK(job.batches.at(0).rows == profiles);
    const auto current = nlohmann::json::parse(read_file(crashing.dataset(job) / "current.json"));
    CHECK(current["jobId"] == job.id);
    CHECK(current["superseded"].empty());
    CHECK(current["batches"].size() == 1);
    CHECK(current["batches"][0]["batchId"] == job.batches[0].batch_id);
    const auto in_place = std::count_if(
        fs::directory_iterator(crashing.dataset(job)), fs::directory_iterator{},
        [](const auto& entry) { return entry.path().filename().string().starts_with("batch-"); });
    CHECK(in_place == 1);
    CHECK(fs::exists(crashing.batch(job) / "_SUCCESS"));
    check_rows(crashing.batch(job) / "part-00000.ndjson");
}

} // namespace

TEST_CASE(
    "a host killed at any of twenty moments of an export ends it after the next start, published once") {
    crashing_host crashing;
    const auto undisturbed = crashing.create("undisturbed");
    {
        const auto host = crashing.start();
        spin_until([&] { return is_final(crashing.find(undisturbed.id).status); });
        CHECK(host->stop() == 0);
    }
    check_published_once(crashing, undisturbed);
    const auto whole = crashing.published_bytes(undisturbed);

    constexpr int moments = 20;
    constexpr int while_staging = 15;
    int killed_before_publication = 0;
    for (int moment = 0; moment < moments; ++moment) {
        const auto job = crashing.create("killed-" + std::to_string(moment));
        const auto reached = [&] {
            const auto staged = crashing.staged(job);
            switch (moment - while_staging) {
            case 0: return staged && fs::exists(*staged / "manifest.json");
            case 1: return staged && fs::exists(*staged / "_SUCCESS");
            case 2: return fs::exists(crashing.batch(job));
            case 3: return fs::exists(crashing.dataset(job) / "current.json");
            case 4: return is_final(crashing.find(job.id).status);
            default:
                return staged && crashing.staged_bytes(job) >=
                                     whole * static_cast<std::uintmax_t>(moment) / while_staging;
            }
        };
        {
            const auto host = crashing.start();
            // A fast export may be past the moment before anybody sees it.
            spin_until([&] { return reached() || fs::exists(crashing.dataset(job) / "current.json"); });
            host->kill();
        }
        INFO("moment " << moment);
        if (!fs::exists(crashing.dataset(job) / "current.json")) ++killed_before_publication;
        const auto host = crashing.start();
        spin_until([&] { return is_final(crashing.find(job.id).status); });
        CHECK(host->stop() == 0);
        check_published_once(crashing, job);
    }
    // The moments are worth something only when most of them come before the publication.
    CHECK(killed_before_publication >= while_staging - 1);
}
