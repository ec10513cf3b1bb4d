// What several commands read from the command line in the same way: tenants, hosts, moments, JSON or a table.
#pragma once

#include <string>

#include <CLI/CLI.hpp>

#include <waybill/tenant.hpp>
#include <waybill/timestamp.hpp>

#include "named_host.hpp"

namespace waybill::tool {

/// `--org` (required) and `--sandbox`.
void add_tenant_options(CLI::App& to, tenant& owner);
/// The same for what may be everybody's; then the organisation stays empty.
void add_optional_tenant_options(CLI::App& to, tenant& owner);
/// `--url` as one of `where`, and `--ca-file` with it; returns the former.
CLI::Option* add_host_options(CLI::App& to, CLI::App& where, named_host& host, const std::string& about);
void add_json_flag(CLI::App& to, bool& json);
/// Checks for `CLI::Option::check`: the empty text, or what was expected.
std::string check_dataset_id(const std::string& text);
std::string check_moment(const std::string& text);

} // namespace waybill::tool
