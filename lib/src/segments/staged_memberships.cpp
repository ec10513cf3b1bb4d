#include "segments/staged_memberships.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>

#include <waybill/result.hpp>

#include "model/milliseconds.hpp"
#include "json/document.hpp"

namespace waybill::segments {
namespace {

[[noreturn]] void refuse(const std::filesystem::path& file, std::size_t line) {
    throw store_failure(store_failure::kind::corrupt,
                        file.string() + ": line " + std::to_string(line) + " is not as it was written");
}

std::optional<staged_evaluation> evaluation_in(json::value root) {
    const auto segments = root.member("segments");
    const auto now = root.member("evaluatedAt").integer();
    if (!now || !segments.is_array()) return std::nullopt;
    staged_evaluation what{root.member("mergePolicy").text(), to_timestamp(*now), {}};
    for (const auto segment : segments.children())
        what.segments.push_back(segment.text());
    return what;
}

/// `["crmid","17",0]` drops, `["crmid","17",0,"realized",1700000000000]` puts, with the entry at the end
/// where it has more than that.
std::optional<membership_change> change_in(json::value root, std::size_t segments) {
    if (!root.is_array() || root.size() < 3 || root.size() > 6) return std::nullopt;
    auto at = root.first();
    membership_change what;
    what.ns_folded = at.text();
    at = at.next();
    what.identity = at.text();
    at = at.next();
    const auto segment = at.integer();
    if (!segment || *segment < 0 || static_cast<std::size_t>(*segment) >= segments) return std::nullopt;
    what.segment = static_cast<std::size_t>(*segment);
    what.drop = root.size() == 3;
    if (what.drop) return what;
    at = at.next();
    what.status = parse_membership_status(at.text());
    if (!what.status && at.text() != hiding_status) return std::nullopt;
    const auto qualified = at.next().integer();
    if (!qualified) return std::nullopt;
    what.qualified = to_timestamp(*qualified);
    if (root.size() == 6) what.entry = at.next().next().raw();
    return what;
}

} // namespace

void append_line(std::string& out, const staged_evaluation& what) {
    out += "{\"mergePolicy\":";
    json::append_string(out, what.merge_policy);
    out += ",\"evaluatedAt\":";
    json::append_integer(out, to_integer(what.now));
    out += ",\"segments\":[";
    for (const auto& segment : what.segments) {
        if (out.back() != '[') out += ',';
        json::append_string(out, segment);
    }
    out += "]}\n";
}

void append_line(std::string& out, const membership_change& what) {
    out += '[';
    json::append_string(out, what.ns_folded);
    out += ',';
    json::append_string(out, what.identity);
    out += ',';
    json::append_integer(out, static_cast<std::int64_t>(what.segment));
    if (!what.drop) {
        out += ',';
        json::append_string(out, what.status ? to_text(*what.status) : hiding_status);
        out += ',';
        json::append_integer(out, to_integer(what.qualified));
        if (!what.entry.empty()) out.append(",").append(what.entry);
    }
    out += "]\n";
}

void read_staged_memberships(const std::filesystem::path& file,
                             const std::function<void(const staged_evaluation&)>& begin,
                             const std::function<void(const membership_change&)>& next) {
    std::ifstream input(file);
    if (!input) throw store_failure(store_failure::kind::io, file.string() + ": " + std::strerror(errno));
    json::document document;
    std::string line;
    std::size_t number = 0;
    std::size_t segments = 0;
    while (std::getline(input, line)) {
        ++number;
        if (document.parse(line)) refuse(file, number);
        if (number == 1) {
            const auto what = evaluation_in(document.root());
            if (!what) refuse(file, number);
            segments = what->segments.size();
            begin(*what);
        } else {
            const auto what = change_in(document.root(), segments);
            if (!what) refuse(file, number);
            next(*what);
        }
    }
    if (input.bad())
        throw store_failure(store_failure::kind::io, file.string() + ": " + std::strerror(errno));
    if (number == 0) refuse(file, 1);
}

} // namespace waybill::segments
