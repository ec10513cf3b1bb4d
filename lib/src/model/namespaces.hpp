// How namespaces are compared, of identities and of segments alike: without the case of A to Z, byte by byte
// otherwise. Pure functions, any thread.
#pragma once

#include <string>
#include <string_view>

namespace waybill {

inline std::string folded(std::string_view ns) {
    std::string out(ns);
    for (char& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return out;
}

} // namespace waybill
