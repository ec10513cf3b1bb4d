// What a JSON object has, looked at without complaint: an answer of a server, of which only what is as it
// should be counts. One thread; nothing is thrown but for memory.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "json/document.hpp"

namespace waybill::spark {

/// Of a text that must outlive it; as an empty object when it is none.
class fields {
  public:
    explicit fields(std::string_view source) { (void)document_.parse(source); }

    json::value root() const { return document_.root(); }
    json::value member(std::string_view name) const { return root().member(name); }
    /// Empty when there is no such text.
    std::string text(std::string_view name) const { return text_of(member(name)); }
    bool is_true(std::string_view name) const { return has(name, true); }
    bool is_false(std::string_view name) const { return has(name, false); }

    static std::string text_of(json::value one) {
        return one && one.is_string() ? one.text() : std::string();
    }

  private:
    bool has(std::string_view name, bool what) const {
        const auto one = member(name);
        return one && one.type() == json::kind::boolean && one.boolean() == what;
    }

    json::document document_;
};

/// Whether the text may stand in a path and in a log as it is.
inline bool is_plain_id(std::string_view text) {
    constexpr std::size_t longest = 128;
    return !text.empty() && text.size() <= longest && text.front() != '.' &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                      c == '-' || c == '_' || c == '.';
           });
}

/// An object of texts.
template <class Pairs>
void append_texts(std::string& out, const Pairs& pairs) {
    out += '{';
    bool first = true;
    for (const auto& [name, text] : pairs) {
        if (!first) out += ',';
        first = false;
        json::append_string(out, name);
        out += ':';
        json::append_string(out, text);
    }
    out += '}';
}

} // namespace waybill::spark
