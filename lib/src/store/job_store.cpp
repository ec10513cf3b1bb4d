#include <waybill/job_store.hpp>

#include <algorithm>
#include <array>
#include <cstring>

#include <sys/random.h>

#include "sql/migrator.hpp"
#include "store/hex.hpp"
#include "store/job_store_impl.hpp"

namespace waybill {
namespace {

void system_entropy(std::span<std::byte> bytes) {
    if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size()))
        throw store_failure(store_failure::kind::io, "getrandom failed");
}

std::filesystem::path lock_file(std::filesystem::path database) { return database += ".lock"; }

} // namespace

job_store::impl::impl(job_store_options choices, sql::owner_lock& lock)
    : options(std::move(choices)), database(options.file, sql::access::write), tables(database) {
    if (!options.entropy) options.entropy = system_entropy;
    open_schema();
    const auto stored = open_state();
    numbers = std::make_unique<store::growing_numbers>(std::move(lock), stored, options.ids_reserved);
    tables.state.raise(numbers->used());
    tables.moves.release_all(); // a backoff does not outlive the process that counted it
    owner = std::make_unique<store::owner_verbs>(options, database, tables, *numbers);
    database.on_commit([this] { tell_of_changes(); });
}

void job_store::impl::open_schema() {
    const auto known = sql::jobs_migrations();
    if (options.migrate)
        sql::migrate_up(database, known, options.now());
    else if (sql::check_schema(database, known) != known.back().version)
        throw store_failure(store_failure::kind::corrupt,
                            options.file.string() +
                                ": its schema is older than this Waybill's; run 'waybill migrate up'");
}

/// What the database knows of the numbers that only grow.
store::store_state job_store::impl::open_state() {
    auto stored = tables.state.read();
    if (!stored) {
        tables.state.insert(random_id());
        stored = tables.state.read();
    }
    store_id = stored->store_id;
    const auto newest = tables.jobs.newest();
    stored->last_job_id = std::max(stored->last_job_id, newest.id);
    stored->last_creation_time = std::max(stored->last_creation_time, newest.creation_time);
    stored->last_transition = std::max(stored->last_transition, tables.transitions.newest());
    return *stored;
}

std::string job_store::impl::random_id() const {
    std::array<std::byte, 8> bytes{};
    options.entropy(bytes);
    std::uint64_t number = 0;
    std::memcpy(&number, bytes.data(), sizeof number);
    return store::hex(number, 16);
}

void job_store::impl::record(const export_job& job, std::optional<job_status> from, job_status to,
                             std::string_view actor, std::string_view reason) {
    tables.record({numbers->next_transition(), job.id, from, to, std::max(options.now(), job.creation_time),
                   job.attempt, numbers->epoch(), actor, reason});
}

void job_store::impl::audit(audit_action action, const export_job& job, std::string_view actor,
                            const caller& by) {
    if (!options.upkeep.keep_audit) return;
    tables.audit.note({options.now(), by.name.empty() ? actor : by.name, tables.tenants.id_of(job.owner),
                       action, job.id, by.request_id.empty() ? job.request.request_id : by.request_id});
}

result<job_store> job_store::open(job_store_options options) {
    auto lock = sql::owner_lock::take(lock_file(options.file), "job store");
    if (!lock) return std::move(lock).error();
    // The lock is taken over from here, so that it outlives the connection also when opening fails.
    return job_store(std::make_unique<impl>(std::move(options), *lock));
}

job_store::job_store(std::unique_ptr<impl> self) : self_(std::move(self)) {}
job_store::job_store(job_store&&) noexcept = default;
job_store& job_store::operator=(job_store&&) noexcept = default;
job_store::~job_store() = default;

result<export_job> job_store::find(const tenant& owner, job_id id) { return self_->tables.find(owner, id); }

result<job_page> job_store::list(const tenant& owner, const job_query& query) {
    return self_->tables.list(owner, query);
}

result<cancel_outcome> job_store::cancel(const tenant& owner, job_id id, std::string_view actor,
                                         std::string_view reason, const caller& by) {
    cancel_outcome outcome{};
    {
        sql::transaction step(self_->database);
        const auto row = self_->tables.jobs.find(owner, id);
        if (!row) return store::no_such_job(id);
        if (row->publishing)
            return failure{
                errc::too_late, "export job " + std::to_string(id) + " is being published already", {}};
        outcome = self_->apply_cancel(row->job, actor, reason);
        if (outcome != cancel_outcome::repeated)
            self_->audit(outcome == cancel_outcome::removed ? audit_action::remove : audit_action::cancel,
                         row->job, actor, by);
        step.commit();
    }
    if (outcome == cancel_outcome::cancelling) self_->tell_of_work();
    return outcome;
}

cancel_outcome job_store::impl::apply_cancel(const export_job& job, std::string_view actor,
                                             std::string_view reason) {
    const auto now = options.now();
    switch (job.status) {
    case job_status::new_:
        tables.moves.cancel_waiting(job.id, now);
        record(job, job.status, job_status::cancelled, actor, reason);
        return cancel_outcome::cancelled;
    case job_status::processing:
        tables.moves.start_cancelling(job.id, now);
        record(job, job.status, job_status::cancelling, actor, reason);
        return cancel_outcome::cancelling;
    case job_status::cancelling: return cancel_outcome::repeated;
    case job_status::cancelled:
        // Also when the clock was turned back meanwhile: a client may repeat a request whose answer it lost.
        if (now < job.update_time + options.repeated_cancel) return cancel_outcome::repeated;
        break;
    case job_status::succeeded:
    case job_status::failed: break;
    }
    remove(job);
    return cancel_outcome::removed;
}

void job_store::impl::remove(const export_job& job) {
    tables.state.raise(numbers->used());
    tables.remove(job.id);
}

void job_store::impl::tell_of_work() {
    if (in_company)
        work_waits = true;
    else if (on_work)
        on_work();
}

void job_store::impl::tell_of_changes() {
    if (on_change && !tables.changed.empty()) on_change(tables.changed);
    tables.changed.clear();
}

result<done> job_store::set_dataset(const tenant& owner, const dataset_settings& what) {
    if (!owner.valid() || !is_dataset_id(what.dataset_id))
        return failure{errc::invalid, "there can be no dataset '" + what.dataset_id + "' of this tenant", {}};
    sql::transaction step(self_->database);
    self_->tables.datasets.set(self_->tables.tenants.id_of(owner), what);
    step.commit();
    return done{};
}

void job_store::together(const std::function<void()>& calls) {
    if (!try_together(calls))
        throw store_failure(store_failure::kind::io,
                            self_->options.file.string() + ": a verb failed, and all with it was undone");
}

bool job_store::try_together(const std::function<void()>& calls) {
    {
        sql::transaction all(self_->database);
        self_->in_company = true;
        self_->work_waits = false;
        try {
            calls();
        } catch (...) {
            self_->in_company = false;
            throw;
        }
        self_->in_company = false;
        if (all.lost()) return false;
        all.commit();
    }
    if (self_->work_waits) self_->tell_of_work();
    return true;
}

void job_store::prove_writable() {
    sql::transaction step(self_->database);
    self_->tables.state.raise(self_->numbers->used());
    step.commit();
}

void job_store::on_work(std::function<void()> listener) { self_->on_work = std::move(listener); }

void job_store::on_change(std::function<void(std::span<const job_id>)> listener) {
    self_->on_change = std::move(listener);
}

job_owner& job_store::owner() { return *self_->owner; }

} // namespace waybill
