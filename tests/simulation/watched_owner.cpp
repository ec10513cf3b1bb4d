#include "simulation/watched_owner.hpp"

namespace waybill::test {

std::vector<owned_attempt> watched_owner::claim(std::size_t most, const check_function& check) {
    return call([&] {
        const auto& before = look_();
        std::vector<looked_at> order;
        auto claimed = real_.claim(most, [&](const export_job& job) {
            auto objection = check(job);
            order.push_back({job.id, objection.has_value()});
            return objection;
        });
        turns_.claimed(before, order, most);
        for (const auto& attempt : claimed)
            promise(attempt.key.epoch == real_.epoch() && attempt.job.status == job_status::processing,
                    [&] { return "a claim gave " + to_text(attempt.key) + ", which is not this owner's"; });
        return claimed;
    });
}

publish_mark watched_owner::mark_publishing(const staging_key& key) {
    return call([&] {
        const auto mark = real_.mark_publishing(key);
        if (mark.what == publish_mark::outcome::marked) {
            promise(mark.commit_sequence > highest_commit_,
                    "a commit sequence comes again, or runs backwards");
            highest_commit_ = mark.commit_sequence;
        }
        return mark;
    });
}

} // namespace waybill::test
