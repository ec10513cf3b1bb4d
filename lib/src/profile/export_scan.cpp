#include "profile/export_scan.hpp"

#include <algorithm>
#include <mutex>
#include <string>

#include <waybill/error_codes.hpp>
#include <waybill/result.hpp>

#include "profile/candidate_walk.hpp"
#include "profile/evaluated_members.hpp"
#include "profile/export_plan.hpp"
#include "profile/membership_entry.hpp"
#include "profile/name_registry.hpp"
#include "profile/policy_table.hpp"
#include "profile/profile_schema.hpp"
#include "profile/row_maker.hpp"
#include "profile/segment_plan.hpp"
#include "profile/shared_snapshot.hpp"
#include "segments/segment_schema.hpp"
#include "segments/staged_memberships.hpp"

namespace waybill::profile {
namespace {

/// Enough to be worth waking a thread for, few enough to keep all of them at work to the end.
constexpr std::size_t candidates_at_once = 512;

job_error unknown_policy(const merge_policy_ref& asked) {
    return errors::unknown_merge_policy.about(
        asked.version ? asked.id + " version " + std::to_string(*asked.version) : asked.id);
}

/// Whether rows, or who has one, depend on memberships.
bool shows_memberships(const export_plan& plan) {
    return plan.fields.find(membership_member) || !plan.segments.empty() || plan.qualified;
}

segment_evaluation_report report_of(const segment_plan& plan, const evaluation_counts& counts,
                                    const std::string& policy) {
    segment_evaluation_report report{plan.now, counts.profiles, {}, {}};
    segments::staged_evaluation head{policy, plan.now, {}};
    for (std::size_t i = 0; i < plan.evaluated.size(); ++i) {
        const auto& segment = plan.evaluated[i];
        const auto& count = counts.segments.at(i);
        report.segments.push_back({segment.id, segment.version, segment.expression_sha256, count.realized,
                                   count.existing, count.exited});
        head.segments.push_back(segment.id);
    }
    append_line(report.staged_head, head);
    return report;
}

} // namespace

std::optional<job_error> store_source::check(const new_export_job& request) {
    if (files_.segments.empty() && request.evaluate_segments.value_or(false))
        return errors::segments_not_evaluated.about();
    const auto asked = applicable_merge_policy(request.merge_policy);
    const auto built_in = built_in_policy(asked.id);
    if (built_in && asked.version != built_in->version) return unknown_policy(asked);
    return std::nullopt;
}

std::unique_ptr<profile_scan> store_source::open(const tenant& owner, const new_export_job& request,
                                                 std::size_t readers) {
    std::error_code unreadable; // then opening says why
    if (!std::filesystem::exists(files_.profiles, unreadable) && !unreadable)
        throw store_failure(store_failure::kind::io, "there is no such file");
    return std::make_unique<export_scan>(files_, owner, request, readers);
}

/// The snapshot of memberships, what to evaluate, and what readers have told of it.
struct evaluated_segments {
    shared_snapshot snapshot;
    segment_plan plan;
    std::mutex guard; ///< of the counts
    evaluation_counts counts{};

    evaluated_segments(const profile_files& files, const tenant& owner, const new_export_job& request,
                       std::size_t connections)
        : snapshot(files.segments, connections, segments::expect_newest_schema),
          plan(plan_segments(snapshot[0], owner, request, files.states, files.now())) {
        counts.segments.resize(plan.evaluated.size());
    }
};

/// Tells what its evaluation has come to at its end, for which no memory may be needed.
class counting_reader final : public profile_reader {
  public:
    counting_reader(std::unique_ptr<row_maker> rows, std::shared_ptr<evaluated_segments> to)
        : rows_(std::move(rows)), to_(std::move(to)) {}
    ~counting_reader() override {
        const auto* const counts = rows_->counts();
        if (counts == nullptr) return;
        const std::lock_guard hold(to_->guard);
        to_->counts.add(*counts);
    }
    std::optional<exported_row> read(std::int64_t candidate) override { return rows_->read(candidate); }
    std::string_view membership_changes() const override { return rows_->membership_changes(); }

