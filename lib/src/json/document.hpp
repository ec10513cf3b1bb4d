// One validating reader for jobs and profiles: a JSON text becomes a flat array of nodes that point into it,
// so numbers keep their spelling and unchanged parts are copied as they stand. RFC 8259 and UTF-8 are
// enforced; depth is bounded, equal keys and lone surrogates are refused. A document is one thread's; nothing
// is thrown.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace waybill::json {

enum class kind : std::uint8_t { null, boolean, number, string, array, object };

/// Why a text is no document: the finding's code of contract 1.4 and where.
struct parse_error {
    std::string code; ///< `invalid_json`, `duplicate_member` or `too_deep`
    std::string message;
    std::size_t offset = 0; ///< bytes from the beginning of the text
    std::string path;       ///< JSON pointer of the value it was found in
};

class document;
struct field_tree;

/// One value of a document; as cheap to copy as a pointer, good as long as the document is not parsed anew.
class value {
  public:
    value() = default;

    explicit operator bool() const noexcept { return doc_ != nullptr; }
    kind type() const;
    bool is_null() const { return type() == kind::null; }
    bool is_object() const { return type() == kind::object; }
    bool is_array() const { return type() == kind::array; }
    bool is_string() const { return type() == kind::string; }

    /// The value's own text, spelled as in the source (with the quotes of a string).
    std::string_view raw() const;
    std::string text() const; ///< of a string: decoded
    bool boolean() const;
    /// Of a number that is written as a plain integer and fits; nothing otherwise.
    std::optional<std::int64_t> integer() const;

    /// Of an object or array: how many members or elements.
    std::size_t size() const;
    /// Of a member: its decoded key. Empty for others.
    std::string_view key() const;
    /// Of a member: its key as spelled, with the quotes.
    std::string_view raw_key() const;
    /// Of an object: the member with this (decoded) key; an empty value when there is none or it is no
    /// object.
    value member(std::string_view name) const;

    /// The first member or element, and from each the next; an empty value at the end.
    value first() const;
    value next() const;

    class range;
    range children() const; ///< `for (auto element : v.children())`

  private:
    friend class document;
    value(const document* doc, std::uint32_t index) : doc_(doc), index_(index) {}
    const document* doc_ = nullptr;
    std::uint32_t index_ = 0;
};

class value::range {
  public:
    class iterator {
      public:
        explicit iterator(value at) : at_(at) {}
        value operator*() const { return at_; }
        iterator& operator++() {
            at_ = at_.next();
            return *this;
        }
        bool operator==(const iterator& other) const {
            return static_cast<bool>(at_) == static_cast<bool>(other.at_) &&
                   (!at_ || at_.index_ == other.at_.index_);
        }

      private:
        value at_;
    };
    explicit range(value first) : first_(first) {}
    iterator begin() const { return iterator(first_); }
    iterator end() const { return iterator(value{}); }

  private:
    value first_;
};

class document {
  public:
    document() = default;
    document(const document&) = delete; ///< values point into it
    document& operator=(const document&) = delete;

    /// Reads one text, which must outlive the document or the next parse, and be shorter than 1 GiB. Memory
    /// of an earlier parse is used again. On failure there is no root.
    std::optional<parse_error> parse(std::string_view source, std::size_t depth = 32);

    /// The same for a text that `parse` has read before it was kept somewhere: equal keys are not looked for
    /// again.
    std::optional<parse_error> parse_again(std::string_view source);

    /// The same, but of members that stand outside these fields nothing is read. Every object and element on
    /// the way stays, also where nothing is left of it. The tree must outlive the call.
    std::optional<parse_error> parse_again(std::string_view source, const field_tree& fields);

    value root() const { return nodes_.empty() ? value{} : value{this, 0}; }

  private:
    friend class value;
    friend class parser;
    static constexpr std::uint32_t none = UINT32_MAX;
    struct node {
        std::uint32_t begin = 0; ///< of the value's text
        std::uint32_t end = 0;
        std::uint32_t key_begin = 0; ///< of the key's text, with quotes; key_end == 0: no member
        std::uint32_t key_end = 0;
        std::uint32_t next = none;        ///< the next sibling
        std::uint32_t decoded_key = none; ///< index into keys_ when the key has escapes
        std::uint32_t count : 29 = 0;     ///< children, of which each takes two bytes of text
        kind type : 3 = kind::null;
    };
    static_assert(sizeof(node) == 28, "a text of small values takes many times its own size");
    std::string_view key_of(const node& member) const;
    std::string_view source_;
    std::vector<node> nodes_; ///< in the order of the text: a first child follows its parent
    std::deque<std::string> keys_;
    // The parser's scratch, kept for the next parse.
    std::vector<std::uint32_t> open_;       ///< the containers around where it reads, outermost first
    std::vector<std::uint32_t> last_child_; ///< the child of each that was begun last
    std::vector<std::string_view> sorted_;  ///< keys that are compared
};

/// Appends the text as a JSON string, with quotes; what has to be escaped is escaped, the rest stays UTF-8.
void append_string(std::string& out, std::string_view text);
void append_integer(std::string& out, std::int64_t number);
/// Appends `/name` with `~` and `/` escaped (RFC 6901).
void append_pointer(std::string& out, std::string_view name);

} // namespace waybill::json
