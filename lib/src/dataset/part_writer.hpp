// Writes the parts of a batch, one after the other: bytes that somebody has encoded, their checksums, the
// syncs. A part that has reached its size is closed, and the next begun with the block that comes then; a
// block is never split. One thread per object. Throws `store_failure`.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <waybill/dataset_settings.hpp>

#include "dataset/manifest.hpp"
#include "digest/sha256.hpp"

namespace waybill::dataset {

struct part_options {
    dataset_output output{};
    std::string beginning{};          ///< encoded; what every part begins with
    std::int64_t part_bytes = 0;      ///< a part that has so many bytes, as written, takes no more
    std::size_t most_parts = 100'000; ///< more are refused; each part's number has five digits
};

class part_writer {
  public:
    /// Creates the first part in a directory that has none.
    part_writer(std::filesystem::path directory, part_options how);

    /// Appends a block of whole rows.
    void append(std::string_view encoded, std::int64_t rows);
    /// Syncs and closes the last part; nothing can be appended any more. At least one part, also without
    /// rows.
    std::vector<part_file> finish();

  private:
    void begin();
    void write(std::string_view bytes);
    void end();

    std::filesystem::path directory_;
    part_options how_;
    std::vector<part_file> parts_; ///< the last one is written to, without its checksum, unless it is full
    bool open_ = false;
    digest::sha256 sum_;
    std::int64_t unsynced_ = 0;
};

} // namespace waybill::dataset
