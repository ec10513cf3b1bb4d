#include <waybill/profile_store.hpp>

#include <utility>

#include "profile/name_registry.hpp"
#include "profile/policy_table.hpp"
#include "profile/profile_import.hpp"
#include "profile/profile_schema.hpp"
#include "sql/connection.hpp"
#include "sql/migration.hpp"
#include "sql/migrator.hpp"
#include "sql/owner_lock.hpp"
#include "sql/transaction.hpp"

namespace waybill {

struct profile_store::impl {
    sql::owner_lock lock; ///< goes last
    sql::connection connection;

    impl(sql::owner_lock held, const std::filesystem::path& file)
        : lock(std::move(held)), connection(file, sql::access::write) {}

    result<import_summary> import(std::istream& input, const import_options& options,
                                  profile::record_kind what) {
        if (auto refused = profile::check_options(options)) return std::move(*refused);
        return profile::profile_import(connection, options, what).run(input);
    }
};

profile_store::profile_store(std::unique_ptr<impl> self) : self_(std::move(self)) {}
profile_store::profile_store(profile_store&&) noexcept = default;
profile_store& profile_store::operator=(profile_store&&) noexcept = default;
profile_store::~profile_store() = default;

result<profile_store> profile_store::open(const std::filesystem::path& file) {
    auto lock_file = file;
    lock_file += ".lock";
    auto lock = sql::owner_lock::take(lock_file, "profile store");
    if (!lock) return std::move(lock).error();
    auto self = std::make_unique<impl>(*std::move(lock), file);
    sql::migrate_up(self->connection, sql::profiles_migrations(), wall_clock());
    return profile_store(std::move(self));
}

result<import_summary> profile_store::import_profiles(std::istream& input, const import_options& options) {
    return self_->import(input, options, profile::record_kind::fragments);
}

result<import_summary> profile_store::import_events(std::istream& input, const import_options& options) {
    return self_->import(input, options, profile::record_kind::events);
}

result<merge_policy> profile_store::declare_policy(const tenant& owner, merge_policy what) {
    if (auto refused = profile::check_policy(owner, what)) return std::move(*refused);
    sql::transaction all(self_->connection);
    const auto tenant_id = profile::known_tenant(self_->connection, owner);
    const auto before = profile::find_declared_policy(self_->connection, tenant_id, what.id, std::nullopt);
    what.version = before ? before->version + 1 : 1;
    profile::add_policy(self_->connection, tenant_id, what, wall_clock());
    profile::count_change(self_->connection);
    all.commit();
    return what;
}

namespace {

/// Looks at a tenant in one snapshot; not at all where there is no file, or nothing of the tenant.
template <class Look>
void look_at_tenant(const std::filesystem::path& profiles, const tenant& owner, Look look) {
    if (!std::filesystem::exists(profiles)) return;
    sql::connection on(profiles, sql::access::read);
    profile::expect_newest_schema(on);
    const sql::snapshot one_state(on);
    if (const auto tenant_id = profile::find_tenant(on, owner)) look(on, *tenant_id);
}

} // namespace

result<std::vector<merge_policy>> known_policies(const std::filesystem::path& profiles, const tenant& owner) {
    std::vector<merge_policy> all{*built_in_policy(default_merge_policy),
                                  *built_in_policy(linking_merge_policy)};
    look_at_tenant(profiles, owner, [&](sql::connection& on, std::int64_t tenant_id) {
        for (auto& declared : profile::list_policies(on, tenant_id))
            all.push_back(std::move(declared));
    });
    return all;
}

result<std::optional<std::int64_t>> latest_policy_version(const std::filesystem::path& profiles,
                                                          const tenant& owner, const std::string& id) {
    auto latest = latest_version(id);
    if (latest) return latest;
    look_at_tenant(profiles, owner, [&](sql::connection& on, std::int64_t tenant_id) {
        if (const auto found = profile::find_declared_policy(on, tenant_id, id, std::nullopt))
            latest = found->version;
    });
    return latest;
}

} // namespace waybill
