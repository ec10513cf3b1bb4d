#include <waybill/profile_store.hpp>

#include <utility>

#include "profile/profile_import.hpp"
#include "sql/connection.hpp"
#include "sql/migration.hpp"
#include "sql/migrator.hpp"
#include "sql/owner_lock.hpp"

namespace waybill {

struct profile_store::impl {
    sql::owner_lock lock; ///< goes last
    sql::connection connection;

    impl(sql::owner_lock held, const std::filesystem::path& file)
        : lock(std::move(held)), connection(file, sql::access::write) {}

    result<import_summary> import(std::istream& input, const import_options& options,
                                  profile::profile_import::kind what) {
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
    return self_->import(input, options, profile::profile_import::kind::fragments);
}

result<import_summary> profile_store::import_events(std::istream& input, const import_options& options) {
    return self_->import(input, options, profile::profile_import::kind::events);
}

} // namespace waybill
