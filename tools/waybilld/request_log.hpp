// One JSON line for each request and for each thing an operator should know. Any thread; a line is written
// whole. Where there is no memory for a line, one without details takes its place; nothing is thrown. What
// proves who somebody is (tokens, keys) and query strings never get here.
#pragma once

#include <chrono>
#include <exception>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>

#include <waybill/tenant.hpp>

namespace waybill::http {

struct request_line {
    std::string request_id;
    std::string trace_id; ///< empty: not told
    tenant owner;         ///< empty when the gateway let nobody in
    std::string method;
    std::string_view route; ///< the pattern of the route table; empty when the path has none
    std::string path;       ///< without the query
    unsigned status = 0;
    std::chrono::microseconds duration{0};
};

class request_log {
  public:
    using sink = std::function<void(std::string_view line)>; ///< gets the line with its end

    /// Writes to standard error.
    request_log();
    explicit request_log(sink where) : where_(std::move(where)) {}

    void request(const request_line& line) noexcept;
    void problem(std::string_view what, std::string_view request_id = {}) noexcept;
    void problem(std::string_view what, const std::exception& disaster) noexcept;
    void event(std::string_view what) noexcept;

  private:
    template <class Line>
    void write(Line line) noexcept;
    std::mutex one_at_a_time_;
    sink where_;
};

} // namespace waybill::http
