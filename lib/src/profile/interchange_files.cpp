#include "profile/interchange_files.hpp"

#include <algorithm>
#include <utility>

#include "disk/directory.hpp"

namespace waybill::profile {
namespace {

constexpr std::size_t block_size = std::size_t{1} << 20U;
/// Synced in pieces, so that a disk's cache does not fill up with what is written all at once at the end.
constexpr std::int64_t sync_after = std::int64_t{32} << 20U;

std::string numbered(const std::string& name, std::int64_t number, dataset_compression compression) {
    constexpr std::size_t digits = 5;
    const auto text = std::to_string(number);
    auto file = name + '-' + std::string(digits - std::min(text.size(), digits), '0') + text + ".ndjson";
    return compression == dataset_compression::gzip ? file + ".gz" : file;
}

} // namespace

interchange_files::interchange_files(std::filesystem::path directory, std::string name,
                                     const interchange_options& how, interchange_counts& counts)
    : directory_(std::move(directory)),
      name_(std::move(name)),
      how_(how),
      counts_(counts),
      compressor_(how.compression) {}

void interchange_files::append(std::string_view line) {
    (block_ += line) += '\n';
    in_file_ += static_cast<std::int64_t>(line.size()) + 1;
    if (in_file_ >= how_.file_bytes)
        end_file();
    else if (block_.size() >= block_size)
        write_block();
}

void interchange_files::finish() {
    if (file_ || !block_.empty() || begun_ == 0) end_file();
    disk::sync_directory(directory_);
}

void interchange_files::write_block() {
    if (!file_) begin_file();
    const auto bytes = compressor_.compress(block_);
    file_->write(bytes);
    block_.clear();
    const auto written = static_cast<std::int64_t>(bytes.size());
    counts_.bytes += written;
    unsynced_ += written;
    if (unsynced_ < sync_after) return;
    file_->sync();
    unsynced_ = 0;
}

void interchange_files::begin_file() {
    file_.emplace(directory_ / numbered(name_, begun_, how_.compression),
                  disk::durable_file::opening::create);
    ++begun_;
    ++counts_.files;
}

void interchange_files::end_file() {
    write_block();
    file_->sync();
    file_->close();
    file_.reset();
    in_file_ = 0;
    unsynced_ = 0;
}

} // namespace waybill::profile
