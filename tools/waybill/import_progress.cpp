#include "import_progress.hpp"

#include <algorithm>

#include "quantity.hpp"
#include "table.hpp"

namespace waybill::tool {
namespace {

constexpr std::int64_t shortest = 1; // milliseconds: nothing is divided by less

} // namespace

std::string progress_text(const import_progress& at, std::optional<std::int64_t> size,
                          std::chrono::milliseconds since_begin) {
    const auto elapsed = std::max<std::int64_t>(since_begin.count(), shortest);
    auto text = grouped(at.records) + " records, " + grouped(at.bytes / 1'000'000) + " MB";
    if (size) text += ", " + std::to_string(100 * at.bytes / *size) + " %";
    text += ", " + grouped(at.records * 1'000 / elapsed) + " records/s";
    if (!size || at.bytes == 0 || at.bytes >= *size) return text;
    const auto left =
        static_cast<double>(elapsed) * static_cast<double>(*size - at.bytes) / static_cast<double>(at.bytes);
    return text + ", " + span_text(std::chrono::milliseconds{static_cast<std::int64_t>(left)}) + " left";
}

} // namespace waybill::tool
