// The rules that the texts of a job document keep (contract 1.3 and 4), each a callable from a text to what
// is wrong with it. Pure, any thread.
#pragma once

#include <cstddef>
#include <string_view>

#include <waybill/json.hpp>

#include "json/object_reader.hpp"

namespace waybill::json {

/// 1 to `most` characters.
struct bounded_text {
    std::size_t most = 256;
    verdict operator()(std::string_view text) const;
};

/// A moment of RFC 3339 with any offset.
struct rfc3339_time {
    verdict operator()(std::string_view text) const;
};

/// 1 to 64 letters, digits, `_` and `-`: it becomes a directory's name.
struct dataset_name {
    static constexpr std::size_t most = 64;
    verdict operator()(std::string_view text) const;
};

/// Comma-separated dot paths, or blank.
struct field_list {
    const json_limits& limits;
    verdict operator()(std::string_view text) const;
};

} // namespace waybill::json