  private:
    std::unique_ptr<row_maker> rows_;
    std::shared_ptr<evaluated_segments> to_;
};

struct export_scan::impl {
    shared_snapshot
        snapshot; ///< the first connection is the walk's, and the reader's where there is only one
    std::shared_ptr<evaluated_segments> segments; ///< where there are any
    export_plan plan;
    std::optional<std::int64_t> tenant_id;
    merge_policy policy;
    std::optional<candidate_rule> rule;
    std::optional<candidate_walk> walk;
    std::int64_t candidates = 0;
    std::size_t readers = 0;

    impl(const profile_files& files, const tenant& owner, const new_export_job& request, std::size_t wanted);
    candidate_rule::evaluated candidates_by_evaluation();
    std::size_t connections() const {
        return segments ? std::min(snapshot.size(), segments->snapshot.size()) : snapshot.size();
    }
};

export_scan::impl::impl(const profile_files& files, const tenant& owner, const new_export_job& request,
                        std::size_t wanted)
    : snapshot(files.profiles, wanted > 1 ? wanted + 1 : 1, expect_newest_schema),
      plan(plan_export(request)) {
    auto& connection = snapshot[0];
    tenant_id = find_tenant(connection, owner);
    const auto asked = applicable_merge_policy(request.merge_policy);
    auto found = find_policy(connection, tenant_id, asked);
    if (!found) throw export_refused{unknown_policy(asked)};
    policy = std::move(*found);
    if (!tenant_id) return;
    if (!files.segments.empty()) {
        segments = std::make_shared<evaluated_segments>(files, owner, request, snapshot.size());
        if (!segments->plan.evaluates() && !(segments->plan.population && shows_memberships(plan)))
            segments.reset();
    }
    rule.emplace(connection, *tenant_id, plan, candidates_by_evaluation());
    walk.emplace(connection, *rule);
    candidates = walk->count();
}

candidate_rule::evaluated export_scan::impl::candidates_by_evaluation() {
    if (!segments) return {};
    if (segments->plan.evaluates()) return {true, {}};
    auto members = evaluated_members(snapshot[0], segments->snapshot[0], *tenant_id, plan, segments->plan);
    if (!members) return {true, {}};
    return {false, std::move(*members)};
}

export_scan::export_scan(const profile_files& files, const tenant& owner, const new_export_job& request,
                         std::size_t readers)
    : self_(std::make_unique<impl>(files, owner, request, readers)) {}

export_scan::~export_scan() = default;

std::int64_t export_scan::candidates() const { return self_->candidates; }

std::vector<std::int64_t> export_scan::next() {
    std::vector<std::int64_t> some;
    if (!self_->walk) return some;
    some.reserve(candidates_at_once);
    while (some.size() < candidates_at_once)
        if (const auto one = self_->walk->next())
            some.push_back(*one);
        else
            break;
    return some;
}

std::unique_ptr<profile_reader> export_scan::reader() {
    auto& self = *self_;
    const std::size_t shared = self.connections() == 1 ? 0 : 1;
    const auto next = self.readers + shared;
    if (!self.tenant_id || next >= self.connections()) return nullptr;
    ++self.readers;
    if (!self.segments)
        return std::make_unique<row_maker>(self.snapshot[next], *self.tenant_id, self.plan, self.policy,
                                           *self.rule);
    auto rows = std::make_unique<row_maker>(self.snapshot[next], *self.tenant_id, self.plan, self.policy,
                                            *self.rule, &self.segments->snapshot[next], &self.segments->plan);
    return std::make_unique<counting_reader>(std::move(rows), self.segments);
}

std::optional<segment_evaluation_report> export_scan::evaluation() const {
    const auto& self = *self_;
    if (!self.segments || !self.segments->plan.evaluates()) return std::nullopt;
    const std::lock_guard hold(self.segments->guard);
    return report_of(self.segments->plan, self.segments->counts, self.policy.id);
}

} // namespace waybill::profile
