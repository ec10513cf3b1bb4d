// The threads of one attempt: each reads candidates and makes pieces of batches out of them, which come out
// in the order of the candidates. `take` belongs to the attempt's thread. Whatever stops a worker is thrown
// by `take`.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <waybill/profile_source.hpp>

#include "dataset/batch_writer.hpp"
#include "dataset/block_encoder.hpp"
#include "local/ordered_blocks.hpp"

namespace waybill::local {

/// Whole rows of one batch; none where no candidate of a stretch was selected.
struct batch_piece {
    std::size_t batch = 0; ///< index into the job's batches
    std::string bytes{};   ///< lines of the job's format …
    bool encoded = false;  ///< … or, where they are enough for it, the block that they make in a file
    dataset::batch_writer::block_account account{};
    std::int64_t candidates = 0; ///< that are done with when this piece is, besides those of earlier pieces
};

class row_workers {
  public:
    /// One thread for each reader that the scan has. `batch_of_segment` is empty where there is one batch for
    /// all.
    row_workers(profile_scan& scan, std::size_t most, const export_job& job,
                std::vector<std::size_t> batch_of_segment, const std::atomic<bool>& stop);
    ~row_workers(); ///< stops them
    row_workers(const row_workers&) = delete;
    row_workers& operator=(const row_workers&) = delete;

    /// Nothing at the end, and when a stop was asked for.
    std::optional<batch_piece> take() { return pieces_.take(); }

  private:
    struct stretch {
        std::size_t number = 0;
        std::vector<std::int64_t> candidates{};
    };

    void work(profile_reader& reader);
    stretch next();
    std::size_t append(std::vector<batch_piece>& open, const exported_row& row,
                       dataset::block_encoder& encoder) const;
    bool hand_over(std::size_t stretch, std::vector<batch_piece>& open, std::int64_t& candidates,
                   dataset::block_encoder& encoder);

    profile_scan& scan_;
    const export_job& job_;
    const std::vector<std::size_t> batch_of_segment_;
    const std::atomic<bool>& stop_;
    std::mutex guard_; ///< of the scan's next candidates
    std::size_t begun_ = 0;
    ordered_blocks<batch_piece> pieces_;
    std::vector<std::unique_ptr<profile_reader>> readers_;
    std::vector<std::jthread> threads_; ///< last, so that they end first
};

} // namespace waybill::local
