#include "profile/export_scan.hpp"

#include <string>

#include <waybill/error_codes.hpp>
#include <waybill/result.hpp>

#include "profile/candidate_walk.hpp"
#include "profile/export_plan.hpp"
#include "profile/name_registry.hpp"
#include "profile/policy_table.hpp"
#include "profile/profile_schema.hpp"
#include "sql/transaction.hpp"

namespace waybill::profile {
namespace {

constexpr std::int64_t candidates_between_reports = 8;

job_error unknown_policy(const merge_policy_ref& asked) {
    return errors::unknown_merge_policy.about(
        asked.version ? asked.id + " version " + std::to_string(*asked.version) : asked.id);
}

/// Whether the policies of the store have it; nothing when that cannot be told now.
std::optional<bool> has_policy(const std::filesystem::path& profiles, const tenant& owner,
                               const merge_policy_ref& asked) {
    try {
        sql::connection on(profiles, sql::access::read);
        expect_newest_schema(on);
        const sql::snapshot one_state(on);
        return find_policy(on, find_tenant(on, owner), asked).has_value();
    } catch (const store_failure&) {
        return std::nullopt; // the attempt will say why
    }
}

} // namespace

std::optional<job_error> check_request(const std::filesystem::path& profiles, const tenant& owner,
                                       const new_export_job& request) {
    if (request.evaluate_segments.value_or(false)) return errors::segments_not_evaluated.about();
    const auto asked = applicable_merge_policy(request.merge_policy);
    if (const auto known = built_in_policy(asked.id)) {
        if (asked.version == known->version) return std::nullopt;
        return unknown_policy(asked);
    }
    if (!has_policy(profiles, owner, asked).value_or(true)) return unknown_policy(asked);
    return std::nullopt;
}

struct export_scan::impl {
    sql::connection connection;
    sql::snapshot snapshot;
    export_plan plan;
    std::optional<std::int64_t> tenant_id;
    merge_policy policy;
    std::optional<candidate_rule> rule;
    std::int64_t candidates = 0;

    impl(const std::filesystem::path& file, const tenant& owner, const new_export_job& request);
};

export_scan::impl::impl(const std::filesystem::path& file, const tenant& owner, const new_export_job& request)
    : connection(file, sql::access::read), snapshot(connection), plan(plan_export(request)) {
    expect_newest_schema(connection);
    tenant_id = find_tenant(connection, owner);
    const auto asked = applicable_merge_policy(request.merge_policy);
    auto found = find_policy(connection, tenant_id, asked);
    if (!found) throw export_refused{unknown_policy(asked)};
    policy = std::move(*found);
    if (!tenant_id) return;
    rule.emplace(connection, *tenant_id, plan);
    candidates = candidate_walk(connection, *rule).count();
}

export_scan::export_scan(const std::filesystem::path& profiles, const tenant& owner,
                         const new_export_job& request)
    : self_(std::make_unique<impl>(profiles, owner, request)) {}

export_scan::~export_scan() = default;

std::int64_t export_scan::candidates() const { return self_->candidates; }

void export_scan::run(const std::function<bool(const exported_row&)>& sink,
                      const std::function<bool(std::int64_t)>& on_progress) {
    auto& self = *self_;
    if (!self.tenant_id) return;
    row_maker rows(self.connection, *self.tenant_id, self.plan, self.policy, *self.rule);
    candidate_walk walk(self.connection, *self.rule);
    std::int64_t looked_at = 0;
    while (const auto profile = walk.next()) {
        const auto row = rows.look_at(*profile);
        if (row && !sink(*row)) return;
        if (++looked_at % candidates_between_reports == 0 && !on_progress(looked_at)) return;
    }
    on_progress(looked_at);
}

} // namespace waybill::profile
