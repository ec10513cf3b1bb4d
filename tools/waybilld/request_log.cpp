#include "request_log.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <new>

#include <nlohmann/json.hpp>

#include <waybill/timestamp.hpp>

namespace waybill::http {

namespace {

/// Most texts need no escapes. The library does what is left, and it is not quick.
void append_text(std::string& out, std::string_view text) {
    const bool plain = std::all_of(text.begin(), text.end(), [](char one) {
        return one >= ' ' && one <= '~' && one != '"' && one != '\\';
    });
    if (plain)
        ((out += '"') += text) += '"';
    else
        out += nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

/// Writes a line member by member: there is one for each request.
class line_writer {
  public:
    explicit line_writer(std::string_view level) {
        line_.reserve(512);
        text("time", to_rfc3339(wall_clock()));
        text("level", level);
    }

    void text(std::string_view name, std::string_view value) {
        begin(name);
        append_text(line_, value);
    }
    void number(std::string_view name, unsigned value) {
        begin(name);
        line_ += std::to_string(value);
    }
    void milliseconds(std::string_view name, std::chrono::microseconds value) {
        std::array<char, 32> digits{};
        std::snprintf(digits.data(), digits.size(), "%lld.%03lld",
                      static_cast<long long>(value.count() / 1'000),
                      static_cast<long long>(value.count() % 1'000));
        begin(name);
        line_ += digits.data();
    }
    std::string end() { return std::move(line_ += "}\n"); }

  private:
    void begin(std::string_view name) { ((line_ += line_.empty() ? "{\"" : ",\"") += name) += "\":"; }
    std::string line_;
};

} // namespace

request_log::request_log()
    : where_([](std::string_view line) { std::fwrite(line.data(), 1, line.size(), stderr); }) {}

/// `line` makes its text.
template <class Line>
void request_log::write(Line line) noexcept {
    try {
        const std::string text = line();
        const std::lock_guard guard(one_at_a_time_);
        where_(text);
    } catch (const std::bad_alloc&) {
        std::fputs(R"({"level":"error","message":"there is not enough memory for a line of this log"})"
                   "\n",
                   stderr);
    }
}

void request_log::request(const request_line& line) noexcept {
    write([&] {
        line_writer record("info");
        record.text("requestId", line.request_id);
        if (!line.trace_id.empty()) record.text("traceId", line.trace_id);
        record.text("org", line.owner.org);
        record.text("sandbox", line.owner.sandbox);
        record.text("method", line.method);
        record.text("route", line.route);
        record.text("path", line.path);
        record.number("status", line.status);
        record.milliseconds("durationMs", line.duration);
        return record.end();
    });
}

void request_log::problem(std::string_view what, std::string_view request_id) noexcept {
    write([&] {
        line_writer record("error");
        if (!request_id.empty()) record.text("requestId", request_id);
        record.text("message", what);
        return record.end();
    });
}

void request_log::problem(std::string_view what, const std::exception& disaster) noexcept {
    write([&] {
        line_writer record("error");
        record.text("message", std::string(what) + disaster.what());
        return record.end();
    });
}

void request_log::event(std::string_view what) noexcept {
    write([&] {
        line_writer record("info");
        record.text("message", what);
        return record.end();
    });
}

} // namespace waybill::http
