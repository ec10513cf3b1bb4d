// How Waybill reports what goes wrong. What a caller can cause (bad input, a missing job, a lost race) comes
// back as a `failure` inside a `result`; what nobody on the spot can mend (disk, corruption, a newer schema)
// is thrown as `store_failure`. Plain values: every thread may use its own.
#pragma once

#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace waybill {

/// What a caller can cause.
enum class errc {
    invalid,         ///< the input breaks a rule; `failure::findings` names each place
    not_found,       ///< no such thing, or it belongs to another tenant
    conflict,        ///< the thing is in a state that does not allow this
    exists,          ///< there is such a thing already; it can be changed
    too_late,        ///< the job is past its commit point and can no longer be cancelled
    owned_elsewhere, ///< another process owns this store or these datasets for writing
    overloaded,      ///< too much waits already; later it may go
    too_many,        ///< the tenant has as many unfinished jobs as it may; when some have ended it may go
};

/// One place of the input that breaks a rule.
struct finding {
    std::string code{};    ///< `required`, `invalid_type`, … (contract 1.4)
    std::string message{}; ///< what was expected, as a sentence without a full stop
    std::string path{};    ///< JSON pointer into the body, or `?name` for a query parameter
    /// Of `invalid_expression`: why, as docs/segments.md has it, and at which byte of the expression.
    std::string reason{};
    std::optional<std::size_t> position{};

    friend bool operator==(const finding&, const finding&) = default;
};

struct failure {
    errc code = errc::invalid;
    std::string message{};           ///< one sentence for a person
    std::vector<finding> findings{}; ///< all of them at once; empty unless `code` is `invalid`
};

/// A value or the reason why there is none. Access to the wrong one throws `std::bad_variant_access`.
template <class T>
class [[nodiscard]] result {
  public:
    result(T value) : content_(std::move(value)) {}
    result(failure reason) : content_(std::move(reason)) {}

    bool ok() const noexcept { return content_.index() == 0; }
    explicit operator bool() const noexcept { return ok(); }

    T& value() & { return std::get<0>(content_); }
    const T& value() const& { return std::get<0>(content_); }
    /// By value, so that a loop over a part of a temporary's value does not outlive it.
    T value() && { return std::get<0>(std::move(content_)); }
    T* operator->() { return &value(); }
    const T* operator->() const { return &value(); }
    T& operator*() & { return value(); }
    const T& operator*() const& { return value(); }
    T operator*() && { return std::get<0>(std::move(content_)); }

    const failure& error() const& { return std::get<1>(content_); }
    failure error() && { return std::get<1>(std::move(content_)); }

  private:
    std::variant<T, failure> content_;
};

/// The value of a `result` that only says that it went well.
struct done {};

/// What nobody on the spot can mend. `what()` names the file and SQLite's or the system's own words.
class store_failure : public std::runtime_error {
  public:
    enum class kind {
        io,           ///< the disk or file system failed; trying again later may help
        no_space,     ///< the disk is full; trying again later may help
        corrupt,      ///< the file is damaged or is no Waybill store
        newer_schema, ///< written by a newer Waybill than this one
        internal,     ///< a rule that the code should have kept was broken; a defect
    };

    store_failure(kind what_kind, const std::string& message)
        : std::runtime_error(message), kind_(what_kind) {}
    kind why() const noexcept { return kind_; }
    bool transient() const noexcept { return kind_ == kind::io || kind_ == kind::no_space; }

  private:
    kind kind_;
};

} // namespace waybill
