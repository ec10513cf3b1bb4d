// One connection: reads requests one after the other, lets the application answer them, writes the answers,
// and minds the times. Runs on the strand of its socket; `stop` and `abort` may be called from any thread.
// Nothing leaves `run` but for memory.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include "application.hpp"
#include "limits.hpp"
#include "pace.hpp"
#include "request_reader.hpp"
#include "stream.hpp"
#include "tls.hpp"
#include "watchdog.hpp"

namespace waybill::http {

class session : public std::enable_shared_from_this<session>, private other_end {
  public:
    /// Under TLS when there is an identity, which must outlive it.
    session(boost::asio::ip::tcp::socket socket, application& app, const server_limits& limits,
            tls_identity* tls = nullptr);

    boost::asio::any_io_executor executor() { return stream_.socket().get_executor(); }

    /// Until the connection ends.
    boost::asio::awaitable<void> run();
    /// Instead of `run`, for a connection too many: 503 and the end.
    boost::asio::awaitable<void> turn_away();

    /// Ends the connection after the answer under way, at once when it waits for a request.
    void stop();
    /// Ends the connection at once.
    void abort();

  private:
    enum class phase { head, body, skipped_body };
    enum class arrival { ready, refused, late, gone };
    struct exchange {
        std::chrono::steady_clock::time_point begun = std::chrono::steady_clock::now();
        std::string request_id;
        tenant owner{"", ""};   ///< until the gateway has let somebody in
        std::string_view route; ///< its pattern
    };

    /// How long a connection that ends anyway is waited for.
    static constexpr std::chrono::milliseconds lingering{2'000};

    boost::asio::awaitable<bool> open(std::chrono::milliseconds patience);
    boost::asio::awaitable<bool> wait_for_request();
    boost::asio::awaitable<bool> serve_one();
    boost::asio::awaitable<bool> reply_to(exchange& now);
    boost::asio::awaitable<void> refuse(const response& answer, exchange& now);
    boost::asio::awaitable<arrival> arrive(phase what, const exchange& now);
    boost::asio::awaitable<bool> read_some();
    boost::asio::awaitable<void> hold_back(std::chrono::milliseconds delay);
    boost::asio::awaitable<bool> send(response& answer, exchange& now);
    boost::asio::awaitable<bool> send_rest(response& answer, const exchange& now, bool chunked);
    boost::asio::awaitable<bool> write(std::string_view text);
    boost::asio::awaitable<void> end();

    void watch(std::function<void()> tell) override;
    bool is_gone() const noexcept override { return gone_; }
    void look_for_end();
    void take_early(boost::system::error_code problem);
    void stop_looking();

    request_reader::step advance(phase what);
    std::chrono::milliseconds time_left(const exchange& now) const;
    bool waits_for_continue() const;
    response unreadable_answer(arrival how, const exchange& now) const;
    void log(const response& answer, const exchange& now);
    void cut();

    stream stream_;
    application& app_;
    const server_limits& limits_;
    tls_identity* tls_;
    std::string peer_;
    watchdog watchdog_;
    pace arriving_; ///< of a request
    pace taking_;   ///< of an answer
    request_reader reader_;
    std::array<char, 8192> chunk_;
    std::optional<boost::asio::steady_timer> pause_; ///< while an answer is held back
    bool idle_ = false;
    bool stopping_ = false;
    bool broken_ = false; ///< nothing more can be told to the other end
    bool gone_ = false;   ///< seen while an answer was waited for
    std::function<void()> tell_gone_;
    bool looking_ = false;    ///< whether it ends
    std::uint64_t looks_ = 0; ///< tells a look that ended late, after its answer, from the one that counts
    bool unread_ = false;     ///< the other end may still be sending what nobody will read
};

} // namespace waybill::http
