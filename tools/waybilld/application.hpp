// What happens to a request between its headers and its answer, apart from all I/O of the connection: `admit`
// decides by the headers alone, in the contract's order (route, method, token, key, org, sandbox, role,
// content type, size), `answer` does the work. Any thread. `admit` throws nothing but for memory; what
// `answer` throws is a disaster, which `answer_to` turns into an answer.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <variant>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <waybill/asio.hpp>
#include <waybill/json.hpp>
#include <waybill/segment_store.hpp>

#include "gateway.hpp"
#include "host_health.hpp"
#include "message.hpp"
#include "request_counters.hpp"
#include "request_log.hpp"
#include "router.hpp"

namespace waybill::http {

/// What handlers work with.
struct services {
    async_job_store& jobs;
    json_limits limits;
    std::atomic<bool> stopping = false;          ///< the host ends: `/readyz` says so
    std::chrono::milliseconds heartbeat{15'000}; ///< how long a stream of events is silent
    std::function<std::size_t()> open_connections = [] { return std::size_t{0}; }; ///< any thread
    std::filesystem::path datasets{};              ///< the root of what was exported
    std::filesystem::path profiles{};              ///< where merge policies are declared; may come later
    boost::asio::any_io_executor disk{};           ///< whose threads may wait for the disk
    segment_store* segments = nullptr;             ///< nothing: there are no definitions
    boost::asio::any_io_executor segment_thread{}; ///< where what is asked of them is done
    request_counters requests{routes()};
    std::shared_ptr<host_health> health = std::make_shared<host_health>();
    std::function<login_failure_counts()> failed_logins = [] { return login_failure_counts{}; }; ///< likewise
    std::function<std::uint64_t()> failed_handshakes = [] { return std::uint64_t{0}; }; ///< of TLS; likewise
};

/// A request that may go on to its body.
struct admitted {
    const route* row = nullptr;
    std::vector<std::string> arguments;
    tenant owner;
    std::string actor; ///< the visitor's name; empty for routes without a role
};

/// What `admit` decided.
struct admission {
    std::variant<admitted, response> outcome;
    std::string_view
        pattern; ///< of the path's route, also when the request is refused; empty when it has none
};

/// Decides by the headers, which is all of a request that has arrived by then.
admission admit(std::span<const route> table, const request& asked, std::string_view request_id,
                const gateway& door, std::size_t longest_body);

class application {
  public:
    application(services& with, gateway door, request_log& log, std::size_t longest_body,
                std::span<const route> table = routes())
        : services_(with), gateway_(std::move(door)), log_(log), longest_body_(longest_body), table_(table) {}

    admission admit(const request& asked, std::string_view request_id) const {
        return http::admit(table_, asked, request_id, gateway_, longest_body_);
    }

    boost::asio::awaitable<response> answer(const admitted& to, const request& asked,
                                            std::string_view request_id, other_end& client);

    /// What a caller learns of a disaster: the request id and nothing of the inside. The rest goes to the
    /// log.
    response answer_to(const std::exception_ptr& disaster, std::string_view request_id);

    /// A request has been answered: it is logged and counted.
    void note(const request_line& answered);

    gateway& door() noexcept { return gateway_; }
    request_log& log() noexcept { return log_; }
    std::size_t longest_body() const noexcept { return longest_body_; }

  private:
    services& services_;
    gateway gateway_;
    request_log& log_;
    std::size_t longest_body_;
    std::span<const route> table_;
};

/// The one that the caller sent, when it may be kept, else a new one.
std::string request_id_of(const request& asked);

} // namespace waybill::http
