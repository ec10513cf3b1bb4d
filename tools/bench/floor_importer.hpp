// The floor of an import of profiles: rows that are known beforehand, ids included, put into the tables of a
// profile store by prepared statements, as many a transaction as the library's import takes. Nothing is read,
// looked up or checked. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "raw_database.hpp"

namespace waybill::bench {

/// A fragment with the rows that come with it.
struct floor_fragment {
    std::int64_t id = 0;
    std::int64_t profile = 0;
    std::int64_t dataset = 0;
    std::int64_t ingest_time = 0;
    std::string identity_map{};
    std::string record{};
    bool first_of_profile = false; ///< whether the profile's row is new, too
    std::int64_t primary_namespace = 0;
    std::string primary{};
    std::vector<std::pair<std::int64_t, std::string>> further{};     ///< namespace and identity
    std::vector<std::pair<std::int64_t, std::string>> memberships{}; ///< segment and status
};

/// The rows of the tables of names, which fragments point to.
struct floor_name {
    std::int64_t id = 0;
    std::string first{};
    std::string second{};
};
struct floor_names {
    std::vector<floor_name> tenants{}, datasets{}, namespaces{}, segments{};
};

/// What an import of ours has left in a store, in the order in which it came.
struct imported_rows {
    explicit imported_rows(const std::filesystem::path& store);

    floor_names names{};
    std::vector<floor_fragment> fragments{};
    /// Where the fragments of each dataset begin; they come one dataset after the other.
    std::vector<std::size_t> begins{};
    std::span<const floor_fragment> of_dataset(std::size_t which) const;
};

class floor_importer {
  public:
    /// Into a store that `profile_store::open` has made and nobody has open.
    explicit floor_importer(const std::filesystem::path& store);

    void add_names(const floor_names& names);
    void add(std::span<const floor_fragment> fragments);

  private:
    void add_one(const floor_fragment& one);

    raw_database database_;
    raw_statement begin_;
    raw_statement commit_;
    raw_statement profile_;
    raw_statement fragment_;
    raw_statement identity_;
    raw_statement membership_;
};

} // namespace waybill::bench
