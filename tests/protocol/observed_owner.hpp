// The owner's verbs of a real store, each call told to the seam's watch before it is made.
#pragma once

#include <algorithm>
#include <map>
#include <utility>

#include <waybill/job_owner.hpp>
#include <waybill/result.hpp>

#include "protocol/seam_watch.hpp"
#include "simulation/mortal_process.hpp"

namespace waybill::test {

/// The commit sequences that were given out.
struct given_sequences {
    std::map<staging_key, std::int64_t> of;
    std::int64_t highest = 0;

    void given(const staging_key& key, std::int64_t sequence) {
        const auto [at, first] = of.try_emplace(key, sequence);
        promise(at->second == sequence && (!first || sequence > highest),
                "a commit sequence comes again, or runs backwards");
        highest = std::max(highest, sequence);
    }
};

class observed_owner final : public job_owner {
  public:
    observed_owner(job_owner& real, const seam_watch& watch, given_sequences& sequences)
        : real_(real), watch_(watch), sequences_(sequences) {}

    std::int64_t epoch() const override { return real_.epoch(); }
    std::vector<owned_attempt> claim(std::size_t most, const check_function& check,
                                     const room_function& room) override {
        watch_.at("claim");
        return real_.claim(most, check, room);
    }
    bool note_progress(const staging_key& key, std::string_view engine_job_id,
                       const job_metrics& metrics) override {
        watch_.at("note progress");
        return real_.note_progress(key, engine_job_id, metrics);
    }
    publish_mark mark_publishing(const staging_key& key) override {
        watch_.at("mark");
        const auto mark = real_.mark_publishing(key);
        if (mark.what != publish_mark::outcome::marked) return mark;
        sequences_.given(key, mark.commit_sequence);
        if (std::exchange(answer_gets_lost, false))
            throw store_failure(store_failure::kind::io, "told to fail although it is durable");
        return mark;
    }
    bool succeed(const staging_key& key, const job_metrics& metrics,
                 const std::vector<export_batch>& batches) override {
        watch_.at("succeed");
        return real_.succeed(key, metrics, batches);
    }
    bool fail(const staging_key& key, const std::vector<job_error>& errors, std::string_view actor,
              std::string_view reason) override {
        watch_.at("fail");
        return real_.fail(key, errors, actor, reason);
    }
    bool put_back(const staging_key& key, const put_back_options& how) override {
        watch_.at("put back");
        return real_.put_back(key, how);
    }
    void release(job_id id) override {
        watch_.at("release");
        real_.release(id);
    }
    bool settle_cancelled(const staging_key& key) override {
        watch_.at("settle a cancel");
        return real_.settle_cancelled(key);
    }
    std::vector<staging_key> cancelling() override {
        watch_.at("ask for cancels");
        return real_.cancelling();
    }
    std::vector<staging_key> staged_keys() override {
        watch_.at("ask for staging keys");
        return real_.staged_keys();
    }
    bool upkeep() override { return false; }
    std::vector<owned_attempt> orphans() override {
        watch_.at("ask for orphans");
        return real_.orphans();
    }
    bool take_over(const staging_key& key) override {
        watch_.at("take over");
        return real_.take_over(key);
    }
    std::size_t acknowledge(const std::vector<published_batch>& published) override {
        watch_.at("acknowledge");
        return real_.acknowledge(published);
    }

    bool answer_gets_lost = false; ///< of the next commit point that is passed

  private:
    job_owner& real_;
    const seam_watch& watch_;
    given_sequences& sequences_;
};

} // namespace waybill::test
