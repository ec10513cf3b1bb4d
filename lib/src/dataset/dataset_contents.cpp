#include <waybill/dataset_contents.hpp>

#include "dataset/current.hpp"
#include "dataset/layout.hpp"
#include "dataset/manifest.hpp"
#include "dataset/tenant_datasets.hpp"

namespace waybill {

namespace {

held_batch look_at_batch(const std::filesystem::path& dataset, const std::string& batch_id) {
    held_batch batch{batch_id};
    const auto read = dataset::find_manifest(dataset / dataset::batch_name(batch_id));
    if (!read || read->content.batch_id != batch_id) return batch;
    batch.there = true;
    batch.files = read->content.files.size();
    batch.rows = read->content.rows;
    batch.bytes = read->content.bytes;
    batch.output = read->content.output;
    return batch;
}

void look_at_batches(held_dataset& held, const std::filesystem::path& dataset,
                     const dataset::current_dataset& current) {
    for (const auto& named : current.batches) {
        auto& batch = held.batches.emplace_back(look_at_batch(dataset, named.batch_id));
        batch.segment_id = named.segment_id;
        batch.segment_ns = named.segment_ns;
    }
    for (const auto& batch_id : current.superseded)
        held.batches.emplace_back(look_at_batch(dataset, batch_id)).superseded = true;
}

held_dataset look_at(const std::filesystem::path& dataset, bool with_batches) {
    held_dataset held{dataset.filename().string()};
    std::optional<dataset::current_dataset> current;
    try {
        current = dataset::read_current(dataset);
    } catch (const store_failure& broken) {
        if (broken.transient()) throw;
        held.damage = broken.what();
    }
    if (!current) return held;
    held.job = current->job;
    held.commit_sequence = current->commit_sequence;
    held.published_at = current->published_at;
    held.visible = current->batches.size();
    held.superseded = current->superseded.size();
    for (const auto& batch : current->batches) {
        held.rows += batch.rows;
        held.bytes += batch.bytes;
    }
    if (with_batches) look_at_batches(held, dataset, *current);
    return held;
}

} // namespace

result<std::vector<held_dataset>> list_datasets(const std::filesystem::path& root, const tenant& owner) {
    auto found = dataset::directories_of(root, owner);
    if (!found) return std::move(found).error();
    std::vector<held_dataset> all;
    for (const auto& directory : *found)
        all.push_back(look_at(directory, false));
    return all;
}

result<held_dataset> look_at_dataset(const std::filesystem::path& root, const tenant& owner,
                                     const std::string& dataset_id) {
    auto directory = dataset::directory_of(root, owner, dataset_id);
    if (!directory) return std::move(directory).error();
    return look_at(*directory, true);
}

} // namespace waybill
