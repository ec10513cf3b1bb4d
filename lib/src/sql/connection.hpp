// The one place that talks to SQLite: a connection with its prepared statements, transactions that begin
// immediately, and SQLite's errors turned into `store_failure`. A connection belongs to one thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct sqlite3;

namespace waybill::sql {

enum class access {
    write,       ///< creates the file; WAL, synchronous=FULL, foreign keys; the only one that checkpoints
    read,        ///< the file must be there; refuses every write and never checkpoints
    write_as_is, ///< as `write`, but in whatever journal mode the file has: copies, and looks that change
                 ///< nothing
};

class connection;

/// A prepared statement in use. Goes back to its connection, reset and unbound, at the end of its life; one
/// statement is used once at a time. Rows are read by column, from 0.
class query {
  public:
    query(query&& other) noexcept;
    query(const query&) = delete;
    query& operator=(const query&) = delete;
    ~query();

    /// Parameters by name, `":id"`. Texts are copied.
    query& bind(const char* name, std::int64_t number);
    query& bind(const char* name, int number) { return bind(name, std::int64_t{number}); }
    query& bind(const char* name, std::string_view text);
    query& bind(const char* name, const char* text) { return bind(name, std::string_view(text)); }
    query& bind(const char* name, bool) = delete; ///< say which integer is meant
    /// As `bind`, without the copy: the text must stay as it is until the query's end or its next reset.
    query& lend(const char* name, std::string_view text);
    query& lend(const char* name, const std::string& text) { return lend(name, std::string_view(text)); }
    query& lend(const char* name, std::string&& text) = delete;
    query& lend(const char* name, const std::optional<std::string>& text) {
        return text ? lend(name, std::string_view(*text)) : bind_null(name);
    }
    query& bind_null(const char* name);
    template <class T>
    query& bind(const char* name, const std::optional<T>& value) {
        return value ? bind(name, *value) : bind_null(name);
    }

    /// To the next row; false at the end.
    bool step();
    /// To the end, for statements without rows; answers how many rows it changed.
    std::int64_t run();
    /// Ready to be bound and stepped anew, for loops that bind everything again.
    void reset();

    bool is_null(int column) const;
    std::int64_t integer(int column) const;
    std::string text(int column) const;
    /// Of a text or blob; good until the next step.
    std::string_view view(int column) const;
    std::optional<std::int64_t> maybe_integer(int column) const;
    std::optional<std::string> maybe_text(int column) const;

  private:
    friend class connection;
    struct held;
    query& bind_text(const char* name, std::string_view text, bool copied);
    query(connection* home, held* what) : home_(home), held_(what) {}
    int index_of(const char* name);
    connection* home_;
    held* held_;
};

class connection {
  public:
    /// Throws `store_failure`.
    connection(const std::filesystem::path& file, access how);
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;
    ~connection();

    /// A statement for this SQL, prepared once a connection. The text must be a constant: it is known by its
    /// address.
    query prepare(const char* constant_sql);
    /// Runs any number of statements that take no parameters, such as a migration.
    void execute(const std::string& script);
    /// The first column of the first row of an ad-hoc statement, for pragmas and checks.
    std::int64_t integer_of(const std::string& sql);
    std::string text_of(const std::string& sql);

    /// The texts of all statements prepared so far, for whoever looks at their plans.
    std::vector<const char*> prepared() const;

    std::int64_t last_insert_id() const;
    /// Rows changed so far, those of foreign keys' actions included.
    std::int64_t total_changes() const;
    /// Waits for a lock at most this long before a statement fails.
    void busy_timeout(int milliseconds);
    static constexpr int usual_busy_timeout = 5'000; ///< milliseconds; of a new connection

    /// How much memory its pages take at most, in bytes.
    void cache_size(std::size_t bytes);
    static constexpr std::size_t usual_cache_size = std::size_t{64} << 20U; ///< of a new one that writes

    /// Is called after each transaction that was committed.
    void on_commit(std::function<void()> listener) { committed_ = std::move(listener); }

    /// Grows whenever something written is undone: what was remembered of it holds no more.
    std::uint64_t undone() const noexcept { return undone_; }

    const std::filesystem::path& file() const noexcept { return file_; }
    bool in_transaction() const noexcept;
    /// Whether the file of this name is no longer the one that is open: what is written then is written to a
    /// file that nobody will find.
    bool has_moved() const noexcept;

    /// For the other files of this folder: SQLite's own handle, and an error of its as `store_failure`.
    sqlite3* handle() const noexcept;
    [[noreturn]] void fail(int code) const;

  private:
    friend class query;
    friend class transaction;
    struct impl;
    std::filesystem::path file_;
    std::unique_ptr<impl> self_;
    int transactions_ = 0; ///< open, one inside the other
    bool lost_ = false;    ///< the outermost one cannot be committed
    std::function<void()> committed_;
    std::uint64_t undone_ = 0;
};

} // namespace waybill::sql
