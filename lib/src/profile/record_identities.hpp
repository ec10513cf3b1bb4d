// Which identities a record has, from its `identityMap` and the declared paths of the import, and which of
// them is the primary one (contract 3, "Identities"). One thread. What a record lacks is a reason, not an
// error.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <waybill/profile_store.hpp>

#include "profile/identity_set.hpp"
#include "json/document.hpp"

namespace waybill::profile {

class record_identities {
  public:
    explicit record_identities(std::span<const identity_path> declared);

    /// Reads a record, which must outlive what is asked below. Answers why it has to be refused, if so.
    std::optional<std::string> read(json::value record);

    std::span<const identity> all() const { return set_.all(); } ///< settled
    bool is_primary(const identity& one) const;
    const identity& primary() const;

  private:
    struct declared_path {
        std::vector<std::string> members;
        std::string pointer;
        std::string ns;
        bool primary = false;
    };
    struct found {
        std::string_view ns;
        std::string id;
        json::value entry;
        bool primary = false;
        std::size_t position = 0;
    };

    std::optional<std::string> read_declared(json::value record);
    std::optional<std::string> read_map(json::value map);
    std::optional<std::string> read_entries(json::value entries);
    const found* choose_primary() const;

    std::vector<declared_path> paths_;
    std::vector<found> declared_; ///< in the order of the paths
    std::vector<found> mapped_;   ///< in the order of the record
    std::string primary_ns_;      ///< folded
    std::string primary_id_;
    identity_set set_;
};

} // namespace waybill::profile
