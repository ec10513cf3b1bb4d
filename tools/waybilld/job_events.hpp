// The events of one job as `text/event-stream` (contract 1): each move of the job with its sequence number as
// `id`, what changes in between as `progress`, its removal, and a comment when nothing happened for a while.
// Ends when the job is final or the host stops. One connection's; it keeps nothing that its reader has not
// taken, so a slow one costs no memory.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "application.hpp"

namespace waybill::http {

class job_events final : public body_stream {
  public:
    /// Begins with the moves after `after`; without it, with the job as it is now.
    job_events(services& with, tenant owner, job_id id, std::optional<std::int64_t> after)
        : services_(with), owner_(std::move(owner)), id_(id), after_(after) {}

    boost::asio::awaitable<bool> next(std::string& piece) override;

  private:
    enum class reading { nothing_new, news, last, gone };
    boost::asio::awaitable<reading> read(std::string& piece);
    reading append_news(std::string& piece, std::span<const job_transition> moves, const export_job& job);

    services& services_;
    tenant owner_;
    job_id id_;
    std::optional<std::int64_t> after_;
    std::string told_; ///< the job as it was sent last
    std::optional<job_watch> watch_;
};

/// The handler of the route: 404, 400 for a `Last-Event-ID` that is no number, and 204, which tells a browser
/// not to come again, when the job is final and all has been told.
boost::asio::awaitable<response> show_events(services& with, const call& made);

} // namespace waybill::http
