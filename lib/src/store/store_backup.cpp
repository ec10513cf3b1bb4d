#include <waybill/store_backup.hpp>

#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "disk/directory.hpp"
#include "disk/durable_file.hpp"
#include "sql/backup.hpp"
#include "sql/integrity.hpp"
#include "sql/migrator.hpp"
#include "sql/transaction.hpp"
#include "store/checksum_file.hpp"
#include "store/file_set.hpp"
#include "store/store_files.hpp"

namespace waybill {

namespace {

/// Whatever the copy says of itself is read from the file, not from what was written to it.
void verify(const std::filesystem::path& copy, const std::vector<sql::table_rows>& counted) {
    sql::connection on(copy, sql::access::read);
    if (const auto problems = sql::integrity_problems(on); !problems.empty())
        throw store_failure(store_failure::kind::corrupt,
                            "the backup was not kept, for the store is damaged: " + problems.front());
    const auto found = sql::count_rows(on);
    if (found != counted)
        throw store_failure(
            store_failure::kind::internal,
            "the backup was not kept, for its tables have other numbers of rows than the store's");
}

std::optional<failure> taken(const std::filesystem::path& name) {
    if (!disk::is_there(name)) return std::nullopt;
    return failure{errc::conflict, name.string() + " is there already; a backup overwrites nothing", {}};
}

} // namespace

result<store_backup> backup_store(store_kind kind, const std::filesystem::path& store,
                                  const std::filesystem::path& to, const step_observer& on_step) {
    const auto tell = [&](std::string_view step) {
        if (on_step) on_step(step);
    };
    if (auto none = store::missing(store)) return *std::move(none);
    const auto checksum_file = store::checksum_file_of(to);
    for (const auto& name : {to, checksum_file})
        if (auto there = taken(name)) return *std::move(there);
    const auto folder = store::folder_of(to);
    if (!std::filesystem::is_directory(folder))
        return failure{errc::not_found, "there is no directory " + folder.string(), {}};

    store_backup made;
    const store::file_set partial(store::beside(to, ".partial-" + std::to_string(::getpid())));
    partial.remove();
    const auto partial_checksum = store::checksum_file_of(partial.file());
    const store::removed_at_end clean({partial.file(), partial_checksum});
    std::vector<sql::table_rows> counted;
    {
        sql::connection source(store, sql::access::read);
        const sql::snapshot one_state(source);
        made.schema_version = sql::check_schema(source, store::known_migrations(kind));
        tell("copy");
        sql::copy_database(source, partial.file());
        tell("count");
        counted = sql::count_rows(source);
    }
    store::copy_permissions(store, partial.file());
    store::sync_file(partial.file());
    tell("verify");
    verify(partial.file(), counted);
    made.sha256 = store::sha256_of_file(partial.file());
    made.bytes = static_cast<std::int64_t>(std::filesystem::file_size(partial.file()));
    for (const auto& [table, rows] : counted)
        made.tables.push_back({table, rows});
    disk::write_new_file(partial_checksum, store::checksum_line(made.sha256, to.filename().string()));

    tell("put in place");
    // The checksum first, and for good: a backup that is there has one. Whoever gets this name has both.
    if (!disk::rename_no_replace(partial_checksum, checksum_file)) return *taken(checksum_file);
    disk::sync_directory(folder);
    if (!disk::rename_no_replace(partial.file(), to)) {
        disk::remove_tree(checksum_file);
        return *taken(to);
    }
    disk::sync_directory(folder);
    return made;
}

} // namespace waybill
