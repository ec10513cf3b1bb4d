// Turns the bytes of one connection into requests: heads by Beast's parser between our own checks of what it
// would let pass, bodies by ourselves. It does no I/O: bytes are fed in, steps come out, so hostile input is
// tested without a socket. One connection's; it throws nothing but for memory.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "chunk_reader.hpp"
#include "framing.hpp"
#include "message.hpp"

namespace waybill::http {

/// A request that cannot be read: answered, then the connection is closed.
struct unreadable {
    unsigned status = 400; ///< 400, 413, 414 or 431
    finding why;
};

class request_reader {
  public:
    enum class step { need_more, ready, refused };

    explicit request_reader(const head_limits& limits) : limits_(limits) {}
    request_reader(const request_reader&) = delete;
    request_reader& operator=(const request_reader&) = delete;

    void feed(std::string_view bytes) { received_ += bytes; }
    /// Whether bytes of a request that has not been begun are there already.
    /// Of a request: half a line end does not count.
    bool has_bytes() const noexcept { return !received_.empty() && received_ != "\r"; }
    /// How many bytes have been fed and belong to no request yet.
    std::size_t waiting() const noexcept { return received_.size(); }
    /// A line end after a body is an old client's; it belongs to no request.
    void skip_blank_lines();

    /// Reads on up to the end of the headers. When ready, `parsed()` has everything but the body.
    step read_head();
    /// After a head: reads on up to the end of the body; longer than `most` is refused.
    step read_body(std::size_t most);
    /// After a head: skips a body of known length instead of keeping it.
    step skip_body();
    /// The message is done with; what has been fed beyond it belongs to the next.
    void next();

    request& parsed() noexcept { return parsed_; }
    const request& parsed() const noexcept { return parsed_; }
    const unreadable& refusal() const noexcept { return refusal_; }
    /// Whether the other end wants to keep the connection.
    bool keep_alive() const noexcept { return keep_alive_; }

  private:
    step refuse(unsigned status, finding why);
    step take_head(std::size_t length);
    step read_chunks(std::size_t most);
    step refuse_body(std::size_t most);

    head_limits limits_;
    std::string received_;
    std::optional<chunk_reader> chunks_; ///< while a body comes in chunks
    std::size_t skipped_ = 0;
    request parsed_;
    unreadable refusal_;
    bool keep_alive_ = false;
};

} // namespace waybill::http
