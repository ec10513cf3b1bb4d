// The datasets on disk: `<root>/<org>/<sandbox>/<datasetId>/` with `current.json`, the batches and `.staging`
// (contract 3, "Batches"). See publisher.hpp for the rules that it keeps; one process owns a root for
// writing.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <waybill/publisher.hpp>
#include <waybill/result.hpp>

namespace waybill {

/// Makes staged memberships count before the batches of their job can be seen; the same again changes
/// nothing. Called on the publisher's thread; throws `store_failure`, and is then tried again.
using memberships_taker = std::function<void(const publication& what, const std::filesystem::path& staged)>;

struct dataset_publisher_options {
    /// For jobs whose segments are evaluated, as `segment_store::take_memberships`; without it such jobs
    /// fail.
    memberships_taker take_memberships{};
    /// A batch that is superseded stays on the disk for so long, for readers, before it is pruned; nothing:
    /// for ever. Counted is the time that owners of the root run, from when a pass of pruning first sees it;
    /// a wall clock says nothing.
    std::optional<std::chrono::milliseconds> keep_superseded{};
    /// The monotonic clock; asked on the publisher's thread.
    std::function<std::chrono::steady_clock::time_point()> now = std::chrono::steady_clock::now;
};

class dataset_publisher final : public publisher {
  public:
    /// Creates the root when it is not there and takes its lock, `<root>/.waybill.lock`. `owned_elsewhere`
    /// when another process has it.
    static result<std::unique_ptr<dataset_publisher>> open(const std::filesystem::path& root,
                                                           dataset_publisher_options options = {});
    /// Finishes what is under way and waits for its thread.
    ~dataset_publisher() override;

    void on_news(std::function<void()> listener) override;
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

  private:
    struct impl;
    explicit dataset_publisher(std::unique_ptr<impl> self);
    std::unique_ptr<impl> self_;
};

/// `<root>/<org>/<sandbox>/<datasetId>`, with the bytes of org and sandbox outside `[A-Za-z0-9_-]` as `%XX`.
std::filesystem::path dataset_directory(const std::filesystem::path& root, const tenant& owner,
                                        const std::string& dataset_id);

} // namespace waybill
