// The bytes of one connection, read as a session does: all at once and in pieces, which must come to the same
// requests, and to the same bytes for each. What is taken for a request must be one to a strict second look.
#include <string>
#include <vector>

#include "fuzz/chunked_body.hpp"
#include "fuzz/invariant.hpp"
#include "request_reader.hpp"

using namespace waybill::http;
using namespace waybill::fuzz;
using step = request_reader::step;

namespace {

// Small, so that short inputs come to them.
constexpr head_limits limits{.target = 64, .header_block = 256};
constexpr std::size_t most_body = 128;
constexpr std::size_t most_waiting =
    (std::size_t{32} << 10U) + 8'192; ///< what a reader says it keeps, and a piece
constexpr std::size_t longest_piece = 8'192;

struct seen_request {
    request parsed;
    bool skipped = false;
    bool keeps_alive = false;
    std::size_t end = 0; ///< in the bytes of the connection

    friend bool operator==(const seen_request& one, const seen_request& other) {
        return one.parsed.method == other.parsed.method && one.parsed.target == other.parsed.target &&
               one.parsed.version == other.parsed.version && one.parsed.headers == other.parsed.headers &&
               one.parsed.body == other.parsed.body && one.skipped == other.skipped &&
               one.keeps_alive == other.keeps_alive && one.end == other.end;
    }
};

struct story {
    std::vector<seen_request> requests;
    bool refused = false;
};

/// A connection whose client sends these bytes and then waits.
class connection {
  public:
    connection(std::string_view bytes, std::string_view pieces, bool skips)
        : bytes_(bytes), pieces_(pieces), skips_(skips) {}

    story read() {
        while (serve_one()) {
        }
        return std::move(told_);
    }

  private:
    bool serve_one() {
        reader_.next();
        while (!reader_.has_bytes()) {
            if (!feed()) return false;
            reader_.skip_blank_lines();
        }
        if (!arrive([this] { return reader_.read_head(); })) return false;
        const auto& asked = reader_.parsed();
        const bool skippable =
            !asked.header("Transfer-Encoding") && asked.announced_length().value_or(0) <= most_body;
        const bool skips = skips_ && skippable;
        const bool whole = skips ? arrive([this] { return reader_.skip_body(); })
                                 : arrive([this] { return reader_.read_body(most_body); });
        if (!whole) return false;
        told_.requests.push_back({asked, skips, reader_.keep_alive(), fed_ - reader_.waiting()});
        return reader_.keep_alive();
    }

    template <class Advance>
    bool arrive(Advance advance) {
        for (;;) {
            const auto now = advance();
            expect(reader_.waiting() <= most_waiting, "a connection keeps a bounded number of bytes");
            if (now == step::ready) return true;
            told_.refused = now == step::refused;
            if (told_.refused) expect(is_a_refusal(), "a refusal has a status and says what is wrong");
            if (told_.refused || !feed()) return false;
        }
    }

    bool is_a_refusal() const {
        const auto& refusal = reader_.refusal();
        const bool known =
            refusal.status == 400 || refusal.status == 413 || refusal.status == 414 || refusal.status == 431;
        return known && !refusal.why.code.empty() && !refusal.why.message.empty();
    }

    bool feed() {
        if (fed_ == bytes_.size()) return false;
        auto length = longest_piece;
        if (!pieces_.empty())
            length = 1U + static_cast<unsigned char>(pieces_[piece_++ % pieces_.size()]) % 64U;
        const auto piece = bytes_.substr(fed_, length);
        fed_ += piece.size();
        reader_.feed(piece);
        return true;
    }

    std::string_view bytes_;
    std::string_view pieces_;
    bool skips_;
    std::size_t fed_ = 0;
    std::size_t piece_ = 0;
    request_reader reader_{limits};
    story told_;
};

void look_at(const seen_request& seen, std::string_view bytes) {
    const auto head_end = bytes.find("\r\n\r\n") + 4;
    const auto& asked = seen.parsed;
    expect(asked.version == 10 || asked.version == 11, "HTTP/1.0 or 1.1");
    expect(asked.target == "*" || asked.target.starts_with('/'), "a target is a path");
    expect(asked.target.size() <= limits.target, "a target is within its limit");
    expect(asked.version < 11 || asked.count("Host") == 1, "a host is named once");
    for (const auto& [name, value] : asked.headers)
        expect(value.find_first_of(std::string_view("\r\n\0", 3)) == value.npos, "a value is one line");
    if (asked.header("Transfer-Encoding")) {
        const auto body = read_chunked_body(bytes.substr(head_end));
        expect(body.has_value(), "a chunked body is well-formed");
        expect(body->text == asked.body && head_end + body->length == bytes.size(),
               "its chunks are the body");
        expect(body->text.size() <= most_body, "a body is within its limit");
        return;
    }
    const auto length = asked.announced_length().value_or(0);
    expect(length <= most_body, "a body is within its limit");
    expect(head_end + length == bytes.size(), "a request ends where its length says");
    if (!seen.skipped) expect(asked.body == bytes.substr(head_end), "a body is what follows the head");
}

/// Where the request begins that these bytes hold: behind the line ends that are nobody's.
std::string_view without_blank_lines(std::string_view bytes) {
    while (bytes.starts_with("\r\n"))
        bytes.remove_prefix(2);
    return bytes;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    auto bytes = text_of(data, size);
    const auto how = take_byte(bytes);
    const bool skips = (how & 0x80U) != 0;
    const auto count = std::min<std::size_t>(how & 0x07U, bytes.size());
    const auto pieces = bytes.substr(0, count);
    bytes.remove_prefix(count);

    const auto at_once = connection(bytes, {}, skips).read();
    std::size_t begin = 0;
    for (const auto& one : at_once.requests) {
        look_at(one, without_blank_lines(bytes.substr(begin, one.end - begin)));
        begin = one.end;
    }
    const auto in_pieces =
        connection(bytes, pieces.empty() ? std::string_view("\0", 1) : pieces, skips).read();
    expect(in_pieces.requests == at_once.requests, "pieces come to the same requests");
    expect(in_pieces.refused == at_once.refused, "pieces are refused like the whole");
    return 0;
}
