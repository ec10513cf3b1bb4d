#include <catch2/catch.hpp>

#include <fstream>

#include "client.hpp"
#include "options.hpp"
#include "spark/clusters.hpp"
#include "spark/spark_bench.hpp"

using namespace waybill;
using namespace waybill::test;
using waybill::http::exit_code;
using waybill::http::host_options;

namespace {

using spark_variables = std::map<std::string, std::string>;

std::variant<host_options, exit_code> with_spark(std::vector<std::string> arguments,
                                                 const spark_variables& set = {}) {
    std::vector<const char*> all{"waybilld", "--store", "s", "--datasets", "d", "--insecure-dev"};
    for (const auto& argument : arguments)
        all.push_back(argument.c_str());
    return http::parse_command_line(static_cast<int>(all.size()), all.data(),
                                    [&set](const std::string& name) -> std::optional<std::string> {
                                        const auto found = set.find(name);
                                        if (found == set.end()) return std::nullopt;
                                        return found->second;
                                    });
}

/// What a host with these options would be, as the driver of its first attempt sees it.
played_driver driver_of_first(const running_host& host) {
    const auto datasets = host.directory() / "datasets";
    const auto spool = datasets / ".spark" / "1.1.1";
    eventually([&] { return std::filesystem::exists(spool / "request.json"); });
    const auto request = nlohmann::json::parse(contents(spool / "request.json"));
    publication what;
    what.key = {1, 1, 1};
    what.job.owner = {request["tenant"]["org"], request["tenant"]["sandbox"]};
    what.job.request.dataset_id = request["job"]["destination"]["datasetId"];
    what.job.batches.push_back({request["batches"][0]["batchId"], {}, {}, {}});
    return {datasets, what};
}

} // namespace

TEST_CASE("A Spark cluster is named by options, by the environment or by the file") {
    const auto plain = std::get<host_options>(with_spark({"--profiles", "p", "--engine", "embedded"}));
    CHECK_FALSE(plain.spark);
    const auto flags = std::get<host_options>(with_spark(
        {"--engine", "spark=spark://master:6067", "--spark-profiles", "/shared/p", "--spark-driver", "/d.py",
         "--spark-conf", "spark.jars=a,b", "--spark-conf", "spark.x=y=z"}));
    REQUIRE(flags.spark);
    CHECK(to_text(flags.spark->cluster) == "spark://master:6067");
    CHECK(flags.spark->profiles == "/shared/p");
    CHECK(flags.spark->driver == "/d.py");
    using properties = std::vector<std::pair<std::string, std::string>>;
    CHECK(flags.spark->conf == properties{{"spark.jars", "a,b"}, {"spark.x", "y=z"}});
    CHECK(flags.profiles.empty());
    const auto set = std::get<host_options>(with_spark({}, {{"WAYBILLD_ENGINE", "spark=http://livy"},
                                                            {"WAYBILLD_SPARK_PROFILES", "/p"},
                                                            {"WAYBILLD_SPARK_CONF", "a=1,b=2"}}));
    CHECK(to_text(set.spark->cluster) == "http://livy:8998");
    CHECK(set.spark->conf == properties{{"a", "1"}, {"b", "2"}});
    CHECK(set.spark->driver.ends_with("/share/waybill/spark/driver.py"));
    const temp_directory directory;
    std::ofstream(directory / "waybilld.conf")
        << "engine = \"spark=spark://m\"\nspark-profiles = \"/p\"\nspark-conf = [\"spark.jars=a,b\"]\n";
    const auto file =
        std::get<host_options>(with_spark({"--config", (directory / "waybilld.conf").string()}));
    CHECK(to_text(file.spark->cluster) == "spark://m:6066");
    CHECK(file.spark->conf == properties{{"spark.jars", "a,b"}});
}

TEST_CASE("Options of Spark that do not fit together are refused with what was expected") {
    for (const auto& arguments : std::vector<std::vector<std::string>>{
             {},
             {"--engine", "embedded"},
             {"--engine", "spark=spark://m"},
             {"--engine", "spark", "--spark-profiles", "/p"},
             {"--engine", "spark=yarn://m", "--spark-profiles", "/p"},
             {"--engine", "spark=https://m", "--spark-profiles", "/p"},
             {"--engine", "flink=x", "--spark-profiles", "/p"},
             {"--engine", "spark=spark://m", "--spark-profiles", "/p", "--spark-conf", "memory"},
             {"--engine", "spark=spark://m", "--spark-profiles", "/p", "--spark-conf", "=8g"},
             {"--profiles", "p", "--spark-profiles", "/p"},
             {"--profiles", "p", "--spark-driver", "/d.py"},
             {"--profiles", "p", "--spark-conf", "a=b"}}) {
        CAPTURE(arguments);
        const auto outcome = with_spark(arguments);
        const auto* const code = std::get_if<exit_code>(&outcome);
        CHECK((code != nullptr && *code == exit_code::wrong_usage));
    }
}

TEST_CASE("A host with a Spark cluster exports over it") {
    standalone_master master;
    running_host host([&](auto& options) {
        options.spark =
            http::spark_settings{parse_spark_url(master.url()).value(), "/shared/profiles", "/d.py", {}};
    });
    const auto id =
        host.create(R"({"destination":{"datasetId":"people"},"schema":{"name":"_xdm.context.profile"}})")
            .at("id")
            .get<std::int64_t>();
    REQUIRE(id == 1);
    const auto driver = driver_of_first(host);
    CHECK(driver.request()["profiles"] == "/shared/profiles");
    master.server().wait_for(master.create);
    REQUIRE(driver.claim(master.id(0)));
    driver.stage();
    const auto job = host.wait_for(id, "SUCCEEDED");
    CHECK(job["status"] == "SUCCEEDED");
    CHECK(job["computeGatewayJobId"]["exportJob"] == master.id(0));
    CHECK(job["metrics"]["totalExportedProfileCounter"] == 3);
}
