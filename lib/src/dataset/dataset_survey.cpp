#include <waybill/dataset_survey.hpp>

#include "dataset/current.hpp"
#include "dataset/housekeeping.hpp"
#include "dataset/layout.hpp"
#include "disk/directory.hpp"

namespace waybill {

namespace {

std::optional<dataset::current_dataset> read_current(const std::filesystem::path& directory,
                                                     std::string& damage) {
    try {
        return dataset::read_current(directory);
    } catch (const store_failure& broken) {
        if (broken.transient()) throw;
        damage = broken.what();
        return std::nullopt;
    }
}

surveyed_dataset look_at(const dataset::found_dataset& found) {
    surveyed_dataset seen{found.owner, found.id};
    // In this order, since a batch is in place before `current.json` names it.
    const auto entries = disk::list_directory(found.directory);
    const auto current = read_current(found.directory, seen.damage);
    if (current) {
        seen.visible = current->batches.size();
        for (const auto& batch : current->batches)
            if (!disk::is_there(found.directory / dataset::batch_name(batch.batch_id) /
                                dataset::manifest_name))
                seen.missing.push_back(batch.batch_id);
    }
    for (const auto& entry : entries) {
        auto batch_id = dataset::parse_batch_name(entry.name);
        if (!batch_id || !entry.is_directory) continue;
        if (current && current->lists_as_superseded(*batch_id))
            ++seen.superseded;
        else if (seen.damage.empty() && !(current && current->find(*batch_id)))
            seen.unlisted.push_back(std::move(*batch_id));
    }
    seen.staged = dataset::staged_keys(found);
    return seen;
}

} // namespace

result<std::vector<surveyed_dataset>> survey_datasets(const std::filesystem::path& root) {
    if (!std::filesystem::is_directory(root))
        return failure{errc::not_found, "there is no datasets' root " + root.string(), {}};
    std::vector<surveyed_dataset> all;
    for (const auto& found : dataset::find_datasets(root))
        all.push_back(look_at(found));
    return all;
}

} // namespace waybill
