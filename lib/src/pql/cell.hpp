// A value while an expression is evaluated: as cheap to copy as a few words, and pointing into the document
// or the evaluation's pool. Internal to the pql folder; one evaluation's, one thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "pql/calendar.hpp"
#include "pql/number.hpp"
#include "json/document.hpp"

namespace waybill::pql {

enum class cell_kind : std::uint8_t {
    null,
    boolean,
    integer,
    real,
    text,
    time,
    object, ///< of a document, or an event
    array,  ///< of a document
    slice,  ///< an array in the pool
    events, ///< the array of all
};

class cell {
  public:
    cell() : integer_(0) {}
    static cell of(bool truth);
    static cell of(const number& value);
    static cell of(const interval& time);
    /// A text that outlives the cell, as it is.
    static cell of(std::string_view text);
    static cell of(json::value value);
    static cell object(json::value value, std::uint32_t event_number = 0);
    static cell events();
    /// `nested` when an element is a slice itself, so that what lies below in the pool must stay.
    static cell slice(std::size_t begin, std::size_t size, bool nested);
    /// The timestamp of an event, of which the moment is known.
    cell at_moment(std::int64_t moment) const;

    cell_kind kind() const { return kind_; }
    bool is_null() const { return kind_ == cell_kind::null; }
    bool is_number() const { return kind_ == cell_kind::integer || kind_ == cell_kind::real; }
    bool is_text() const { return kind_ == cell_kind::text; }
    bool is_time() const { return kind_ == cell_kind::time; }
    bool is_object() const { return kind_ == cell_kind::object; }
    bool is_array() const { return kind_ >= cell_kind::array; }
    bool is_slice() const { return kind_ == cell_kind::slice; }

    bool truth() const { return integer_ != 0; }
    number as_number() const;
    const interval& time() const { return time_; }
    json::value document() const { return document_; }
    /// Of an object: counted from 1; 0 when it is no event.
    std::uint32_t event_number() const { return size_; }
    std::uint32_t begin() const { return begin_; } ///< of a slice
    std::uint32_t size() const { return size_; }
    bool nested() const { return flag_; }

    /// Decoded into `buffer` only where the text has escapes.
    std::string_view characters(std::string& buffer) const;
    /// As far as it is one.
    std::optional<interval> as_time(std::string& buffer) const;

  private:
    struct spelling {
        const char* begin;
        std::int64_t moment; ///< of an event's timestamp
    };

    cell_kind kind_ = cell_kind::null;
    bool flag_ = false; ///< of a text: spelled as in its document; of a slice: nested
    bool has_moment_ = false;
    std::uint32_t size_ = 0;
    union {
        std::int64_t integer_;
        double real_;
        interval time_;
        spelling text_;
        json::value document_;
        std::uint32_t begin_;
    };
};

} // namespace waybill::pql
