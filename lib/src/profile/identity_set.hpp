// The identities of a record, or of a profile: one entry per namespace and id, whatever the case of the
// namespace; of equal ones the one added last stays. A namespace is shown as it was spelled last. One thread;
// the texts and documents that entries point into must outlive them.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "json/document.hpp"

namespace waybill::profile {

struct identity {
    std::string_view ns; ///< as it is shown
    std::string id;
    json::value entry;    ///< of an `identityMap`; empty for a declared identity
    bool primary = false; ///< whether it says so of itself
    std::string folded;   ///< namespace as it is compared
    std::size_t order = 0;
};

class identity_set {
  public:
    void clear() { all_.clear(); }
    void add(std::string_view ns, std::string id, json::value entry, bool primary);
    /// Adds what an `identityMap` holds that was kept by an import.
    void add_kept(json::value identity_map);
    /// Sorts by namespace, then id, and drops what was added again later.
    void settle();

    /// In order once settled.
    std::span<const identity> all() const { return all_; }

  private:
    std::vector<identity> all_;
};

/// The text under which a value is an identity: a string's characters, a number's spelling. Empty for others.
std::string identity_text(json::value what);

/// Appends the `identityMap` under which an import keeps the identities of a record.
void append_identity_map(std::string& out, std::span<const identity> settled);

} // namespace waybill::profile
