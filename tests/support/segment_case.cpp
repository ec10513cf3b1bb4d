#include "support/segment_case.hpp"

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <tuple>

#include "pql/evaluator.hpp"
#include "support/pruned_document.hpp"

namespace waybill::test {
namespace {

/// A document and the text that it points into.
class own_document {
  public:
    explicit own_document(std::string text) : text_(std::move(text)) {
        if (const auto error = read_.parse(text_)) throw std::runtime_error(error->message);
    }
    json::value root() const { return read_.root(); }

  private:
    std::string text_;
    json::document read_;
};

struct dated_event {
    std::int64_t at;
    std::string id;
    std::unique_ptr<own_document> record;
};

std::int64_t moment_of(const std::string& text) {
    const auto moment = parse_rfc3339(text);
    if (!moment) throw std::runtime_error("no time: " + text);
    return moment->time_since_epoch().count();
}

/// By time, then by id.
std::vector<dated_event> events_of(json::value all, const segment_case& asked, const pql::field_set& fields) {
    std::vector<dated_event> found;
    for (const auto one : all.children()) {
        auto text = asked.pruned ? pruned_event(one, fields) : std::string(one.raw());
        found.push_back({moment_of(one.member("timestamp").text()), one.member("_id").text(),
                         std::make_unique<own_document>(std::move(text))});
    }
    std::sort(found.begin(), found.end(), [](const dated_event& a, const dated_event& b) {
        return std::tie(a.at, a.id) < std::tie(b.at, b.id);
    });
    return found;
}

std::vector<std::uint8_t> members_of(const pql::expression& what, const segment_case& asked) {
    std::vector<std::uint8_t> members;
    for (const auto& id : what.segments())
        members.push_back(std::count(asked.segments.begin(), asked.segments.end(), id) != 0);
    return members;
}

bool evaluated(const pql::expression& what, const segment_case& asked) {
    const own_document whole(asked.profile);
    const own_document profile(asked.pruned ? pruned(whole.root(), what.profile_fields()) : asked.profile);
    const own_document all(what.reads_events() ? asked.events : "[]");
    const auto dated = events_of(all.root(), asked, what.event_fields());
    std::vector<pql::event> events;
    for (const auto& one : dated)
        events.push_back({one.at, one.record->root()});
    pql::evaluator over(what, timestamp{std::chrono::milliseconds{moment_of(asked.now)}});
    return over.holds(profile.root(), events, members_of(what, asked));
}

bool is_ups(std::string name) {
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return name == "ups";
}

} // namespace

segment_answer answer_of(const segment_case& asked) {
    const auto read = pql::parse(asked.expression);
    if (const auto* const error = std::get_if<pql::expression_error>(&read))
        return {.error = error->code, .position = error->position, .message = error->message};
    try {
        return {.holds = evaluated(std::get<pql::expression>(read), asked)};
    } catch (const pql::budget_exceeded&) {
        return {.error = "budget"};
    }
}

std::vector<std::string> segments_of(json::value profile) {
    std::vector<std::string> found;
    for (const auto space : profile.member("segmentMembership").children())
        if (is_ups(std::string(space.key())))
            for (const auto one : space.children()) {
                const auto status = one.member("status").text();
                if (status == "realized" || status == "existing") found.emplace_back(one.key());
            }
    return found;
}

} // namespace waybill::test
