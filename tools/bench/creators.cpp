#include "creators.hpp"

#include <stdexcept>

#include <waybill/job_store.hpp>

#include "benched_store.hpp"
#include "floor_writer.hpp"
#include "lean_floor.hpp"

namespace waybill::bench {
namespace {

struct store_state {
    job_store store;
    std::size_t next = 0;
};

struct floor_state {
    explicit floor_state(const std::filesystem::path& file) : writer(file) {}
    floor_writer writer;
    std::size_t next = 0;
};

struct lean_state {
    explicit lean_state(const std::filesystem::path& file) : writer(file) {}
    lean_floor writer;
    std::size_t next = 0;
};

slice_time create_in_store(store_state& to, const create_plan& plan) {
    const auto& owner = plan.jobs.owner();
    return timed(plan.a_slice, [&] {
        for (std::size_t done = 0; done < plan.a_slice; done += plan.a_transaction) {
            if (plan.a_transaction == 1) {
                to.store.create(owner, plan.jobs[to.next++]).value();
                continue;
            }
            to.store.together([&] {
                for (std::size_t i = 0; i < plan.a_transaction; ++i)
                    to.store.create(owner, plan.jobs[to.next++]).value();
            });
        }
    });
}

template <class State>
slice_time create_raw(State& to, const create_plan& plan) {
    return timed(plan.a_slice, [&] {
        for (std::size_t done = 0; done < plan.a_slice; done += plan.a_transaction) {
            to.writer.begin();
            for (std::size_t i = 0; i < plan.a_transaction; ++i)
                to.writer.insert(plan.jobs[to.next++]);
            to.writer.commit();
        }
    });
}

} // namespace

contestant store_creator_on(const create_plan& plan, std::string name, std::filesystem::path file) {
    return {std::move(name), [plan, file = std::move(file)](const auto& folder) {
                auto state = std::make_unique<store_state>(
                    store_state{open_store(file.empty() ? folder / jobs_file : file)});
                // A tenant's unfinished jobs are counted once an opening, before its first create.
                if (!file.empty()) state->store.create(plan.jobs.owner(), plan.jobs[state->next++]).value();
                return std::make_unique<runner_of<store_state>>(
                    std::move(state), [plan](store_state& to) { return create_in_store(to, plan); });
            }};
}

contestant store_creator(const create_plan& plan) { return store_creator_on(plan, store_name, {}); }

contestant floor_creator(const create_plan& plan) {
    return {floor_name, [plan](const auto& folder) {
                make_empty_store(folder / jobs_file, plan.jobs.owner());
                return std::make_unique<runner_of<floor_state>>(
                    std::make_unique<floor_state>(folder / jobs_file),
                    [plan](floor_state& to) { return create_raw(to, plan); });
            }};
}

contestant lean_creator(const create_plan& plan) {
    return {lean_name, [plan](const auto& folder) {
                return std::make_unique<runner_of<lean_state>>(
                    std::make_unique<lean_state>(folder / jobs_file),
                    [plan](lean_state& to) { return create_raw(to, plan); });
            }};
}

} // namespace waybill::bench
