// A running host as a command line names it. Plain data.
#pragma once

#include <filesystem>
#include <string>

namespace waybill::tool {

struct named_host {
    std::string url;               ///< empty: none is named
    std::filesystem::path ca_file; ///< certificates to trust, in PEM; the system's, when empty
};

} // namespace waybill::tool
