// The handlers of the routes to what was exported (contract 1): the files of a batch, and the bytes of one.
// They work on the executor of the connection; the store's and the disk's work is done on those of their own.
// What they throw is a disaster of store or disk.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "application.hpp"

namespace waybill::http {

boost::asio::awaitable<response> list_files(services& with, const call& made);
boost::asio::awaitable<response> send_file(services& with, const call& made);

/// What an id of a file stands for. It holds no name and no path: a client can say by it which file of a
/// batch it means, and nothing else.
struct file_reference {
    std::string batch_id;
    std::size_t position = 0; ///< in the batch's manifest
};
std::string to_file_id(const file_reference& file);
/// Nothing when it is none that `to_file_id` gives. Whether there is such a batch is another question.
std::optional<file_reference> parse_file_id(std::string_view text);

} // namespace waybill::http
