#include "options.hpp"

#include <charconv>
#include <iostream>
#include <map>

#include <CLI/CLI.hpp>
#include <boost/asio/ip/address.hpp>

#include "engine_options.hpp"

#ifndef WAYBILL_VERSION
#define WAYBILL_VERSION "unknown"
#endif

namespace waybill::http {

namespace {

constexpr const char* example = R"(Example:
  waybilld --store jobs.db --profiles profiles.db --datasets datasets --listen 127.0.0.1:8080 --insecure-dev
  curl -H 'Authorization: Bearer any' -H 'x-api-key: any' -H 'x-gw-ims-org-id: acme' \
       http://127.0.0.1:8080/data/core/ups/export/jobs?limit=2

Exit codes: 0 stopped by SIGTERM or SIGINT, 1 failed, 2 wrong usage, 4 store, segments or datasets owned by another process.)";

/// What is read as plain numbers and texts and becomes something else afterwards.
struct given_texts {
    tls_files tls;
    given_engine engine;
    std::vector<std::string> retain;
    std::string retain_audit = "365d";
    std::string keep_superseded = "forever";
    std::int64_t request = 30;
    std::int64_t idle = 60;
    std::int64_t stall = 15;
    std::int64_t grace = 10;
    std::int64_t deadline = 6 * 3'600;
    std::int64_t patience = 60;
};

void add_files(CLI::App& app, host_options& options, given_texts& given, std::string& listen) {
    app.add_option("--store", options.store, "The job store; created when it is not there")
        ->required()
        ->type_name("FILE");
    app.add_option("--profiles", options.profiles,
                   "The profile store that exports read; needed unless they run on Spark")
        ->type_name("FILE");
    app.add_option(
           "--segments", options.segments,
           "The store of segment definitions; created when it is not there. segments.db beside the job "
           "store, unless given")
        ->type_name("FILE");
    app.add_option("--datasets", options.datasets, "The root of the datasets; created when it is not there")
        ->required()
        ->type_name("DIR");
    app.add_option("--listen", listen, "Where to listen; port 0 picks a free one")
        ->capture_default_str()
        ->type_name("HOST:PORT");
    app.add_option("--credentials", options.credentials, "Who may use this host: a file of digests")
        ->type_name("FILE");
    app.add_flag("--insecure-dev", options.insecure_dev,
                 "Any non-empty token, key and org will do; only on a loopback address");
    app.add_option("--tls-certificate", given.tls.certificate,
                   "Speak HTTPS with this certificate and its chain, in PEM")
        ->type_name("FILE");
    app.add_option("--tls-key", given.tls.key, "The certificate's private key in PEM, without a passphrase")
        ->type_name("FILE");
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
    app.add_option("--retain-audit", given.retain_audit,
                   "How long the audit remembers who created, cancelled, retried or removed what; none: no "
                   "audit is kept")
        ->capture_default_str()
        ->type_name("DURATION")
        ->check([](const std::string& text) {
            return text == "none" || parse_span(text)
                       ? std::string()
                       : "expected none, or a number with d, h, m or s, such as 365d, got '" + text + "'";
        });
    app.add_option(
           "--memberships", options.memberships,
           "What an evaluation makes of who stays in a segment: existing, or realized with two states")
        ->transform(CLI::CheckedTransformer(std::map<std::string, membership_states>{
            {"three-state", membership_states::three}, {"two-state", membership_states::two}}))
        ->type_name("three-state|two-state")
        ->default_str("three-state");
    app.add_option("--keep-superseded", given.keep_superseded,
                   "How long batches that a later job has superseded stay on the disk for readers, counted "
                   "while a host runs; forever: they are never removed")
        ->capture_default_str()
        ->type_name("DURATION")
        ->check([](const std::string& text) {
            return text == "forever" || parse_span(text)
                       ? std::string()
                       : "expected forever, or a number with d, h, m or s, such as 7d, got '" + text + "'";
        });
    app.add_option("--health-seconds", given.patience,
                   "A thread of the host that has not come round for so long makes /healthz fail")
        ->capture_default_str()
        ->check(CLI::Range(1, 86'400));
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
    add("--failed-logins", limits.failed_logins,
        "Wrong tokens and keys of one address in a minute; further ones are answered late and with 429",
        std::int64_t{1'000'000});
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

/// Beside the command line; read before it is.
void add_config(CLI::App& app, std::string& config) {
    app.add_option("--config", config,
                   "A file of these options, as key = value; each may also stand in the environment, "
                   "--max-body as WAYBILLD_MAX_BODY. Flags come before variables, variables before the file")
        ->type_name("FILE");
}

/// Says on standard error why nothing runs.
exit_code wrong_usage(std::string_view why) {
    std::cerr << "waybilld: " << why << "\nRun with --help for more information.\n";
    return exit_code::wrong_usage;
}

/// What CLI11 says, and where it may come from.
exit_code complain(const CLI::App& app, const CLI::ParseError& ended, const gathered_arguments& from) {
    if (app.exit(ended) == 0) return exit_code::done;
    for (const auto& source : from.sources)
        std::cerr << "Options were also read from " << source << ".\n";
    return exit_code::wrong_usage;
}

/// What is wrong with options that are right each for itself; empty when nothing is.
std::string contradiction(const std::string& listen, const given_texts& given, host_options& options) {
    if (!parse_listen(listen, options))
        return "--listen: expected HOST:PORT with an address, not '" + listen + "'";
    if (options.credentials && options.insecure_dev)
        return "--credentials and --insecure-dev exclude each other";
    if (!options.credentials && !options.insecure_dev)
        return "one of --credentials and --insecure-dev is required";
    if (options.insecure_dev && !boost::asio::ip::make_address(options.address).is_loopback())
        return "--insecure-dev is only allowed on a loopback address";
    if (given.tls.certificate.empty() != given.tls.key.empty())
        return "--tls-certificate and --tls-key go together";
    return take_engine(given.engine, options);
}

} // namespace

std::optional<retention_rule> parse_retention(std::string_view text) {
    const auto middle = text.find('=');
    if (middle == std::string_view::npos) return std::nullopt;
    const auto status = parse_job_status(text.substr(0, middle));
    if (!status || !is_final(*status)) return std::nullopt;
    const auto keep = parse_span(text.substr(middle + 1));
    if (!keep) return std::nullopt;
    return retention_rule{*status, *keep};
}

std::optional<std::chrono::milliseconds> parse_span(std::string_view text) {
    using namespace std::chrono;
    std::uint32_t number = 0; // so that days of it are milliseconds that fit
    const auto* const end = text.data() + text.size();
    const auto [stop, wrong] = std::from_chars(text.data(), end, number);
    if (wrong != std::errc{} || end - stop != 1) return std::nullopt;
    switch (*stop) {
    case 'd': return days{number};
    case 'h': return hours{number};
    case 'm': return minutes{number};
    case 's': return seconds{number};
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

std::variant<host_options, exit_code> parse_command_line(int argc, const char* const* argv,
                                                         const environment& variables) {
    CLI::App app("The HTTP host of Waybill: keeps export jobs, runs them, answers for them.", "waybilld");
    app.footer(example);
    app.set_version_flag("--version", std::string("waybilld ") + WAYBILL_VERSION);
    host_options options;
    given_texts given;
    std::string listen = "127.0.0.1:8080";
    std::string config;
    add_files(app, options, given, listen);
    add_work(app, options, given);
    add_engine(app, given.engine);
    add_limits(app, options, given);
    add_config(app, config);
    const auto from = gather_arguments(app, {argv + 1, argv + argc}, variables);
    if (!from) return wrong_usage(from.error().message);
    try {
        app.parse(
            std::vector<std::string>(from->all.rbegin(), from->all.rend())); // CLI11 takes the last first
    } catch (const CLI::ParseError& ended) {
        return complain(app, ended, *from);
    }
    if (const auto wrong = contradiction(listen, given, options); !wrong.empty()) return wrong_usage(wrong);
    if (!given.tls.key.empty()) options.tls = given.tls;
    options.limits.request_time = std::chrono::seconds(given.request);
    options.limits.idle_time = std::chrono::seconds(given.idle);
    options.patience = std::chrono::seconds(given.patience);
    options.limits.stall_time = std::chrono::seconds(given.stall);
    options.grace = std::chrono::seconds(given.grace);
    options.attempt_deadline = std::chrono::seconds(given.deadline);
    options.keep_audit = parse_span(given.retain_audit);         // nothing for none
    options.keep_superseded = parse_span(given.keep_superseded); // nothing for forever
    for (const auto& rule : given.retain)
        options.retention.push_back(*parse_retention(rule));
    return options;
}

} // namespace waybill::http
