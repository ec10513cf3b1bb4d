#include <csignal>
#include <cstdio>
#include <exception>

#include "command_failure.hpp"
#include "commands.hpp"

namespace {

constexpr const char* overview =
    "The admin tool of Waybill: imports profiles and events, looks after export jobs, stores and "
    "credentials.\n\n"
    "Example: waybill jobs list --store jobs.db --org acme --sandbox prod\n\n"
    "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 not found, 4 owned by another process.";

int run(int argc, char** argv) {
    using namespace waybill::tool;
    CLI::App app{overview, "waybill"};
    app.set_version_flag("--version", WAYBILL_VERSION);
    app.require_subcommand(1);
    command chosen;
    add_import_commands(app, chosen);
    add_policies_commands(app, chosen);
    add_segments_commands(app, chosen);
    add_jobs_commands(app, chosen);
    add_datasets_commands(app, chosen);
    add_migrate_commands(app, chosen);
    add_backup_commands(app, chosen);
    add_credentials_commands(app, chosen);
    add_audit_commands(app, chosen);
    add_doctor_command(app, chosen);
    add_stats_command(app, chosen);
    add_top_command(app, chosen);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& wrong) {
        return app.exit(wrong) == 0 ? exit_done : exit_wrong_usage;
    }
    try {
        const auto code = chosen();
        if (std::fflush(stdout) != 0) throw command_failure(exit_failed, "standard output cannot be written");
        return code;
    } catch (const command_failure& problem) {
        std::fprintf(stderr, "waybill: %s\n", problem.what());
        return problem.code();
    } catch (const std::exception& problem) {
        std::fprintf(stderr, "waybill: %s\n", problem.what());
        return exit_failed;
    }
}

} // namespace

int main(int argc, char** argv) {
    std::signal(SIGXFSZ, SIG_IGN); // at the largest size of a file a write fails and says so
    return run(argc, argv);
}
