#include "json/object_reader.hpp"

#include <utility>

namespace waybill::json {

failure unreadable_body(parse_error error) {
    auto message = std::move(error.message) + " (at byte " + std::to_string(error.offset) + ")";
    return {errc::invalid,
            "The body is no JSON document that can be read",
            {{std::move(error.code), std::move(message), std::move(error.path)}}};
}

object_reader::object_reader(value root, finding_list& findings) : findings_(findings) {
    if (root.is_object()) {
        object_ = root;
    } else {
        mistyped_ = true;
        findings_.all.push_back({"invalid_type", "expected an object", ""});
    }
}

object_reader::object_reader(const object_reader& around, value object, std::string_view name,
                             std::size_t index)
    : findings_(around.findings_), around_(&around), name_(name), index_(index), mistyped_(around.mistyped_) {
    const bool may_be_absent = index == no_index;
    if (object.is_object()) {
        object_ = object;
    } else if (!object.is_null() || !may_be_absent) {
        around.complain({"invalid_type", "expected an object"}, name, index);
        mistyped_ = true;
    }
}

value object_reader::present(std::string_view name) const {
    const auto found = object_.member(name);
    return found.is_null() ? value{} : found;
}

void object_reader::require(std::string_view name) const {
    if (!present(name)) complain({"required", "must be there"}, name);
}

std::optional<bool> object_reader::boolean(std::string_view name) const {
    const auto sent = present(name);
    if (!sent) return std::nullopt;
    if (sent.type() == kind::boolean) return sent.boolean();
    complain({"invalid_type", "expected a boolean"}, name);
    return std::nullopt;
}

std::optional<std::int64_t> object_reader::positive_integer(std::string_view name) const {
    const auto sent = present(name);
    if (!sent) return std::nullopt;
    const auto number = sent.integer();
    if (number && *number > 0) return number;
    complain({sent.type() == kind::number ? "invalid_value" : "invalid_type", "expected a positive integer"},
             name);
    return std::nullopt;
}

std::optional<std::string> object_reader::plain_text(std::string_view name) const {
    const auto sent = present(name);
    if (!sent) return std::nullopt;
    if (sent.is_string()) return sent.text();
    complain({"invalid_type", "expected a text"}, name);
    return std::nullopt;
}

bool object_reader::keeps(verdict outcome, std::string_view name) const {
    if (!outcome) return true;
    complain(std::move(*outcome), name);
    return false;
}

value object_reader::bounded_array(std::string_view name, std::size_t most) const {
    const auto sent = present(name);
    if (!sent) return {};
    if (!sent.is_array()) {
        complain({"invalid_type", "expected an array of objects"}, name);
        return {};
    }
    if (sent.size() > most) {
        complain({"too_many", "expected at most " + std::to_string(most) + " entries"}, name);
        return {};
    }
    return sent;
}

void object_reader::complain(complaint what, std::string_view name, std::size_t index) const {
    if (mistyped_ || findings_.all.size() >= finding_list::most) return;
    std::string path;
    append_path(path);
    append_pointer(path, name);
    if (index != no_index) path += '/' + std::to_string(index);
    findings_.all.push_back({what.code, std::move(what.message), std::move(path)});
}

void object_reader::append_path(std::string& out) const {
    if (!around_) return;
    around_->append_path(out);
    append_pointer(out, name_);
    if (index_ != no_index) out += '/' + std::to_string(index_);
}

} // namespace waybill::json
