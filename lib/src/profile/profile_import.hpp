// One run of an import: records from a stream into the tables, a few thousand a transaction. One thread,
// which owns the connection for as long. A record that is refused is told to the options' callback; options
// that break a rule and an array that breaks off are a failure; throws `store_failure` when the store cannot
// be written.
#pragma once

#include <cstddef>
#include <cstdint>
#include <istream>
#include <optional>
#include <string>

#include <waybill/profile_store.hpp>

#include "profile/name_registry.hpp"
#include "profile/record_identities.hpp"
#include "profile/record_reader.hpp"
#include "sql/transaction.hpp"
#include "json/document.hpp"

namespace waybill::profile {

/// What of the options breaks a rule.
std::optional<failure> check_options(const import_options& options);

class profile_import {
  public:
    enum class kind { fragments, events };

    /// The options have been checked and outlive the import.
    profile_import(sql::connection& on, const import_options& options, kind what);

    result<import_summary> run(std::istream& input);

  private:
    enum class outcome { added, replaced, unchanged };

    void begin();
    void commit();
    void take(const record_reader::record& record);
    /// Counts the record, or answers why it is refused.
    std::optional<std::string> keep(std::string_view text);
    outcome keep_fragment();
    void keep_memberships(std::int64_t profile_id, std::int64_t fragment_id);
    outcome keep_event(std::string_view event_id, timestamp occurred_at);
    std::int64_t primary_profile();
    template <class Add>
    void keep_further_identities(Add add);
    void count(outcome what);

    sql::connection& on_;
    const import_options& options_;
    kind kind_;
    record_identities identities_;
    std::optional<sql::transaction> open_;
    std::optional<name_registry> names_;
    std::int64_t records_in_transaction_ = 0;
    std::size_t bytes_in_transaction_ = 0;
    import_summary summary_;
    json::document document_;
    std::string identity_map_;
    std::string record_;
};

} // namespace waybill::profile
