#include <waybill/job_store.hpp>

#include <waybill/merge_policy.hpp>

#include "model/job_rules.hpp"
#include "store/hex.hpp"
#include "store/job_store_impl.hpp"

namespace waybill {

using store::hex;

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

std::optional<failure> job_store::impl::take_room(std::int64_t tenant_id) {
    auto& left = room[tenant_id];
    if (left <= 0) left = options.unfinished_per_tenant - tables.tenants.unfinished(tenant_id);
    if (left-- > 0) return std::nullopt;
    return failure{
        errc::too_many,
        "this tenant has " + std::to_string(options.unfinished_per_tenant) +
            " unfinished jobs already, as many as it may have; when some have ended, others may come",
        {}};
}

/// The row has its tenant and request; the rest is given here.
void job_store::impl::insert(store::job_row& row, std::string_view actor, std::string_view reason,
                             const caller& by) {
    auto& job = row.job;
    job.request.merge_policy = applicable_merge_policy(job.request.merge_policy);
    job.id = numbers->next_job_id();
    job.creation_time = numbers->next_creation_time(options.now());
    job.update_time = job.creation_time;
    add_batches(job);
    tables.insert(row);
    record(job, std::nullopt, job_status::new_, actor, reason);
    audit(audit_action::create, job, actor, by);
}

result<export_job> job_store::create(const tenant& owner, const new_export_job& request,
                                     const std::optional<idempotency_key>& once, const caller& by) {
    auto broken = broken_rules(owner, request);
    if (once) check_idempotency_key(once->key, broken);
    if (!broken.empty()) return failure{errc::invalid, "the export job breaks a rule", std::move(broken)};
    if (once)
        if (auto made = self_->made_before(owner, *once)) return *std::move(made);
    if (const auto known = self_->tables.tenants.find(owner))
        if (auto refused = self_->take_room(*known)) return *std::move(refused);

    store::job_row row;
    row.job.owner = owner;
    row.job.request = request;
    // From here on only a disaster can keep the job from being stored.
    sql::transaction step(self_->database, sql::transaction::undo::with_outer);
    row.tenant_id = self_->tables.tenants.id_of(owner);
    self_->insert(row, "client", "created", by);
    if (once) self_->tables.keys.note(row.tenant_id, *once, row.job.id, row.job.creation_time);
    step.commit();

    self_->tell_of_work();
    return std::move(row.job);
}

result<export_job> job_store::repeated(const tenant& owner, const idempotency_key& once) {
    if (auto made = self_->made_before(owner, once)) return *std::move(made);
    return failure{errc::not_found, "no export job was made under this idempotency key", {}};
}

result<export_job> job_store::retry(const tenant& owner, job_id id, std::string_view request_id,
                                    std::string_view actor, const caller& by) {
    auto made = self_->retry(owner, id, request_id, actor, by);
    if (made) self_->tell_of_work();
    return made;
}

result<export_job> job_store::impl::retry(const tenant& asker, job_id id, std::string_view request_id,
                                          std::string_view actor, const caller& by) {
    sql::transaction step(database);
    auto ended = tables.find(asker, id);
    if (!ended) return ended;
    const auto name = "export job " + std::to_string(id);
    if (ended->status != job_status::failed && ended->status != job_status::cancelled)
        return failure{errc::conflict,
                       name + " is " + std::string(to_text(ended->status)) +
                           "; only one that is FAILED or CANCELLED is tried again",
                       {}};
    if (ended->retried_by)
        return failure{errc::conflict,
                       name + " is tried again already, by export job " + std::to_string(*ended->retried_by),
                       {}};
    const auto tenant_id = tables.tenants.id_of(asker);
    if (auto refused = take_room(tenant_id)) return *std::move(refused);

    // Both entries are of the request that asked for it.
    if (!request_id.empty()) ended->request.request_id = request_id;
    audit(audit_action::retry, *ended, actor, by);
    store::job_row row;
    row.tenant_id = tenant_id;
    row.job.owner = asker;
    row.job.request = std::move(ended->request);
    row.job.retry_of = id;
    insert(row, actor, "tries job " + std::to_string(id) + " again", by);
    tables.retries.insert(row.job.id, id);
    step.commit();
    return std::move(row.job);
}

} // namespace waybill
