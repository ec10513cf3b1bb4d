#include "sql/connection.hpp"

#include <algorithm>
#include <cerrno>
#include <unordered_map>
#include <utility>
#include <vector>

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include <waybill/result.hpp>

namespace waybill::sql {
namespace {

store_failure::kind kind_of(int code) {
    switch (code & 0xff) {
    case SQLITE_FULL: return store_failure::kind::no_space;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return store_failure::kind::corrupt;
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_READONLY:
    case SQLITE_NOMEM:
    case SQLITE_INTERRUPT:
    case SQLITE_PROTOCOL: return store_failure::kind::io;
    default: return store_failure::kind::internal;
    }
}

/// SQLite calls a read that the disk refused damage; the last error of its files tells the two apart.
bool refused_by_disk(sqlite3* database) {
    for (const int which : {SQLITE_FCNTL_FILE_POINTER, SQLITE_FCNTL_JOURNAL_POINTER}) {
        sqlite3_file* file = nullptr;
        int error = 0;
        if (sqlite3_file_control(database, "main", which, static_cast<void*>(&file)) != SQLITE_OK) continue;
        if (file == nullptr || file->pMethods == nullptr) continue;
        if (file->pMethods->xFileControl(file, SQLITE_FCNTL_LAST_ERRNO, &error) != SQLITE_OK) continue;
        if (error == EIO || error == ENXIO) return true;
    }
    return false;
}

[[noreturn]] void rethrow(const connection& on, const SQLite::Exception& e) {
    int code = e.getExtendedErrorCode() > 0 ? e.getExtendedErrorCode() : e.getErrorCode();
    std::string what = e.what();
    if (kind_of(code) == store_failure::kind::corrupt && on.handle() && refused_by_disk(on.handle())) {
        code = SQLITE_IOERR_READ;
        what = sqlite3_errstr(code);
    }
    throw store_failure(kind_of(code),
                        on.file().string() + ": " + what + " (SQLite " + std::to_string(code) + ")");
}

/// SQLiteCpp's exceptions end here.
template <class Call>
auto guarded(const connection& on, Call&& call) {
    try {
        return call();
    } catch (const SQLite::Exception& e) {
        rethrow(on, e);
    }
}

} // namespace

// Statements are SQLite's own: SQLiteCpp's cost a fifth of raw reading, and hide the handle.
struct query::held {
    sqlite3_stmt* statement = nullptr;
    bool in_use = false;
    std::vector<std::string> parameters{}; ///< their names, the first at 0
    std::size_t next_parameter = 0;        ///< the one that is probably bound next

    held() = default;
    held(const held&) = delete;
    held& operator=(const held&) = delete;
    ~held() { sqlite3_finalize(statement); }

    void note_parameters() {
        const int count = sqlite3_bind_parameter_count(statement);
        for (int i = 1; i <= count; ++i)
            if (const char* const name = sqlite3_bind_parameter_name(statement, i))
                parameters.emplace_back(name);
    }
};

struct connection::impl {
    SQLite::Database database;
    // Go before the database: its destructor aborts when a statement outlives it.
    std::unordered_map<const char*, std::unique_ptr<query::held>> statements;

    impl(const std::filesystem::path& file, int flags) : database(file.string(), flags, usual_busy_timeout) {}

