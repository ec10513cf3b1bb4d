#include "local/export_run.hpp"

#include <algorithm>
#include <deque>
#include <memory>
#include <new>
#include <optional>
#include <system_error>
#include <vector>

#include <waybill/dataset_publisher.hpp>
#include <waybill/error_codes.hpp>

#include "dataset/batch_writer.hpp"
#include "dataset/layout.hpp"
#include "dataset/output_columns.hpp"
#include "dataset/publish_error.hpp"
#include "disk/directory.hpp"
#include "local/row_workers.hpp"

namespace waybill::local {

namespace {

/// How an attempt ends without batches.
struct bad_end {
    job_error error;
    bool transient = false;
};

/// Whether no link on the way leads elsewhere, as far as the way is there.
bool stays_below(const std::filesystem::path& root, const std::filesystem::path& below) {
    const auto real_root = std::filesystem::weakly_canonical(root);
    return std::filesystem::weakly_canonical(below) == real_root / below.lexically_relative(root);
}

class export_run {
  public:
    export_run(const local_engine_options& where, attempt& what, const std::function<void()>& news)
        : where_(where), what_(what), news_(news) {}

    void run() {
        try {
            try_to_run();
        } catch (const std::bad_alloc&) {
            if (claimed_) disk::remove_if_possible(staging_);
            throw;
        }
    }

  private:
    void try_to_run() {
        if (what_.stop) {
            what_.end(attempt_state::cancelled);
            return;
        }
        if (const auto why = dataset::check_output(what_.job)) return fail({*why, false});
        if (const auto why = where_.source->check(what_.job.request)) return fail({*why, false});
        if (const auto bad = open_scan()) return fail(*bad);
        if (const auto bad = claim_staging()) return fail(*bad);
        auto bad = export_rows();
        if (!bad && !what_.stop) bad = writing([this] { finish(); });
        // A stop that comes after this is too late: the attempt is staged.
        const bool staged = !bad && !what_.stop;
        show();
        if (!staged) disk::remove_if_possible(staging_);
        if (bad)
            fail(*bad);
        else
            what_.end(staged ? attempt_state::staged : attempt_state::cancelled);
    }

    void fail(const bad_end& how) { what_.end(attempt_state::failed, {how.error}, how.transient); }

    /// The attempt's directory is made by exactly one driver, for ever: whoever finds it there is a
    /// duplicate, which says nothing of the attempt itself.
    std::optional<bad_end> claim_staging() {
        std::optional<bad_end> taken;
        auto bad = writing([&] {
            const auto dataset =
                dataset_directory(where_.datasets, what_.job.owner, what_.job.request.dataset_id);
            staging_ = dataset::staging_directory(dataset, what_.key);
            if (!stays_below(where_.datasets, staging_.parent_path())) {
                taken = bad_end{errors::outside_root.about(dataset.string()), false};
                return;
            }
            disk::make_directories(staging_.parent_path());
            claimed_ = disk::make_directory(staging_);
            if (!claimed_) taken = bad_end{errors::staging_claimed.about(staging_.string()), true};
        });
        return bad ? bad : taken;
    }

    /// Runs what reads; says how it went wrong, but for memory.
    std::optional<bad_end> reading(const std::function<void()>& work) const {
        try {
            work();
        } catch (const export_refused& refused) {
            return bad_end{refused.why, false};
        } catch (const store_failure& trouble) {
            return unreadable(trouble.what(), trouble.transient());
        } catch (const std::system_error& trouble) {
            return unreadable(trouble.what(), true); // a thread or a file that cannot be had now
        } catch (const std::bad_alloc&) {
            throw;
        } catch (const std::exception& trouble) {
            return unreadable(trouble.what(), false);
        }
        return std::nullopt;
    }

    std::optional<bad_end> open_scan() {
        metrics_.profile_export = time_span{wall_clock(), std::nullopt};
        metrics_.exported = 0;
        show();
        return reading([this] {
            scan_ = where_.source->open(what_.job.owner, what_.job.request, where_.readers);
            metrics_.candidates = scan_->candidates();
        });
    }

