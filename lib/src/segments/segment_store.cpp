#include <waybill/segment_store.hpp>

#include <algorithm>
#include <set>

#include "segments/definition_dependencies.hpp"
#include "segments/definition_look.hpp"
#include "segments/definition_rows.hpp"
#include "segments/definition_rules.hpp"
#include "segments/segment_schema.hpp"
#include "segments/segment_store_impl.hpp"
#include "segments/segment_tenants.hpp"
#include "segments/takeover.hpp"
#include "sql/transaction.hpp"

namespace waybill {
namespace {

failure broken_rules(std::vector<finding> broken) {
    return {errc::invalid, "the segment definition breaks a rule", std::move(broken)};
}

failure taken(const std::string& what) {
    return {errc::exists,
            "there is a segment definition with this " + what + " already; it can be changed by PATCH",
            {}};
}

template <class T>
void replace(T& old, const std::optional<T>& by) {
    if (by) old = *by;
}

void apply(const segment_changes& changes, segment_definition& to) {
    replace(to.name, changes.name);
    replace(to.description, changes.description);
    replace(to.expression, changes.expression);
    replace(to.schema, changes.schema);
    replace(to.merge_policy_id, changes.merge_policy_id);
    replace(to.evaluation, changes.evaluation);
    replace(to.exclude_opt_out, changes.exclude_opt_out);
    replace(to.lifecycle, changes.lifecycle);
    replace(to.ttl_in_days, changes.ttl_in_days);
    replace(to.payload_schema, changes.payload_schema);
    replace(to.profile_instance_id, changes.profile_instance_id);
}

std::vector<finding> broken_owner(const tenant& owner) {
    if (owner.valid()) return {};
    return {{"invalid_value", "expected an org and a sandbox of 1 to 80 bytes each", "/imsOrgId"}};
}

/// Whether what the definition asks for leads back to it.
std::optional<failure> check_circle(sql::connection& on, std::int64_t tenant_id, std::int64_t row,
                                    const std::string& segment) {
    if (!segments::leads_to(on, tenant_id, row, segment)) return std::nullopt;
    return broken_rules({segments::invalid_expression(
        "circular", "circular: what this segment asks for by inSegment leads back to it", std::nullopt)});
}

} // namespace

segment_store::segment_store(std::unique_ptr<impl> self) : self_(std::move(self)) {}
segment_store::segment_store(segment_store&&) noexcept = default;
segment_store& segment_store::operator=(segment_store&&) noexcept = default;
segment_store::~segment_store() = default;

result<segment_store> segment_store::open(segment_store_options options) {
    auto lock_file = options.file;
    lock_file += ".lock";
    auto lock = sql::owner_lock::take(lock_file, "segment store");
    if (!lock) return std::move(lock).error();
    auto self = std::make_unique<impl>(*std::move(lock), std::move(options));
    sql::migrate_up(self->connection, sql::segments_migrations(), self->options.now());
    return segment_store(std::move(self));
}

result<segment_definition> segment_store::create(const tenant& owner, const segment_changes& what,
                                                 const std::optional<std::string>& id) {
    auto broken = broken_owner(owner);
    if (id) segments::check_id(*id, broken);
    segments::require_members(what, broken);
    auto asked = segments::check_members(what, broken);
    if (!broken.empty()) return broken_rules(std::move(broken));

    const std::lock_guard alone(self_->guard);
    auto& on = self_->connection;
    sql::transaction all(on);
    const auto tenant_id = segments::known_tenant(on, owner);
    segments::definition_row made;
    apply(what, made.what);
    made.what.owner = owner;
    made.what.id = id ? *id : self_->options.new_id();
    made.what.creation_time = made.what.update_time = self_->options.now();
    if (segments::find_definition(on, tenant_id, owner, made.what.id)) return taken("id");
    if (segments::segment_named(on, tenant_id, made.what.name)) return taken("name");
    made.id = segments::insert_definition(on, tenant_id, made.what);
    segments::set_dependencies(on, made.id, asked);
    if (auto circle = check_circle(on, tenant_id, made.id, made.what.id)) return *std::move(circle);
    auto answer = segments::whole(on, tenant_id, std::move(made));
    segments::count_change(on);
    all.commit();
    return answer;
}

result<segment_definition> segment_store::update(const tenant& owner, const std::string& id,
                                                 const segment_changes& what) {
    std::vector<finding> broken;
    auto asked = segments::check_members(what, broken);

    const std::lock_guard alone(self_->guard);
    auto& on = self_->connection;
    sql::transaction all(on);
    const auto tenant_id = segments::find_tenant(on, owner);
    if (!tenant_id) return segments::no_such_segment(id);
    auto row = segments::find_definition(on, *tenant_id, owner, id);
    if (!row) return segments::no_such_segment(id);
    if (!broken.empty()) return broken_rules(std::move(broken));
    const auto before = row->what;
    auto& now = row->what;
    apply(what, now);
    if (const auto named = segments::segment_named(on, *tenant_id, now.name); named && *named != id)
        return taken("name");
    if (now.expression != before.expression || now.merge_policy_id != before.merge_policy_id) ++now.version;
    now.update_time = std::max(self_->options.now(), before.update_time);
    segments::update_definition(on, *row);
    if (what.expression) {
        segments::set_dependencies(on, row->id, asked);
        if (auto circle = check_circle(on, *tenant_id, row->id, id)) return *std::move(circle);
    }
    auto answer = segments::whole(on, *tenant_id, *std::move(row));
    segments::count_change(on);
    all.commit();
    return answer;
}

result<done> segment_store::remove(const tenant& owner, const std::string& id) {
    const std::lock_guard alone(self_->guard);
    auto& on = self_->connection;
    sql::transaction all(on);
    const auto tenant_id = segments::find_tenant(on, owner);
    if (!tenant_id) return segments::no_such_segment(id);
    const auto row = segments::find_definition(on, *tenant_id, owner, id);
    if (!row) return segments::no_such_segment(id);
    if (const auto asking = segments::dependents_of(on, *tenant_id, id); !asking.empty())
        return failure{errc::conflict, "the segment definition " + asking.front() + " asks for this one", {}};
    segments::delete_definition(on, row->id);
    segments::count_change(on);
    all.commit();
    return done{};
}

result<segment_definition> segment_store::find(const tenant& owner, const std::string& id) {
    const std::lock_guard alone(self_->guard);
    const sql::snapshot one_state(self_->connection);
    return segments::look_at(self_->connection, owner, id);
}

result<std::vector<segment_definition>> segment_store::find_all(const tenant& owner,
                                                                std::span<const std::string> ids) {
    const std::lock_guard alone(self_->guard);
    const sql::snapshot one_state(self_->connection);
    std::vector<segment_definition> found;
    std::set<std::string_view> seen;
    for (const auto& id : ids) {
        if (!seen.insert(id).second) continue;
        if (auto one = segments::look_at(self_->connection, owner, id)) found.push_back(*std::move(one));
    }
    return found;
}

result<segment_page> segment_store::list(const tenant& owner, const segment_query& query) {
    const std::lock_guard alone(self_->guard);
    const sql::snapshot one_state(self_->connection);
    return segments::look_at_page(self_->connection, owner, query);
}

result<std::vector<std::string>> segment_store::merge_policies(const tenant& owner,
                                                               std::span<const std::string> ids) {
    const std::lock_guard alone(self_->guard);
    const sql::snapshot one_state(self_->connection);
    std::vector<std::string> policies;
    const auto tenant_id = segments::find_tenant(self_->connection, owner);
    if (!tenant_id) return policies;
    for (const auto& id : ids) {
        const auto row = segments::find_definition(self_->connection, *tenant_id, owner, id);
        if (!row || !row->what.merge_policy_id) continue;
        const auto& policy = *row->what.merge_policy_id;
        if (std::find(policies.begin(), policies.end(), policy) != policies.end()) continue;
        policies.push_back(policy);
        if (policies.size() == 2) break; // they differ; more says no more
    }
    return policies;
}

void segment_store::take_memberships(const tenant& owner, job_id job, std::int64_t commit_sequence,
                                     const std::filesystem::path& staged) {
    const std::lock_guard alone(self_->guard);
    segments::take_over(self_->connection, {owner, job, commit_sequence, staged});
}

} // namespace waybill
