#include "file_stream.hpp"

#include <algorithm>

#include <boost/asio/use_awaitable.hpp>

#include <waybill/queued_verb.hpp>

// Every awaitable gets a name before it is awaited: g++ 12 destroys twice what is created inside a co_await.

namespace waybill::http {

boost::asio::awaitable<bool> file_stream::next(std::string& piece) {
    const auto most = static_cast<std::size_t>(std::min<std::int64_t>(left_, piece_length));
    const auto read_piece = [file = file_, from = at_, most]() -> result<std::string> {
        return file.read(from, most);
    };
    auto reading = async_read<std::string>(disk_, read_piece, boost::asio::use_awaitable);
    const auto bytes = co_await std::move(reading);
    if (bytes->size() != most)
        throw store_failure(store_failure::kind::corrupt,
                            "the file " + file_.about().name + " became shorter while it was sent");
    piece += *bytes;
    at_ += static_cast<std::int64_t>(most);
    left_ -= static_cast<std::int64_t>(most);
    co_return left_ > 0;
}

} // namespace waybill::http
