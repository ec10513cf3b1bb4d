#include "doctor_findings.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <waybill/dataset_publisher.hpp>
#include <waybill/dataset_survey.hpp>
#include <waybill/store_checkup.hpp>

#include "command_failure.hpp"

namespace waybill::tool {

namespace {

using json = nlohmann::ordered_json;

/// What one look found, each in words; the same words in two looks are the same finding.
struct look_at_datasets {
    std::set<std::string> problems;
    std::set<std::string> warnings;
    std::size_t datasets = 0;
    std::size_t visible = 0;
    std::size_t superseded = 0;
    std::size_t staged = 0;
};

template <class T>
bool has(const std::vector<T>& all, const T& one) {
    return std::find(all.begin(), all.end(), one) != all.end();
}

void judge(const surveyed_dataset& seen, const std::string& place,
           const std::optional<dataset_claims>& claims, look_at_datasets& into) {
    if (!seen.damage.empty()) into.problems.insert(seen.damage);
    for (const auto& batch : seen.missing)
        into.problems.insert(place + ": current.json names batch " + batch +
                             ", but it is not there, or without its manifest");
    if (!claims) return;
    for (const auto& batch : seen.unlisted)
        if (!has(claims->publishing, batch))
            into.warnings.insert(place + ": current.json neither names nor lists batch " + batch +
                                 ", and no job is publishing it; nobody sees it, and a host removes it "
                                 "when it starts");
    for (const auto& key : seen.staged)
        if (!has(claims->staged, key))
            into.warnings.insert(place + ": no unfinished job names what is staged under " + to_text(key) +
                                 "; nobody sees it, and a running host sweeps it");
}

/// The disk first, then the store: what appears in between belongs to a job that the store then knows.
look_at_datasets look(const std::filesystem::path& root, const std::filesystem::path& store) {
    const auto surveyed = expect(survey_datasets(root));
    std::optional<dataset_claims> claims;
    if (!store.empty()) claims = expect(read_dataset_claims(store));
    look_at_datasets into;
    into.datasets = surveyed.size();
    for (const auto& seen : surveyed) {
        into.visible += seen.visible;
        into.superseded += seen.superseded;
        into.staged += seen.staged.size();
        judge(seen, dataset_directory(root, seen.owner, seen.dataset_id).string(), claims, into);
    }
    return into;
}

std::set<std::string> in_both(const std::set<std::string>& one, const std::set<std::string>& other) {
    std::set<std::string> both;
    std::set_intersection(one.begin(), one.end(), other.begin(), other.end(),
                          std::inserter(both, both.end()));
    return both;
}

} // namespace

void check_datasets(const std::filesystem::path& root, const std::filesystem::path& store,
                    doctor_findings& found) {
    const auto owner = find_owner(root);
    auto seen = look(root, store);
    if (!seen.problems.empty() || !seen.warnings.empty()) {
        // What was only on its way, a batch between its place and its name, is gone by the second look.
        const auto again = look(root, store);
        seen.problems = in_both(seen.problems, again.problems);
        seen.warnings = in_both(seen.warnings, again.warnings);
    }
    found.shown.add(
        {"datasets", root.string(), "", seen.problems.empty() ? "ok" : "damaged", owner_text(owner)});
    found.stores.push_back({{"kind", "datasets"},
                            {"file", root.string()},
                            {"datasets", seen.datasets},
                            {"visibleBatches", seen.visible},
                            {"supersededBatches", seen.superseded},
                            {"staged", seen.staged},
                            {"problems", seen.problems},
                            {"owner", owner_json(owner)}});
    found.problems.insert(found.problems.end(), seen.problems.begin(), seen.problems.end());
    found.warnings.insert(found.warnings.end(), seen.warnings.begin(), seen.warnings.end());
    if (owner && owner->running && !seen.warnings.empty())
        found.warnings.push_back(
            "process " + std::to_string(owner->pid) +
            " owns the datasets and works in them now: what is said of staging may have been "
            "so for a moment only; look again");
}

} // namespace waybill::tool
