// Transactions on a connection: writes that are undone unless committed, and snapshots to read from. Thread
// and error rules: those of connection.hpp.
#pragma once

#include "sql/connection.hpp"

namespace waybill::sql {

/// `begin immediate` … `commit`, rolled back unless `commit` was reached. A deferred transaction that reads
/// and then writes would fail with SQLITE_BUSY_SNAPSHOT whatever the timeout. Inside another one of the same
/// connection it is a savepoint, so many callers can share one commit and each can be undone alone.
class transaction {
  public:
    /// What becomes of an inner one that is not committed.
    enum class undo {
        alone,     ///< it is rolled back, the outer one goes on
        with_outer ///< the outer one cannot be committed any more: no savepoint, which keeps copies of its
                   ///< pages
    };
    explicit transaction(connection& on, undo how = undo::alone);
    transaction(const transaction&) = delete;
    transaction& operator=(const transaction&) = delete;
    ~transaction();
    /// Throws also when the file is no longer where it was: SQLite itself would write on, to a file without a
    /// name.
    void commit();
    /// Whether an inner one has taken this one with it: then `commit` throws.
    bool lost() const noexcept;

  private:
    void expect_outer() const;
    void expect_nothing_left();
    void begin_here();
    void roll_back() noexcept;
    void expect_in_place() const;
    connection& on_;
    const bool inner_;
    const bool savepoint_;
    bool open_ = true;
};

/// Keeps one snapshot of a reading connection for as long as it lives.
class snapshot {
  public:
    explicit snapshot(connection& on);
    snapshot(const snapshot&) = delete;
    snapshot& operator=(const snapshot&) = delete;
    ~snapshot();

  private:
    void end() noexcept;
    connection& on_;
};

} // namespace waybill::sql
