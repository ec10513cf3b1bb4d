#include "sql/transaction.hpp"

#include <exception>

#include <waybill/result.hpp>

namespace waybill::sql {
namespace {

constexpr const char* begin_reading = "begin";
constexpr const char* read_anything = "select 1 from sqlite_schema limit 1";
constexpr const char* begin = "begin immediate";
constexpr const char* end = "commit";
constexpr const char* undo_all = "rollback";
constexpr const char* begin_step = "savepoint step"; // the innermost of this name is meant
constexpr const char* end_step = "release step";
constexpr const char* undo_step = "rollback to step";

} // namespace

transaction::transaction(connection& on, undo how)
    : on_(on), inner_(on.transactions_ > 0), savepoint_(inner_ && how == undo::alone) {
    expect_outer();
    if (!inner_) {
        expect_nothing_left();
        on_.lost_ = false;
    }
    if (!inner_ || savepoint_) begin_here();
    ++on_.transactions_;
}

/// Memory may run out when SQLite has begun already.
void transaction::begin_here() {
    try {
        on_.prepare(inner_ ? begin_step : begin).run();
    } catch (const std::exception&) {
        if (inner_)
            on_.lost_ = true; // whether there is a savepoint to go back to, nobody knows
        else
            roll_back();
        throw;
    }
}

/// After a full disk, for example, SQLite has rolled back the whole by itself: a savepoint would then begin a
/// transaction of its own.
void transaction::expect_outer() const {
    if (inner_ && (on_.lost_ || !on_.in_transaction()))
        throw store_failure(store_failure::kind::io,
                            on_.file().string() + ": the transaction around this one was rolled back");
}

/// A rollback needs memory, too; when it had none, it is made up for here.
void transaction::expect_nothing_left() {
    if (on_.in_transaction()) roll_back();
    if (on_.in_transaction())
        throw store_failure(store_failure::kind::io,
                            on_.file().string() + ": an earlier transaction cannot be undone yet");
}

transaction::~transaction() {
    --on_.transactions_;
    if (!open_) return;
    ++on_.undone_;
    if (inner_ && !savepoint_) {
        on_.lost_ = true;
        return;
    }
    roll_back();
}

void transaction::roll_back() noexcept {
    try {
        if (!on_.in_transaction()) return; // rolled back by SQLite itself
        on_.prepare(inner_ ? undo_step : undo_all).run();
        if (inner_) on_.prepare(end_step).run();
    } catch (const std::exception&) {
        // The transaction around this one, which must not be committed, or the next one, or the connection's
        // end, rolls it back.
        if (inner_) on_.lost_ = true;
    }
}

void transaction::commit() {
    expect_outer();
    if (lost())
        throw store_failure(store_failure::kind::internal,
                            on_.file().string() + ": a part of this transaction failed");
    if (!inner_) expect_in_place(); // then it is rolled back
    if (!inner_ || savepoint_) on_.prepare(inner_ ? end_step : end).run();
    open_ = false;
    if (!inner_) expect_in_place(); // moved in this moment: nobody may rely on it
    if (!inner_ && on_.committed_) on_.committed_();
}

void transaction::expect_in_place() const {
    if (on_.has_moved())
        throw store_failure(
            store_failure::kind::io,
            on_.file().string() +
                ": the file was moved or replaced while it was open; nothing can be kept in it");
}

bool transaction::lost() const noexcept { return on_.lost_; }

snapshot::snapshot(connection& on) : on_(on) {
    if (on_.in_transaction()) end(); // an earlier one had no memory for it
    try {
        on_.prepare(begin_reading).run();
        on_.prepare(read_anything).step(); // a deferred transaction takes its snapshot with its first read
    } catch (...) {
        end();
        throw;
    }
}

snapshot::~snapshot() { end(); }

void snapshot::end() noexcept {
    try {
        on_.prepare(undo_all).run();
    } catch (const std::exception&) {
        // Nothing was written; the next snapshot or the connection's end lets this one go.
    }
}

} // namespace waybill::sql
