// Epochs and commit sequences only ever grow, and only their order matters. In the text of a state they stand
// between marks, and are replaced by their ranks, so that the same state is the same text however it came
// about.
#pragma once

#include <cstdint>
#include <string>

#include <waybill/engine.hpp>

namespace waybill::test {

/// A number whose rank among its kind matters; the character before it is the kind.
inline std::string ranked_number(std::int64_t number) { return '{' + std::to_string(number) + '}'; }

inline std::string described_key(const staging_key& key) {
    return std::to_string(key.job) + '.' + std::to_string(key.attempt) + ".e" + ranked_number(key.epoch);
}

/// The text with ranks in place of the numbers; 0 stays 0.
std::string ranked(const std::string& text);

} // namespace waybill::test
