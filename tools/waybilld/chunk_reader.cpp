#include "chunk_reader.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace waybill::http {

namespace {

constexpr std::size_t most_digits = 16;

bool is_control(char c) { return (static_cast<unsigned char>(c) < ' ' && c != '\t') || c == '\x7F'; }

/// Whether a line is `name: value`; the value may be anything without control characters.
bool is_field(std::string_view line) {
    const auto name = line.substr(0, line.find(':'));
    return !name.empty() && name.size() < line.size() &&
           std::all_of(name.begin(), name.end(), [](char c) { return c > ' ' && c < '\x7F'; });
}

} // namespace

chunk_reader::step chunk_reader::read(std::string& received, std::string& body) {
    std::string_view rest = received;
    std::optional<step> verdict;
    while (!verdict)
        verdict = advance(rest, body);
    received.erase(0, received.size() - rest.size());
    return *verdict;
}

/// One part more; nothing as long as it goes on.
std::optional<chunk_reader::step> chunk_reader::advance(std::string_view& rest, std::string& body) {
    switch (part_) {
    case part::size_line: return read_size(rest, body.size());
    case part::data: return read_data(rest, body);
    case part::data_end: return read_data_end(rest);
    case part::trailers: return read_trailer(rest);
    }
    return step::malformed;
}

std::optional<chunk_reader::step> chunk_reader::read_size(std::string_view& rest, std::size_t so_far) {
    const auto next = take_line(rest);
    if (next.malformed) return step::malformed;
    if (!next.text) return step::need_more;
    const auto digits = next.text->substr(0, next.text->find(';'));
    std::uint64_t size = 0;
    const auto [stop, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), size, 16);
    if (problem != std::errc{} || stop != digits.data() + digits.size() || digits.size() > most_digits)
        return step::malformed;
    unread_ += next.text->size() - digits.size();
    if (unread_ > most_unread) return step::malformed;
    if (size > most_ - so_far) return step::too_long;
    left_ = static_cast<std::size_t>(size);
    part_ = size == 0 ? part::trailers : part::data;
    return std::nullopt;
}

std::optional<chunk_reader::step> chunk_reader::read_data(std::string_view& rest, std::string& body) {
    const auto some = rest.substr(0, left_);
    body += some;
    left_ -= some.size();
    rest.remove_prefix(some.size());
    if (left_ > 0) return step::need_more;
    part_ = part::data_end;
    return std::nullopt;
}

std::optional<chunk_reader::step> chunk_reader::read_data_end(std::string_view& rest) {
    constexpr std::string_view line_end = "\r\n";
    if (!rest.starts_with(line_end.substr(0, rest.size()))) return step::malformed;
    if (rest.size() < line_end.size()) return step::need_more;
    rest.remove_prefix(line_end.size());
    part_ = part::size_line;
    return std::nullopt;
}

std::optional<chunk_reader::step> chunk_reader::read_trailer(std::string_view& rest) {
    const auto next = take_line(rest);
    if (next.malformed) return step::malformed;
    if (!next.text) return step::need_more;
    if (next.text->empty()) return step::ready;
    unread_ += next.text->size();
    if (unread_ > most_unread || !is_field(*next.text)) return step::malformed;
    return std::nullopt;
}

chunk_reader::line chunk_reader::take_line(std::string_view& rest) const {
    const auto end = rest.find("\r\n");
    const auto text = rest.substr(0, end);
    const bool whole = end != std::string_view::npos;
    // Without its end the last byte may be the first half of it.
    const auto longest = most_digits + most_unread + (whole ? 0 : 1);
    if (text.size() > longest) return {std::nullopt, true};
    if (!whole) return {};
    if (std::any_of(text.begin(), text.end(), is_control)) return {std::nullopt, true};
    rest.remove_prefix(end + 2);
    return {text, false};
}

} // namespace waybill::http
