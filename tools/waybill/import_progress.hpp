// How far an import is, in words: what it has read, how fast, and how long the rest will take at the rate it
// had so far. Pure functions, any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include <waybill/profile_store.hpp>

namespace waybill::tool {

/// `size` is the input's in bytes, as it lies there, when it is known.
std::string progress_text(const import_progress& at, std::optional<std::int64_t> size,
                          std::chrono::milliseconds since_begin);

} // namespace waybill::tool
