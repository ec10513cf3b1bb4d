#include <waybill/lifecycle_timer.hpp>

#include <atomic>
#include <chrono>
#include <optional>

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

namespace waybill {

using std::chrono::steady_clock;

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
            if (how.on_problem) how.on_problem(e.what());
            delay = how.retry_after;
        }
        if (how.on_tick) how.on_tick();
        if (stop_told && driven.stopped()) {
            finished = true;
            timer.cancel();
            if (how.on_stopped) how.on_stopped();
            return;
        }
        if (delay)
            arm(*delay);
        else
            timer.cancel();
    }

    void arm(std::chrono::milliseconds delay) {
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

void lifecycle_timer::wake() {
    if (!state_->wake_pending.exchange(true)) state_->post(&state::tick_now);
}

void lifecycle_timer::stop() {
    state_->stop_requested = true;
    wake();
}

} // namespace waybill
