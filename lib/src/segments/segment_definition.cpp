#include <waybill/segment_definition.hpp>

#include <array>
#include <utility>

namespace waybill {
namespace {

constexpr std::array lifecycles{std::pair{segment_lifecycle::draft, std::string_view("draft")},
                                std::pair{segment_lifecycle::published, std::string_view("published")},
                                std::pair{segment_lifecycle::inactive, std::string_view("inactive")},
                                std::pair{segment_lifecycle::archived, std::string_view("archived")}};

} // namespace

std::string_view to_text(segment_lifecycle state) {
    for (const auto& [each, text] : lifecycles)
        if (each == state) return text;
    return {};
}

std::optional<segment_lifecycle> parse_segment_lifecycle(std::string_view text) {
    for (const auto& [each, its_text] : lifecycles)
        if (its_text == text) return each;
    return std::nullopt;
}

} // namespace waybill
