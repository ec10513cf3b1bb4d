#include "raw_database.hpp"

#include <stdexcept>

namespace waybill::bench {

raw_database::raw_database(const std::filesystem::path& file, role how) {
    const int access =
        how == role::writer ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
    if (sqlite3_open_v2(file.c_str(), &handle_, access | SQLITE_OPEN_NOMUTEX, nullptr) != SQLITE_OK)
        fail("opening " + file.string());
    sqlite3_busy_timeout(handle_, 5'000);
    // The same as lib/src/sql/connection.cpp.
    if (how == role::writer) {
        execute("pragma journal_mode = wal");
        execute("pragma synchronous = full");
        execute("pragma foreign_keys = on");
        execute("pragma cache_size = -65536");
    } else {
        execute("pragma query_only = on");
    }
}

raw_database::~raw_database() { sqlite3_close(handle_); }

void raw_database::execute(const std::string& sql) {
    if (sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) fail(sql);
}

std::int64_t raw_database::integer_of(const std::string& sql) {
    raw_statement one(*this, sql.c_str());
    return one.row() ? one.integer(0) : 0;
}

std::string raw_database::text_of(const std::string& sql) {
    raw_statement one(*this, sql.c_str());
    return one.row() ? std::string(one.text(0)) : std::string();
}

void raw_database::fail(const std::string& doing) const {
    throw std::runtime_error("floor: " + doing + ": " + sqlite3_errmsg(handle_));
}

raw_statement::raw_statement(raw_database& on, const char* sql) : on_(on) {
    if (sqlite3_prepare_v3(on.handle(), sql, -1, SQLITE_PREPARE_PERSISTENT, &statement_, nullptr) !=
        SQLITE_OK)
        on.fail(sql);
}

} // namespace waybill::bench
