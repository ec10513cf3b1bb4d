// A host without a socket, for the story of the crash sweep: store, engine, datasets and lifecycle, driven by
// hand on one thread in real time. What the library throws is noted and what was asked is asked again, many
// times, so that the story goes on when the cause is gone; at the end of its patience it throws.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <new>
#include <optional>
#include <string>
#include <type_traits>

#include <waybill/dataset_publisher.hpp>
#include <waybill/job_owner.hpp>
#include <waybill/job_store.hpp>
#include <waybill/lifecycle.hpp>
#include <waybill/local_engine.hpp>
#include <waybill/segment_store.hpp>

#include "crash/sweep_names.hpp"

namespace waybill::test {

/// Engine and publisher ring it, from any thread.
class story_bell {
  public:
    void ring();
    int rung() const;
    /// Until it was rung more often than this, or for so long.
    void wait(int before, std::chrono::milliseconds longest);

  private:
    mutable std::mutex guard_;
    std::condition_variable wake_;
    int rung_ = 0;
};

class driven_host {
  public:
    /// Runs what is asked of the library; a test may do something around it.
    using around = std::function<void(const std::function<void()>&)>;

    /// Only a host that prunes removes old jobs, and superseded batches.
    driven_host(sweep_files files, bool prunes, around each_call = {});
    driven_host(const driven_host&) = delete;
    driven_host& operator=(const driven_host&) = delete;
    ~driven_host();

    /// Opens everything and takes up what an earlier one left.
    void open();
    void tick();
    void tick_until(const std::function<bool()>& come);
    /// Stops in order and closes everything.
    void stop();
    /// All steps of upkeep that there are.
    void prune();
    /// The wall clock goes forward by so much.
    void skip(std::chrono::milliseconds by) { ahead_ += by; }

    job_store& store() { return *store_; }
    std::int64_t epoch() { return store_->owner().epoch(); }
    job_status status_of(const tenant& owner, job_id id);
    bool nothing_unfinished();
    bool nothing_staged() const;

    /// A line of the notes; it is with the system when this returns, so no end of the process loses it.
    void note(const std::string& line) const;

    template <class Verb>
    auto persist(Verb verb) {
        for (int tries = 1;; ++tries) {
            try {
                return ask(verb);
            } catch (const store_failure& trouble) {
                note(std::string("trouble ") + trouble.what());
                if (tries == most_tries) throw;
            } catch (const std::bad_alloc& trouble) {
                note(std::string("trouble ") + trouble.what());
                if (tries == most_tries) throw;
            }
        }
    }

  private:
    static constexpr int most_tries = 500;

    template <class Verb>
    auto ask(Verb& verb) {
        using answer = std::invoke_result_t<Verb>;
        if (!each_call_) return verb();
        if constexpr (std::is_void_v<answer>) {
            each_call_([&verb] { verb(); });
        } else {
            std::optional<answer> got;
            each_call_([&] { got.emplace(verb()); });
            return std::move(*got);
        }
    }
    void try_to_open();
    void open_segments();
    void close();
    std::chrono::milliseconds try_tick();

    sweep_files files_;
    bool prunes_;
    around each_call_;
    int notes_;
    std::chrono::milliseconds ahead_{0};
    std::shared_ptr<story_bell> bell_ = std::make_shared<story_bell>();
    std::shared_ptr<segment_store> segments_;
    std::unique_ptr<dataset_publisher> publisher_;
    std::unique_ptr<job_store> store_;
    std::unique_ptr<local_engine> engine_;
    std::unique_ptr<lifecycle> driver_;
};

} // namespace waybill::test
