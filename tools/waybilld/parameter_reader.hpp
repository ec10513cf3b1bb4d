// Reads the known parameters of a query and collects what is wrong with them. One thread; nothing is thrown
// but for memory.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <waybill/result.hpp>

#include "query.hpp"

namespace waybill::http {

/// Gives a known parameter's value to `take`, which says whether it was what `expected` names.
class parameter_reader {
  public:
    explicit parameter_reader(std::string_view query) : parameters_(parse_query(query)) {}

    template <class Take>
    void read(std::string_view name, const std::string& expected, Take take) {
        const auto text = value_of(name);
        if (text && !take(*text)) complain("invalid_value", "expected " + expected, name);
    }

    std::vector<finding> findings; ///< each at `?name`

  private:
    /// The one value, when it is there and nothing is wrong with it.
    std::optional<std::string> value_of(std::string_view name);
    void complain(const char* code, std::string message, std::string_view name);

    std::vector<query_parameter> parameters_;
};

} // namespace waybill::http
