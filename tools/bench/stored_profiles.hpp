// The profile stores that exports are measured on: people by waybill-generate, each in three datasets, with
// five events, imported by the library itself. Each store is made once, when first asked for, and found again
// by its content: the seed, the number of people and the schema. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include <waybill/new_export_job.hpp>
#include <waybill/profile_store.hpp>
#include <waybill/tenant.hpp>

namespace waybill::bench {

/// Whose profiles they are.
inline const tenant profiles_owner{"1BD6382559DF0C130A49422D@AdobeOrg", "prod"};

/// A segment and how many profiles are `realized` or `existing` in it.
struct sized_segment {
    segment_filter filter;
    std::size_t members = 0;
};

/// The datasets of a sample that hold profiles, in the order in which they are imported.
inline constexpr const char* profile_datasets[] = {"crm", "loyalty", "web"};

class stored_profiles {
  public:
    /// `generator` is the program that makes the people.
    stored_profiles(std::filesystem::path folder, std::filesystem::path generator, std::uint64_t seed,
                    std::size_t people);

    std::size_t people() const noexcept { return people_; }

    /// Of everybody.
    std::filesystem::path store() { return store_of(people_); }
    std::filesystem::path store_of(std::size_t people);
    /// Of the store of everybody, in the order of the generator: the frequent ones first.
    std::vector<sized_segment> segments();

    /// A directory with `crm.ndjson`, `loyalty.ndjson` and `web.ndjson` of so many people.
    std::filesystem::path records_of(std::size_t people);

    /// How a dataset of a sample is imported.
    import_options import_of(const std::string& dataset) const;

  private:
    std::filesystem::path made(const std::string& name,
                               const std::function<void(const std::filesystem::path&)>& make);
    void generate(std::size_t people, std::size_t events, const std::filesystem::path& into) const;

    std::filesystem::path folder_;
    std::filesystem::path generator_;
    std::uint64_t seed_;
    std::size_t people_;
};

} // namespace waybill::bench
