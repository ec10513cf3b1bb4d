#include "engine_options.hpp"

#include <system_error>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

namespace waybill::http {

namespace {

constexpr std::string_view embedded = "embedded";
constexpr std::string_view spark_equals = "spark=";

/// As an installation has it: `bin/waybilld` and `share/waybill/spark/driver.py`.
std::string installed_driver() {
    std::error_code unknown;
    const auto program = std::filesystem::read_symlink("/proc/self/exe", unknown);
    return (program.parent_path() / "../share/waybill/spark/driver.py").lexically_normal().string();
}

std::string check_engine(const std::string& text) {
    if (text == embedded) return {};
    if (!text.starts_with(spark_equals)) return "expected embedded or spark=URL, got '" + text + "'";
    const auto url = parse_spark_url(text.substr(spark_equals.size()));
    return url ? std::string() : url.error().message;
}

std::string check_conf(const std::string& text) {
    const auto middle = text.find('=');
    if (middle != std::string::npos && middle > 0) return {};
    return "expected KEY=VALUE, such as spark.executor.memory=8g, got '" + text + "'";
}

} // namespace

void add_engine(CLI::App& app, given_engine& given) {
    constexpr const char* group = "Engine";
    app.add_option("--engine", given.engine,
                   "What executes exports: this process, or a Spark cluster by its REST port "
                   "(spark=spark://HOST:6066) or by Apache Livy (spark=http://HOST:8998)")
        ->capture_default_str()
        ->type_name("embedded|spark=URL")
        ->check(check_engine)
        ->group(group);
    app.add_option(
           "--spark-profiles", given.profiles,
           "What the driver on the cluster reads, as the cluster sees it: a directory of what `waybill "
           "profiles export` writes")
        ->type_name("LOCATION")
        ->group(group);
    app.add_option("--spark-driver", given.driver,
                   "The driver's program as the cluster sees it; unless given, the installed one")
        ->type_name("FILE")
        ->group(group);
    app.add_option("--spark-conf", given.conf, "A Spark property of each driver; may be given again")
        ->type_name("KEY=VALUE")
        ->check(check_conf)
        ->group(group);
}

std::string take_engine(const given_engine& given, host_options& options) {
    if (given.engine == embedded) {
        if (!given.profiles.empty() || !given.driver.empty() || !given.conf.empty())
            return "--spark-profiles, --spark-driver and --spark-conf need --engine spark=URL";
        return options.profiles.empty() ? "--profiles is required" : std::string();
    }
    if (given.profiles.empty()) return "--spark-profiles is required with --engine spark=URL";
    auto& spark = options.spark.emplace();
    spark.cluster = parse_spark_url(given.engine.substr(spark_equals.size())).value();
    spark.profiles = given.profiles;
    spark.driver = given.driver.empty() ? installed_driver() : given.driver;
    for (const auto& property : given.conf) {
        const auto middle = property.find('=');
        spark.conf.emplace_back(property.substr(0, middle), property.substr(middle + 1));
    }
    return {};
}

} // namespace waybill::http
