// Reads the body of a request that comes in chunks (RFC 9112, 7.1). Our own, for Beast's reader asserts on
// what a client may send: a last chunk that arrives in pieces ends a program that is built with assertions.
// It is strict: whatever two readers could take differently is malformed. One connection's; it throws nothing
// but for memory.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace waybill::http {

class chunk_reader {
  public:
    enum class step { need_more, ready, malformed, too_long };

    /// Of extensions and trailers together, which nobody reads.
    static constexpr std::size_t most_unread = std::size_t{16} << 10U;

    /// A body of more than `most` bytes is too long, which is known with the size of the chunk that it is.
    explicit chunk_reader(std::size_t most) : most_(most) {}

    /// Takes what is there from the front of `received` and appends the body's part of it. The verdict does
    /// not depend on how the bytes are cut into pieces. Not called again once it is ready or refuses.
    step read(std::string& received, std::string& body);

  private:
    enum class part { size_line, data, data_end, trailers };
    struct line {
        std::optional<std::string_view> text; ///< without its end; nothing when it does not end yet
        bool malformed = false;
    };

    std::optional<step> advance(std::string_view& rest, std::string& body);
    std::optional<step> read_size(std::string_view& rest, std::size_t so_far);
    std::optional<step> read_data(std::string_view& rest, std::string& body);
    std::optional<step> read_data_end(std::string_view& rest);
    std::optional<step> read_trailer(std::string_view& rest);
    line take_line(std::string_view& rest) const;

    std::size_t most_;
    part part_ = part::size_line;
    std::size_t left_ = 0;   ///< of the chunk
    std::size_t unread_ = 0; ///< bytes of extensions and trailers so far
};

} // namespace waybill::http
