// The options that say what executes exports: the engine in the host itself, or a Spark cluster. One thread.
#pragma once

#include <string>
#include <vector>

#include "host.hpp"

namespace CLI {
class App;
}

namespace waybill::http {

struct given_engine {
    std::string engine = "embedded";
    std::string profiles;
    std::string driver;
    std::vector<std::string> conf;
};

void add_engine(CLI::App& app, given_engine& given);

/// Sets `spark` of the options; or says what is wrong with options that are right each for itself, and empty
/// when nothing is.
std::string take_engine(const given_engine& given, host_options& options);

} // namespace waybill::http
