// Blocks that several threads make at the same time, for one thread that takes them in the order of the
// stretches they belong to. Bounded: whoever is ahead waits, but for the stretch that is next to be taken.
// Any thread; `take` is one thread's.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

namespace waybill::local {

template <class Block>
class ordered_blocks {
  public:
    /// `room`: bytes of blocks that may wait to be taken.
    explicit ordered_blocks(std::size_t room) : room_(room) {}

    /// A stretch begins; stretches have consecutive numbers from 0 on, and are begun in that order.
    void begin(std::size_t stretch) {
        const std::lock_guard hold(guard_);
        stretches_.try_emplace(stretch);
    }

    /// The next block of a stretch. Waits for room; false when nobody takes any more.
    bool put(std::size_t stretch, Block block, std::size_t bytes) {
        std::unique_lock hold(guard_);
        room_made_.wait(hold,
                        [&] { return closed_ || waiting_ < room_ || (stretch == first_ && alone(stretch)); });
        if (closed_) return false;
        waiting_ += bytes;
        stretches_[stretch].blocks.push_back({std::move(block), bytes});
        if (stretch == first_) ready_.notify_one();
        return true;
    }

    /// No further block of this stretch will come.
    void end(std::size_t stretch) {
        const std::lock_guard hold(guard_);
        stretches_[stretch].ended = true;
        if (stretch == first_) ready_.notify_one();
    }

    /// No further stretch will be begun.
    void finish() {
        const std::lock_guard hold(guard_);
        finished_ = true;
        ready_.notify_one();
    }

    /// A maker cannot go on: whoever takes is told by its exception, and the other makers are told to stop.
    void fail(std::exception_ptr why) {
        const std::lock_guard hold(guard_);
        if (!failure_) failure_ = std::move(why);
        close_now();
    }

    /// Nobody takes any more.
    void close() {
        const std::lock_guard hold(guard_);
        close_now();
    }

    /// The next block in order; nothing at the end. Throws what a maker failed with.
    std::optional<Block> take() {
        std::unique_lock hold(guard_);
        for (;;) {
            ready_.wait(hold,
                        [&] { return closed_ || next_is_known() || (finished_ && stretches_.empty()); });
            if (failure_) std::rethrow_exception(failure_);
            if (closed_ || stretches_.empty()) return std::nullopt;
            auto& next = stretches_.begin()->second;
            if (!next.blocks.empty()) {
                auto [block, bytes] = std::move(next.blocks.front());
                next.blocks.pop_front();
                waiting_ -= bytes;
                room_made_.notify_all();
                return std::move(block);
            }
            stretches_.erase(stretches_.begin());
            ++first_;
            room_made_.notify_all();
        }
    }

  private:
    struct stretch_blocks {
        std::deque<std::pair<Block, std::size_t>> blocks;
        bool ended = false;
    };

    bool alone(std::size_t stretch) { return stretches_[stretch].blocks.empty(); }
    bool next_is_known() const {
        if (stretches_.empty() || stretches_.begin()->first != first_) return false;
        const auto& next = stretches_.begin()->second;
        return !next.blocks.empty() || next.ended;
    }
    void close_now() {
        closed_ = true;
        ready_.notify_all();
        room_made_.notify_all();
    }

    const std::size_t room_;
    std::mutex guard_;
    std::condition_variable ready_;     ///< for who takes
    std::condition_variable room_made_; ///< for who puts
    std::map<std::size_t, stretch_blocks> stretches_;
    std::size_t first_ = 0; ///< the stretch that is next to be taken
    std::size_t waiting_ = 0;
    bool finished_ = false;
    bool closed_ = false;
    std::exception_ptr failure_;
};

} // namespace waybill::local
