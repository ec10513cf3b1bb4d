#include <catch2/catch.hpp>

#include <fstream>
#include <map>

#include "options.hpp"
#include "settings_file.hpp"
#include "support/temp_directory.hpp"

using namespace waybill;
using namespace waybill::http;
using namespace waybill::test;

namespace {

using variables = std::map<std::string, std::string>;

/// A command line, an environment and a file, which is `waybilld.conf` in the directory.
class configured {
  public:
    std::variant<host_options, exit_code> parse(std::vector<std::string> arguments,
                                                const variables& set = {}) {
        std::vector<const char*> all{"waybilld"};
        for (const auto& argument : arguments)
            all.push_back(argument.c_str());
        return parse_command_line(static_cast<int>(all.size()), all.data(),
                                  [&set](const std::string& name) -> std::optional<std::string> {
                                      const auto found = set.find(name);
                                      if (found == set.end()) return std::nullopt;
                                      return found->second;
                                  });
    }
    std::string file(const std::string& text) {
        std::ofstream(directory_ / "waybilld.conf") << text;
        return (directory_ / "waybilld.conf").string();
    }

  private:
    temp_directory directory_;
};

const std::string files = "store = \"s\"\nprofiles = \"p\"\ndatasets = \"d\"\ninsecure-dev = true\n";

bool is_wrong(const std::variant<host_options, exit_code>& outcome) {
    const auto* const code = std::get_if<exit_code>(&outcome);
    return code != nullptr && *code == exit_code::wrong_usage;
}

} // namespace

