// The Spark engine before a server of the test's own, with real spools and datasets in a directory. The test
// plays the driver: it claims, tells its progress and stages as a driver does, by the same files.
#pragma once

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include <waybill/spark_engine.hpp>

#include "disk/directory.hpp"
#include "disk/durable_file.hpp"
#include "support/news.hpp"
#include "support/staged_job.hpp"
#include "support/temp_directory.hpp"

namespace waybill::test {

/// Until it is so, however long that takes; the long wait only ends a hung test.
inline void eventually(const std::function<bool()>& so) {
    std::mutex guard;
    std::condition_variable nobody_rings;
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    for (std::unique_lock hold(guard); !so(); nobody_rings.wait_for(hold, std::chrono::milliseconds(1)))
        if (std::chrono::steady_clock::now() > end) throw std::runtime_error("it never came to that");
}

/// The driver of one attempt.
class played_driver {
  public:
    played_driver(std::filesystem::path root, publication what)
        : root_(std::move(root)), what_(std::move(what)) {}

    std::filesystem::path spool() const { return root_ / ".spark" / to_text(what_.key); }
    bool is_recorded() const { return std::filesystem::exists(spool() / "request.json"); }
    bool is_cancelled() const { return std::filesystem::exists(spool() / "cancel"); }
    nlohmann::json request() const { return nlohmann::json::parse(contents(spool() / "request.json")); }

    /// False: another driver has the attempt.
    bool claim(const std::optional<std::string>& id, const std::string& application = "app-1") const {
        const auto staging = staging_of(root_, what_);
        disk::make_directories(staging.parent_path());
        if (!disk::make_directory(staging)) return false;
        nlohmann::json claim{{"applicationId", application}, {"host", "worker"}, {"at", 1'700'000'000'000}};
        claim["submissionId"] = id ? nlohmann::json(*id) : nlohmann::json();
        write("claim.json", claim.dump());
        return true;
    }
    void progress(std::int64_t looked_at, std::int64_t exported) const {
        write("progress.json", counters(looked_at, exported).dump());
    }
    /// All rows of its batches, three each.
    void stage() const {
        test::stage(root_, what_);
        auto result = counters(3, 3 * static_cast<std::int64_t>(what_.job.batches.size()));
        result["state"] = "staged";
        result["transient"] = false;
        result["errors"] = nlohmann::json::array();
        write("result.json", result.dump());
    }
    void fail(const std::vector<job_error>& errors, bool transient) const {
        auto result = counters(2, 1);
        result["state"] = "failed";
        result["transient"] = transient;
        for (const auto& one : errors)
            result["errors"].push_back({{"code", one.code}, {"msg", one.msg}, {"callStack", one.call_stack}});
        write("result.json", result.dump());
    }
    void write(const std::string& name, const std::string& text) const {
        disk::replace_file(spool() / name, spool() / ('.' + name + ".new"), text);
    }

  private:
    static nlohmann::json counters(std::int64_t looked_at, std::int64_t exported) {
        return {{"candidates", 3},
                {"lookedAt", looked_at},
                {"exported", exported},
                {"byNamespace", {{"Email", exported}}},
                {"profileExport", {{"start", 1'700'000'000'000}, {"end", nullptr}}},
                {"datasetWrite", nullptr}};
    }

    std::filesystem::path root_;
    publication what_;
};

struct spark_bench {
    temp_directory root;
    news told;
    std::vector<std::string> problems;
    std::vector<std::string> notices;
    std::mutex guard; ///< of what was told to the operator

    spark_engine_options options(const std::string& url) {
        spark_engine_options how;
        how.cluster = parse_spark_url(url).value();
        how.datasets = root.path();
        how.profiles = "/profiles";
        how.driver = "/opt/waybill/driver.py";
        how.spool_interval = how.first_wait = std::chrono::milliseconds{2};
        how.longest_wait = std::chrono::milliseconds{8};
        how.on_problem = [this](std::string_view what) {
            const std::lock_guard hold(guard);
            problems.emplace_back(what);
        };
        how.on_notice = [this](std::string_view what) {
            const std::lock_guard hold(guard);
            notices.emplace_back(what);
        };
        return how;
    }
    std::unique_ptr<spark_engine> engine(spark_engine_options how) const {
        auto made = std::make_unique<spark_engine>(std::move(how));
        made->on_news(told.listener());
        return made;
    }
    std::unique_ptr<spark_engine> engine(const std::string& url) { return engine(options(url)); }

    attempt_report wait_for(spark_engine& of, const staging_key& key, attempt_state state) const {
        attempt_report report;
        told.wait_until([&] {
            report = of.poll(key);
            return report.state == state;
        });
        return report;
    }
    played_driver driver(const publication& what) const { return {root.path(), what}; }
};

} // namespace waybill::test
