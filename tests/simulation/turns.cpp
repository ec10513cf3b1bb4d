#include "simulation/turns.hpp"

#include <algorithm>

namespace waybill::test {
namespace {

/// Those of one tenant that wait, and the datasets that an attempt works on.
struct queue {
    std::vector<std::pair<job_id, std::string>> waiting;
    std::set<std::string> busy;

    job_id next() const {
        for (const auto& [id, dataset] : waiting)
            if (!busy.contains(dataset)) return id;
        return 0;
    }
    void take(job_id id, bool refused) {
        const auto at =
            std::find_if(waiting.begin(), waiting.end(), [&](const auto& one) { return one.first == id; });
        if (!refused) busy.insert(at->second);
        waiting.erase(at);
    }
};

} // namespace

void turns::claimed(const std::map<job_id, known_job>& before, const std::vector<looked_at>& order,
                    std::size_t most) {
    std::map<tenant, queue> queues;
    for (const auto& [id, job] : before) {
        if (job.status == job_status::new_ && !job.held)
            queues[job.owner].waiting.emplace_back(id, job.dataset_id);
        else if (job.status == job_status::processing || job.status == job_status::cancelling)
            queues[job.owner].busy.insert(job.dataset_id);
    }
    // Whoever has nothing that could run does not wait.
    std::erase_if(served_since_, [&](const auto& entry) { return queues[entry.first].next() == 0; });

    std::size_t slots = 0;
    for (const auto& one : order) {
        const auto name = [&] { return "job " + std::to_string(one.id); };
        promise(before.contains(one.id), [&] { return name() + " is claimed, and is not there"; });
        const auto& served = before.at(one.id).owner;
        promise(queues[served].next() == one.id,
                [&] { return name() + " is claimed before an older one, or could not run"; });
        for (const auto& [owner, line] : queues)
            if (owner != served && line.next() != 0)
                promise(++served_since_[owner][served] <= 1, [&] {
                    return name() + " is claimed: the second turn of " + served.org + " while " + owner.org +
                           " waits";
                });
        served_since_.erase(served);
        queues[served].take(one.id, one.refused);
        if (!one.refused) ++slots;
    }
    promise(slots <= most, "a claim gave more than it was asked for");
    if (slots == most || order.size() >= most + 64) return;
    for (const auto& [owner, line] : queues)
        promise(line.next() == 0, [&] {
            return "job " + std::to_string(line.next()) +
                   " could run, but a claim with a free slot left it waiting";
        });
}

} // namespace waybill::test
