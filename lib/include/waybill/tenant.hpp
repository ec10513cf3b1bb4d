// Who a job belongs to. Nothing of one tenant is ever visible to another (contract 1.1), so every client verb
// takes a tenant and none has an overload without.
#pragma once

#include <compare>
#include <cstddef>
#include <string>

namespace waybill {

/// An organisation and one of its sandboxes, each 1 to 80 bytes, compared byte by byte.
struct tenant {
    static constexpr std::size_t longest = 80;

    std::string org;
    std::string sandbox = "prod";

    bool valid() const noexcept {
        return !org.empty() && org.size() <= longest && !sandbox.empty() && sandbox.size() <= longest;
    }
    friend auto operator<=>(const tenant&, const tenant&) = default;
};

} // namespace waybill
