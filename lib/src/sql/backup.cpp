#include "sql/backup.hpp"

#include <sqlite3.h>

#include <waybill/result.hpp>

namespace waybill::sql {

void copy_database(connection& from, const std::filesystem::path& to) {
    {
        connection copy(to, access::write_as_is);
        auto* const backup = sqlite3_backup_init(copy.handle(), "main", from.handle(), "main");
        if (!backup) copy.fail(sqlite3_errcode(copy.handle()));
        const int stepped = sqlite3_backup_step(backup, -1);
        const int finished = sqlite3_backup_finish(backup);
        if (stepped != SQLITE_DONE) copy.fail(finished == SQLITE_OK ? stepped : finished);
        if (finished != SQLITE_OK) copy.fail(finished);
    }
    // The copied header still says WAL.
    connection copy(to, access::write_as_is);
    if (copy.text_of("pragma journal_mode = delete") != "delete")
        throw store_failure(store_failure::kind::io, to.string() + ": its journal cannot be folded into it");
}

} // namespace waybill::sql
