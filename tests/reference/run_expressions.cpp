// Answers expressions for the independent check of the segment query language: reads one a line with its
// profile, events, `now` and the segments that the profile is in, and prints `true`, `false`, or an object
// with the error's code and position, one line each. A document is handed over with nothing but the fields
// that its expression asks for.
//   {"expression":…, "profile":{…}, "events":[…], "now":"RFC 3339", "segments":["…"]}
#include <cstdio>
#include <exception>
#include <iostream>
#include <string>

#include "support/segment_case.hpp"
#include "json/document.hpp"

namespace {

using namespace waybill;

constexpr std::size_t deepest = 64; ///< the documents stand in the line's

test::segment_case case_of(json::value line) {
    test::segment_case asked;
    asked.pruned = true;
    asked.expression = line.member("expression").text();
    asked.now = line.member("now").text();
    if (const auto profile = line.member("profile")) asked.profile = profile.raw();
    if (const auto events = line.member("events")) asked.events = events.raw();
    for (const auto id : line.member("segments").children())
        asked.segments.push_back(id.text());
    return asked;
}

std::string shown(const test::segment_answer& answer) {
    if (answer.holds) return *answer.holds ? "true" : "false";
    std::string out = "{\"error\":";
    json::append_string(out, answer.error);
    if (answer.error != "budget") {
        out += ",\"position\":";
        json::append_integer(out, static_cast<std::int64_t>(answer.position));
    }
    return out + "}";
}

} // namespace

int main() try {
    json::document read;
    for (std::string line; std::getline(std::cin, line);) {
        if (const auto error = read.parse(line, deepest)) throw std::runtime_error(error->message);
        std::cout << shown(answer_of(case_of(read.root()))) << '\n';
    }
    return 0;
} catch (const std::exception& failed) {
    std::fprintf(stderr, "%s\n", failed.what());
    return 1;
}
