// One attempt on the cluster, from the recorded intent to the removal of its spool. `report`, `cancel` and
// `forget` may be called from any thread; the rest, with all disk and network, belongs to the engine's own.
// Nothing is thrown but for memory; a step that throws may be repeated.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "spark/spool.hpp"
#include "spark/surroundings.hpp"

namespace waybill::spark {

class attempt : public std::enable_shared_from_this<attempt> {
  public:
    using time_point = std::chrono::steady_clock::time_point;
    enum class origin {
        submitted, ///< by this process
        found,     ///< recorded by an earlier one
        left,      ///< likewise, and nobody asks for it: only to be ended and removed
    };

    attempt(const surroundings& around, const staging_key& key, origin from, export_job job = {});

    const staging_key& key() const { return key_; }
    attempt_report report() const;
    void cancel();
    /// Its outcome has been taken.
    void forget();

    void step(time_point now);
    /// When the next step is due, without anything happening before.
    time_point due() const;
    /// Nothing is left of it.
    bool over() const { return phase_ == phase::over; }
    /// A cancel that was not written down yet is; the engine ends.
    void leave() noexcept;

  private:
    enum class phase {
        recording, ///< the intent is to be written, or read
        seeking,   ///< nothing is known to be submitted
        watching,  ///< something is, or a driver has the attempt
        ended,     ///< its outcome waits to be taken
        killing,   ///< nobody wants it any more
        over,
    };
    enum class question { none, submit, search, look, kill };

    struct submission {
        std::string id{};
        std::string application{};
        std::string state{};
        std::string words{};
        int ends = 0;         ///< how often in a row the cluster has said that it ended …
        int misses = 0;       ///< … or has not known it
        bool to_kill = false; ///< while killing: it is there, and ours
        bool settled = false; ///< while killing: nothing is to be done about it
    };

    // The spool (attempt.cpp).
    void record(time_point now);
    bool read_intent();
    bool look_at_spool(time_point now);
    void look_for_claim();
    void take_claim(driver_claim claim);
    bool look_for_result();
    void look_for_progress();
    const submission* claimer() const;
    std::int64_t lost() const;
    void write_submissions();
    void complain(const std::string& words);

    // The cluster (attempt_asking.cpp).
    void ask(time_point now);
    void seek(time_point now);
    void send(question what, http_request request);
    void take(const http_answer& answer, time_point now);
    void take_submitted(const submit_answer& answer, time_point now);
    void take_searched(const search_answer& answer, time_point now);
    void take_found(const std::string& id, time_point now);
    void take_looked(const look_answer& answer, time_point now);
    void judge(time_point now);
    bool add(const std::string& id);
    void name(const std::string& id);
    bool pick();
    void no_answer(const std::string& words, time_point now);
    void show_unknown();
    void wait(time_point now);
    void wait_anew(time_point now);

    // Its end (attempt_ending.cpp).
    bool is_open() const;
    void show(attempt_state state);
    void fail(job_error why, bool transient);
    void end(attempt_state state, std::vector<job_error> errors, bool transient);
    void begin_killing(time_point now);
    void go_on_killing(time_point now);
    void prepare_killing(time_point now);
    bool is_lingering(time_point now) const;
    bool try_to_write_cancel();
    bool ask_to_kill(time_point now);

    const surroundings& around_;
    const staging_key key_;
    const origin origin_;
    std::optional<export_job> job_; ///< until it is recorded
    spool spool_;
    recorded_intent intent_;
    bool loaded_ = false; ///< the intent is on the disk, and known
    std::optional<driver_claim> claim_;
    std::vector<submission> submissions_;
    phase phase_ = phase::recording;
    question asking_ = question::none;
    std::size_t asked_ = 0;             ///< the submission that is asked about
    std::optional<http_answer> answer_; ///< to what is asked
    std::size_t search_from_ = 0;
    bool searched_ = false; ///< all that the cluster has was looked through
    time_point spool_at_{};
    time_point ask_at_{};
    time_point linger_until_{};
    std::chrono::milliseconds wait_{0};
    int bad_results_ = 0;
    bool complained_ = false;
    bool progressed_ = false; ///< since the cluster was last asked without an answer
    bool result_seen_ = false;
    bool cancel_written_ = false;

    std::atomic<bool> stop_ = false;
    std::atomic<bool> forgotten_ = false;
    mutable std::mutex guard_;
    attempt_report report_; ///< under the guard
};

} // namespace waybill::spark
