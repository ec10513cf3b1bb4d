// Datasets as people and programs read them. To stdout.
#pragma once

#include <optional>
#include <vector>

#include <waybill/dataset_contents.hpp>

namespace waybill::tool {

/// A dataset and what is set for it; nothing of the latter when no store was named.
struct shown_dataset {
    held_dataset held;
    std::optional<dataset_output> set;
};

void print_datasets(const std::vector<shown_dataset>& all, bool json);
void print_dataset(const shown_dataset& one, bool json);
void print_settings(const dataset_settings& what, bool json);
void print_verification(const dataset_verification& seen, bool json);

} // namespace waybill::tool
