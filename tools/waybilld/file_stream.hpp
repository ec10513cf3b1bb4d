// The bytes of a file, or of a part of it, as a body: read a piece at a time on the threads that may wait for
// the disk, so that memory does not grow with the file. One connection's. Throws `store_failure` when the
// file is shorter than it was.
#pragma once

#include <cstddef>
#include <cstdint>

#include <boost/asio/any_io_executor.hpp>

#include <waybill/dataset_files.hpp>

#include "message.hpp"

namespace waybill::http {

class file_stream final : public body_stream {
  public:
    static constexpr std::size_t piece_length = std::size_t{64} << 10U;

    file_stream(boost::asio::any_io_executor disk, batch_file file, std::int64_t first, std::int64_t count)
        : disk_(std::move(disk)), file_(std::move(file)), at_(first), left_(count) {}

    boost::asio::awaitable<bool> next(std::string& piece) override;

  private:
    boost::asio::any_io_executor disk_;
    batch_file file_;
    std::int64_t at_;
    std::int64_t left_;
};

} // namespace waybill::http
