// What becomes of a handler's answer by what its request says of the form it wants: 304 when the client has
// it already. Pure functions, any thread; nothing is thrown but for memory.
#pragma once

#include "message.hpp"

namespace waybill::http {

/// For answers of any kind; those of other statuses than 200 and without an entity tag stay as they are.
void negotiate(response& answer, const request& asked);

} // namespace waybill::http
