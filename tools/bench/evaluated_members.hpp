// What an evaluation has found, read from the manifests that it left. One thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

namespace waybill::bench {

struct evaluated_members {
    std::int64_t profiles = 0;                     ///< that were looked at
    std::map<std::string, std::int64_t> entered{}; ///< how many, by segment
};

/// Of the manifests below a folder, which tell of one evaluation. Throws where there is none.
evaluated_members members_of(const std::filesystem::path& folder);

/// Throws when somebody found another number of members than ours.
void expect_as_many_members(std::int64_t ours, const std::string& who, std::int64_t found);

} // namespace waybill::bench
