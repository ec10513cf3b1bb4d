// Reads a file of settings: the part of TOML that options need. One `key = value` a line; a value is a text
// in double or single quotes, a number, `true` or `false`, or an array of these on the same line; `#` begins
// a comment. A pure function, any thread. What is wrong with the text is a `failure` that names the line.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <waybill/result.hpp>

namespace waybill::http {

struct setting {
    std::string key;
    std::vector<std::string> values; ///< as written, without quotes; one, but for an array
    std::size_t line = 0;            ///< counted from 1
};

/// `invalid` for what is no such line, and for a key that is there twice.
result<std::vector<setting>> parse_settings(std::string_view text);

} // namespace waybill::http
