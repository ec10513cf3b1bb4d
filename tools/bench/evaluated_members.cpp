#include "evaluated_members.hpp"

#include <fstream>
#include <stdexcept>

#include <nlohmann/json.hpp>

namespace waybill::bench {

namespace fs = std::filesystem;

evaluated_members members_of(const fs::path& folder) {
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        if (entry.path().filename() != "manifest.json") continue;
        std::ifstream in(entry.path());
        const auto evaluation = nlohmann::json::parse(in).at("evaluation");
        evaluated_members found{evaluation.at("profiles"), {}};
        for (const auto& [id, segment] : evaluation.at("segments").items())
            found.entered.emplace(id, segment.at("realized"));
        return found;
    }
    throw std::runtime_error("nothing was evaluated into " + folder.string());
}

void expect_as_many_members(std::int64_t ours, const std::string& who, std::int64_t found) {
    if (ours != found)
        throw std::runtime_error("a reference did not do the same work: " + std::to_string(ours) +
                                 " members were evaluated, and " + std::to_string(found) + " by " + who);
}

} // namespace waybill::bench
