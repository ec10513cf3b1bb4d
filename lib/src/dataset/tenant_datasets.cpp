#include "dataset/tenant_datasets.hpp"

#include <waybill/new_export_job.hpp>

#include "dataset/layout.hpp"
#include "disk/directory.hpp"
#include "disk/unlinked_path.hpp"

namespace waybill::dataset {

namespace {

failure no_such_dataset(const std::string& dataset_id) {
    return {errc::not_found, "there is no dataset '" + dataset_id + "' of this tenant", {}};
}

} // namespace

std::filesystem::path tenant_directory(const tenant& owner) {
    return std::filesystem::path(encode_name(owner.org)) / encode_name(owner.sandbox);
}

result<std::vector<std::filesystem::path>> directories_of(const std::filesystem::path& root,
                                                          const tenant& owner) {
    if (!std::filesystem::is_directory(root))
        return failure{errc::not_found, "there is no datasets' root " + root.string(), {}};
    std::vector<std::filesystem::path> found;
    if (!owner.valid() || !disk::open_directory(root, tenant_directory(owner))) return found;
    const auto above = root / tenant_directory(owner);
    for (const auto& entry : disk::list_directory(above))
        if (entry.is_directory && is_dataset_id(entry.name)) found.push_back(above / entry.name);
    return found;
}

result<std::filesystem::path> directory_of(const std::filesystem::path& root, const tenant& owner,
                                           const std::string& dataset_id) {
    if (!std::filesystem::is_directory(root))
        return failure{errc::not_found, "there is no datasets' root " + root.string(), {}};
    if (!owner.valid() || !is_dataset_id(dataset_id)) return no_such_dataset(dataset_id);
    if (!disk::open_directory(root, tenant_directory(owner) / dataset_id)) return no_such_dataset(dataset_id);
    return root / tenant_directory(owner) / dataset_id;
}

} // namespace waybill::dataset
