#include <waybill/job_store.hpp>

#include <algorithm>
#include <array>
#include <cstring>

#include <sys/random.h>

#include <waybill/merge_policy.hpp>

#include "model/job_rules.hpp"
#include "sql/migrator.hpp"
#include "store/job_store_impl.hpp"

namespace waybill {
namespace {

void system_entropy(std::span<std::byte> bytes) {
    if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size()))
        throw store_failure(store_failure::kind::io, "getrandom failed");
}

/// `width` lower-case hex digits.
std::string hex(std::uint64_t number, std::size_t width) {
    static constexpr char digits[] = "0123456789abcdef";
    std::string text(width, '0');
    for (auto at = text.rbegin(); at != text.rend(); ++at, number >>= 4U)
        *at = digits[number & 0xFU];
    return text;
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
    return hex(number, 16);
}

/// A batch id is the store's id, the job's and the batch's place: never twice, and growing, so that its index
/// grows at one end only.
void job_store::impl::add_batches(export_job& job) const {
    const auto stem = store_id + hex(static_cast<std::uint64_t>(job.id), 12);
    if (!job.request.segment_per_batch) {
        job.batches.push_back({stem + hex(0, 4), std::nullopt, std::nullopt, std::nullopt});
        return;
    }
    for (std::size_t i = 0; i < job.request.filter->segments.size(); ++i)
        job.batches.push_back({stem + hex(i, 4), i, std::nullopt, std::nullopt});
}

void job_store::impl::record(const export_job& job, std::optional<job_status> from, job_status to,
                             std::string_view actor, std::string_view reason) {
    tables.transitions.append({numbers->next_transition(), job.id, from, to,
                               std::max(options.now(), job.creation_time), job.attempt, numbers->epoch(),
                               actor, reason});
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

/// The answer to a create whose key is known.
std::optional<result<export_job>> job_store::impl::made_before(const tenant& asker,
                                                               const idempotency_key& once) {
    const auto tenant_id = tables.tenants.find(asker);
    if (!tenant_id) return std::nullopt;
    const auto since = options.now() - options.upkeep.keep_idempotency_keys;
    const auto known = tables.keys.find(*tenant_id, once.key, since);
    if (!known) return std::nullopt;
    if (known->fingerprint != once.fingerprint)
        return failure{errc::conflict, "this idempotency key was used for another request", {}};
    auto job = tables.find(asker, known->job);
    if (job) return job;
    return failure{errc::conflict,
                   "export job " + std::to_string(known->job) +
                       ", which this idempotency key was used for, has been removed",
                   {}};
}

result<export_job> job_store::create(const tenant& owner, const new_export_job& request,
                                     const std::optional<idempotency_key>& once) {
    auto broken = broken_rules(owner, request);
    if (once) check_idempotency_key(once->key, broken);
    if (!broken.empty()) return failure{errc::invalid, "the export job breaks a rule", std::move(broken)};
    store::job_row row;
    row.job.owner = owner;
    row.job.request = request;
    row.job.request.merge_policy = applicable_merge_policy(request.merge_policy);

    if (once)
        if (auto made = self_->made_before(owner, *once)) return *std::move(made);
    // From here on only a disaster can keep the job from being stored.
    sql::transaction step(self_->database, sql::transaction::undo::with_outer);
    row.tenant_id = self_->tables.tenants.id_of(owner);
    row.job.id = self_->numbers->next_job_id();
    row.job.creation_time = self_->numbers->next_creation_time(self_->options.now());
    row.job.update_time = row.job.creation_time;
    self_->add_batches(row.job);
    self_->tables.insert(row);
    if (once) self_->tables.keys.note(row.tenant_id, *once, row.job.id, row.job.creation_time);
    self_->record(row.job, std::nullopt, job_status::new_, "client", "created");
    step.commit();

    self_->tell_of_work();
    return std::move(row.job);
}

result<export_job> job_store::find(const tenant& owner, job_id id) { return self_->tables.find(owner, id); }

result<job_page> job_store::list(const tenant& owner, const job_query& query) {
    return self_->tables.list(owner, query);
}

result<cancel_outcome> job_store::cancel(const tenant& owner, job_id id, std::string_view actor,
                                         std::string_view reason) {
    cancel_outcome outcome{};
    {
        sql::transaction step(self_->database);
        const auto row = self_->tables.jobs.find(owner, id);
        if (!row) return store::no_such_job(id);
        if (row->publishing)
            return failure{
                errc::too_late, "export job " + std::to_string(id) + " is being published already", {}};
        outcome = self_->apply_cancel(row->job, actor, reason);
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
    tables.jobs.remove(job.id);
}

void job_store::impl::tell_of_work() {
    if (in_company)
        work_waits = true;
    else if (on_work)
        on_work();
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

void job_store::on_work(std::function<void()> listener) { self_->on_work = std::move(listener); }

job_owner& job_store::owner() { return *self_->owner; }

} // namespace waybill
