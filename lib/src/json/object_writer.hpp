// Writes one JSON object straight to the end of a text: opened by the constructor, closed by the destructor,
// with commas where they belong. Names are literals that need no escaping. One thread; throws only for want
// of memory.
#pragma once

#include <cstdint>
#include <exception>
#include <string>
#include <string_view>

#include "json/document.hpp"

namespace waybill::json {

class object_writer {
  public:
    explicit object_writer(std::string& out) : out_(out) { out_ += '{'; }
    object_writer(const object_writer&) = delete;
    object_writer& operator=(const object_writer&) = delete;
    /// The end needs memory, too; where something else is thrown already nobody will read it.
    ~object_writer() noexcept(false) {
        if (std::uncaught_exceptions() == thrown_before_) out_ += '}';
    }

    /// The name and its colon; the caller appends the value to what comes back.
    std::string& member(std::string_view name) {
        out_ += first_ ? "\"" : ",\"";
        first_ = false;
        out_ += name;
        out_ += "\":";
        return out_;
    }
    void text(std::string_view name, std::string_view value) { append_string(member(name), value); }
    void integer(std::string_view name, std::int64_t value) { append_integer(member(name), value); }
    void boolean(std::string_view name, bool value) { member(name) += value ? "true" : "false"; }

  private:
    std::string& out_;
    const int thrown_before_ = std::uncaught_exceptions();
    bool first_ = true;
};

/// Appends an array; `write` appends one item.
template <class Items, class Write>
void append_array(std::string& out, const Items& items, Write write) {
    out += '[';
    bool first = true;
    for (const auto& item : items) {
        if (!first) out += ',';
        first = false;
        write(item);
    }
    out += ']';
}

} // namespace waybill::json
