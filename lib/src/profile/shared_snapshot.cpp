#include "profile/shared_snapshot.hpp"

#include <algorithm>
#include <optional>

#include "sql/change_count.hpp"

namespace waybill::profile {
namespace {

constexpr int most_tries = 50;

} // namespace

shared_snapshot::shared_snapshot(const std::filesystem::path& file, std::size_t connections,
                                 void (*expect)(sql::connection&)) {
    for (std::size_t i = 0; i < std::max<std::size_t>(connections, 1); ++i)
        all_.push_back(std::make_unique<held>(file));
    expect(all_.front()->connection);
    for (int tries = 0; !take_the_same(); ++tries)
        if (tries == most_tries) all_.resize(1);
}

bool shared_snapshot::take_the_same() {
    std::optional<std::int64_t> seen;
    for (auto& one : all_) {
        one->snapshot.reset();
        one->snapshot = std::make_unique<sql::snapshot>(one->connection);
        const auto changes = sql::changes_seen_by(one->connection);
        if (seen.value_or(changes) != changes) return false;
        seen = changes;
    }
    return true;
}

} // namespace waybill::profile
