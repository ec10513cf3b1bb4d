// Where the options of a command come from beside its line: the environment, and a file that `--config` or
// the environment names. They become arguments like any other, so that whatever reads arguments checks them
// too. One thread.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <waybill/result.hpp>

namespace CLI {
class App;
}

namespace waybill::http {

/// The value of a variable, when it is set.
using environment = std::function<std::optional<std::string>(const std::string& name)>;
environment process_environment();

/// `WAYBILLD_MAX_BODY` for `max-body`.
std::string variable_of(std::string_view option);

struct gathered_arguments {
    std::vector<std::string> all;
    std::vector<std::string> sources; ///< the variables, and the file, that gave some of them
};

/// `given`, and after it what the environment has for options that are not given, and then what the file has
/// for those in neither. A variable that is empty is not there; unknown ones are nobody's business, for other
/// programs set some. `invalid` for a file that cannot be read, is no file of settings or has an unknown key.
result<gathered_arguments> gather_arguments(const CLI::App& app, std::vector<std::string> given,
                                            const environment& variables);

} // namespace waybill::http
