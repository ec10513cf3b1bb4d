// What job_store and its owner's verbs share: the connection, the tables, the numbers. Internal to the store.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <waybill/job_owner.hpp>
#include <waybill/job_store.hpp>

#include "sql/transaction.hpp"
#include "store/growing_numbers.hpp"
#include "store/job_tables.hpp"

namespace waybill {

namespace store {

/// The owner's verbs on an open store.
class owner_verbs final : public job_owner {
  public:
    explicit owner_verbs(job_store_options& options, sql::connection& database, job_tables& tables,
                         growing_numbers& numbers)
        : options_(options), database_(database), tables_(tables), numbers_(numbers) {}

    std::int64_t epoch() const override { return numbers_.epoch(); }
    using job_owner::claim;
    std::vector<owned_attempt> claim(std::size_t most, const check_function& check,
                                     const room_function& room) override;
    bool note_progress(const staging_key& key, std::string_view engine_job_id,
                       const job_metrics& metrics) override;
    publish_mark mark_publishing(const staging_key& key) override;
    bool succeed(const staging_key& key, const job_metrics& metrics,
                 const std::vector<export_batch>& batches) override;
    bool fail(const staging_key& key, const std::vector<job_error>& errors, std::string_view actor,
              std::string_view reason) override;
    bool put_back(const staging_key& key, const put_back_options& how) override;
    void release(job_id id) override;
    bool settle_cancelled(const staging_key& key) override;
    std::vector<staging_key> cancelling() override;
    std::vector<staging_key> staged_keys() override;
    bool upkeep() override;
    std::vector<owned_attempt> orphans() override;
    bool take_over(const staging_key& key) override;
    std::size_t acknowledge(const std::vector<published_batch>& published) override;

  private:
    job_moves::guard guard_of(const staging_key& key) const {
        return {key.job, key.attempt, numbers_.epoch()};
    }
    void record(const staging_key& key, std::optional<job_status> from, job_status to, std::string_view actor,
                std::string_view reason);
    void write_metrics(const staging_key& key, const job_metrics& metrics);
    std::optional<owned_attempt> claim_or_fail(job_row& row, const check_function& check);
    bool acknowledge_job(job_id id, const std::vector<const published_batch*>& batches);
    // Each a step of upkeep: whether it did something.
    bool prune();
    bool forget_keys();
    bool forget_audit();
    bool shrink();
    bool cut_log_if_long();
    bool analyze_if_due();

    job_store_options& options_;
    sql::connection& database_;
    job_tables& tables_;
    growing_numbers& numbers_;
    std::optional<timestamp> analyzed_;
};

} // namespace store

struct job_store::impl {
    impl(job_store_options choices, sql::owner_lock& lock);

    job_store_options options;
    std::unique_ptr<store::growing_numbers> numbers; ///< has the lock, so it goes after the database
    sql::connection database;
    store::job_tables tables;
    std::string store_id;
    /// So many jobs more a tenant may surely have: what ends meanwhile only makes room.
    std::map<std::int64_t, std::int64_t> room;
    std::unique_ptr<store::owner_verbs> owner;
    std::function<void()> on_work;
    std::function<void(std::span<const job_id>)> on_change;
    bool in_company = false; ///< within `together`
    bool work_waits = false; ///< to be told when it is durable

    void open_schema();
    store::store_state open_state();
    std::string random_id() const;
    std::optional<result<export_job>> made_before(const tenant& asker, const idempotency_key& once);
    std::optional<failure> take_room(std::int64_t tenant_id);
    void add_batches(export_job& job) const;
    void insert(store::job_row& row, std::string_view actor, std::string_view reason, const caller& by);
    result<export_job> retry(const tenant& asker, job_id id, std::string_view request_id,
                             std::string_view actor, const caller& by);
    /// Notes that something is done to a job, where an audit is kept.
    void audit(audit_action action, const export_job& job, std::string_view actor, const caller& by);
    void record(const export_job& job, std::optional<job_status> from, job_status to, std::string_view actor,
                std::string_view reason);
    cancel_outcome apply_cancel(const export_job& job, std::string_view actor, std::string_view reason);
    void remove(const export_job& job);
    void tell_of_work();
    void tell_of_changes();
};

} // namespace waybill
