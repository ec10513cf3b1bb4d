#include <waybill/dataset_numbers.hpp>

#include <utility>

#include "dataset/current.hpp"
#include "dataset/housekeeping.hpp"
#include "dataset/layout.hpp"
#include "dataset/superseded_ledger.hpp"
#include "disk/directory.hpp"
#include "disk/durable_file.hpp"
#include "sql/owner_lock.hpp"
#include "json/document.hpp"

namespace waybill {

namespace {

/// Of a manifest only what is asked here, so that one of another engine, or a newer one, will do.
used_numbers numbers_of_manifest(const std::filesystem::path& path) {
    const auto text = disk::read_file(path);
    if (!text) return {};
    json::document document;
    const bool malformed = document.parse(*text).has_value();
    const auto job = malformed ? std::nullopt : document.root().member("jobId").integer();
    const auto epoch = malformed ? std::nullopt : document.root().member("epoch").integer();
    if (!job || !epoch)
        throw store_failure(store_failure::kind::corrupt,
                            path.string() + " is damaged: it does not name its job and epoch");
    return {*epoch, *job, 0};
}

used_numbers numbers_of_dataset(const std::filesystem::path& dataset) {
    used_numbers highest;
    if (const auto current = dataset::read_current(dataset))
        highest.raise({0, current->job, current->commit_sequence});
    for (const auto& entry : disk::list_directory(dataset))
        if (dataset::parse_batch_name(entry.name))
            highest.raise(numbers_of_manifest(dataset / entry.name / dataset::manifest_name));
    for (const auto& entry : disk::list_directory(dataset / dataset::staging_name))
        if (const auto key = parse_staging_key(entry.name)) highest.raise({key->epoch, key->job, 0});
    return highest;
}

} // namespace

struct dataset_numbers::impl {
    sql::owner_lock lock;
    used_numbers highest;
};

result<dataset_numbers> dataset_numbers::survey(const std::filesystem::path& root) {
    if (!std::filesystem::is_directory(root))
        return failure{errc::not_found, "there is no datasets' root " + root.string(), {}};
    auto lock = sql::owner_lock::take(root / dataset::lock_name, "datasets' root");
    if (!lock) return std::move(lock).error();
    auto self = std::make_unique<impl>(impl{std::move(lock).value(), dataset::read_ledger(root).gone});
    for (const auto& found : dataset::find_datasets(root))
        self->highest.raise(numbers_of_dataset(found.directory));
    return dataset_numbers(std::move(self));
}

dataset_numbers::dataset_numbers(std::unique_ptr<impl> self) : self_(std::move(self)) {}
dataset_numbers::dataset_numbers(dataset_numbers&&) noexcept = default;
dataset_numbers& dataset_numbers::operator=(dataset_numbers&&) noexcept = default;
dataset_numbers::~dataset_numbers() = default;

const used_numbers& dataset_numbers::highest() const noexcept { return self_->highest; }

} // namespace waybill
