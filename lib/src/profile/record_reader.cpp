#include "profile/record_reader.hpp"

#include <algorithm>
#include <cstring>

#include <waybill/result.hpp>

namespace waybill::profile {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && is_blank(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && is_blank(text.back()))
        text.remove_suffix(1);
    return text;
}

} // namespace

/// Where in an element the scan stands.
struct record_reader::element_state {
    std::size_t depth = 0;
    bool in_string = false;
    bool escaped = false;

    /// Whether the element ends before this character.
    bool ends_at(char c) {
        if (escaped) {
            escaped = false;
        } else if (in_string) {
            escaped = c == '\\';
            in_string = c != '"';
        } else if (c == '"') {
            in_string = true;
        } else if (c == '{' || c == '[') {
            ++depth;
        } else if (depth == 0) {
            return c == ',' || c == ']';
        } else if (c == '}' || c == ']') {
            --depth;
        }
        return false;
    }
};

record_reader::record_reader(std::istream& input, std::size_t longest, std::size_t block)
    : input_(input, block), longest_(longest) {}

std::optional<record_reader::record> record_reader::next() {
    if (form_ == form::unknown) begin();
    switch (form_) {
    case form::lines: return next_line();
    case form::array: return next_element();
    default: return std::nullopt;
    }
}

/// Reads the next block; false at the end of the input.
bool record_reader::fill() {
    const auto bytes = input_.next();
    at_ = bytes.data();
    end_ = at_ + bytes.size();
    return !bytes.empty();
}

/// There is no further record.
void record_reader::end() {
    form_ = form::ended;
    if (input_.broken()) broken_ = *input_.broken();
}

void record_reader::begin() {
    if (at_end()) return end();
    if (std::string_view(at_, static_cast<std::size_t>(end_ - at_)).starts_with(byte_order_mark))
        at_ += byte_order_mark.size();
    skip_blanks();
    if (at_end()) return end();
    form_ = *at_ == '[' ? form::array : form::lines;
    if (form_ == form::array) ++at_;
}

void record_reader::skip_blanks() {
    for (; !at_end() && is_blank(*at_); ++at_)
        if (*at_ == '\n') ++line_;
}

/// Moves on to `until`, in the same block, and keeps what lies between.
void record_reader::take(const char* until) {
    const auto size = static_cast<std::size_t>(until - at_);
    if (text_.size() + size > longest_) too_long_ = true;
    text_.append(at_, std::min(size, longest_ - text_.size()));
    at_ = until;
}

record_reader::record record_reader::finished(std::int64_t line, const char* problem) const {
    return {line, trimmed(text_), too_long_ ? "the record is too long" : problem};
}

std::optional<record_reader::record> record_reader::next_line() {
    while (!at_end()) {
        const auto line = line_;
        text_.clear();
        too_long_ = false;
        bool ended = false;
        while (!ended && !at_end()) {
            const void* const found = std::memchr(at_, '\n', static_cast<std::size_t>(end_ - at_));
            ended = found != nullptr;
            take(ended ? static_cast<const char*>(found) : end_);
        }
        if (!at_end()) {
            ++at_;
            ++line_;
        }
        const bool cut = !ended && input_.broken();
        const auto whole = finished(line, cut ? "the input breaks off inside this record" : nullptr);
        if (!whole.text.empty() || (whole.problem && !cut)) return whole;
    }
    end();
    return std::nullopt;
}

std::optional<record_reader::record> record_reader::next_element() {
    skip_blanks();
    const auto line = line_;
    const bool empty_array = first_element_ && !at_end() && *at_ == ']';
    text_.clear();
    too_long_ = false;
    element_state state;
    bool ended = empty_array;
    while (!ended && !at_end()) {
        const char* const stop = std::find_if(at_, end_, [&](char c) { return state.ends_at(c); });
        line_ += std::count(at_, stop, '\n');
        ended = stop != end_;
        take(stop);
    }
    if (!ended) {
        broken_ = "the array breaks off in line " + std::to_string(line_);
        end();
        if (text_.empty()) return std::nullopt;
        return finished(line, "the array breaks off inside this record");
    }
    first_element_ = false;
    if (*at_++ == ']') finish_array();
    if (empty_array) return std::nullopt;
    return finished(line, nullptr);
}

void record_reader::finish_array() {
    skip_blanks();
    end();
    if (!at_end())
        broken_ = "expected nothing after the array, which ends in or before line " + std::to_string(line_);
}

} // namespace waybill::profile
