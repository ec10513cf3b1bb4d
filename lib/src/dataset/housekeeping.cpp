#include "dataset/housekeeping.hpp"

#include <algorithm>
#include <optional>
#include <unordered_set>

#include "dataset/current.hpp"
#include "dataset/layout.hpp"
#include "disk/directory.hpp"
#include <waybill/new_export_job.hpp>

namespace waybill::dataset {

namespace {

void remove_unlisted_of(const found_dataset& dataset, const std::unordered_set<std::string>& publishing) {
    std::unordered_set<std::string> keep;
    // Read before anything is removed: when it is damaged, nothing here is.
    if (const auto current = read_current(dataset.directory)) {
        for (const auto& batch : current->batches)
            keep.insert(batch.batch_id);
        keep.insert(current->superseded.begin(), current->superseded.end());
    }
    bool changed = false;
    for (const auto& entry : disk::list_directory(dataset.directory)) {
        const auto batch_id = parse_batch_name(entry.name);
        const bool unlisted = batch_id && !keep.contains(*batch_id) && !publishing.contains(*batch_id);
        if (!unlisted && entry.name != current_aside_name) continue;
        disk::remove_tree(dataset.directory / entry.name);
        changed = true;
    }
    if (changed) disk::sync_directory(dataset.directory);
}

} // namespace

std::vector<found_dataset> find_datasets(const std::filesystem::path& root) {
    std::vector<found_dataset> found;
    for (const auto& org : disk::list_directory(root)) {
        const auto org_name = decode_name(org.name);
        if (!org.is_directory || !org_name) continue;
        for (const auto& sandbox : disk::list_directory(root / org.name)) {
            const auto sandbox_name = decode_name(sandbox.name);
            if (!sandbox.is_directory || !sandbox_name) continue;
            const auto above = root / org.name / sandbox.name;
            for (const auto& dataset : disk::list_directory(above))
                if (dataset.is_directory && is_dataset_id(dataset.name))
                    found.push_back({{*org_name, *sandbox_name}, dataset.name, above / dataset.name});
        }
    }
    return found;
}

std::vector<published_batch> survey(const std::filesystem::path& root) {
    std::vector<published_batch> published;
    std::filesystem::path last_sandbox;
    disk::sync_directory(root);
    for (const auto& dataset : find_datasets(root)) {
        if (const auto sandbox = dataset.directory.parent_path(); sandbox != last_sandbox) {
            disk::sync_directory(sandbox.parent_path());
            disk::sync_directory(sandbox);
            last_sandbox = sandbox;
        }
        disk::sync_directory(dataset.directory);
        const auto current = read_current(dataset.directory);
        if (!current) continue;
        const auto sequence = current->commit_sequence;
        for (const auto& batch : current->batches)
            published.push_back(
                {dataset.owner, dataset.id, batch.batch_id, sequence, false, batch.rows, batch.bytes});
        for (const auto& batch_id : current->superseded)
            published.push_back(
                {dataset.owner, dataset.id, batch_id, sequence, true, std::nullopt, std::nullopt});
    }
    return published;
}

void remove_unlisted(const std::filesystem::path& root, const std::vector<std::string>& publishing) {
    const std::unordered_set<std::string> keep(publishing.begin(), publishing.end());
    for (const auto& dataset : find_datasets(root))
        remove_unlisted_of(dataset, keep);
}

std::vector<staging_key> staged_keys(const found_dataset& dataset) {
    std::vector<staging_key> keys;
    for (const auto& entry : disk::list_directory(dataset.directory / staging_name))
        if (const auto key = parse_staging_key(entry.name); key && entry.is_directory) keys.push_back(*key);
    return keys;
}

std::vector<staging_key> staged_keys(const std::filesystem::path& root) {
    std::vector<staging_key> keys;
    for (const auto& dataset : find_datasets(root)) {
        const auto here = staged_keys(dataset);
        keys.insert(keys.end(), here.begin(), here.end());
    }
    std::sort(keys.begin(), keys.end());
    return keys;
}

void remove_staged(const std::filesystem::path& root, const std::vector<staging_key>& gone) noexcept {
    try {
        for (const auto& dataset : find_datasets(root))
            for (const auto& key : gone)
                disk::remove_if_possible(staging_directory(dataset.directory, key));
    } catch (const std::exception&) {
        // What cannot be listed now is removed by a later sweep.
    }
}

} // namespace waybill::dataset
