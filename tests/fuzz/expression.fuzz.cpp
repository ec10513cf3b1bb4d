// A text as an expression of the segment query language: refused at a place within it, or evaluated over a
// profile with events, which never fails but for the budget, and says the same of documents that have only
// the fields it asks for.
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "fuzz/invariant.hpp"
#include "pql/evaluator.hpp"
#include "support/pruned_document.hpp"

using namespace waybill;
using namespace waybill::fuzz;

namespace {

constexpr std::string_view profile_text = R"({"a":[{"b":1,"c":"x"},{"b":2.5,"c":["Y",null]},7,null],"b":true,
"c":{"a":{"a":{"n":-3}},"k":"a"},"n":9007199254740993,"t":"2026-11-20T10:00:00.5+02:00","d":"2026-02-28","e":[],
"s":"Stra\u00dfe \u0041\"","big":1e400,"tags":["vip","new","vip"],"person":{"gender":"female","birthYear":1980,
"name":"John"},"homeAddress":{"countryISO":"CA","city":"Oslo"},"orders":[{"store":"a","price":5},{"store":"b",
"price":50}],"segmentMembership":{"ups":{"s":{"status":"realized"}}},"identityMap":{"ECID":[{"id":"1"}]}})";

constexpr std::string_view event_texts[] = {
    R"({"_id":"1","timestamp":"2026-11-01T00:00:00Z","eventType":"a","k":1,"productListItems":[{"SKU":"PS","n":1}]})",
    R"({"_id":"2","timestamp":"2026-11-20T00:00:00Z","eventType":"b","k":2.5,"commerce":{"order":{"priceTotal":60}}})",
    R"({"_id":"3","timestamp":"2026-11-20T00:00:00Z","eventType":"a","k":"x","productListItems":{"SKU":"A"}})",
    R"({"_id":"4","timestamp":"2026-11-23T11:59:59.999Z","eventType":null,"a":[{"b":1}],"b":[[1,2],[]]})"};

constexpr std::int64_t moments[] = {1793491200000, 1795132800000, 1795132800000, 1795435199999};
constexpr timestamp now{std::chrono::milliseconds{1795435200000}};

/// A text with its document.
struct parsed {
    std::string text;
    json::document read;

    explicit parsed(std::string from) : text(std::move(from)) {
        expect(!read.parse(text), "a document that was pruned is one");
    }
};

/// All of it, or what an expression needs.
struct documents {
    parsed profile;
    std::deque<parsed> records{};
    std::vector<pql::event> events{};

    explicit documents(const pql::expression* needs)
        : profile(needs ? test::pruned(whole().profile.read.root(), needs->profile_fields())
                        : std::string(profile_text)) {
        for (std::size_t i = 0; i < std::size(event_texts); ++i) {
            records.emplace_back(
                needs ? test::pruned_event(whole().records[i].read.root(), needs->event_fields())
                      : std::string(event_texts[i]));
            events.push_back({moments[i], records.back().read.root()});
        }
    }

    static const documents& whole() {
        static const documents all(nullptr);
        return all;
    }
};

/// Nothing when it takes too much.
std::optional<bool> answer(pql::evaluator& what, const documents& of,
                           const std::vector<std::uint8_t>& members) {
    try {
        return what.holds(of.profile.read.root(), of.events, members);
    } catch (const pql::budget_exceeded&) {
        return std::nullopt;
    }
}

void look_at(const pql::expression& read) {
    pql::evaluator what(read, now);
    const std::vector<std::uint8_t> members(read.segments().size(), 1);
    const auto first = answer(what, documents::whole(), members);
    expect(answer(what, documents::whole(), members) == first, "the second answer is the first");
    const auto pruned = answer(what, documents(&read), members);
    expect(!first || !pruned || *first == *pruned, "fields that are not asked for change nothing");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = text_of(data, size);
    const auto read = pql::parse(text);
    if (const auto* const error = std::get_if<pql::expression_error>(&read)) {
        expect(error->position <= size, "an error is within the text");
        expect(!error->code.empty() && !error->message.empty(), "an error says what is wrong");
        return 0;
    }
    look_at(std::get<pql::expression>(read));
    return 0;
}
