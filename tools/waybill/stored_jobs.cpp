#include "job_source.hpp"

#include <pwd.h>
#include <unistd.h>

#include <waybill/job_store.hpp>
#include <waybill/json.hpp>

#include "command_failure.hpp"
#include "owned_store.hpp"

namespace waybill::tool {

namespace {

using json = nlohmann::ordered_json;

/// For the audit: the user of the system, by name where it has one.
caller whoever_runs_this() {
    const auto user = ::geteuid();
    const auto* const known = ::getpwuid(user); // NOLINT(concurrency-mt-unsafe): one thread
    return {"waybill:" + (known != nullptr ? std::string(known->pw_name) : std::to_string(user)), {}};
}

json batches_of(const export_job& job) {
    auto all = json::array();
    for (const auto& batch : job.batches) {
        json one{{"batchId", batch.batch_id}};
        if (batch.segment && job.request.filter) {
            const auto& segment = job.request.filter->segments.at(*batch.segment);
            one["segmentId"] = segment.segment_id;
            one["segmentNs"] = segment.segment_ns;
        }
        if (batch.rows) one["rows"] = *batch.rows;
        if (batch.bytes) one["bytes"] = *batch.bytes;
        all.push_back(std::move(one));
    }
    return all;
}

json timeline_of(const std::vector<job_transition>& transitions) {
    auto all = json::array();
    for (const auto& move : transitions)
        all.push_back({{"sequence", move.sequence},
                       {"from", move.from ? json(to_text(*move.from)) : json()},
                       {"to", to_text(move.to)},
                       {"at", to_rfc3339(move.at)},
                       {"attempt", move.attempt},
                       {"epoch", move.epoch},
                       {"actor", move.actor},
                       {"reason", move.reason}});
    return all;
}

class store_source final : public job_source {
  public:
    store_source(std::filesystem::path file, tenant owner)
        : file_(std::move(file)), owner_(std::move(owner)) {}

    std::string list(const job_query& query) override {
        auto reader = expect(job_reader::open(file_));
        std::string text;
        append_json(text, expect(reader.list(owner_, query)), list_request{true, query});
        return text;
    }

    job_view show(job_id id) override {
        auto reader = expect(job_reader::open(file_));
        const auto job = expect(reader.find(owner_, id));
        job_view view{{}, batches_of(job), timeline_of(expect(reader.transitions(owner_, id)))};
        append_json(view.document, job);
        return view;
    }

    std::string cancel(job_id id) override {
        switch (expect(
            open_for(id, "cancel").cancel(owner_, id, "admin", "waybill jobs cancel", whoever_runs_this()))) {
        case cancel_outcome::cancelled: return "cancelled";
        case cancel_outcome::cancelling: return "cancelling";
        case cancel_outcome::repeated: return "repeated";
        case cancel_outcome::removed: return "removed";
        }
        return {};
    }

    std::string retry(job_id id) override {
        std::string document;
        append_json(document,
                    expect(open_for(id, "retry").retry(owner_, id, {}, "admin", whoever_runs_this())));
        return document;
    }

  private:
    /// For writing. That would move the store's epoch even when there is no such job.
    job_store open_for(job_id id, const std::string& verb) {
        expect(expect(job_reader::open(file_)).find(owner_, id));
        return own_store(file_, "Ask the owner instead: waybill jobs " + verb +
                                    " ID --url http://HOST:PORT, with WAYBILL_TOKEN and WAYBILL_API_KEY");
    }

    std::filesystem::path file_;
    tenant owner_;
};

} // namespace

std::unique_ptr<job_source> stored_jobs(const std::filesystem::path& file, const tenant& owner) {
    return std::make_unique<store_source>(file, owner);
}

} // namespace waybill::tool
