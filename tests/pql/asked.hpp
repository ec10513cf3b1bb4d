// Expressions and their answers in one line.
#pragma once

#include <string>
#include <utility>

#include <catch2/catch.hpp>

#include "support/segment_case.hpp"

namespace waybill::test {

/// Whether it holds, which must be the same of documents that have only the fields it asks for.
inline bool holds(segment_case asked) {
    INFO(asked.expression << " of " << asked.profile << " " << asked.events);
    const auto whole = answer_of(asked);
    asked.pruned = true;
    const auto pruned = answer_of(asked);
    REQUIRE(whole.error == "");
    REQUIRE(whole.holds == pruned.holds);
    return whole.holds.value();
}

inline bool holds(std::string expression, std::string profile = "{}", std::string events = "[]") {
    return holds(segment_case{
        .expression = std::move(expression), .profile = std::move(profile), .events = std::move(events)});
}

/// Both must be wrong: a condition and its opposite, of something that is not there.
inline bool neither(const std::string& one, const std::string& other, const std::string& profile = "{}") {
    return !holds(one, profile) && !holds(other, profile);
}

/// `code position`; empty when it is an expression.
inline std::string error_of(std::string expression) {
    const auto answer = answer_of({.expression = std::move(expression)});
    return answer.error.empty() ? "" : answer.error + " " + std::to_string(answer.position);
}

inline std::string message_of(std::string expression) {
    return answer_of({.expression = std::move(expression)}).message;
}

} // namespace waybill::test
