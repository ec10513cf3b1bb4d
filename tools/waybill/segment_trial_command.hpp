// `waybill segments test`, and how an expression that is none is told. One thread.
#pragma once

#include <string>

#include <CLI/CLI.hpp>

#include <waybill/result.hpp>

#include "command_failure.hpp"
#include "commands.hpp"

namespace waybill::tool {

void add_segment_trial(CLI::App& group, command& chosen);

/// The message of each finding, those of the expression with a caret under their position.
command_failure with_caret(const failure& reason, const std::string& expression);

} // namespace waybill::tool
