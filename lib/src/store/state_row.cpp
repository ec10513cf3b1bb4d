#include "store/state_row.hpp"

namespace waybill::store {
namespace {

constexpr const char* read_state = R"(
select store_id, epoch, last_job_id, last_creation_time, last_commit_sequence, last_transition
from store_state)";

constexpr const char* insert_state = R"(
insert into store_state (only, store_id)
values (1, :store_id))";

constexpr const char* raise_state = R"(
update store_state
set epoch = max(epoch, :epoch),
    last_job_id = max(last_job_id, :last_job_id),
    last_creation_time = max(last_creation_time, :last_creation_time),
    last_commit_sequence = max(last_commit_sequence, :last_commit_sequence),
    last_transition = max(last_transition, :last_transition))";

} // namespace

std::optional<store_state> state_row::read() {
    auto row = on_.prepare(read_state);
    if (!row.step()) return std::nullopt;
    return store_state{row.text(0),    row.integer(1), row.integer(2),
                       row.integer(3), row.integer(4), row.integer(5)};
}

void state_row::insert(std::string_view store_id) {
    on_.prepare(insert_state).bind(":store_id", store_id).run();
}

void state_row::raise(const store_state& to) {
    on_.prepare(raise_state)
        .bind(":epoch", to.epoch)
        .bind(":last_job_id", to.last_job_id)
        .bind(":last_creation_time", to.last_creation_time)
        .bind(":last_commit_sequence", to.last_commit_sequence)
        .bind(":last_transition", to.last_transition)
        .run();
}

} // namespace waybill::store
