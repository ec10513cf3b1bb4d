// Imports of profiles: three datasets of the same people, one after the other, a slice each.
#include <fstream>
#include <stdexcept>

#include <waybill/profile_store.hpp>

#include "floor_importer.hpp"
#include "peers.hpp"
#include "same_rows.hpp"
#include "stored_profiles.hpp"
#include "workload.hpp"

namespace waybill::bench {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t slices = std::size(profile_datasets);

/// Answers how many records there were.
std::size_t import_dataset(profile_store& into, const bench& in, const fs::path& records, std::size_t which) {
    const auto how = in.profiles.import_of(profile_datasets[which]);
    std::ifstream input(records / (how.dataset_id + ".ndjson"), std::ios::binary);
    const auto done = into.import_profiles(input, how).value();
    if (done.added != done.read) throw std::runtime_error("an import was not whole");
    return static_cast<std::size_t>(done.read);
}

struct importing {
    profile_store store;
    std::size_t next = 0;
};

contestant ours(const bench& in, const fs::path& records) {
    return {
        "ours", [&in, records](const fs::path& folder) {
            auto state = std::unique_ptr<importing>(
                new importing{profile_store::open(folder / "profiles.db").value()});
            return std::make_unique<runner_of<importing>>(std::move(state), [&in, records](importing& to) {
                std::size_t read = 0;
                auto took = timed(0, [&] { read = import_dataset(to.store, in, records, to.next++); });
                took.operations = static_cast<double>(read);
                return took;
            });
        }};
}

struct filling {
    explicit filling(const fs::path& store) : importer(store) {}
    floor_importer importer;
    std::size_t next = 0;
};

contestant floor_with(const imported_rows& rows) {
    return {"floor", [&rows](const fs::path& folder) {
                profile_store::open(folder / "profiles.db").value();
                return std::make_unique<runner_of<filling>>(std::make_unique<filling>(folder / "profiles.db"),
                                                            [&rows](filling& to) {
                                                                const auto which = to.next++;
                                                                const auto some = rows.of_dataset(which);
                                                                return timed(some.size(), [&] {
                                                                    if (which == 0)
                                                                        to.importer.add_names(rows.names);
                                                                    to.importer.add(some);
                                                                });
                                                            });
            }};
}

/// What ours makes of the records, so that the floor has them beforehand.
imported_rows rows_of(const bench& in, const fs::path& records) {
    const auto place = in.folder / "inputs" / "import";
    fs::remove_all(place);
    fs::create_directories(place);
    {
        auto store = profile_store::open(place / "profiles.db").value();
        for (std::size_t which = 0; which < slices; ++which)
            import_dataset(store, in, records, which);
    }
    imported_rows rows(place / "profiles.db");
    fs::remove_all(place);
    return rows;
}

std::vector<result_row> imports(bench& in) {
    const auto records = in.profiles.records_of(in.sizes.imported);
    const auto rows = rows_of(in, records);
    std::vector<contestant> all{ours(in, records), floor_with(rows)};
    if (in.others.has("sqlite-utils")) {
        std::vector<std::pair<std::string, fs::path>> files;
        for (const std::string dataset : profile_datasets)
            files.emplace_back(dataset + ".ndjson", records / (dataset + ".ndjson"));
        all.push_back(in.others.doing("sqlite-utils", "import", rows.fragments.size(), files));
    }
    const auto rates =
        race(all, {in.folder, in.sizes.rounds, slices, [](const auto& folder) {
                       expect_same_rows(folder("ours") / "profiles.db", folder("floor") / "profiles.db");
                   }});
    const auto name = "import of " + std::to_string(rows.fragments.size()) + " profile records";
    return {compare({name, "records/s", "floor"}, rates.at("ours"), rates.at("floor"), at_least(0.6)),
            compare({name + ", against sqlite-utils", "records/s", "sqlite-utils insert"}, rates.at("ours"),
                    rates_of(rates, "sqlite-utils, import"), at_least(3))};
}

} // namespace

std::vector<workload> import_workloads() { return {{"import", imports}}; }

} // namespace waybill::bench
