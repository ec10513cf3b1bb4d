// SQLite's C interface with as little around it as a careful C program would have: what the floors are
// written in. One thread at a time. Whatever SQLite refuses is thrown as `std::runtime_error`: a floor that
// fails is no floor.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include <sqlite3.h>

namespace waybill::bench {

class raw_database {
  public:
    /// The pragmas of a job store's writer, or of its reader.
    enum class role { writer, reader };
    raw_database(const std::filesystem::path& file, role how);
    raw_database(const raw_database&) = delete;
    raw_database& operator=(const raw_database&) = delete;
    ~raw_database();

    void execute(const std::string& sql);
    std::int64_t integer_of(const std::string& sql);
    std::string text_of(const std::string& sql);
    sqlite3* handle() const noexcept { return handle_; }
    [[noreturn]] void fail(const std::string& doing) const;

  private:
    sqlite3* handle_ = nullptr;
};

/// A prepared statement; texts are bound without being copied and must outlive the step.
class raw_statement {
  public:
    raw_statement(raw_database& on, const char* sql);
    raw_statement(const raw_statement&) = delete;
    raw_statement& operator=(const raw_statement&) = delete;
    ~raw_statement() { sqlite3_finalize(statement_); }

    void bind(int at, std::int64_t number) { sqlite3_bind_int64(statement_, at, number); }
    void bind(int at, std::string_view text) {
        sqlite3_bind_text(statement_, at, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
    }
    void bind_null(int at) { sqlite3_bind_null(statement_, at); }
    template <class T>
    void bind(int at, const std::optional<T>& value) {
        if (value)
            bind(at, *value);
        else
            bind_null(at);
    }

    /// To the next row; resets the statement at the end.
    bool row() {
        const int code = sqlite3_step(statement_);
        if (code == SQLITE_ROW) return true;
        if (code != SQLITE_DONE) on_.fail(sqlite3_sql(statement_));
        sqlite3_reset(statement_);
        return false;
    }
    void run() {
        while (row()) {
        }
    }
    void reset() { sqlite3_reset(statement_); }

    bool null(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }
    std::int64_t integer(int column) const { return sqlite3_column_int64(statement_, column); }
    std::string_view text(int column) const {
        const auto* const bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
        return {bytes ? bytes : "", static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
    }

  private:
    raw_database& on_;
    sqlite3_stmt* statement_ = nullptr;
};

} // namespace waybill::bench
