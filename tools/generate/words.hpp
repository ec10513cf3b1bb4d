// The words that people, places and products are made of: several scripts, already spelled as the inside of a
// JSON string. Constants; every thread may read them.
#pragma once

#include <array>
#include <string_view>

namespace waybill::generate {

struct script {
    std::array<std::string_view, 6> given;
    std::array<std::string_view, 6> family;
};

struct place {
    std::string_view city;
    std::string_view country; ///< ISO 3166 alpha-2
    std::string_view street;
};

struct product {
    std::string_view sku;
    std::string_view name;
};

extern const std::array<script, 12> scripts;
extern const std::array<place, 14> places;
extern const std::array<product, 12> products;

} // namespace waybill::generate
