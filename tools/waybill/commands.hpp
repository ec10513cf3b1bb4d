// The command groups of `waybill`. Each function adds its subcommands to the command line; the one that the
// user named is put into `chosen`, which main runs once the whole line has been read.
#pragma once

#include <functional>

#include <CLI/CLI.hpp>

namespace waybill::tool {

/// Answers the exit code; throws `command_failure`, or what the library throws.
using command = std::function<int()>;

void add_import_commands(CLI::App& app, command& chosen);      ///< profiles import and export, events import
void add_policies_commands(CLI::App& app, command& chosen);    ///< add, list
void add_jobs_commands(CLI::App& app, command& chosen);        ///< jobs list, show, cancel
void add_datasets_commands(CLI::App& app, command& chosen);    ///< list, show, set, verify
void add_migrate_commands(CLI::App& app, command& chosen);     ///< status, up, down, verify, dump
void add_backup_commands(CLI::App& app, command& chosen);      ///< backup, restore
void add_credentials_commands(CLI::App& app, command& chosen); ///< add, list, revoke
void add_segments_commands(CLI::App& app, command& chosen);    ///< add, list, show, remove, test
void add_audit_commands(CLI::App& app, command& chosen);       ///< list
void add_doctor_command(CLI::App& app, command& chosen);
void add_stats_command(CLI::App& app, command& chosen);
void add_top_command(CLI::App& app, command& chosen);

} // namespace waybill::tool
