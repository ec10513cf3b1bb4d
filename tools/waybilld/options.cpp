#include "options.hpp"

#include <charconv>
#include <iostream>

#include <CLI/CLI.hpp>
#include <boost/asio/ip/address.hpp>

#ifndef WAYBILL_VERSION
#define WAYBILL_VERSION "unknown"
#endif

namespace waybill::http {

namespace {

constexpr const char* example = R"(Example:
  waybilld --store jobs.db --profiles profiles.db --datasets datasets --listen 127.0.0.1:8080 --insecure-dev
  curl -H 'Authorization: Bearer any' -H 'x-api-key: any' -H 'x-gw-ims-org-id: acme' \
       http://127.0.0.1:8080/data/core/ups/export/jobs?limit=2

Exit codes: 0 stopped by SIGTERM or SIGINT, 1 failed, 2 wrong usage, 4 store or datasets owned by another process.)";

/// What is read as plain numbers and texts and becomes durations afterwards.
struct given_texts {
    std::vector<std::string> retain;
    std::int64_t request = 30;
    std::int64_t idle = 60;
    std::int64_t stall = 15;
    std::int64_t grace = 10;
    std::int64_t deadline = 6 * 3'600;
};

void add_files(CLI::App& app, host_options& options, std::string& listen) {
    app.add_option("--store", options.store, "The job store; created when it is not there")
        ->required()
        ->type_name("FILE");
    app.add_option("--profiles", options.profiles, "The profile store that exports read")
        ->required()
        ->type_name("FILE");
    app.add_option("--datasets", options.datasets, "The root of the datasets; created when it is not there")
        ->required()
        ->type_name("DIR");
    app.add_option("--listen", listen, "Where to listen; port 0 picks a free one")
        ->capture_default_str()
        ->type_name("HOST:PORT");
    auto* const credentials =
        app.add_option("--credentials", options.credentials, "Who may use this host")->type_name("FILE");
    app.add_flag("--insecure-dev", options.insecure_dev,
                 "Any non-empty token, key and org will do; only on a loopback address")
        ->excludes(credentials);
}

void add_work(CLI::App& app, host_options& options, given_texts& given) {
    const auto at_least_one = CLI::Range(1, 1'000'000);
    app.add_option("--threads", options.threads, "Threads for HTTP")
        ->capture_default_str()
        ->check(CLI::Range(1, 256));
    app.add_option("--running", options.running, "Export attempts at work at once")
        ->capture_default_str()
        ->check(CLI::Range(1, 1'024));
    app.add_option("--running-per-tenant", options.running_per_tenant, "Of them, of one tenant")
        ->capture_default_str()
        ->check(CLI::Range(1, 1'024));
    app.add_option("--unfinished-per-tenant", options.unfinished_per_tenant,
                   "Jobs of a tenant that are not final; further ones are refused with 429")
        ->capture_default_str()
        ->check(CLI::Range(std::int64_t{1}, std::int64_t{1'000'000'000}));
    app.add_option("--attempts", options.attempts, "Tries of a job before a transient failure is final")
        ->capture_default_str()
        ->check(at_least_one);
    app.add_option("--attempt-seconds", given.deadline, "An attempt that runs longer is given up")
        ->capture_default_str()
        ->check(CLI::Range(std::int64_t{1}, std::int64_t{31'536'000}));
    app.add_option("--retain", given.retain,
                   "How long jobs of a final status are kept, such as SUCCEEDED=90d; may be given again; "
                   "others are kept for ever")
        ->type_name("STATUS=DURATION")
        ->check([](const std::string& text) {
            return parse_retention(text) ? std::string()
                                         : "expected SUCCEEDED, FAILED or CANCELLED, =, and a number with "
                                           "d, h, m or s, such as FAILED=30d, got '" +
                                               text + "'";
        });
    app.add_option("--grace-seconds", given.grace, "How long a stop waits for requests, then for attempts")
        ->capture_default_str()
        ->check(CLI::Range(0, 3'600));
}

void add_limits(CLI::App& app, host_options& options, given_texts& given) {
    const auto add = [&app](const char* name, auto& value, const char* what, auto most) {
        app.add_option(name, value, what)
            ->capture_default_str()
            ->check(CLI::Range(decltype(most){1}, most))
            ->group("Limits");
    };
    auto& limits = options.limits;
    add("--max-body", limits.body, "Bytes of a request's body", std::int64_t{1} << 30);
    add("--max-header-block", limits.head.header_block, "Bytes of a request's headers",
        std::int64_t{1} << 20);
    add("--max-target", limits.head.target, "Bytes of a request's target", std::int64_t{1} << 20);
    add("--max-connections", limits.connections, "Connections at once", std::int64_t{1'000'000});
    add("--max-connections-per-address", limits.connections_per_address,
        "Connections of one address that is no loopback", std::int64_t{1'000'000});
    add("--request-seconds", given.request, "From a request's first byte to its last", std::int64_t{86'400});
    add("--idle-seconds", given.idle, "Between requests, and for a reader that does not read",
        std::int64_t{86'400});
    add("--stall-seconds", given.stall, "For a request under way of which nothing comes",
        std::int64_t{86'400});
    add("--least-rate", limits.least_rate,
        "Bytes a second that a client must send of a request, or take of an answer, or it counts as standing "
        "still",
        std::int64_t{1'000'000'000});
    add("--backlog", limits.backlog, "Connections that wait to be accepted", 65'535);
    add("--max-json-depth", options.documents.depth, "Objects and arrays inside each other",
        std::int64_t{1'000});
    add("--max-segments", options.documents.segments, "Segments of a job", std::int64_t{100'000});
    add("--max-field-paths", options.documents.field_paths, "Paths of one `fields`", std::int64_t{100'000});
    add("--max-path-characters", options.documents.path_characters, "Characters of one path",
        std::int64_t{100'000});
}

/// What is wrong with options that are right each for itself; empty when nothing is.
std::string contradiction(const std::string& listen, host_options& options) {
    if (!parse_listen(listen, options))
        return "--listen: expected HOST:PORT with an address, not '" + listen + "'";
    if (!options.credentials && !options.insecure_dev)
        return "one of --credentials and --insecure-dev is required";
    if (options.insecure_dev && !boost::asio::ip::make_address(options.address).is_loopback())
        return "--insecure-dev is only allowed on a loopback address";
    return {};
}

} // namespace

std::optional<retention_rule> parse_retention(std::string_view text) {
    using namespace std::chrono;
    const auto middle = text.find('=');
    if (middle == std::string_view::npos) return std::nullopt;
    const auto status = parse_job_status(text.substr(0, middle));
    if (!status || !is_final(*status)) return std::nullopt;
    text.remove_prefix(middle + 1);
    std::uint32_t number = 0; // so that days of it are milliseconds that fit
    const auto* const end = text.data() + text.size();
    const auto [stop, wrong] = std::from_chars(text.data(), end, number);
    if (wrong != std::errc{} || end - stop != 1) return std::nullopt;
    switch (*stop) {
    case 'd': return retention_rule{*status, days{number}};
    case 'h': return retention_rule{*status, hours{number}};
    case 'm': return retention_rule{*status, minutes{number}};
    case 's': return retention_rule{*status, seconds{number}};
    default: return std::nullopt;
    }
}

bool parse_listen(const std::string& text, host_options& into) {
    const auto colon = text.rfind(':');
    if (colon == std::string::npos) return false;
    auto name = text.substr(0, colon);
    if (name == "localhost") name = "127.0.0.1";
    const bool bracketed = name.size() > 2 && name.front() == '[' && name.back() == ']';
    if (bracketed) name = name.substr(1, name.size() - 2);
    boost::system::error_code problem;
    const auto address = boost::asio::ip::make_address(name, problem);
    if (problem || address.is_v6() != bracketed) return false;
    std::uint16_t port = 0;
    const auto* const end = text.data() + text.size();
    const auto [stop, wrong] = std::from_chars(text.data() + colon + 1, end, port);
    if (wrong != std::errc{} || stop != end) return false;
    into.address = name;
    into.port = port;
    return true;
}

std::variant<host_options, exit_code> parse_command_line(int argc, const char* const* argv) {
    CLI::App app("The HTTP host of Waybill: keeps export jobs, runs them, answers for them.", "waybilld");
    app.footer(example);
    app.set_version_flag("--version", std::string("waybilld ") + WAYBILL_VERSION);
    host_options options;
    given_texts given;
    std::string listen = "127.0.0.1:8080";
    add_files(app, options, listen);
    add_work(app, options, given);
    add_limits(app, options, given);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& ended) {
        return app.exit(ended) == 0 ? exit_code::done : exit_code::wrong_usage;
    }
    if (const auto wrong = contradiction(listen, options); !wrong.empty()) {
        std::cerr << "waybilld: " << wrong << "\nRun with --help for more information.\n";
        return exit_code::wrong_usage;
    }
    options.limits.request_time = std::chrono::seconds(given.request);
    options.limits.idle_time = std::chrono::seconds(given.idle);
    options.limits.stall_time = std::chrono::seconds(given.stall);
    options.grace = std::chrono::seconds(given.grace);
    options.attempt_deadline = std::chrono::seconds(given.deadline);
    for (const auto& rule : given.retain)
        options.retention.push_back(*parse_retention(rule));
    return options;
}

} // namespace waybill::http
