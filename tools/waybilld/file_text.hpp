// Small files that are read whole: credentials, certificates, keys. Any thread; throws nothing but for
// memory.
#pragma once

#include <filesystem>
#include <string>

#include <waybill/result.hpp>

namespace waybill::http {

/// The bytes of a file, or in the system's words why it cannot be read: the message is that alone.
result<std::string> text_of_file(const std::filesystem::path& file);

} // namespace waybill::http