    void expect(int code, int wanted = SQLITE_OK) const {
        if (code != wanted) throw SQLite::Exception(database.getHandle(), code);
    }
};

connection::connection(const std::filesystem::path& file, access how) : file_(file) {
    guarded(*this, [&] {
        const int flags =
            how == access::read ? SQLite::OPEN_READONLY : SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE;
        self_ = std::make_unique<impl>(file_, flags | SQLITE_OPEN_NOMUTEX);
        sqlite3_extended_result_codes(self_->database.getHandle(), 1);
        if (how != access::read) {
            if (how == access::write) {
                self_->database.exec(
                    "pragma auto_vacuum = incremental"); // of a new file; an old one keeps its own
                self_->database.exec("pragma journal_mode = wal");
            }
            self_->database.exec("pragma synchronous = full");
            self_->database.exec("pragma foreign_keys = on");
            cache_size(usual_cache_size); // what many writes touch stays in memory
        } else {
            self_->database.exec("pragma query_only = on");
        }
    });
}

connection::~connection() = default;

query connection::prepare(const char* constant_sql) {
    return guarded(*this, [&] {
        auto& slot = self_->statements[constant_sql]; // stays empty when the text does not compile
        if (!slot) {
            auto fresh = std::make_unique<query::held>();
            self_->expect(sqlite3_prepare_v3(self_->database.getHandle(), constant_sql, -1,
                                             SQLITE_PREPARE_PERSISTENT, &fresh->statement, nullptr));
            fresh->note_parameters();
            slot = std::move(fresh);
        }
        if (slot->in_use)
            throw store_failure(store_failure::kind::internal,
                                std::string("a statement is used twice at once: ") + constant_sql);
        slot->in_use = true;
        return query(this, slot.get());
    });
}

std::vector<const char*> connection::prepared() const {
    std::vector<const char*> texts;
    for (const auto& [text, held] : self_->statements)
        texts.push_back(text);
    return texts;
}

void connection::execute(const std::string& script) {
    guarded(*this, [&] { self_->database.exec(script); });
}

std::int64_t connection::integer_of(const std::string& sql) {
    return guarded(*this, [&] { return self_->database.execAndGet(sql).getInt64(); });
}

std::string connection::text_of(const std::string& sql) {
    return guarded(*this, [&] { return self_->database.execAndGet(sql).getString(); });
}

std::int64_t connection::last_insert_id() const { return self_->database.getLastInsertRowid(); }

std::int64_t connection::total_changes() const {
    return sqlite3_total_changes64(self_->database.getHandle());
}

bool connection::in_transaction() const noexcept {
    return sqlite3_get_autocommit(self_->database.getHandle()) == 0;
}

bool connection::has_moved() const noexcept {
    int moved = 0;
    sqlite3_file_control(handle(), "main", SQLITE_FCNTL_HAS_MOVED, &moved);
    return moved != 0;
}

sqlite3* connection::handle() const noexcept { return self_ ? self_->database.getHandle() : nullptr; }

void connection::fail(int code) const { rethrow(*this, SQLite::Exception(handle(), code)); }

void connection::busy_timeout(int milliseconds) {
    guarded(*this, [&] { self_->database.setBusyTimeout(milliseconds); });
}

void connection::cache_size(std::size_t bytes) {
    guarded(*this,
            [&] { self_->database.exec("pragma cache_size = -" + std::to_string(bytes >> 10U)); }); // KiB
}

query::query(query&& other) noexcept : home_(other.home_), held_(std::exchange(other.held_, nullptr)) {}

query::~query() {
    if (!held_) return;
    sqlite3_reset(held_->statement);
    sqlite3_clear_bindings(held_->statement);
    held_->next_parameter = 0;
    held_->in_use = false;
}

/// Most callers bind in the order of the text: then there is nothing to search.
int query::index_of(const char* name) {
    const auto& names = held_->parameters;
    auto at = held_->next_parameter;
    if (at >= names.size() || names[at] != name)
        at = static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
    if (at == names.size())
        throw store_failure(store_failure::kind::internal,
                            std::string("no parameter ") + name + " in: " + sqlite3_sql(held_->statement));
    held_->next_parameter = at + 1;
    return static_cast<int>(at) + 1;
}

query& query::bind(const char* name, std::int64_t number) {
    const int index = index_of(name);
    guarded(*home_, [&] { home_->self_->expect(sqlite3_bind_int64(held_->statement, index, number)); });
    return *this;
}

query& query::bind_text(const char* name, std::string_view text, bool copied) {
    const int index = index_of(name);
    const char* const bytes = text.data() ? text.data() : "";
    guarded(*home_, [&] {
        home_->self_->expect(sqlite3_bind_text64(held_->statement, index, bytes, text.size(),
                                                 copied ? SQLITE_TRANSIENT : SQLITE_STATIC, SQLITE_UTF8));
    });
    return *this;
}

query& query::bind(const char* name, std::string_view text) { return bind_text(name, text, true); }

query& query::lend(const char* name, std::string_view text) { return bind_text(name, text, false); }

query& query::bind_null(const char* name) {
    const int index = index_of(name);
    guarded(*home_, [&] { home_->self_->expect(sqlite3_bind_null(held_->statement, index)); });
    return *this;
}

bool query::step() {
    return guarded(*home_, [&] {
        const int code = sqlite3_step(held_->statement);
        if (code == SQLITE_ROW) return true;
        home_->self_->expect(code, SQLITE_DONE);
        return false;
    });
}

std::int64_t query::run() {
    return guarded(*home_, [&] {
        home_->self_->expect(sqlite3_step(held_->statement), SQLITE_DONE);
        return static_cast<std::int64_t>(sqlite3_changes64(home_->self_->database.getHandle()));
    });
}

void query::reset() {
    sqlite3_reset(held_->statement);
    held_->next_parameter = 0;
}

bool query::is_null(int column) const { return sqlite3_column_type(held_->statement, column) == SQLITE_NULL; }

std::int64_t query::integer(int column) const { return sqlite3_column_int64(held_->statement, column); }

std::string_view query::view(int column) const {
    const void* const bytes = sqlite3_column_blob(held_->statement, column);
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(held_->statement, column));
    return {static_cast<const char*>(bytes), bytes ? size : 0};
}

std::string query::text(int column) const { return std::string(view(column)); }

std::optional<std::int64_t> query::maybe_integer(int column) const {
    if (is_null(column)) return std::nullopt;
    return integer(column);
}

std::optional<std::string> query::maybe_text(int column) const {
    if (is_null(column)) return std::nullopt;
    return text(column);
}

} // namespace waybill::sql
