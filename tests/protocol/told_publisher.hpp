// The real work of a publisher on real datasets, each task done when the model says so, and cut off or
// failing where it says so. Keeps the rules of `dataset_publisher`: tasks in order, an outcome that nobody
// waits for any more is dropped. Its state is a value, kept apart, so that the model can go back to an
// earlier one.
#pragma once

#include <algorithm>
#include <deque>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <waybill/publisher.hpp>

#include "dataset/placement.hpp"
#include "protocol/seam_watch.hpp"
#include "simulation/taken_memberships.hpp"

namespace waybill::test {

struct publisher_state {
    enum class kind { check, place, look, remove };
    struct task {
        kind what = kind::look;
        std::shared_ptr<const publication> which{};
        std::int64_t ticket = 0;
        std::vector<staging_key> gone{};
        bool prunes = false; ///< a look that pruning follows
    };
    struct outcome {
        std::int64_t ticket = 0;
        publication_report report;
    };
    std::deque<task> tasks;
    std::map<staging_key, outcome> reports;
    std::vector<staging_key> staged;
    std::int64_t last_ticket = 0;

    bool looks() const {
        return std::any_of(tasks.begin(), tasks.end(),
                           [](const auto& one) { return one.what == kind::look; });
    }
    std::string text() const;
};

class told_publisher final : public publisher {
  public:
    /// So far a placing comes before it is cut off, as far as the disk can tell.
    enum class cut { nothing_moved, one_moved, all_moved, taken, recorded };

    told_publisher(std::filesystem::path root, publisher_state& state, taken_memberships& memberships,
                   const seam_watch& watch, bool& files_changed)
        : root_(std::move(root)),
          state_(state),
          memberships_(memberships),
          watch_(watch),
          files_changed_(files_changed) {}

    // The seam.
    void on_news(std::function<void()>) override {}
    void check(publication what) override { book(publisher_state::kind::check, std::move(what)); }
    void place(publication what) override { book(publisher_state::kind::place, std::move(what)); }
    publication_report poll(const staging_key& key) override;
    void forget(const staging_key& key) override;
    void look_for_staged() override;
    std::vector<staging_key> take_staged() override;
    void remove_staged(std::vector<staging_key> gone) override;
    /// With the look that was told of before, and at once whatever is superseded.
    void prune_superseded() override;
    std::vector<published_batch> survey() override;
    void remove_unlisted(const std::vector<std::string>& publishing) override;

    /// The key and the report of a check or a placing that was done.
    struct done_task {
        staging_key key;
        publication_state end = publication_state::unknown;
        std::string why{};
    };
    /// Does the next task.
    done_task do_next();
    /// The next task, a check or a placing, fails; a placing after having come so far.
    void fail_next(cut how_far);
    /// Does so much of the next task, a placing, and tells nobody.
    void cut_off_next(cut how_far);
    /// Does so many steps of the pruning of the next task, and tells nobody.
    void cut_off_pruning(int steps);

  private:
    void book(publisher_state::kind what, publication which);
    void settle(const publisher_state::task& of, publication_report report);
    void place_until(const publication& which, cut how_far);
    dataset::placement placement_of(const publication& which);
    publisher_state::task take_next();
    void prune(std::optional<int> steps);

    std::filesystem::path root_;
    publisher_state& state_;
    taken_memberships& memberships_;
    const seam_watch& watch_;
    bool& files_changed_;
};

} // namespace waybill::test
