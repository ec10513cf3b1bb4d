// The files of one kind of lines: `fragments-00000.ndjson`, `fragments-00001.ndjson` and so on, each of
// bounded size and on the disk when it is done with. One thread. Throws `store_failure`, and leaves what it
// has begun.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include <waybill/profile_interchange.hpp>

#include "compression/compressor.hpp"
#include "disk/durable_file.hpp"

namespace waybill::profile {

class interchange_files {
  public:
    /// In a directory that is there and empty; their names begin with this. Files and bytes are counted into
    /// `counts`. Everything outlives it.
    interchange_files(std::filesystem::path directory, std::string name, const interchange_options& how,
                      interchange_counts& counts);

    void append(std::string_view line);
    /// Syncs what is open, and the directory. At least one file, also without lines.
    void finish();

  private:
    void write_block();
    void begin_file();
    void end_file();

    std::filesystem::path directory_;
    std::string name_;
    const interchange_options& how_;
    interchange_counts& counts_;
    compression::compressor compressor_;
    std::int64_t begun_ = 0;
    std::optional<disk::durable_file> file_;
    std::int64_t in_file_ = 0; ///< bytes of lines, with those of the block
    std::int64_t unsynced_ = 0;
    std::string block_; ///< lines that are written together
};

} // namespace waybill::profile
