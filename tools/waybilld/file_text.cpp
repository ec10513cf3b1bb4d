#include "file_text.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

namespace waybill::http {

result<std::string> text_of_file(const std::filesystem::path& file) {
    errno = 0;
    std::ifstream input(file, std::ios::binary);
    std::ostringstream text;
    // Unlike an iterator, this throws nothing when a read fails, as that of a directory does.
    text << input.rdbuf();
    const auto problem = errno;
    if (!input.is_open() || (text.fail() && problem != 0))
        return failure{errc::not_found, std::strerror(problem), {}};
    return text.str();
}

} // namespace waybill::http
