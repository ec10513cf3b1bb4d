// How long the write-ahead log beside a database is. Any thread; throws nothing but for memory.
#pragma once

#include <cstdint>
#include <filesystem>
#include <system_error>

namespace waybill::store {

/// In bytes; 0 when there is none.
inline std::int64_t wal_size(std::filesystem::path database) {
    std::error_code none;
    const auto size = std::filesystem::file_size(database += "-wal", none);
    return none ? 0 : static_cast<std::int64_t>(size);
}

} // namespace waybill::store
