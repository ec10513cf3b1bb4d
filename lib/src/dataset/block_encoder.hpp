// Makes the bytes of a batch's files out of rows: lines of the job's format, gathered in blocks, each block
// compressed by itself. So blocks may be encoded by any number of encoders, in any order, and stand one after
// the other in a file. One thread per object; its memory does not grow with the rows. Throws `store_failure`
// (`internal`) for a row that is no JSON object.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <waybill/export_job.hpp>

#include "compression/compressor.hpp"
#include "dataset/csv_row.hpp"

namespace waybill::dataset {

class block_encoder {
  public:
    /// For the rows of this job, which `check_output` lets pass.
    explicit block_encoder(const export_job& job);

    /// Appends a row, a JSON object without a line feed, to the text of a block.
    void append_line(std::string& block, std::string_view row);
    /// The block as it stands in a file: a piece that needs no other. Also of an empty block.
    std::string encode(std::string_view block) { return compressor_.compress(block); }
    /// What each file begins with, encoded: CSV's header; nothing for others.
    std::string beginning();

  private:
    std::optional<csv_row> csv_;
    compression::compressor compressor_;
};

/// Less text than this is not worth a block of its own: the lines are gathered until there is more.
inline constexpr std::size_t smallest_block = std::size_t{64} << 10U;

/// How much text makes a block: the more batches are written side by side, the less. A larger one is better
/// compressed.
std::size_t block_size(const export_job& job);

/// `part-00000.ndjson`, with the endings that tell format and compression.
std::string part_name(const dataset_output& output, std::size_t index);

} // namespace waybill::dataset
