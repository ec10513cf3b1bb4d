// Whole definitions, with what they ask for and what asks for them, as clients see them: of the store's own
// connection, or of one that only reads. One thread, one connection. Throws `store_failure`.
#pragma once

#include <span>
#include <string>

#include <waybill/result.hpp>
#include <waybill/segment_definition.hpp>

#include "segments/definition_rows.hpp"
#include "sql/connection.hpp"

namespace waybill::segments {

failure no_such_segment(const std::string& id);

/// With what the row itself does not have.
segment_definition whole(sql::connection& on, std::int64_t tenant_id, definition_row row);

result<segment_definition> look_at(sql::connection& on, const tenant& owner, const std::string& id);
result<segment_page> look_at_page(sql::connection& on, const tenant& owner, const segment_query& query);

} // namespace waybill::segments
