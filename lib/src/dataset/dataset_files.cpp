#include <waybill/dataset_files.hpp>

#include "dataset/current.hpp"
#include "dataset/layout.hpp"
#include "dataset/manifest.hpp"
#include "dataset/tenant_datasets.hpp"
#include "digest/sha256.hpp"
#include "disk/directory.hpp"
#include "disk/unlinked_path.hpp"
#include <waybill/new_export_job.hpp>

namespace waybill {

namespace {

/// Beyond any number of files that a batch has; read at once.
constexpr std::int64_t longest_manifest = std::int64_t{16} << 20U;

failure no_such_batch() { return {errc::not_found, "there is no such batch", {}}; }
failure no_such_file() { return {errc::not_found, "there is no such file", {}}; }

[[noreturn]] void damaged(const std::filesystem::path& path, const std::string& why) {
    throw store_failure(store_failure::kind::corrupt, path.string() + " is damaged: " + why);
}

/// What `current.json` says of a batch.
struct listing {
    bool visible = false;
    std::string manifest_sha256; ///< of a visible one
};

std::optional<listing> listed(const std::filesystem::path& dataset, std::string_view batch_id,
                              published_files::reach far) {
    const auto current = dataset::read_current(dataset);
    if (!current) return std::nullopt;
    if (const auto* const named = current->find(batch_id)) return listing{true, named->manifest_sha256};
    if (far == published_files::reach::superseded_too && current->lists_as_superseded(batch_id))
        return listing{};
    return std::nullopt;
}

std::vector<described_file> described(const dataset::manifest& what) {
    std::vector<described_file> files;
    for (const auto& file : what.files)
        files.push_back({file.name, file.bytes, file.sha256});
    return files;
}

} // namespace

struct batch_file::impl {
    described_file about;
    disk::opened_file file;
};

const described_file& batch_file::about() const noexcept { return self_->about; }

std::string batch_file::read(std::int64_t from, std::size_t most) const {
    return disk::read_at(self_->file.descriptor, from, most);
}

struct published_files::impl {
    std::filesystem::path path; ///< of the batch, for messages
    disk::file_descriptor directory;
    bool visible = false;
    std::vector<described_file> files;

    void describe(const listing& as, std::string_view batch_id);
};

/// A batch that is visible is whole; one that is superseded may be half pruned, and then has no files.
void published_files::impl::describe(const listing& as, std::string_view batch_id) {
    const auto file = disk::open_file(directory, std::string(dataset::manifest_name));
    if (!file) {
        if (visible) damaged(path, "it has no manifest");
        return;
    }
    if (file->length > longest_manifest) damaged(path, "its manifest is too long");
    const auto text = disk::read_at(file->descriptor, 0, static_cast<std::size_t>(file->length));
    if (visible && digest::sha256_hex(text) != as.manifest_sha256)
        damaged(path, "its manifest is not the one that was published");
    const auto what = dataset::parse_manifest(text);
    if (!what) damaged(path, "its manifest " + what.error().message);
    if (what->batch_id != batch_id) damaged(path, "its manifest is another batch's");
    files = described(*what);
}

result<published_files> published_files::open(const std::filesystem::path& root, const tenant& owner,
                                              const std::string& dataset_id, std::string_view batch_id,
                                              reach far) {
    if (!owner.valid() || !is_dataset_id(dataset_id) || !dataset::valid_batch_id(batch_id))
        return no_such_batch();
    const auto dataset = dataset::tenant_directory(owner) / dataset_id;
    if (!disk::open_directory(root, dataset)) return no_such_batch();
    const auto as = listed(root / dataset, batch_id, far);
    if (!as) return no_such_batch();
    const auto batch = dataset / dataset::batch_name(batch_id);
    auto directory = disk::open_directory(root, batch);
    if (!directory && as->visible) damaged(root / batch, "it is not there as a directory");
    if (!directory) return no_such_batch();
    auto self = std::make_shared<impl>(impl{root / batch, std::move(*directory), as->visible, {}});
    self->describe(*as, batch_id);
    if (self->files.empty()) return no_such_batch();
    return published_files(std::move(self));
}

result<published_files> published_files::find(const std::filesystem::path& root, const tenant& owner,
                                              std::string_view batch_id, reach far) {
    if (!owner.valid() || !dataset::valid_batch_id(batch_id)) return no_such_batch();
    const auto above = dataset::tenant_directory(owner);
    if (!disk::open_directory(root, above)) return no_such_batch();
    for (const auto& entry : disk::list_directory(root / above)) {
        if (!entry.is_directory || !is_dataset_id(entry.name)) continue;
        // First the cheap look, also so that another dataset's damage is none of this batch's.
        if (!disk::is_there(root / above / entry.name / dataset::batch_name(batch_id))) continue;
        if (auto found = open(root, owner, entry.name, batch_id, far)) return found;
    }
    return no_such_batch();
}

const std::vector<described_file>& published_files::list() const noexcept { return self_->files; }

result<batch_file> published_files::open_file(std::size_t position) const {
    if (position >= self_->files.size()) return no_such_file();
    const auto& about = self_->files[position];
    auto file = disk::open_file(self_->directory, about.name);
    if (!file && !self_->visible) return no_such_file();
    if (!file) damaged(self_->path / about.name, "it is not there as a file");
    if (file->length != about.length)
        damaged(self_->path / about.name, "it has " + std::to_string(file->length) + " bytes instead of " +
                                              std::to_string(about.length));
    return batch_file(std::make_shared<const batch_file::impl>(batch_file::impl{about, std::move(*file)}));
}

} // namespace waybill
