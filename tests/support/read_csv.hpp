// A reader of CSV as RFC 4180 has it, character by character, which knows nothing of our writer.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace waybill::test {

using csv_records = std::vector<std::vector<std::string>>;

/// Throws `invalid_argument` for what the RFC's grammar does not allow.
inline csv_records read_csv(std::string_view text) {
    const auto refuse = [] { throw std::invalid_argument("no CSV as RFC 4180 has it"); };
    csv_records records;
    while (!text.empty()) {
        auto& record = records.emplace_back();
        for (bool more = true; more;) {
            std::string cell;
            if (text.starts_with('"')) {
                for (text.remove_prefix(1); !text.starts_with('"') || text.starts_with("\"\"");) {
                    if (text.empty()) refuse();
                    cell += text.front();
                    text.remove_prefix(text.starts_with('"') ? 2 : 1);
                }
                text.remove_prefix(1);
            } else {
                const auto end = text.find_first_of(",\r\n\"");
                if (end == std::string_view::npos) refuse();
                cell = text.substr(0, end);
                text.remove_prefix(end);
            }
            record.push_back(cell);
            more = text.starts_with(',');
            if (!more && !text.starts_with("\r\n")) refuse();
            text.remove_prefix(more ? 1 : 2);
        }
    }
    return records;
}

} // namespace waybill::test