TEST_CASE("A host can be configured by a file alone") {
    configured host;
    const auto file = host.file(files + R"(# a comment
listen = "127.0.0.1:9000"      # and another
max-body = 1_000
retain = ["SUCCEEDED=90d", 'FAILED=365d']
)");
    const auto seen = std::get<host_options>(host.parse({"--config", file}));
    CHECK(seen.store == "s");
    CHECK(seen.profiles == "p");
    CHECK(seen.datasets == "d");
    CHECK(seen.insecure_dev);
    CHECK(seen.port == 9'000);
    CHECK(seen.limits.body == 1'000);
    REQUIRE(seen.retention.size() == 2);
    CHECK(seen.retention[1].status == job_status::failed);
}

TEST_CASE("Flags come before variables of the environment, and these before the file") {
    configured host;
    const auto file = host.file(files + "running = 2\nattempts = 2\nmax-body = 2\nretain = \"FAILED=2d\"\n");
    const variables set{{"WAYBILLD_RUNNING", "3"},
                        {"WAYBILLD_ATTEMPTS", "3"},
                        {"WAYBILLD_RETAIN", "FAILED=3d,SUCCEEDED=3d"},
                        {"WAYBILLD_MAX_BODY", ""}};
    const auto seen = std::get<host_options>(host.parse({"--config=" + file, "--running=4"}, set));
    CHECK(seen.running == 4);
    CHECK(seen.attempts == 3);
    CHECK(seen.limits.body == 2);
    REQUIRE(seen.retention.size() == 2);
    CHECK(seen.retention[0].keep == std::chrono::hours{72});
    const auto flags = std::get<host_options>(
        host.parse({"--config", file, "--retain", "CANCELLED=4d", "--running", "4"}, set));
    REQUIRE(flags.retention.size() == 1);
    CHECK(flags.retention[0].status == job_status::cancelled);
}

TEST_CASE("The environment can name the file, and be all that there is") {
    configured host;
    const auto file = host.file(files);
    CHECK(std::get<host_options>(host.parse({}, {{"WAYBILLD_CONFIG", file}})).store == "s");
    const auto seen = std::get<host_options>(host.parse({}, {{"WAYBILLD_STORE", "with blank"},
                                                             {"WAYBILLD_PROFILES", "p"},
                                                             {"WAYBILLD_DATASETS", "d"},
                                                             {"WAYBILLD_CREDENTIALS", "c"},
                                                             {"WAYBILLD_INSECURE_DEV", "false"},
                                                             {"WAYBILLD_PORT", "tcp://10.0.0.1:80"}}));
    CHECK(seen.store == "with blank");
    CHECK(seen.credentials == "c");
    CHECK_FALSE(seen.insecure_dev);
}

TEST_CASE("An unknown key of the file is an error that names it, and so is a line that is none") {
    configured host;
    CHECK(is_wrong(host.parse({"--config", "/nowhere/at/all.conf"})));
    for (const auto* const line :
         {"runing = 2", "config = \"other\"", "help = true", "version = true", "token = \"t\"", "[section]",
          "running", "running = ", "running = two", "running = \"2", "running = 2 3", "running = 0",
          "running = [1, 2]", "running = 2\nrunning = 2", "retain = [\"FAILED=2d\"", "retain = \"FAILED\""}) {
        CAPTURE(line);
        CHECK(is_wrong(host.parse({"--config", host.file(files + line + "\n")})));
    }
    const auto helped = host.parse({"--config", host.file("runing = 2\n"), "--help"});
    CHECK(std::get<exit_code>(helped) == exit_code::done); // whoever asks for help gets it

    const auto wrong = parse_settings("a = 1\n\nb = \n");
    REQUIRE_FALSE(wrong.ok());
    CHECK(wrong.error().message.starts_with("line 3: "));
    CHECK(parse_settings("a = 1\na = 2").error().message == "line 2: 'a' is there twice");
}

TEST_CASE("Quotes keep blanks, commas, hashes and backslashes of a setting") {
    const auto read =
        parse_settings("a = \"b c, #\\\"\\\\\"\r\nd = '\\'\ne=[]\n  f = true # g\nh = -1").value();
    REQUIRE(read.size() == 5);
    CHECK(read[0].values == std::vector<std::string>{"b c, #\"\\"});
    CHECK(read[1].values == std::vector<std::string>{"\\"});
    CHECK(read[2].values.empty());
    CHECK(read[3].values == std::vector<std::string>{"true"});
    CHECK(read[4].values == std::vector<std::string>{"-1"});
    CHECK(read[4].line == 5);
}

TEST_CASE("The example configuration is taken, and what it has commented out are the defaults") {
    configured host;
    std::ifstream input(WAYBILL_SOURCE_DIR "/packaging/waybilld.conf");
    std::string all;
    for (std::string line; std::getline(input, line);)
        all +=
            (line.starts_with("# ") && line.find(" = ") != std::string::npos ? line.substr(2) : line) + "\n";
    const auto seen = std::get<host_options>(host.parse({"--config", host.file(all)}));
    const host_options plain;
    CHECK(seen.port == plain.port);
    CHECK(seen.threads == plain.threads);
    CHECK(seen.running == plain.running);
    CHECK(seen.running_per_tenant == plain.running_per_tenant);
    CHECK(seen.unfinished_per_tenant == plain.unfinished_per_tenant);
    CHECK(seen.attempts == plain.attempts);
    CHECK(seen.attempt_deadline == plain.attempt_deadline);
    CHECK(seen.grace == plain.grace);
    CHECK(seen.patience == plain.patience);
    CHECK(seen.keep_audit == plain.keep_audit);
    CHECK(seen.keep_superseded == plain.keep_superseded);
    CHECK(seen.limits.body == plain.limits.body);
    CHECK(seen.limits.head.header_block == plain.limits.head.header_block);
    CHECK(seen.limits.head.target == plain.limits.head.target);
    CHECK(seen.limits.connections == plain.limits.connections);
    CHECK(seen.limits.connections_per_address == plain.limits.connections_per_address);
    CHECK(seen.limits.request_time == plain.limits.request_time);
    CHECK(seen.limits.idle_time == plain.limits.idle_time);
    CHECK(seen.documents.depth == plain.documents.depth);
    CHECK(seen.documents.segments == plain.documents.segments);
    CHECK(seen.documents.field_paths == plain.documents.field_paths);
    CHECK(seen.documents.path_characters == plain.documents.path_characters);
}
