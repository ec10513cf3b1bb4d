#include "json/document.hpp"

#include <charconv>

#include "json/characters.hpp"
#include "json/field_tree.hpp"
#include "json/parser.hpp"

namespace waybill::json {

std::optional<parse_error> document::parse(std::string_view source, std::size_t depth) {
    return parser(*this, source, depth, nullptr).run();
}

std::optional<parse_error> document::parse_again(std::string_view source) {
    static const field_tree everything;
    return parse_again(source, everything);
}

std::optional<parse_error> document::parse_again(std::string_view source, const field_tree& fields) {
    return parser(*this, source, UINT32_MAX, &fields).run();
}

/// Without the quotes.
std::string_view document::key_of(const node& member) const {
    if (member.decoded_key != none) return keys_[member.decoded_key];
    return {source_.data() + member.key_begin + 1, member.key_end - member.key_begin - std::size_t{2}};
}

kind value::type() const { return doc_ ? doc_->nodes_[index_].type : kind::null; }

std::string_view value::raw() const {
    if (!doc_) return {};
    const auto& node = doc_->nodes_[index_];
    return doc_->source_.substr(node.begin, node.end - node.begin);
}

std::string value::text() const { return is_string() ? decode_string(raw()) : std::string{}; }

bool value::boolean() const { return raw() == "true"; }

std::optional<std::int64_t> value::integer() const {
    if (type() != kind::number) return std::nullopt;
    const auto digits = raw();
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
    return number;
}

std::size_t value::size() const { return doc_ ? doc_->nodes_[index_].count : 0; }

std::string_view value::raw_key() const {
    if (!doc_) return {};
    const auto& node = doc_->nodes_[index_];
    return doc_->source_.substr(node.key_begin, node.key_end - node.key_begin);
}

std::string_view value::key() const {
    if (!doc_) return {};
    const auto& node = doc_->nodes_[index_];
    return node.key_end == 0 ? std::string_view{} : doc_->key_of(node);
}

value value::first() const {
    if (size() == 0) return {};
    return {doc_, index_ + 1};
}

value value::next() const {
    if (!doc_ || doc_->nodes_[index_].next == document::none) return {};
    return {doc_, doc_->nodes_[index_].next};
}

value value::member(std::string_view name) const {
    if (!is_object()) return {};
    const auto& nodes = doc_->nodes_;
    for (auto at = size() == 0 ? document::none : index_ + 1; at != document::none; at = nodes[at].next)
        if (doc_->key_of(nodes[at]) == name) return {doc_, at};
    return {};
}

value::range value::children() const { return range(first()); }

void append_integer(std::string& out, std::int64_t number) {
    char digits[24];
    const auto [end, error] = std::to_chars(digits, digits + sizeof digits, number);
    out.append(digits, end);
}

void append_pointer(std::string& out, std::string_view name) {
    out.push_back('/');
    for (const char c : name) {
        if (c == '~')
            out += "~0";
        else if (c == '/')
            out += "~1";
        else
            out.push_back(c);
    }
}

} // namespace waybill::json
