// Whether a host is alive, which is that its threads turn, and whether its store may have become one that
// cannot be written. Any thread; nothing waits; throws nothing but for memory.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/any_io_executor.hpp>

namespace waybill::http {

class host_health {
  public:
    using clock = std::chrono::steady_clock;
    using milliseconds = std::chrono::milliseconds;

    /// What has not come round for so long is late.
    explicit host_health(milliseconds patience = milliseconds{60'000},
                         std::function<clock::time_point()> now = clock::now)
        : patience_(patience), now_(std::move(now)), last_round_(now_().time_since_epoch()) {}

    /// A thread that is asked, each time somebody looks, to say that it turns. Before anybody looks.
    void watch(std::string name, boost::asio::any_io_executor executor);
    /// The lifecycle comes round by itself at least so often; `came_round` says so. Before anybody looks.
    void expect_rounds(milliseconds every) { rounds_ = every; }
    void came_round() { last_round_ = now_().time_since_epoch(); }

    /// Says what is late; nothing when all turn. Who stands still is found by the second look at the
    /// earliest.
    std::optional<std::string> late();

    /// Something could not be written, or so it seems; whoever wants to know tries.
    void suspect_store() noexcept { suspected_ = true; }
    void trust_store() noexcept { suspected_ = false; }
    bool store_suspected() const noexcept { return suspected_; }

  private:
    /// When an answer that has not come was asked for; zero: none is outstanding.
    using asked = std::atomic<clock::duration>;
    struct watched {
        std::string name;
        boost::asio::any_io_executor executor;
        std::shared_ptr<asked> since; ///< shared with what is posted, which may outlive this
    };

    milliseconds patience_;
    std::function<clock::time_point()> now_;
    std::vector<watched> watched_;
    std::optional<milliseconds> rounds_;
    asked last_round_;
    std::atomic<bool> suspected_ = false;
};

} // namespace waybill::http
