#include "request_log.hpp"

#include <cstdio>

#include <nlohmann/json.hpp>

#include <waybill/timestamp.hpp>

namespace waybill::http {

namespace {

using json = nlohmann::ordered_json;

json line_of(std::string_view level) { return {{"time", to_rfc3339(wall_clock())}, {"level", level}}; }

} // namespace

request_log::request_log()
    : where_([](std::string_view line) { std::fwrite(line.data(), 1, line.size(), stderr); }) {}

void request_log::write(std::string line) {
    line += '\n';
    const std::lock_guard guard(one_at_a_time_);
    where_(line);
}

void request_log::request(const request_line& line) {
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
    write(record.dump(-1, ' ', false, json::error_handler_t::replace));
}

void request_log::problem(std::string_view what, std::string_view request_id) {
    auto record = line_of("error");
    if (!request_id.empty()) record["requestId"] = request_id;
    record["message"] = what;
    write(record.dump(-1, ' ', false, json::error_handler_t::replace));
}

void request_log::event(std::string_view what) {
    auto record = line_of("info");
    record["message"] = what;
    write(record.dump(-1, ' ', false, json::error_handler_t::replace));
}

} // namespace waybill::http
