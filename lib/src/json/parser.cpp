#include "json/parser.hpp"

#include <algorithm>
#include <cstring>

#include "json/characters.hpp"
#include "json/value_end.hpp"

namespace waybill::json {
namespace {

constexpr std::size_t most_bytes = std::size_t{1} << 30U;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

} // namespace

std::optional<parse_error> parser::run() {
    doc_.nodes_.clear();
    doc_.keys_.clear();
    doc_.open_.clear();
    doc_.last_child_.clear();
    doc_.source_ = {begin_, static_cast<std::size_t>(end_ - begin_)};
    if (doc_.source_.size() >= most_bytes) fail("invalid_json", "the text is longer than 1 GiB");
    skip_blanks();
    doc_.nodes_.emplace_back();
    if (!error_) read_value(0, 0);
    skip_blanks();
    if (!error_ && at_ != end_) fail("invalid_json", "expected the end of the text");
    if (error_) doc_.nodes_.clear();
    return std::move(error_);
}

void parser::fail(const char* code, std::string message) {
    if (error_) return;
    error_ = parse_error{code, std::move(message), static_cast<std::size_t>(at_ - begin_), path()};
}

/// The pointer of the value being read, from the open containers.
std::string parser::path() const {
    std::string out;
    for (std::size_t i = 0; i < doc_.open_.size(); ++i) {
        const auto& container = doc_.nodes_[doc_.open_[i]];
        if (between_ && i + 1 == doc_.open_.size()) break;
        if (container.type == kind::array)
            out += '/' + std::to_string(container.count - 1);
        else
            append_pointer(out, doc_.key_of(doc_.nodes_[doc_.last_child_[i]]));
    }
    return out;
}

void parser::skip_blanks() {
    while (at_ != end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t'))
        ++at_;
}

std::uint32_t parser::offset() const { return static_cast<std::uint32_t>(at_ - begin_); }

/// Reads the value at `at_` into the node. Recursion is bounded by the depth.
void parser::read_value(std::uint32_t index, std::size_t depth) {
    if (at_ == end_) return fail("invalid_json", "expected a value, found the end of the text");
    doc_.nodes_[index].begin = offset();
    switch (*at_) {
    case '{': read_container(index, depth, kind::object); break;
    case '[': read_container(index, depth, kind::array); break;
    case '"':
        doc_.nodes_[index].type = kind::string;
        read_string();
        break;
    case 't': read_word(index, "true", kind::boolean); break;
    case 'f': read_word(index, "false", kind::boolean); break;
    case 'n': read_word(index, "null", kind::null); break;
    default: read_number(index);
    }
    doc_.nodes_[index].end = offset();
}

void parser::read_word(std::uint32_t index, std::string_view word, kind type) {
    if (static_cast<std::size_t>(end_ - at_) < word.size() || std::string_view(at_, word.size()) != word)
        return fail("invalid_json", "expected a value");
    at_ += word.size();
    doc_.nodes_[index].type = type;
}

void parser::read_number(std::uint32_t index) {
    doc_.nodes_[index].type = kind::number;
    const char* at = at_;
    const auto digits = [&] {
        const char* const from = at;
        while (at != end_ && is_digit(*at))
            ++at;
        return at != from;
    };
    if (at != end_ && *at == '-') ++at;
    const bool zero = at != end_ && *at == '0';
    if (!digits()) return fail("invalid_json", at_ == at ? "expected a value" : "expected a digit");
    if (zero && at - at_ > (*at_ == '-' ? 2 : 1))
        return fail("invalid_json", "a number must not begin with 0");
    if (at != end_ && *at == '.') {
        ++at;
        if (!digits()) return fail("invalid_json", "expected a digit after the decimal point");
    }
    if (at != end_ && (*at == 'e' || *at == 'E')) {
        ++at;
        if (at != end_ && (*at == '+' || *at == '-')) ++at;
        if (!digits()) return fail("invalid_json", "expected a digit in the exponent");
    }
    at_ = at;
}

/// Reads the string at `at_`; true when it has escapes.
bool parser::read_string() {
    bool escaped = false;
    ++at_;
    for (;;) {
        at_ = end_of_plain_run(at_, end_);
        if (at_ == end_) {
            fail("invalid_json", "expected the closing quote of a string");
            return escaped;
        }
        if (*at_ == '"') {
            ++at_;
            return escaped;
        }
        if (*at_ == '\\') {
            escaped = true;
            if (!read_escape()) return escaped;
        } else if (static_cast<unsigned char>(*at_) < 0x20U) {
            fail("invalid_json", "a control character in a string must be escaped");
            return escaped;
        } else if (const auto length = utf8_length(at_, end_); length != 0) {
            at_ += length;
        } else {
            fail("invalid_json", "expected UTF-8");
            return escaped;
        }
    }
}

bool parser::read_escape() {
    if (end_ - at_ < 2 || std::memchr("\"\\/bfnrtu", at_[1], 9) == nullptr) {
        fail("invalid_json", "expected one of the escapes \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u");
        return false;
    }
    if (at_[1] != 'u') {
        at_ += 2;
        return true;
    }
    const auto code = hex4(at_ + 2, end_);
    if (!code) {
        fail("invalid_json", "expected four hex digits after \\u");
        return false;
    }
    if (*code >= 0xD800U && *code <= 0xDFFFU) {
        const bool paired = *code <= 0xDBFFU && end_ - at_ >= 12 && at_[6] == '\\' && at_[7] == 'u';
        const auto low = paired ? hex4(at_ + 8, end_) : std::nullopt;
        if (!low || *low < 0xDC00U || *low > 0xDFFFU) {
            fail("invalid_json", "a surrogate escape stands without its other half");
            return false;
        }
        at_ += 6;
    }
    at_ += 6;
    return true;
}

void parser::read_container(std::uint32_t index, std::size_t depth, kind type) {
    doc_.nodes_[index].type = type;
    if (depth >= depth_limit_)
        return fail("too_deep", "more than " + std::to_string(depth_limit_) +
                                    " objects and arrays stand inside each other");
    const char close = type == kind::object ? '}' : ']';
    doc_.open_.push_back(index);
    doc_.last_child_.push_back(document::none);
    ++at_;
    skip_blanks();
    if (at_ != end_ && *at_ == close) {
        ++at_;
    } else {
        while (read_child(index, depth, type)) {
        }
        if (!error_) ++at_;
        if (!error_ && !again_ && type == kind::object) refuse_equal_keys(index);
    }
    doc_.open_.pop_back();
    doc_.last_child_.pop_back();
}

/// Reads one member or element and what follows it; true when another one follows.
bool parser::read_child(std::uint32_t parent, std::size_t depth, kind type) {
    document::node child;
    between_ = true;
    if (type == kind::object && !read_key(child)) return false;
    const auto* const here = again_;
    if (here && !here->whole && type == kind::object) {
        again_ = here->find(doc_.key_of(child));
        if (!again_) {
            again_ = here;
            at_ = end_of_value(at_, end_);
            return another_follows(type);
        }
    }
    const auto index = static_cast<std::uint32_t>(doc_.nodes_.size());
    make_room();
    doc_.nodes_.push_back(child);
    ++doc_.nodes_[parent].count;
    if (doc_.last_child_.back() != document::none) doc_.nodes_[doc_.last_child_.back()].next = index;
    doc_.last_child_.back() = index;
    between_ = false;
    read_value(index, depth + 1);
    between_ = true;
    again_ = here;
    return !error_ && another_follows(type);
}

bool parser::another_follows(kind type) {
    skip_blanks();
    if (at_ != end_ && *at_ == ',') {
        ++at_;
        skip_blanks();
        return true;
    }
    if (at_ == end_ || *at_ != (type == kind::object ? '}' : ']'))
        fail("invalid_json", type == kind::object ? "expected a comma or a closing brace"
                                                  : "expected a comma or a closing bracket");
    return false;
}

/// A large text's nodes are more than the text itself. How many will come is told from those that have, for a
/// vector that doubles would hold half as many again for nothing, and for a moment those before, too.
void parser::make_room() {
    constexpr std::size_t enough_to_tell = 4'096;
    auto& nodes = doc_.nodes_;
    const auto count = nodes.size();
    if (count < nodes.capacity() || count < enough_to_tell) return;
    const auto read = static_cast<double>(at_ - begin_);
    const auto expected = static_cast<double>(count) * static_cast<double>(end_ - begin_) / read;
    nodes.reserve(std::max(count + count / 16, static_cast<std::size_t>(expected * 33 / 32)));
}

/// Reads a member's name and its colon.
bool parser::read_key(document::node& member) {
    if (at_ == end_ || *at_ != '"') {
        fail("invalid_json", "expected a member's name in quotes");
        return false;
    }
    member.key_begin = offset();
    const bool escaped = read_string();
    if (error_) return false;
    member.key_end = offset();
    if (escaped) {
        member.decoded_key = static_cast<std::uint32_t>(doc_.keys_.size());
        doc_.keys_.push_back(
            decode_string(doc_.source_.substr(member.key_begin, member.key_end - member.key_begin)));
    }
    skip_blanks();
    if (at_ == end_ || *at_ != ':') {
        fail("invalid_json", "expected a colon after a member's name");
        return false;
    }
    ++at_;
    skip_blanks();
    return true;
}

/// Compares decoded keys: each with each in small objects, sorted in large ones.
void parser::refuse_equal_keys(std::uint32_t object) {
    constexpr std::size_t small = 12;
    doc_.sorted_.clear();
    bool equal = false;
    for (auto at = object + 1; at != document::none; at = doc_.nodes_[at].next) {
        const auto key = doc_.key_of(doc_.nodes_[at]);
        if (doc_.nodes_[object].count <= small &&
            std::find(doc_.sorted_.begin(), doc_.sorted_.end(), key) != doc_.sorted_.end())
            equal = true;
        doc_.sorted_.push_back(key);
        if (equal) break;
    }
    if (!equal && doc_.nodes_[object].count > small) {
        std::sort(doc_.sorted_.begin(), doc_.sorted_.end());
        const auto twice = std::adjacent_find(doc_.sorted_.begin(), doc_.sorted_.end());
        equal = twice != doc_.sorted_.end();
        if (equal) doc_.sorted_.push_back(*twice);
    }
    if (!equal) return;
    std::string where;
    const std::string name(doc_.sorted_.back());
    append_pointer(where, name);
    fail("duplicate_member", "the member \"" + name + "\" is there twice");
    error_->path += where;
}

} // namespace waybill::json
