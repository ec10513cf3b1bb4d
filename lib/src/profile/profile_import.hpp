// One run of an import: records from a stream into the tables, some ten thousand a transaction. The thread
// that runs it reads and writes, and owns the connection for as long; others parse meanwhile (parse_queue).
// A record that is refused is told to the options' callback, in the order of the input; options that break a
// rule and an input that breaks off are a failure; throws `store_failure` when the store cannot be written.
#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <istream>
#include <optional>
#include <string>

#include <waybill/profile_store.hpp>

#include "profile/name_registry.hpp"
#include "profile/parse_queue.hpp"
#include "profile/record_reader.hpp"
#include "sql/transaction.hpp"

namespace waybill::profile {

/// What of the options breaks a rule.
std::optional<failure> check_options(const import_options& options);

class profile_import {
  public:
    /// The options have been checked and outlive the import.
    profile_import(sql::connection& on, const import_options& options, record_kind what);

    result<import_summary> run(std::istream& input);

  private:
    enum class outcome { added, replaced, unchanged };

    bool read_batch(record_reader& from, parse_queue& into);
    void write(const record_batch& batch);
    void tell(std::int64_t bytes) const;
    void begin();
    void commit();
    void refuse(std::int64_t line, std::string reason, std::string_view text);
    outcome keep(const parsed_record& one);
    outcome keep_fragment(const parsed_record& one);
    outcome keep_event(const parsed_record& one);
    std::int64_t namespace_id(const parsed_identity& one);
    void count(outcome what);

    sql::connection& on_;
    const import_options& options_;
    record_kind kind_;
    std::optional<sql::transaction> open_;
    std::optional<name_registry> names_;
    std::int64_t records_in_transaction_ = 0;
    std::size_t bytes_in_transaction_ = 0;
    import_summary summary_;
    std::exception_ptr unreadable_; ///< what the input threw; told when what stood before it is kept
};

} // namespace waybill::profile
