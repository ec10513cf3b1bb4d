// The JSON samples of the public page, in tests/json/golden: `<name>.json` is the page's text, repaired only
// where it is no JSON; `<name>.deviations.json` is what we answer otherwise, as a JSON patch that gives its
// reasons.
#pragma once

#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>

#include <nlohmann/json.hpp>

namespace waybill::test {

inline std::string golden_text(const std::string& name) {
    std::ifstream in(WAYBILL_GOLDEN "/" + name + ".json");
    if (!in) throw std::runtime_error("no golden sample " + name);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

/// The page's sample with our deviations applied to it.
inline nlohmann::json golden(const std::string& name) {
    return nlohmann::json::parse(golden_text(name))
        .patch(nlohmann::json::parse(golden_text(name + ".deviations")));
}

} // namespace waybill::test