    std::optional<bad_end> export_rows() {
        auto unwritten = writing([this] { open_batches(); });
        show();
        news_();
        if (unwritten || what_.stop) return unwritten;
        const auto unread = reading([&] {
            row_workers rows(*scan_, where_.readers, what_.job, batch_of_segment_, what_.stop);
            while (auto piece = rows.take()) {
                unwritten = writing([&] { write(*piece); });
                if (unwritten || what_.stop) return;
            }
            // Also where a source gives fewer than it has told.
            if (!what_.stop) metrics_.looked_at = std::max(metrics_.looked_at, *metrics_.candidates);
        });
        metrics_.profile_export->end = wall_clock();
        return unwritten ? unwritten : unread;
    }

    void open_batches() {
        metrics_.dataset_write = time_span{wall_clock(), std::nullopt};
        encoder_.emplace(what_.job);
        for (const auto& batch : what_.job.batches) {
            if (what_.stop) return;
            batches_.emplace_back(dataset::batch_writer::place{staging_, what_.key, where_.part_bytes},
                                  what_.job, batch, *encoder_);
        }
        if (!what_.job.request.segment_per_batch) return;
        batch_of_segment_.resize(what_.job.batches.size());
        for (std::size_t i = 0; i < what_.job.batches.size(); ++i)
            if (const auto segment = what_.job.batches[i].segment) batch_of_segment_.at(*segment) = i;
    }

    /// Counts as the batches do, so that the counters of a job are the sums of its manifests.
    void write(const batch_piece& piece) {
        if (piece.account.rows > 0) {
            auto& batch = batches_.at(piece.batch);
            if (piece.encoded)
                batch.append_block(piece.bytes, piece.account);
            else
                batch.append_lines(piece.bytes, piece.account);
            *metrics_.exported += piece.account.rows;
            counts_.add(piece.account.counts);
        }
        metrics_.looked_at += piece.candidates;
        show();
    }

    void finish() {
        for (auto& batch : batches_) {
            if (what_.stop) return;
            batch.finish(metrics_.profile_export->start, wall_clock());
        }
        disk::sync_directory(staging_);
        metrics_.dataset_write->end = wall_clock();
    }

    void show() {
        metrics_.exported_by_namespace = counts_.sorted();
        what_.progress(metrics_);
    }

    /// Runs what writes; says how it went wrong, but for memory.
    std::optional<bad_end> writing(const std::function<void()>& work) const {
        const auto& where = staging_.empty() ? where_.datasets : staging_;
        try {
            work();
        } catch (const store_failure& trouble) {
            return bad_end{dataset::disk_error(trouble, where), trouble.transient()};
        } catch (const std::bad_alloc&) {
            throw;
        } catch (const std::exception& trouble) {
            return bad_end{errors::output_failed.about(where.string(), trouble.what()), false};
        }
        return std::nullopt;
    }

    bad_end unreadable(std::string cause, bool transient) const {
        return {errors::profiles_unreadable.about(where_.profiles.string(), std::move(cause)), transient};
    }

    const local_engine_options& where_;
    attempt& what_;
    const std::function<void()>& news_;
    std::filesystem::path staging_;
    bool claimed_ = false;                          ///< the staging directory is ours
    std::optional<dataset::block_encoder> encoder_; ///< for all batches in turn
    std::deque<dataset::batch_writer> batches_;
    std::unique_ptr<profile_scan> scan_;
    std::vector<std::size_t> batch_of_segment_;
    job_metrics metrics_;
    dataset::namespace_counts counts_;
};

} // namespace

void run_export(const local_engine_options& where, attempt& what, const std::function<void()>& news) {
    try {
        export_run(where, what, news).run();
    } catch (const std::bad_alloc&) {
        what.end(attempt_state::failed, dataset::no_memory_errors(where.datasets), true);
    }
}

} // namespace waybill::local
