// The owner's verbs of a real store, as a simulated lifecycle calls them: the process may end before or after
// each of them, the disk may fail instead of them, and what they claim is held against the rule of turns.
#pragma once

#include <functional>
#include <map>
#include <string>

#include <waybill/job_owner.hpp>

#include "simulation/chance.hpp"
#include "simulation/mortal_process.hpp"
#include "simulation/turns.hpp"

namespace waybill::test {

class watched_owner final : public job_owner {
    // First, for what it returns is deduced.
    template <class Verb>
    auto call(Verb verb) {
        host_.reached();
        if (trouble_percent > 0 && choose_.percent(trouble_percent))
            throw store_failure(store_failure::kind::io, "simulated trouble");
        try {
            auto answer = verb();
            host_.reached();
            return answer;
        } catch (const std::exception& trouble) {
            host_.blame(trouble.what());
            throw;
        }
    }

  public:
    /// Told before each claim; gives the jobs as they stand.
    using look_function = std::function<const std::map<job_id, known_job>&()>;

    watched_owner(job_owner& real, mortal_process& host, chance& choose, turns& fairness,
                  std::int64_t& highest_commit, look_function look)
        : real_(real),
          host_(host),
          choose_(choose),
          turns_(fairness),
          look_(std::move(look)),
          highest_commit_(highest_commit) {}

    std::int64_t epoch() const override { return real_.epoch(); }
    std::vector<owned_attempt> claim(std::size_t most, const check_function& check,
                                     const room_function& room) override;
    bool note_progress(const staging_key& key, std::string_view engine_job_id,
                       const job_metrics& metrics) override {
        return call([&] { return real_.note_progress(key, engine_job_id, metrics); });
    }
    publish_mark mark_publishing(const staging_key& key) override;
    bool succeed(const staging_key& key, const job_metrics& metrics,
                 const std::vector<export_batch>& batches) override {
        return call([&] { return real_.succeed(key, metrics, batches); });
    }
    bool fail(const staging_key& key, const std::vector<job_error>& errors, std::string_view actor,
              std::string_view reason) override {
        return call([&] { return real_.fail(key, errors, actor, reason); });
    }
    bool put_back(const staging_key& key, const put_back_options& how) override {
        return call([&] { return real_.put_back(key, how); });
    }
    void release(job_id id) override {
        call([&] { return real_.release(id), true; });
    }
    bool settle_cancelled(const staging_key& key) override {
        return call([&] { return real_.settle_cancelled(key); });
    }
    std::vector<staging_key> cancelling() override {
        return call([&] { return real_.cancelling(); });
    }
    std::vector<staging_key> staged_keys() override {
        return call([&] { return real_.staged_keys(); });
    }
    bool upkeep() override {
        return call([&] { return real_.upkeep(); });
    }
    std::vector<owned_attempt> orphans() override {
        return call([&] { return real_.orphans(); });
    }
    bool take_over(const staging_key& key) override {
        return call([&] { return real_.take_over(key); });
    }
    std::size_t acknowledge(const std::vector<published_batch>& published) override {
        return call([&] { return real_.acknowledge(published); });
    }

    int trouble_percent = 0; ///< of the calls that the disk fails instead

  private:
    job_owner& real_;
    mortal_process& host_;
    chance& choose_;
    turns& turns_;
    look_function look_;
    std::int64_t& highest_commit_;
    std::map<staging_key, std::int64_t> marked_;
};

} // namespace waybill::test
