#include "store/growing_numbers.hpp"

#include <algorithm>
#include <exception>

#include <waybill/result.hpp>

namespace waybill::store {

growing_numbers::growing_numbers(sql::owner_lock lock, const store_state& stored, std::int64_t block)
    : lock_(std::move(lock)),
      last_creation_time_(stored.last_creation_time),
      last_transition_(stored.last_transition),
      block_(std::max<std::int64_t>(block, 1)) {
    const auto& marks = lock_.marks();
    used_ = {std::max(marks.epoch, stored.epoch) + 1, std::max(marks.job_id, stored.last_job_id),
             std::max(marks.commit_sequence, stored.last_commit_sequence)};
    lock_.raise(used_);
}

growing_numbers::~growing_numbers() {
    try {
        lock_.settle(used_);
    } catch (const std::exception&) { // a full disk, no memory
        // The higher marks stay: a gap in the numbers, nothing worse.
    }
}

std::int64_t growing_numbers::next_job_id() {
    if (used_.job_id + 1 > lock_.marks().job_id)
        lock_.raise({used_.epoch, used_.job_id + block_, lock_.marks().commit_sequence});
    return ++used_.job_id;
}

std::int64_t growing_numbers::next_commit_sequence() {
    if (used_.commit_sequence + 1 > lock_.marks().commit_sequence)
        lock_.raise({used_.epoch, lock_.marks().job_id, used_.commit_sequence + block_});
    return ++used_.commit_sequence;
}

void growing_numbers::saw_commit_sequence(std::int64_t sequence) {
    if (sequence <= used_.commit_sequence) return;
    lock_.raise({used_.epoch, lock_.marks().job_id, sequence});
    used_.commit_sequence = sequence;
}

timestamp growing_numbers::next_creation_time(timestamp now) {
    last_creation_time_ = std::max<std::int64_t>(last_creation_time_, now.time_since_epoch().count());
    return timestamp{std::chrono::milliseconds{last_creation_time_}};
}

store_state growing_numbers::used() const {
    return {{}, used_.epoch, used_.job_id, last_creation_time_, used_.commit_sequence, last_transition_};
}

} // namespace waybill::store
