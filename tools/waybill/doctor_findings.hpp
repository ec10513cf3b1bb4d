// What a check-up finds, and who looks for it: each function examines one thing and adds what it saw. One
// thread; throws `command_failure` for what is not there, and what the library throws.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include <waybill/store_inspection.hpp>

#include "table.hpp"

namespace waybill::tool {

/// A warning says what to know, a problem what is wrong.
struct doctor_findings {
    std::vector<std::pair<std::string, std::string>> versions;
    std::vector<std::string> warnings;
    std::vector<std::string> problems;
    nlohmann::ordered_json stores = nlohmann::ordered_json::array();
    table shown{{{"what"}, {"file"}, {"schema"}, {"integrity"}, {"owner"}}};
    table settings{{{"file"},
                    {"journal"},
                    {"page size", table::align::right},
                    {"auto_vacuum"},
                    {"WAL", table::align::right}}};
};

void check_store(store_kind kind, const std::filesystem::path& file, doctor_findings& found);
/// Datasets alone, or against the store whose jobs write to them.
void check_datasets(const std::filesystem::path& root, const std::filesystem::path& store,
                    doctor_findings& found);

std::string owner_text(const std::optional<store_owner>& owner);
nlohmann::ordered_json owner_json(const std::optional<store_owner>& owner);

} // namespace waybill::tool
