// Runs a script one statement at a time, so that somebody can be told before each: a progress line, or a test
// that ends the process there. SQLite finds where a statement ends; triggers hold semicolons.
// Belongs to the connection's thread; errors are thrown as `store_failure`.
#pragma once

#include <functional>
#include <string_view>

#include "sql/connection.hpp"

namespace waybill::sql {

/// Is told the text of the statement, without the comments before it.
using statement_observer = std::function<void(std::string_view statement)>;

/// Runs all statements in order, in whatever transaction there is; ends at the first that fails.
void run_script(connection& on, std::string_view script, const statement_observer& before = {});

} // namespace waybill::sql
