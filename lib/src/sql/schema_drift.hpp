// What a schema consists of, and how one differs from another: object by object, by the definition that
// SQLite keeps of each. The schemas that the migrations make are found by running them in memory. Belongs to
// the connection's thread; errors are thrown as `store_failure`.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sql/connection.hpp"
#include "sql/migration.hpp"

namespace waybill::sql {

struct schema_object {
    std::string type; ///< `table`, `index`, `trigger`, `view`
    std::string name;
    std::string text; ///< its definition, in one spelling of blanks, comments and quotes

    friend bool operator==(const schema_object&, const schema_object&) = default;
};

/// Sorted by type and name; what SQLite makes by itself is left out.
using schema_objects = std::vector<schema_object>;
schema_objects objects_of(connection& on);

struct schema_difference {
    enum class kind { missing, extra, different };
    kind what = kind::missing;
    std::string type;
    std::string name;
};
std::string_view to_text(schema_difference::kind what);
/// `table tenants is missing`
std::string to_text(const schema_difference& difference);

std::vector<schema_difference> differences(const schema_objects& expected, const schema_objects& found);

/// The schema after each of the migrations.
class schema_versions {
  public:
    explicit schema_versions(std::span<const migration> known);

    /// After the migration of this number; 0 for none.
    const schema_objects& after(int version) const { return versions_.at(static_cast<std::size_t>(version)); }
    /// The lowest version of at least this number that has exactly these objects.
    std::optional<int> version_of(const schema_objects& found, int at_least) const;
    /// The version with the fewest differences from these objects; of several the newest.
    int nearest(const schema_objects& found) const;

  private:
    std::vector<schema_objects> versions_; ///< the first is the empty one
};

} // namespace waybill::sql
