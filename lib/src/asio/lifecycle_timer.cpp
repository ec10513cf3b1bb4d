#include <waybill/lifecycle_timer.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <new>
#include <optional>
#include <thread>

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

namespace waybill {

using std::chrono::steady_clock;

namespace {

constexpr std::chrono::milliseconds longest_sleep{15'000}; // a wake may have been lost
constexpr std::chrono::milliseconds for_memory{1};

} // namespace

struct lifecycle_timer::state : std::enable_shared_from_this<lifecycle_timer::state> {
    state(boost::asio::any_io_executor where, lifecycle& what, options choices)
        : executor(where), timer(where), driven(what), how(std::move(choices)) {}

    /// What runs on the executor holds the state weakly, so that nothing outlives the timer's owner.
    void post(void (state::*what)()) {
        boost::asio::post(executor, [weak = weak_from_this(), what] {
            if (const auto self = weak.lock()) (self.get()->*what)();
        });
    }

    void tick_now() {
        wake_pending = false;
        tick();
    }

    void tick() {
        if (finished) return;
        std::optional<std::chrono::milliseconds> delay;
        try {
            if (stop_requested && !stop_told) {
                driven.stop(steady_clock::now());
                stop_told = true;
            }
            delay = driven.tick(steady_clock::now());
        } catch (const std::exception& e) {
            tell(e.what());
            delay = how.retry_after;
        }
        if (how.on_tick) how.on_tick();
        if (stop_told && driven.stopped()) {
            finished = true;
            timer.cancel();
            if (how.on_stopped) how.on_stopped();
            return;
        }
        arm(delay.value_or(longest_sleep));
    }

    void tell(const char* problem) const {
        try {
            if (how.on_problem) how.on_problem(problem);
        } catch (const std::bad_alloc&) { // no memory for the words; the tick is repeated all the same
        }
    }

    /// Without a timer nothing goes on, so this waits for the memory that it takes.
    void arm(std::chrono::milliseconds delay) {
        for (;;) {
            try {
                return try_to_arm(std::min(delay, longest_sleep));
            } catch (const std::bad_alloc&) {
                std::this_thread::sleep_for(for_memory);
            }
        }
    }

    void try_to_arm(std::chrono::milliseconds delay) {
        timer.expires_after(delay); // cancels what was armed before
        timer.async_wait([weak = weak_from_this()](const boost::system::error_code& cancelled) {
            if (cancelled) return;
            if (const auto self = weak.lock()) self->tick();
        });
    }

    boost::asio::any_io_executor executor;
    boost::asio::steady_timer timer;
    lifecycle& driven;
    options how;
    std::atomic<bool> wake_pending = false;
    std::atomic<bool> stop_requested = false;
    bool stop_told = false;
    bool finished = false;
};

lifecycle_timer::lifecycle_timer(boost::asio::any_io_executor executor, lifecycle& driven, options how)
    : state_(std::make_shared<state>(std::move(executor), driven, std::move(how))) {}

lifecycle_timer::~lifecycle_timer() = default;

void lifecycle_timer::start() { wake(); }

void lifecycle_timer::wake() noexcept {
    if (state_->wake_pending.exchange(true)) return;
    try {
        state_->post(&state::tick_now);
    } catch (const std::bad_alloc&) { // this one is lost, the next one need not be
        state_->wake_pending = false;
    }
}

void lifecycle_timer::stop() {
    state_->stop_requested = true;
    wake();
}

} // namespace waybill
