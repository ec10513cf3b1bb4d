#include <waybill/segment_trial.hpp>

#include <algorithm>
#include <deque>
#include <string>
#include <tuple>
#include <variant>
#include <vector>

#include "model/namespaces.hpp"
#include "pql/evaluator.hpp"
#include "segments/definition_rules.hpp"
#include "segments/membership_entry.hpp"
#include "json/document.hpp"

namespace waybill {
namespace {

using json::value;

failure unreadable(const json::parse_error& error, std::string path) {
    auto message = error.message + " (at byte " + std::to_string(error.offset) + ")";
    return {errc::invalid, "a document cannot be read", {{error.code, std::move(message), std::move(path)}}};
}

failure unfit(const char* expected, std::string path) {
    return {errc::invalid, "a document cannot be used", {{"invalid_value", expected, std::move(path)}}};
}

std::string at_event(std::size_t number) { return "/events/" + std::to_string(number); }

/// Events as they were sent, each with a document that it lives in.
class trial_events {
  public:
    /// What is wrong, if anything.
    std::optional<failure> read(std::string_view text) {
        const auto begin = text.find_first_not_of(" \t\r\n");
        if (begin == std::string_view::npos) return std::nullopt;
        return text[begin] == '[' ? read_array(text) : read_lines(text);
    }

    /// By time, then by `_id`.
    std::vector<pql::event> in_order() {
        const auto key = [](const entry& one) { return std::tie(one.what.occurred_at, one.id); };
        std::stable_sort(all_.begin(), all_.end(),
                         [&](const auto& left, const auto& right) { return key(left) < key(right); });
        std::vector<pql::event> events;
        for (const auto& one : all_)
            events.push_back(one.what);
        return events;
    }

  private:
    struct entry {
        pql::event what;
        std::string id;
    };

    std::optional<failure> read_array(std::string_view text) {
        if (auto wrong = documents_.emplace_back().parse(text)) return unreadable(*wrong, "/events");
        std::size_t number = 0;
        for (const auto each : documents_.back().root().children())
            if (auto refused = add(each, number++)) return refused;
        return std::nullopt;
    }

    std::optional<failure> read_lines(std::string_view text) {
        for (std::size_t number = 0; !text.empty();) {
            const auto line = text.substr(0, text.find('\n'));
            text.remove_prefix(std::min(text.size(), line.size() + 1));
            if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
            if (auto wrong = documents_.emplace_back().parse(line))
                return unreadable(*wrong, at_event(number));
            if (auto refused = add(documents_.back().root(), number++)) return refused;
        }
        return std::nullopt;
    }

    std::optional<failure> add(value sent, std::size_t number) {
        const auto time = parse_rfc3339(sent.member("timestamp").text());
        if (!sent.member("_id").is_string() || !time)
            return unfit("expected an event with _id and timestamp", at_event(number));
        all_.push_back({{time->time_since_epoch().count(), sent}, sent.member("_id").text()});
        return std::nullopt;
    }

    std::deque<json::document> documents_; ///< values point into them
    std::vector<entry> all_;
};

/// Whether the profile's own memberships have it realized or existing.
bool is_member(value profile, const std::string& segment) {
    for (const auto ns : profile.member(segments::membership_member).children()) {
        if (folded(ns.key()) != segments::evaluated_namespace) continue;
        const auto found = segments::membership_in_entry(ns.member(segment));
        if (found && found->status != membership_status::exited) return true;
    }
    return false;
}

} // namespace

result<bool> try_expression(std::string_view expression, std::string_view profile, std::string_view events,
                            timestamp now) {
    const auto read = pql::parse(expression);
    if (const auto* const wrong = std::get_if<pql::expression_error>(&read)) {
        auto message = wrong->code + " at byte " + std::to_string(wrong->position) + ": " + wrong->message;
        return failure{errc::invalid,
                       "this is no expression",
                       {segments::invalid_expression(wrong->code, std::move(message), wrong->position)}};
    }
    const auto& what = std::get<pql::expression>(read);
    json::document document;
    if (const auto wrong = document.parse(profile)) return unreadable(*wrong, "/profile");
    if (!document.root().is_object()) return unfit("expected an object", "/profile");
    trial_events list;
    if (auto refused = list.read(events)) return *std::move(refused);
    std::vector<std::uint8_t> members;
    for (const auto& segment : what.segments())
        members.push_back(is_member(document.root(), segment) ? 1 : 0);
    try {
        return pql::evaluator(what, now).holds(document.root(), list.in_order(), members);
    } catch (const pql::budget_exceeded&) {
        return failure{errc::invalid, "the expression takes too much work on this profile", {}};
    }
}

} // namespace waybill
