// The body of a create. Our JSON reader is held against another one; what it has read is written and read
// again; and a job that was accepted is written as the answer document and accepted again, the same.
#include <string>

#include <nlohmann/json.hpp>
#include <waybill/json.hpp>

#include "fuzz/invariant.hpp"
#include "model/job_rules.hpp"
#include "json/document.hpp"

using namespace waybill;
using namespace waybill::fuzz;

namespace {

constexpr std::size_t depth = 32;

/// What the other reader makes of a text. It knows doubles only, so that it has no opinion about 1e400.
enum class opinion { json, none, unknown };

class listener : public nlohmann::json_sax<nlohmann::json> {
  public:
    bool null() override { return true; }
    bool boolean(bool) override { return true; }
    bool number_integer(number_integer_t) override { return true; }
    bool number_unsigned(number_unsigned_t) override { return true; }
    bool number_float(number_float_t, const string_t&) override { return true; }
    bool string(string_t&) override { return true; }
    bool binary(binary_t&) override { return true; }
    bool start_object(std::size_t) override { return true; }
    bool key(string_t&) override { return true; }
    bool end_object() override { return true; }
    bool start_array(std::size_t) override { return true; }
    bool end_array() override { return true; }
    bool parse_error(std::size_t, const std::string&, const nlohmann::json::exception& problem) override {
        constexpr int number_overflow = 406;
        heard = problem.id == number_overflow ? opinion::unknown : opinion::none;
        return false;
    }
    opinion heard = opinion::json;
};

opinion other_opinion(std::string_view text) {
    // It skips a mark at the front and stops at a zero; we refuse both.
    if (text.starts_with("\xEF\xBB\xBF") || text.find('\0') != text.npos) return opinion::unknown;
    listener other;
    nlohmann::json::sax_parse(text, &other);
    return other.heard;
}

void write_again(std::string& out, const json::value& one) {
    bool first = true;
    switch (one.type()) {
    case json::kind::string: return json::append_string(out, one.text());
    case json::kind::array:
    case json::kind::object: break;
    default: out += one.raw(); return;
    }
    out += one.is_object() ? '{' : '[';
    for (const auto child : one.children()) {
        if (!std::exchange(first, false)) out += ',';
        if (one.is_object()) {
            json::append_string(out, child.key());
            out += ':';
            expect(static_cast<bool>(one.member(child.key())), "a member is found by its name");
        }
        write_again(out, child);
    }
    out += one.is_object() ? '}' : ']';
}

std::string written_again(const json::document& document) {
    std::string out;
    write_again(out, document.root());
    return out;
}

/// Whether it is JSON at all.
bool read_as_json(std::string_view text) {
    json::document document;
    const auto problem = document.parse(text, depth);
    const auto other = other_opinion(text);
    if (problem) {
        expect(!document.root(), "a text that is refused has no root");
        expect(problem->offset <= text.size(), "a problem lies within the text");
        if (problem->code == "invalid_json")
            expect(other != opinion::json, "only what is no JSON is refused as such");
        return false;
    }
    expect(other != opinion::none, "only JSON is taken for it");
    const auto once = written_again(document);
    json::document again;
    expect(!again.parse(once, depth), "what was read can be written and read again");
    expect(written_again(again) == once, "and is the same then");
    return true;
}

void accept_again(const new_export_job& job) {
    expect(broken_rules({"acme", "prod"}, job).empty(), "the store takes what the wire took");
    export_job shown;
    shown.request = job;
    shown.owner = {"acme", "prod"};
    for (std::size_t at = 0; job.segment_per_batch && at < job.filter->segments.size(); ++at)
        shown.batches.push_back({std::string(32, 'a'), at, {}, {}});
    std::string document;
    append_json(document, shown);
    const auto again = parse_new_export_job(document);
    expect(again.ok(), "an answer document is accepted as a request");
    expect(*again == job, "and asks for the same");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = text_of(data, size);
    const bool is_json = read_as_json(text);
    const auto job = parse_new_export_job(text);
    if (job) {
        expect(is_json, "a job is JSON");
        accept_again(*job);
        return 0;
    }
    expect(!job.error().findings.empty(), "a refusal says what is wrong");
    for (const auto& found : job.error().findings) {
        expect(!found.code.empty() && !found.message.empty(), "a finding has a code and a message");
        std::string told;
        json::append_string(told, found.path + found.message);
        if (is_json) expect(read_as_json(told), "a finding can be told");
    }
    return 0;
}
