#include "profile/export_scan.hpp"

#include <string>

#include <waybill/error_codes.hpp>
#include <waybill/result.hpp>

#include "profile/candidate_walk.hpp"
#include "profile/export_plan.hpp"
#include "profile/name_registry.hpp"
#include "profile/policy_table.hpp"
#include "profile/row_maker.hpp"
#include "profile/shared_snapshot.hpp"

namespace waybill::profile {
namespace {

/// Enough to be worth waking a thread for, few enough to keep all of them at work to the end.
constexpr std::size_t candidates_at_once = 512;

job_error unknown_policy(const merge_policy_ref& asked) {
    return errors::unknown_merge_policy.about(
        asked.version ? asked.id + " version " + std::to_string(*asked.version) : asked.id);
}

} // namespace

std::optional<job_error> store_source::check(const new_export_job& request) {
    if (request.evaluate_segments.value_or(false)) return errors::segments_not_evaluated.about();
    const auto asked = applicable_merge_policy(request.merge_policy);
    const auto built_in = built_in_policy(asked.id);
    if (built_in && asked.version != built_in->version) return unknown_policy(asked);
    return std::nullopt;
}

std::unique_ptr<profile_scan> store_source::open(const tenant& owner, const new_export_job& request,
                                                 std::size_t readers) {
    std::error_code unreadable; // then opening says why
    if (!std::filesystem::exists(file_, unreadable) && !unreadable)
        throw store_failure(store_failure::kind::io, "there is no such file");
    return std::make_unique<export_scan>(file_, owner, request, readers);
}

struct export_scan::impl {
    shared_snapshot
        snapshot; ///< the first connection is the walk's, and the reader's where there is only one
    export_plan plan;
    std::optional<std::int64_t> tenant_id;
    merge_policy policy;
    std::optional<candidate_rule> rule;
    std::optional<candidate_walk> walk;
    std::int64_t candidates = 0;
    std::size_t readers = 0;

    impl(const std::filesystem::path& file, const tenant& owner, const new_export_job& request,
         std::size_t wanted);
};

export_scan::impl::impl(const std::filesystem::path& file, const tenant& owner, const new_export_job& request,
                        std::size_t wanted)
    : snapshot(file, wanted > 1 ? wanted + 1 : 1), plan(plan_export(request)) {
    auto& connection = snapshot[0];
    tenant_id = find_tenant(connection, owner);
    const auto asked = applicable_merge_policy(request.merge_policy);
    auto found = find_policy(connection, tenant_id, asked);
    if (!found) throw export_refused{unknown_policy(asked)};
    policy = std::move(*found);
    if (!tenant_id) return;
    rule.emplace(connection, *tenant_id, plan);
    walk.emplace(connection, *rule);
    candidates = walk->count();
}

export_scan::export_scan(const std::filesystem::path& profiles, const tenant& owner,
                         const new_export_job& request, std::size_t readers)
    : self_(std::make_unique<impl>(profiles, owner, request, readers)) {}

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
    const std::size_t shared = self.snapshot.size() == 1 ? 0 : 1;
    const auto next = self.readers + shared;
    if (!self.tenant_id || next >= self.snapshot.size()) return nullptr;
    ++self.readers;
    return std::make_unique<row_maker>(self.snapshot[next], *self.tenant_id, self.plan, self.policy,
                                       *self.rule);
}

} // namespace waybill::profile
