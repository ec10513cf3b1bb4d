// A profile store beside a segment store: runs the exports of jobs that evaluate segments, and publishes the
// memberships that they stage, at moments that the test sets.
#pragma once

#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include <waybill/segment_store.hpp>

#include "support/profile_fixture.hpp"
#include "support/temp_segments.hpp"

namespace waybill::test {

class evaluated_profiles {
  public:
    temp_profiles profiles{};
    timestamp now = at("2026-11-23T12:00:00Z");
    membership_states states = membership_states::three;

    void define(const std::string& id, std::string expression, bool exclude_opt_out = true,
                segment_lifecycle lifecycle = segment_lifecycle::published) {
        auto what = a_segment(id, std::move(expression));
        what.exclude_opt_out = exclude_opt_out;
        what.lifecycle = lifecycle;
        if (const auto made = store_.create(acme, what, id); !made)
            throw std::invalid_argument(id + ": " + made.error().message);
    }

    struct outcome {
        std::vector<std::string> rows; ///< members in the order of their names
        std::string staged;
        std::optional<segment_evaluation_report> report;
    };

    /// Exports, and leaves what it stages to the caller.
    outcome attempt(const new_export_job& job) const {
        outcome out;
        {
            profile::export_scan scan({profiles.file(), file(), states, [this] { return now; }}, acme, job);
            if (const auto evaluation = scan.evaluation()) out.staged = evaluation->staged_head;
            auto rows = scan.reader();
            for (auto some = scan.next(); rows && !some.empty(); some = scan.next())
                for (const auto candidate : some) {
                    if (const auto row = rows->read(candidate)) out.rows.push_back(in_order(row->json));
                    out.staged += rows->membership_changes();
                }
            rows.reset(); // the counts are complete once it is gone
            out.report = scan.evaluation();
        }
        return out;
    }

    void publish(const outcome& what) { publish(what, ++sequence_); }
    void publish(const outcome& what, std::int64_t sequence) {
        if (what.staged.empty()) return;
        const auto staged = directory_.path() / "memberships";
        std::ofstream(staged, std::ios::trunc | std::ios::binary) << what.staged;
        store_.take_memberships(acme, sequence, sequence, staged);
    }

    /// Exports and publishes.
    outcome run(const new_export_job& job) {
        auto done = attempt(job);
        publish(done);
        return done;
    }

    std::filesystem::path file() const { return directory_.path() / "segments.db"; }

  private:
    temp_directory directory_;
    segment_store store_ = segment_store::open({.file = file()}).value();
    std::int64_t sequence_ = 0;
};

/// Exports the members of these segments, evaluated first.
inline new_export_job evaluating(std::vector<std::string> ids,
                                 std::vector<membership_status> statuses = {membership_status::realized,
                                                                            membership_status::existing}) {
    auto job = a_job();
    auto& filter = job.filter.emplace();
    for (auto& id : ids)
        filter.segments.push_back({std::move(id), "ups", statuses});
    job.evaluate_segments = true;
    return job;
}

/// A record of somebody who qualifies for what the tests ask, or not.
inline std::string vip(const std::string& crm, bool is = true) {
    return R"({"crm":")" + crm + R"(","vip":)" + (is ? "true" : "false") + "}\n";
}

/// Who is exported, and each one's memberships.
inline new_export_job shown(new_export_job job) {
    job.fields = "crm,segmentMembership";
    return job;
}

inline std::string row_of(const std::string& crm, const std::string& memberships) {
    return in_order(R"({"crm":")" + crm + R"(","segmentMembership":)" + memberships + "}");
}

inline std::string entry(const std::string& status, const std::string& time) {
    return R"({"status":")" + status + R"(","lastQualificationTime":")" + time + R"("})";
}

} // namespace waybill::test
