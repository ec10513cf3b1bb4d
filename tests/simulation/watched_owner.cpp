#include "simulation/watched_owner.hpp"

#include <algorithm>

namespace waybill::test {

std::vector<owned_attempt> watched_owner::claim(std::size_t most, const check_function& check,
                                                const room_function& room) {
    return call([&] {
        const auto& before = look_();
        std::vector<looked_at> order;
        auto claimed = real_.claim(
            most,
            [&](const export_job& job) {
                auto objection = check(job);
                order.push_back({job.id, objection.has_value()});
                return objection;
            },
            room);
        turns_.claimed(before, order, most);
        for (const auto& attempt : claimed)
            promise(attempt.key.epoch == real_.epoch() && attempt.job.status == job_status::processing,
                    [&] { return "a claim gave " + to_text(attempt.key) + ", which is not this owner's"; });
        return claimed;
    });
}

/// Its answer may get lost although it is durable: asked again, it must give the same.
publish_mark watched_owner::mark_publishing(const staging_key& key) {
    const auto mark = call([&] { return real_.mark_publishing(key); });
    if (mark.what != publish_mark::outcome::marked) return mark;
    const auto [at, first] = marked_.try_emplace(key, mark.commit_sequence);
    if (at->second != mark.commit_sequence || (first && mark.commit_sequence <= highest_commit_))
        host_.blame("a commit sequence comes again, or runs backwards");
    highest_commit_ = std::max(highest_commit_, mark.commit_sequence);
    if (trouble_percent > 0 && choose_.percent(trouble_percent))
        throw store_failure(store_failure::kind::io, "simulated trouble");
    return mark;
}

} // namespace waybill::test
