#include "pql/cell.hpp"

#include <type_traits>

#include "json/characters.hpp"

namespace waybill::pql {

static_assert(std::is_trivially_copyable_v<cell> && sizeof(cell) == 24);

cell cell::of(bool truth) {
    cell made;
    made.kind_ = cell_kind::boolean;
    made.integer_ = truth ? 1 : 0;
    return made;
}

cell cell::of(const number& value) {
    cell made;
    made.kind_ = value.whole ? cell_kind::integer : cell_kind::real;
    if (value.whole)
        made.integer_ = value.integer;
    else
        made.real_ = value.real;
    return made;
}

cell cell::of(const interval& time) {
    cell made;
    made.kind_ = cell_kind::time;
    std::construct_at(&made.time_, time);
    return made;
}

cell cell::of(std::string_view text) {
    cell made;
    made.kind_ = cell_kind::text;
    made.size_ = static_cast<std::uint32_t>(text.size());
    std::construct_at(&made.text_, spelling{text.data(), 0});
    return made;
}

cell cell::of(json::value value) {
    switch (value.type()) {
    case json::kind::null: return {};
    case json::kind::boolean: return of(value.boolean());
    case json::kind::number: return of(parse_number(value.raw()));
    case json::kind::string: {
        const auto quoted = value.raw();
        auto made = of(quoted.substr(1, quoted.size() - 2));
        made.flag_ = true;
        return made;
    }
    case json::kind::object: return object(value);
    case json::kind::array: break;
    }
    auto made = object(value);
    made.kind_ = cell_kind::array;
    return made;
}

cell cell::object(json::value value, std::uint32_t event_number) {
    cell made;
    made.kind_ = cell_kind::object;
    made.size_ = event_number;
    std::construct_at(&made.document_, value);
    return made;
}

cell cell::events() {
    cell made;
    made.kind_ = cell_kind::events;
    return made;
}

cell cell::slice(std::size_t begin, std::size_t size, bool nested) {
    cell made;
    made.kind_ = cell_kind::slice;
    made.flag_ = nested;
    made.size_ = static_cast<std::uint32_t>(size);
    made.begin_ = static_cast<std::uint32_t>(begin);
    return made;
}

cell cell::at_moment(std::int64_t moment) const {
    auto made = *this;
    made.has_moment_ = true;
    made.text_.moment = moment;
    return made;
}

number cell::as_number() const {
    if (kind_ == cell_kind::integer) return {.integer = integer_};
    return {.whole = false, .real = real_};
}

std::string_view cell::characters(std::string& buffer) const {
    const std::string_view spelled(text_.begin, size_);
    if (!flag_ || spelled.find('\\') == std::string_view::npos) return spelled;
    buffer = json::decode_string({text_.begin - 1, size_ + std::size_t{2}}); // with its quotes
    return buffer;
}

std::optional<interval> cell::as_time(std::string& buffer) const {
    if (kind_ == cell_kind::time) return time_;
    if (kind_ == cell_kind::integer) return time_of(integer_);
    if (kind_ != cell_kind::text) return std::nullopt;
    return has_moment_ ? time_of(text_.moment) : read_time(characters(buffer));
}

} // namespace waybill::pql
