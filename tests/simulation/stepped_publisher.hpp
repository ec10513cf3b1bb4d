// The real work of a publisher on real datasets, but without its thread: each task is done when the
// simulation says so, and can be cut off or fail on the way. Otherwise it keeps the rules of
// `dataset_publisher`: tasks in order, an outcome that nobody waits for any more is dropped.
#pragma once

#include <chrono>
#include <deque>
#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include <waybill/lifecycle.hpp>
#include <waybill/publisher.hpp>

#include "dataset/pruning.hpp"
#include "simulation/chance.hpp"
#include "simulation/dataset_troubles.hpp"
#include "simulation/mortal_process.hpp"
#include "simulation/taken_memberships.hpp"

namespace waybill::test {

class stepped_publisher final : public publisher {
  public:
    stepped_publisher(std::filesystem::path root, chance& choose, mortal_process& host,
                      dataset_troubles& troubles, taken_memberships& memberships,
                      const lifecycle::time_point& now,
                      std::optional<std::chrono::milliseconds> keep_superseded)
        : root_(std::move(root)),
          choose_(choose),
          host_(host),
          troubles_(troubles),
          memberships_(memberships),
          now_(now),
          pruner_(root_, keep_superseded) {}

    // The seam.
    void on_news(std::function<void()>) override {}
    void check(publication what) override;
    void place(publication what) override;
    publication_report poll(const staging_key& key) override;
    void forget(const staging_key& key) override;
    void look_for_staged() override;
    std::vector<staging_key> take_staged() override;
    void remove_staged(std::vector<staging_key> gone) override;
    void prune_superseded() override;
    std::vector<published_batch> survey() override;
    void remove_unlisted(const std::vector<std::string>& publishing) override;

    /// Does the next task, well or badly; says what.
    std::string let_happen(bool troubled);
    bool idle() const { return tasks_.empty(); }
    /// Whether a placing may have changed a `current.json` since this was asked.
    bool take_changed() { return std::exchange(changed_, false); }

  private:
    struct task {
        enum class kind { check, place, look, remove, prune } what;
        publication which{};
        std::int64_t ticket = 0;
        std::vector<staging_key> gone{};
    };
    struct outcome {
        std::int64_t ticket = 0;
        publication_report report;
    };
    void book(task::kind what, publication which);
    std::string let_check(const task& next, bool troubled);
    memberships_taker taker(bool troubled);
    publication_report place(const task& next, bool troubled);
    std::string let_place(const task& next, bool troubled);
    std::string let_prune(bool troubled);
    void blame_unless_damaged(const staging_key& key, const publication_report& report);
    void settle(const task& of, publication_report report);
    void obstruct(const publication& which);
    void lose_staged(const publication& which);

    std::filesystem::path root_;
    chance& choose_;
    mortal_process& host_;
    dataset_troubles& troubles_;
    taken_memberships& memberships_;
    const lifecycle::time_point& now_;
    dataset::pruning pruner_;
    std::deque<task> tasks_;
    std::map<staging_key, outcome> reports_;
    std::vector<staging_key> staged_;
    std::int64_t last_ticket_ = 0;
    bool changed_ = false;
};

} // namespace waybill::test
