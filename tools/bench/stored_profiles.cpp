#include "stored_profiles.hpp"

#include <cstdio>
#include <fstream>
#include <stdexcept>

#include <nlohmann/json.hpp>

#include "peers.hpp"
#include "schema_sum.hpp"

namespace waybill::bench {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t events_per_person = 5;

/// The file is gone then: the records of a million people are gigabytes.
void take_in(profile_store& store, const fs::path& file, const import_options& how, bool events) {
    std::ifstream input(file, std::ios::binary);
    const auto done = (events ? store.import_events(input, how) : store.import_profiles(input, how)).value();
    if (done.read == 0 || done.read != done.added)
        throw std::runtime_error("the import of " + file.string() + " is not whole");
    fs::remove(file);
}

} // namespace

stored_profiles::stored_profiles(fs::path folder, fs::path generator, std::uint64_t seed, std::size_t people)
    : folder_(std::move(folder)), generator_(std::move(generator)), seed_(seed), people_(people) {}

import_options stored_profiles::import_of(const std::string& dataset) const {
    import_options how;
    how.owner = profiles_owner;
    how.dataset_id = dataset;
    how.identities = {{"_acme.systemIdentifier.crmId", "CRMID", true},
                      {"_acme.systemIdentifier.loyaltyId", "LOYALTYID", false}};
    return how;
}

fs::path stored_profiles::store_of(std::size_t people) {
    fs::create_directories(folder_);
    const auto name = "people-" + std::to_string(people) + '-' + std::to_string(seed_) + '-' +
                      schema_sum(store_kind::profiles, folder_);
    return made(name,
                [&](const fs::path& place) {
                    std::fprintf(stderr, "making a profile store of %zu people\n", people);
                    generate(people, events_per_person, place);
                    auto store = profile_store::open(place / "profiles.db").value();
                    for (const std::string dataset : profile_datasets)
                        take_in(store, place / (dataset + ".ndjson"), import_of(dataset), false);
                    take_in(store, place / "events.ndjson", import_of("events"), true);
                }) /
           "profiles.db";
}

fs::path stored_profiles::records_of(std::size_t people) {
    fs::create_directories(folder_);
    return made("records-" + std::to_string(people) + '-' + std::to_string(seed_),
                [&](const fs::path& place) { generate(people, 0, place); });
}

std::vector<sized_segment> stored_profiles::segments() {
    std::ifstream in(store().parent_path() / "segments.json");
    const auto listing = nlohmann::json::parse(in);
    std::vector<sized_segment> all;
    for (const auto& one : listing.at("segments")) {
        const auto& members = one.at("members");
        all.push_back(
            {{one.at("segmentId"), one.at("segmentNs")},
             members.at("realized").get<std::size_t>() + members.at("existing").get<std::size_t>()});
    }
    return all;
}

/// Only what is whole gets the name that is looked for.
fs::path stored_profiles::made(const std::string& name, const std::function<void(const fs::path&)>& make) {
    const auto place = folder_ / name;
    if (fs::exists(place)) return place;
    const auto partial = fs::path(place.string() + ".partial");
    fs::remove_all(partial);
    fs::create_directories(partial);
    make(partial);
    fs::rename(partial, place);
    return place;
}

void stored_profiles::generate(std::size_t people, std::size_t events, const fs::path& into) const {
    output_of({generator_, "--people", std::to_string(people), "--seed", std::to_string(seed_),
               "--events-per-person", std::to_string(events), "--out", into});
}

} // namespace waybill::bench
