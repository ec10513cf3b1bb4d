// The results as people and programs read them: a table, the same in Markdown, and JSON. Pure functions.
#pragma once

#include <string>
#include <vector>

#include "machine.hpp"
#include "result_row.hpp"

namespace waybill::bench {

struct report {
    machine where;
    std::size_t rounds = 0;
    std::vector<result_row> rows{};
};

std::string as_table(const report& all);
std::string as_markdown(const report& all);
/// `{"machine":…,"rounds":…,"results":[…]}`; what is not known is null.
std::string as_json(const report& all);

} // namespace waybill::bench
