// Reads an object's members by their rules and collects what breaks them, each with its JSON pointer, instead
// of stopping at the first. `null` is the same as absent. A reader is used on one thread, while its document
// and the reader of the object around it live; nothing is thrown.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <waybill/result.hpp>

#include "json/document.hpp"

namespace waybill::json {

/// What is wrong with a value: the finding's code of contract 1.4 and what was expected.
struct complaint {
    const char* code;
    std::string message;
};

/// What a rule says of a text: nothing when it is kept.
using verdict = std::optional<complaint>;

/// The findings of one document. Bounded, for a small body can break a rule very often.
struct finding_list {
    static constexpr std::size_t most = 1'000;
    std::vector<finding> all;
};

/// Why a body that cannot be read is refused.
failure unreadable_body(parse_error error);

class object_reader {
  public:
    static constexpr std::size_t no_index = SIZE_MAX;

    /// Of the whole document.
    object_reader(value root, finding_list& findings);
    object_reader(const object_reader&) = delete; ///< readers of inner objects point to it
    object_reader& operator=(const object_reader&) = delete;

    /// Whether the object is there. One that is not reads as if it had no members; one that is of another
    /// type has been complained of, and what it lacks is not.
    explicit operator bool() const { return static_cast<bool>(object_); }

    object_reader object(std::string_view name) const { return {*this, present(name), name}; }

    /// The text of a member that keeps the rule, a callable from `std::string_view` to `verdict`.
    template <class Rule>
    std::optional<std::string> text(std::string_view name, const Rule& rule) const {
        auto sent = plain_text(name);
        if (sent && !keeps(rule(std::string_view(*sent)), name)) sent.reset();
        return sent;
    }
    /// The same for a member that must be there.
    template <class Rule>
    std::string required_text(std::string_view name, const Rule& rule) const {
        require(name);
        return text(name, rule).value_or(std::string{});
    }

    std::optional<bool> boolean(std::string_view name) const;
    std::optional<std::int64_t> positive_integer(std::string_view name) const;

    /// Calls `read` with a reader of each element of an array of objects. More than `most` are a finding, and
    /// none of them is read.
    template <class Read>
    void objects(std::string_view name, std::size_t most, Read read) const {
        const auto array = bounded_array(name, most);
        std::size_t index = 0;
        for (const auto element : array.children())
            read(object_reader(*this, element, name, index++));
    }

    /// The member, unless it is absent or null.
    value present(std::string_view name) const;
    /// Notes that a member must be there, when it is not.
    void require(std::string_view name) const;
    /// Notes what is wrong with a member, or with an element of it.
    void complain(complaint what, std::string_view name, std::size_t index = no_index) const;

  private:
    object_reader(const object_reader& around, value object, std::string_view name,
                  std::size_t index = no_index);
    void append_path(std::string& out) const;
    std::optional<std::string> plain_text(std::string_view name) const;
    bool keeps(verdict outcome, std::string_view name) const;
    value bounded_array(std::string_view name, std::size_t most) const;

    value object_;
    finding_list& findings_;
    const object_reader* around_ = nullptr;
    std::string_view name_;        ///< in the object around it
    std::size_t index_ = no_index; ///< in the array of that name
    bool mistyped_ = false;
};

} // namespace waybill::json
