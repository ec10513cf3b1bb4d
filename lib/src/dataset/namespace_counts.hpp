// How many exported profiles have an identity in each namespace; a profile counts in several (contract 2.4).
// One thread per object.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace waybill::dataset {

class namespace_counts {
  public:
    /// Counts one profile; `names` are distinct.
    void add(std::span<const std::string_view> names) {
        for (const auto name : names) {
            if (const auto at = counts_.find(name); at != counts_.end())
                ++at->second;
            else
                counts_.emplace(name, 1);
        }
    }

    void add(const namespace_counts& others) {
        for (const auto& [name, count] : others.counts_)
            counts_[name] += count;
    }

    /// By name.
    std::vector<std::pair<std::string, std::int64_t>> sorted() const {
        return {counts_.begin(), counts_.end()};
    }

  private:
    std::map<std::string, std::int64_t, std::less<>> counts_;
};

} // namespace waybill::dataset
