// The REST submission server of a standalone master, protocol v1. It has no list of submissions. Its answers
// have the status 200 also where they say no.
#include <array>
#include <map>

#include "spark/cluster.hpp"
#include "spark/fields.hpp"
#include "json/object_writer.hpp"

namespace waybill::spark {

namespace {

/// Python has no cluster mode there. This class runs a Python program within the driver that the master
/// starts, and unlike SparkSubmit it keeps the properties that the submission has.
constexpr const char* main_class = "org.apache.spark.deploy.PythonRunner";

constexpr const char* java_options = "spark.driver.extraJavaOptions";

/// What Spark gives a driver that it starts by itself, but not one that came over REST; without it no driver
/// comes up on Java 17, and older ones pass over it.
constexpr const char* opened_modules =
    "-XX:+IgnoreUnrecognizedVMOptions --add-opens=java.base/java.lang=ALL-UNNAMED "
    "--add-opens=java.base/java.lang.invoke=ALL-UNNAMED --add-opens=java.base/java.lang.reflect=ALL-UNNAMED "
    "--add-opens=java.base/java.io=ALL-UNNAMED --add-opens=java.base/java.net=ALL-UNNAMED "
    "--add-opens=java.base/java.nio=ALL-UNNAMED --add-opens=java.base/java.util=ALL-UNNAMED "
    "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED "
    "--add-opens=java.base/java.util.concurrent.atomic=ALL-UNNAMED "
    "--add-opens=java.base/jdk.internal.ref=ALL-UNNAMED --add-opens=java.base/sun.nio.ch=ALL-UNNAMED "
    "--add-opens=java.base/sun.nio.cs=ALL-UNNAMED --add-opens=java.base/sun.security.action=ALL-UNNAMED "
    "--add-opens=java.base/sun.util.calendar=ALL-UNNAMED "
    "--add-opens=java.security.jgss/sun.security.krb5=ALL-UNNAMED -Djdk.reflect.useDirectMethodHandle=false";

constexpr unsigned unknown_protocol = 468;

/// What a master says that has only just begun, or waits for another one to die.
bool says_not_alive(std::string_view words) { return words.find("in ALIVE state") != std::string_view::npos; }

class standalone_cluster final : public cluster {
  public:
    explicit standalone_cluster(const spark_engine_options& options)
        : driver_(options.driver), master_(to_text(options.cluster)), conf_(options.conf) {}

    bool can_be_id(std::string_view text) const override { return is_plain_id(text); }

    http_request submit(const std::string& name, const std::string& request_file) const override {
        http_request request{"POST", "/v1/submissions/create", {}};
        {
            json::object_writer to(request.body);
            to.text("action", "CreateSubmissionRequest");
            to.text("clientSparkVersion", "3.5.0");
            to.text("mainClass", main_class);
            to.text("appResource", "");
            auto& out = to.member("appArgs");
            json::append_array(out, std::array<std::string_view, 3>{driver_, "", request_file},
                               [&](std::string_view one) { json::append_string(out, one); });
            to.member("environmentVariables") += "{}";
            append_properties(to.member("sparkProperties"), name);
        }
        return request;
    }

    submit_answer submitted(const http_answer& answer) const override {
        const fields of(answer.body);
        const auto words = first_line(of.text("message"));
        if (answer.status == http_ok && of.text("action") == "CreateSubmissionResponse") {
            const auto id = of.text("submissionId");
            if (of.is_true("success") && is_plain_id(id)) return {submit_answer::meaning::accepted, id, {}};
            if (of.is_false("success"))
                return {says_not_alive(words) ? submit_answer::meaning::not_now
                                              : submit_answer::meaning::refused,
                        {},
                        words};
        }
        if (is_refusal(answer.status))
            // Without the server's own words it is a proxy's, which has handed nothing on.
            return {of.text("action").empty() ? submit_answer::meaning::not_now
                                              : submit_answer::meaning::refused,
                    {},
                    words.empty() ? no_answer_words(answer) : words,
                    answer.status == unknown_protocol};
        return {answer.status == 0 && !answer.sent ? submit_answer::meaning::not_now
                                                   : submit_answer::meaning::lost,
                {},
                no_answer_words(answer)};
    }

    http_request look(const std::string& id) const override {
        return {"GET", "/v1/submissions/status/" + id, {}};
    }

    look_answer looked(const http_answer& answer, const std::string&) const override {
        const fields of(answer.body);
        if (answer.status != http_ok || of.text("action") != "SubmissionStatusResponse")
            return {look_answer::meaning::none, {}, no_answer_words(answer), {}};
        const auto state = of.text("driverState");
        const auto words = of.text("message");
        if (of.is_false("success")) {
            // Without words it does not know the id; with words it cannot say.
            if (words.empty()) return {look_answer::meaning::forgotten, {}, {}, {}};
            return {look_answer::meaning::none, {}, first_line(words), {}};
        }
        for (const auto* const end : {"FINISHED", "FAILED", "ERROR", "KILLED"})
            if (state == end) return {look_answer::meaning::ended, state, words, {}};
        if (state.empty()) return {look_answer::meaning::none, {}, no_answer_words(answer), {}};
        return {look_answer::meaning::working, state, {}, {}};
    }

    http_request kill(const std::string& id) const override {
        return {"POST", "/v1/submissions/kill/" + id, {}};
    }

    bool killed(const http_answer& answer) const override {
        const fields of(answer.body);
        if (answer.status != http_ok || of.text("action") != "KillSubmissionResponse") return false;
        // A no of a master that is awake means that there is nothing to kill.
        return of.is_true("success") || (of.is_false("success") && !says_not_alive(of.text("message")));
    }

    std::optional<http_request> search(std::size_t) const override { return std::nullopt; }
    search_answer searched(const http_answer&, const std::string&) const override {
        return {search_answer::meaning::nowhere, {}, 0, {}};
    }

  private:
    void append_properties(std::string& out, const std::string& name) const {
        std::map<std::string, std::string> all(conf_.begin(), conf_.end());
        all["spark.app.name"] = name;
        all["spark.master"] = master_;
        auto& java = all[java_options];
        java = java.empty() ? opened_modules : opened_modules + (' ' + java);
        append_texts(out, all);
    }

    std::string driver_;
    std::string master_;
    std::vector<std::pair<std::string, std::string>> conf_;
};

} // namespace

std::unique_ptr<cluster> make_standalone_cluster(const spark_engine_options& options) {
    return std::make_unique<standalone_cluster>(options);
}

} // namespace waybill::spark
