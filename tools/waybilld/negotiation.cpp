#include "negotiation.hpp"

#include <algorithm>

#include "preferences.hpp"

namespace waybill::http {

namespace {

/// What describes the body goes with it.
void drop_body(response& answer) {
    answer.status = 304;
    answer.body.clear();
    answer.rest.reset();
    std::erase_if(answer.headers, [](const auto& field) { return field.first == "Content-Type"; });
}

} // namespace

void negotiate(response& answer, const request& asked) {
    const auto tag = answer.header("ETag");
    if (answer.status == 200 && tag && has_already(asked, *tag)) drop_body(answer);
}

} // namespace waybill::http
