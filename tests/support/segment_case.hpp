// One expression over one profile: what it answers.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "json/document.hpp"

namespace waybill::test {

struct segment_case {
    std::string expression;
    std::string profile = "{}"; ///< JSON
    std::string events = "[]";  ///< JSON, in any order
    std::string now = "2026-11-23T12:00:00Z";
    std::vector<std::string> segments{}; ///< that the profile is in
    bool pruned = false;                 ///< with nothing but the fields that the expression asks for
};

struct segment_answer {
    std::optional<bool> holds{};
    std::string error{}; ///< `budget`, or a code
    std::size_t position = 0;
    std::string message{};
};

/// Throws std::runtime_error for JSON or a time that is none.
segment_answer answer_of(const segment_case& asked);

/// The segments of namespace `ups`, in any case, that a profile says it is in.
std::vector<std::string> segments_of(json::value profile);

} // namespace waybill::test
