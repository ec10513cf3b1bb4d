// Answers scenarios for reference/compare.py: reads one a line, imports, creates the job, lets a lifecycle
// with the embedded engine bring it to its end, reads the rows from the dataset, and prints what came of it,
// one line each. Knows the library by its public headers only. The format is told in scenarios.py.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <exception>
#include <iostream>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include <waybill/dataset_files.hpp>
#include <waybill/dataset_publisher.hpp>
#include <waybill/job_store.hpp>
#include <waybill/json.hpp>
#include <waybill/lifecycle.hpp>
#include <waybill/local_engine.hpp>
#include <waybill/profile_store.hpp>

#include "support/news.hpp"
#include "support/temp_directory.hpp"

namespace {

using namespace waybill;
using nlohmann::json;

template <class T>
T value_of(result<T> outcome) {
    if (outcome) return std::move(outcome).value();
    std::string text = outcome.error().message;
    for (const auto& one : outcome.error().findings)
        text += "; " + one.path + ": " + one.message;
    throw std::runtime_error(text);
}

tenant tenant_of(const json& scenario) { return {scenario.at("org"), scenario.at("sandbox")}; }

import_options options_of(const json& import, const tenant& owner) {
    import_options options;
    options.owner = owner;
    options.dataset_id = import.at("dataset");
    options.ingest_time = parse_rfc3339(import.at("ingestTime").get<std::string>()).value();
    for (const auto& path : import.value("identities", json::array()))
        options.identities.push_back({path.at("path"), path.at("namespace"), path.value("primary", false)});
    return options;
}

/// Fills in `accepted` and `rejected`.
merge_policy policy_of(const json& declared) {
    merge_policy policy;
    policy.id = declared.at("id");
    policy.graph = parse_identity_graph(declared.at("identityGraph").get<std::string>()).value();
    policy.merge = parse_attribute_merge(declared.at("attributeMerge").get<std::string>()).value();
    if (policy.merge == attribute_merge::dataset_precedence)
        policy.datasets = declared.at("order").get<std::vector<std::string>>();
    return policy;
}

/// In the order of their versions, which the store counts by itself.
void declare_all(const json& scenario, profile_store& store) {
    auto declared = scenario.value("policies", json::array()).get<std::vector<json>>();
    std::sort(declared.begin(), declared.end(),
              [](const json& a, const json& b) { return a.at("version") < b.at("version"); });
    for (const auto& one : declared)
        value_of(store.declare_policy(tenant_of(scenario), policy_of(one)));
}

void import_all(const json& scenario, const std::filesystem::path& profiles, json& outcome) {
    auto store = value_of(profile_store::open(profiles));
    declare_all(scenario, store);
    outcome["accepted"] = outcome["rejected"] = json::array();
    for (const auto& import : scenario.at("imports")) {
        std::istringstream text(import.at("text").get<std::string>());
        const auto options = options_of(import, tenant_of(scenario));
        const auto done = value_of(import.at("kind") == "events" ? store.import_events(text, options)
                                                                 : store.import_profiles(text, options));
        outcome["accepted"].push_back(done.added + done.replaced + done.unchanged);
        outcome["rejected"].push_back(done.rejected);
    }
}

/// A store, datasets and an engine of its own.
class host {
  public:
    explicit host(const std::filesystem::path& place)
        : datasets_(place / "datasets"),
          publisher_(value_of(dataset_publisher::open(datasets_))),
          store_(value_of(job_store::open(store_options(place)))),
          engine_({.profiles = place / "profiles.db", .datasets = datasets_, .threads = 1}),
          driver_(store_.owner(), engine_, *publisher_, once()) {
        publisher_->on_news(told_.listener());
        engine_.on_news(told_.listener());
    }

    export_job run(const tenant& owner, const std::string& body) {
        const auto id = value_of(store_.create(owner, value_of(parse_new_export_job(body)))).id;
        driver_.recover(std::chrono::steady_clock::now());
        told_.wait_until([&] {
            driver_.tick(std::chrono::steady_clock::now());
            return is_final(value_of(store_.find(owner, id)).status);
        });
        return value_of(store_.find(owner, id));
    }

    json rows(const export_job& job, const export_batch& batch) const {
        const auto files = value_of(published_files::open(datasets_, job.owner, job.request.dataset_id,
                                                          batch.batch_id, published_files::reach::visible));
        std::string text;
        for (std::size_t i = 0; i < files.list().size(); ++i)
            text += value_of(files.open_file(i)).read(0, static_cast<std::size_t>(files.list()[i].length));
        auto found = json::array();
        std::istringstream lines(text);
        for (std::string line; std::getline(lines, line);)
            found.push_back(line);
        return found;
    }

  private:
    static job_store_options store_options(const std::filesystem::path& place) {
        job_store_options options;
        options.file = place / "jobs.db";
        return options;
    }
    /// What goes wrong is final, so that nothing waits for a second attempt.
    static lifecycle_options once() {
        lifecycle_options options;
        options.attempts = 1;
        return options;
    }

    test::news told_;
    std::filesystem::path datasets_;
    std::unique_ptr<dataset_publisher> publisher_;
    job_store store_;
    local_engine engine_;
    lifecycle driver_;
};

json batch_of(const host& where, const export_job& job, const export_batch& batch) {
    json shown{{"segmentId", nullptr}, {"segmentNs", nullptr}, {"rows", where.rows(job, batch)}};
    if (batch.segment) {
        const auto& segment = job.request.filter->segments.at(*batch.segment);
        shown["segmentId"] = segment.segment_id;
        shown["segmentNs"] = segment.segment_ns;
    }
    return shown;
}

void show_end(const host& where, const export_job& job, json& outcome) {
    outcome["status"] = to_text(job.status);
    outcome["batches"] = json::array();
    outcome["counters"] = {{"total", job.metrics.exported.value_or(0)}, {"byNamespace", json::object()}};
    for (const auto& [ns, count] : job.metrics.exported_by_namespace)
        outcome["counters"]["byNamespace"][ns] = count;
    for (const auto& one : job.errors)
        outcome["error"] = outcome.value("error", "") + one.code + " " + one.msg + ". ";
    if (job.status != job_status::succeeded) return;
    for (const auto& batch : job.batches)
        outcome["batches"].push_back(batch_of(where, job, batch));
}

json outcome_of(const json& scenario) {
    json outcome{{"seed", scenario.at("seed")}};
    const test::temp_directory place(test::fast_place());
    try {
        import_all(scenario, place / "profiles.db", outcome);
        host where(place.path());
        show_end(where, where.run(tenant_of(scenario), scenario.at("job").dump()), outcome);
    } catch (const std::exception& trouble) {
        outcome["status"] = std::string("trouble: ") + trouble.what();
    }
    return outcome;
}

} // namespace

int main() {
    for (std::string line; std::getline(std::cin, line);)
        std::cout << outcome_of(json::parse(line)).dump() << std::endl;
}
