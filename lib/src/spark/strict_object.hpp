// Reads the members of an object that another program wrote, and says what is wrong with the first that is
// not as it should be; members that nobody asks for may be there. `null` is the same as absent. One thread;
// nothing is thrown but for memory.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "json/document.hpp"

namespace waybill::spark {

class strict_object {
  public:
    /// `wrong` gets the first complaint and must outlive it.
    strict_object(json::value object, std::string path, std::string& wrong)
        : object_(object), path_(std::move(path)), wrong_(wrong) {
        if (!object_.is_object() && wrong_.empty())
            wrong_ = (path_.empty() ? "it" : path_) + " must be an object";
    }

    void complain(std::string_view name, std::string_view expected) const {
        if (wrong_.empty()) wrong_ = where(name) + " must be " + std::string(expected);
    }
    void require(std::string_view name) const {
        if (!present(name)) complain(name, "there");
    }

    std::optional<std::string> text(std::string_view name) const {
        const auto found = present(name);
        if (!found) return std::nullopt;
        if (!found.is_string()) complain(name, "a text");
        return found.is_string() ? std::optional(plain(found.text())) : std::nullopt;
    }
    std::optional<bool> boolean(std::string_view name) const {
        const auto found = present(name);
        if (!found) return std::nullopt;
        if (found.type() != json::kind::boolean) complain(name, "true or false");
        return found.type() == json::kind::boolean && found.boolean();
    }
    /// A whole number that is not negative.
    std::optional<std::int64_t> count(std::string_view name) const {
        const auto found = present(name);
        return found ? count_of(found, name) : std::nullopt;
    }
    std::optional<strict_object> object(std::string_view name) const {
        const auto found = present(name);
        if (!found) return std::nullopt;
        return strict_object(found, where(name), wrong_);
    }
    std::vector<std::string> texts(std::string_view name) const {
        std::vector<std::string> all;
        for (const auto one : array(name).children()) {
            if (!one.is_string()) complain(name, "an array of texts");
            if (one.is_string()) all.push_back(one.text());
        }
        return all;
    }
    /// Numbers by name, sorted.
    std::vector<std::pair<std::string, std::int64_t>> counts(std::string_view name) const {
        std::vector<std::pair<std::string, std::int64_t>> all;
        const auto inner = object(name);
        if (!inner) return all;
        for (const auto one : inner->object_.children())
            all.emplace_back(plain(std::string(one.key())), inner->count_of(one, one.key()).value_or(0));
        std::sort(all.begin(), all.end());
        return all;
    }
    template <class Take>
    void each(std::string_view name, Take take) const {
        for (const auto one : array(name).children())
            take(strict_object(one, where(name), wrong_));
    }

  private:
    json::value present(std::string_view name) const {
        const auto found = object_.member(name);
        return found.is_null() ? json::value{} : found;
    }
    json::value array(std::string_view name) const {
        const auto found = present(name);
        if (found && !found.is_array()) complain(name, "an array");
        return found.is_array() ? found : json::value{};
    }
    std::optional<std::int64_t> count_of(json::value found, std::string_view name) const {
        const auto number = found.integer();
        if (!number || *number < 0) complain(name, "a whole number, 0 or more");
        return number && *number >= 0 ? number : std::nullopt;
    }
    std::string where(std::string_view name) const { return path_ + '/' + std::string(name); }
    /// A store keeps no texts with a zero in them.
    static std::string plain(std::string text) {
        std::replace(text.begin(), text.end(), '\0', ' ');
        return text;
    }

    json::value object_;
    std::string path_;
    std::string& wrong_;
};

} // namespace waybill::spark
