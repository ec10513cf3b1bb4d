#include "dataset/block_encoder.hpp"

#include <algorithm>

#include "dataset/output_columns.hpp"

namespace waybill::dataset {

namespace {

constexpr std::size_t largest_block = std::size_t{1} << 20U;
/// The blocks of a job together, but for one whose many batches need more.
constexpr std::size_t blocks_together = std::size_t{16} << 20U;

} // namespace

block_encoder::block_encoder(const export_job& job) : compressor_(job.output.compression) {
    if (job.output.format == dataset_format::csv) csv_.emplace(output_columns(job.request));
}

void block_encoder::append_line(std::string& block, std::string_view row) {
    if (csv_)
        csv_->append(block, row);
    else
        (block += row) += '\n';
}

std::string block_encoder::beginning() {
    if (!csv_) return {};
    std::string header;
    csv_->append_header(header);
    return encode(header);
}

std::size_t block_size(const export_job& job) {
    if (job.output.compression == dataset_compression::none) return smallest_block;
    const auto share = blocks_together / std::max<std::size_t>(job.batches.size(), 1);
    return std::clamp(share, smallest_block, largest_block);
}

std::string part_name(const dataset_output& output, std::size_t index) {
    const auto number = std::to_string(index);
    std::string name = "part-";
    name.append(5 - std::min<std::size_t>(number.size(), 5), '0').append(number);
    name.append(1, '.').append(to_text(output.format));
    switch (output.compression) {
    case dataset_compression::gzip: return name + ".gz";
    case dataset_compression::zstd: return name + ".zst";
    case dataset_compression::none: break;
    }
    return name;
}

} // namespace waybill::dataset
