#include "request_log.hpp"

#include <cstdio>
#include <new>

#include <nlohmann/json.hpp>

#include <waybill/timestamp.hpp>

namespace waybill::http {

namespace {

using json = nlohmann::ordered_json;

json line_of(std::string_view level) { return {{"time", to_rfc3339(wall_clock())}, {"level", level}}; }

} // namespace

request_log::request_log()
    : where_([](std::string_view line) { std::fwrite(line.data(), 1, line.size(), stderr); }) {}

/// `line` makes the document.
template <class Line>
void request_log::write(Line line) noexcept {
    try {
        auto text = line().dump(-1, ' ', false, json::error_handler_t::replace) + '\n';
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
        auto record = line_of("info");
        record["requestId"] = line.request_id;
        if (!line.trace_id.empty()) record["traceId"] = line.trace_id;
        record["org"] = line.owner.org;
        record["sandbox"] = line.owner.sandbox;
        record["method"] = line.method;
        record["route"] = line.route;
        record["path"] = line.path;
        record["status"] = line.status;
        record["durationMs"] = static_cast<double>(line.duration.count()) / 1'000.0;
        return record;
    });
}

void request_log::problem(std::string_view what, std::string_view request_id) noexcept {
    write([&] {
        auto record = line_of("error");
        if (!request_id.empty()) record["requestId"] = request_id;
        record["message"] = what;
        return record;
    });
}

void request_log::problem(std::string_view what, const std::exception& disaster) noexcept {
    write([&] {
        auto record = line_of("error");
        record["message"] = std::string(what) + disaster.what();
        return record;
    });
}

void request_log::event(std::string_view what) noexcept {
    write([&] {
        auto record = line_of("info");
        record["message"] = what;
        return record;
    });
}

} // namespace waybill::http
