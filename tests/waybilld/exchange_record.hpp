// Writes down what the tests asked and were answered, so that it can be held against the description of the
// wire (tests/openapi). Any thread, and any number of processes with one file. Throws when it cannot write.
#pragma once

#include <string>

#include "client.hpp"

namespace waybill::test {

struct question {
    std::string method;
    std::string target;
    headers with;
    std::string body;
};

/// Adds one line to the file that WAYBILL_EXCHANGES names, when it names one. `asked` is null when only the
/// answer is known, because the request was sent as raw bytes.
void record_exchange(const question* asked, const answer& seen);

} // namespace waybill::test
