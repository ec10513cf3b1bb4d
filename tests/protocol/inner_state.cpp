#include "protocol/inner_state.hpp"

#include "lifecycle/lifecycle_impl.hpp"
#include "store/job_store_impl.hpp"

namespace waybill::test {
namespace {

// An explicit instantiation may name private members: so nothing in the library has to be opened for this.
template <class Which, auto Member>
struct window {
    friend auto member_of(Which) { return Member; }
};

struct store_self {};
struct driver_self {};
struct numbers_lock {};
struct numbers_used {};
struct numbers_creation {};
struct numbers_transition {};
struct lock_marks {};

auto member_of(store_self);
auto member_of(driver_self);
auto member_of(numbers_lock);
auto member_of(numbers_used);
auto member_of(numbers_creation);
auto member_of(numbers_transition);
auto member_of(lock_marks);

template struct window<store_self, &job_store::self_>;
template struct window<driver_self, &lifecycle::self_>;
template struct window<numbers_lock, &store::growing_numbers::lock_>;
template struct window<numbers_used, &store::growing_numbers::used_>;
template struct window<numbers_creation, &store::growing_numbers::last_creation_time_>;
template struct window<numbers_transition, &store::growing_numbers::last_transition_>;
template struct window<lock_marks, &sql::owner_lock::marks_>;

store::growing_numbers& numbers_in(job_store& store) { return *(store.*member_of(store_self{}))->numbers; }

} // namespace

driver_state state_of(lifecycle& driver) {
    const auto& self = *(driver.*member_of(driver_self{}));
    return {self.tracks, self.held, self.sweep_at, self.upkeep_at, self.put_back_at};
}

void bring_back(lifecycle& driver, const driver_state& then) {
    auto& self = *(driver.*member_of(driver_self{}));
    self.tracks = then.tracks;
    self.held = then.held;
    self.sweep_at = then.sweep_at;
    self.upkeep_at = then.upkeep_at;
    self.put_back_at = then.put_back_at;
}

number_state numbers_of(job_store& store) {
    auto& numbers = numbers_in(store);
    return {numbers.*member_of(numbers_used{}), (numbers.*member_of(numbers_lock{})).marks(),
            numbers.*member_of(numbers_creation{}), numbers.*member_of(numbers_transition{})};
}

void bring_back(job_store& store, const number_state& then) {
    auto& numbers = numbers_in(store);
    numbers.*member_of(numbers_used{}) = then.used;
    (numbers.*member_of(numbers_lock{})).*member_of(lock_marks{}) = then.marks;
    numbers.*member_of(numbers_creation{}) = then.last_creation_time;
    numbers.*member_of(numbers_transition{}) = then.last_transition;
}

sql::connection& database_of(job_store& store) { return (store.*member_of(store_self{}))->database; }

void write_marks(job_store& store, bool in_order) {
    auto& numbers = numbers_in(store);
    auto& lock = numbers.*member_of(numbers_lock{});
    if (in_order)
        lock.settle(numbers.*member_of(numbers_used{}));
    else
        lock.raise({});
}

} // namespace waybill::test
