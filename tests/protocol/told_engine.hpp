// An engine whose attempts do what they are told to: the other side of the engine seam. What it stages is
// real, on disk. Its state is a value, kept apart, so that the model can go back to an earlier one.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include <waybill/engine.hpp>

#include "protocol/seam_watch.hpp"

namespace waybill::test {

struct engine_state {
    struct attempt {
        std::shared_ptr<const export_job> job;
        attempt_state state = attempt_state::running;
        bool transient = false;
        bool told_to_stop = false;
    };
    std::map<staging_key, attempt> attempts;
    /// Attempts that host and engine know nothing more of, and that may stage all the same.
    std::map<staging_key, std::shared_ptr<const export_job>> strays;

    std::string text() const;
};

class told_engine final : public engine {
  public:
    told_engine(std::filesystem::path root, engine_state& state, const seam_watch& watch, bool& files_changed)
        : root_(std::move(root)), state_(state), watch_(watch), files_changed_(files_changed) {}

    // The seam.
    void on_news(std::function<void()>) override {}
    /// Within the store's transaction: a process that ends here ends before it.
    std::optional<job_error> check(const export_job&) override { return std::nullopt; }
    void submit(const staging_key& key, const export_job& job) override;
    bool find(const staging_key& key) override;
    attempt_report poll(const staging_key& key) override;
    void cancel(const staging_key& key) override;
    void forget(const staging_key& key) override;

    /// Stages everything, or stops if it was told to.
    void finish(const staging_key& key);
    /// Stages everything although it was told to stop.
    void finish_all_the_same(const staging_key& key);
    /// Stages a part, and fails.
    void fail(const staging_key& key, bool transient);
    void let_stray_stage(const staging_key& key);
    /// It knows of no attempt any more; those that were running go on as strays.
    void lose_all();

  private:
    void stage(const staging_key& key, const export_job& job, std::size_t batches);

    std::filesystem::path root_;
    engine_state& state_;
    const seam_watch& watch_;
    bool& files_changed_;
};

} // namespace waybill::test
