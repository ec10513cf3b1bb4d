#include "dataset/pruning.hpp"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include <waybill/result.hpp>

#include "dataset/layout.hpp"
#include "dataset/manifest.hpp"
#include "disk/directory.hpp"

namespace waybill::dataset {

namespace {

/// Files that one step removes: one of the usual size takes some milliseconds.
constexpr std::size_t files_a_step = 8;

used_numbers numbers_of(const std::filesystem::path& dataset, const std::string& batch_id) {
    const auto read = find_manifest(dataset / batch_name(batch_id));
    return read ? used_numbers{read->content.key.epoch, read->content.key.job, 0} : used_numbers{};
}

void move_aside(const std::filesystem::path& dataset, const std::string& batch_id) {
    const auto aside = dataset / staging_name / pruned_name(batch_id);
    disk::remove_tree(aside);
    if (!disk::rename_no_replace(dataset / batch_name(batch_id), aside))
        throw store_failure(store_failure::kind::io, aside.string() + " appeared while it was pruned");
}

} // namespace

void pruning::begin(time_point now) {
    datasets_.clear();
    aside_.clear();
    still_in_.clear();
    whole_ = true;
    if (keep_) count_time(now);
    for (auto& found : find_datasets(root_))
        datasets_.push_back(std::move(found));
}

void pruning::count_time(time_point now) {
    if (!ledger_) ledger_ = read_ledger(root_);
    const auto passed = std::chrono::floor<milliseconds>(now - counted_until_.value_or(now));
    ledger_->running += std::max(passed, milliseconds{0});
    counted_until_ = now;
}

bool pruning::step() {
    if (!aside_.empty()) {
        remove_some();
        return true;
    }
    if (!datasets_.empty()) {
        const auto next = std::move(datasets_.front());
        datasets_.pop_front();
        try {
            look_at(next);
        } catch (const store_failure&) {
            whole_ = false; // the next pass looks again
        }
        return true;
    }
    if (keep_) write_down();
    return false;
}

void pruning::look_at(const found_dataset& dataset) {
    if (keep_) take_out(dataset.directory);
    find_aside(dataset.directory);
}

void pruning::take_out(const std::filesystem::path& dataset) {
    const auto current = read_current(dataset);
    if (!current) return;
    const auto gone = expired(dataset, *current);
    if (gone.empty()) return;
    disk::sync_directory(dataset); // what was read is now also what is there after a power cut
    note_numbers(dataset, *current, gone);
    disk::make_directories(dataset / staging_name);
    for (const auto& batch_id : gone)
        move_aside(dataset, batch_id);
}

/// Notes those that stay.
std::vector<std::string> pruning::expired(const std::filesystem::path& dataset,
                                          const current_dataset& current) {
    const std::unordered_set<std::string> listed(current.superseded.begin(), current.superseded.end());
    std::vector<std::string> gone;
    for (const auto& entry : disk::list_directory(dataset)) {
        const auto batch_id = parse_batch_name(entry.name);
        if (!batch_id || !entry.is_directory || !listed.contains(*batch_id) || current.find(*batch_id))
            continue;
        const auto noted = ledger_->since.find(*batch_id);
        const auto since = noted == ledger_->since.end() ? ledger_->running : noted->second;
        if (ledger_->running - since >= *keep_)
            gone.push_back(*batch_id);
        else
            still_in_.emplace(*batch_id, since);
    }
    return gone;
}

/// A restore asks the datasets which numbers were used. Usually what is visible has higher ones than what it
/// has superseded, and nothing is to be written.
void pruning::note_numbers(const std::filesystem::path& dataset, const current_dataset& current,
                           const std::vector<std::string>& gone) {
    auto staying = ledger_->gone;
    staying.raise({0, current.job, 0});
    for (const auto& batch : current.batches)
        staying.raise(numbers_of(dataset, batch.batch_id));
    auto all = staying;
    for (const auto& batch_id : gone)
        all.raise(numbers_of(dataset, batch_id));
    if (all == staying) return;
    auto next = *ledger_;
    next.gone.raise(all);
    replace_ledger(root_, next);
    ledger_ = std::move(next);
}

/// Synced before anything of it is removed, so that no power cut brings half a batch back into its place.
void pruning::find_aside(const std::filesystem::path& dataset) {
    const auto staging = dataset / staging_name;
    std::vector<std::filesystem::path> found;
    for (const auto& entry : disk::list_directory(staging))
        if (is_pruned_name(entry.name)) found.push_back(staging / entry.name);
    if (found.empty()) return;
    disk::sync_directory(staging);
    disk::sync_directory(dataset);
    aside_.insert(aside_.end(), found.begin(), found.end());
}

/// What cannot be removed now is found again by the next pass.
void pruning::remove_some() {
    const auto& batch = aside_.front();
    try {
        const auto entries = disk::list_directory(batch);
        const auto count = std::min(entries.size(), files_a_step);
        for (std::size_t i = 0; i < count; ++i)
            disk::remove_tree(batch / entries[i].name);
        if (count < entries.size()) return;
        disk::remove_tree(batch);
    } catch (const store_failure&) {
    }
    aside_.pop_front();
}

void pruning::write_down() {
    if (!whole_) still_in_.merge(ledger_->since); // of what could not be looked at, too
    const bool nobody_waits = still_in_.empty() && ledger_->since.empty();
    ledger_->since = std::move(still_in_);
    still_in_.clear();
    if (!nobody_waits) replace_ledger(root_, *ledger_); // else there is nothing that the time counts for
}

} // namespace waybill::dataset
