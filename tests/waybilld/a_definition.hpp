// Segment definitions for tests over HTTP, and how they are asked for.
#pragma once

#include <string>

#include <catch2/catch.hpp>

#include "client.hpp"

namespace waybill::test {

inline const std::string segments_path = "/data/core/ups/segment/definitions";

inline nlohmann::json a_definition(const std::string& name,
                                   const std::string& expression = "person.age > 17") {
    return {{"name", name},
            {"expression", {{"type", "PQL"}, {"format", "pql/text"}, {"value", expression}}},
            {"schema", {{"name", "_xdm.context.profile"}}},
            {"description", "about"},
            {"ttlInDays", 30}};
}

/// Of a host, or of a server whose jobs nobody drives.
template <class Host>
answer ask(const Host& host, const std::string& method, const std::string& target,
           const nlohmann::json& body = {}) {
    if (body.is_null()) return host.ask(method, target);
    return host.ask(method, target, {{"Content-Type", "application/json"}}, body.dump());
}

template <class Host>
std::string add(const Host& host, const nlohmann::json& definition) {
    const auto made = ask(host, "POST", segments_path, definition);
    INFO(made.body);
    REQUIRE(made.status == 200);
    return made.json().at("id");
}

inline std::string path_of(const std::string& id) { return segments_path + "/" + id; }

/// The one finding.
inline nlohmann::json finding_of(const answer& refused) {
    INFO(refused.body);
    const auto errors = refused.json().at("errors").at(std::to_string(refused.status));
    REQUIRE(errors.size() == 1);
    return errors.at(0);
}

} // namespace waybill::test
