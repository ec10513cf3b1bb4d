#include "protocol/file_tree.hpp"

#include "dataset/current.hpp"
#include "dataset/layout.hpp"
#include "dataset/manifest.hpp"
#include "protocol/ranks.hpp"
#include "support/staged_job.hpp"

namespace waybill::test {
namespace {

namespace fs = std::filesystem;

std::string described_current(const fs::path& dataset) {
    const auto now = dataset::read_current(dataset);
    if (!now) return "nothing";
    auto text = "job " + std::to_string(now->job) + " c" + ranked_number(now->commit_sequence);
    for (const auto& batch : now->batches)
        text += " +" + batch.batch_id.substr(16);
    for (const auto& batch : now->superseded)
        text += " -" + batch.substr(16);
    return text;
}

/// `.staging/1.2.3` names an epoch.
std::string described_path(const fs::path& path) {
    std::string text;
    for (const auto& part : path) {
        const auto key = parse_staging_key(part.string());
        text += '/' + (key ? described_key(*key) : part.string());
    }
    return text;
}

} // namespace

file_tree file_tree::of(const fs::path& root) {
    auto found = std::make_shared<files>();
    std::string text;
    for (const auto& entry : fs::recursive_directory_iterator(root)) {
        const auto name = entry.path().filename().string();
        if (name == dataset::lock_name) continue;
        const auto path = entry.path().lexically_relative(root);
        const bool directory = entry.is_directory();
        (*found)[path.string()] =
            directory ? nullptr : std::make_shared<const std::string>(contents(entry.path()));
    }
    for (const auto& [path, bytes] : *found) {
        const auto name = fs::path(path).filename().string();
        text += described_path(path);
        if (name == dataset::current_name) {
            text += ": " + described_current((root / path).parent_path());
        } else if (name == dataset::manifest_name) {
            const auto manifest = dataset::parse_manifest(*bytes);
            text += manifest ? ": " + described_key(manifest->key) : ": damaged";
        }
        text += '\n';
    }
    file_tree tree;
    tree.files_ = std::move(found);
    tree.text_ = std::make_shared<const std::string>(std::move(text));
    return tree;
}

void file_tree::bring_back(const fs::path& root, const file_tree& now) const {
    if (same_as(now)) return;
    for (auto at = now.files_->rbegin(); at != now.files_->rend(); ++at)
        if (!files_->contains(at->first)) fs::remove(root / at->first);
    for (const auto& [path, bytes] : *files_) {
        const auto there = now.files_->find(path);
        if (!bytes)
            fs::create_directory(root / path);
        else if (there == now.files_->end() || !there->second || *there->second != *bytes)
            overwrite(root / path, *bytes);
    }
}

} // namespace waybill::test
