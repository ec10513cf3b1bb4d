// The real host on a disk that fails while the test wants it to, asked over HTTP.
#pragma once

#include <chrono>
#include <fstream>
#include <functional>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <thread>

#include <boost/asio/ip/tcp.hpp>
#include <nlohmann/json.hpp>

#include <waybill/dataset_publisher.hpp>
#include <waybill/job_store.hpp>
#include <waybill/profile_store.hpp>

#include "fault/injected.hpp"
#include "fault/moved_clock.hpp"
#include "support/program.hpp"
#include "support/temp_directory.hpp"

namespace waybill::test {

struct http_answer {
    int status = 0;
    std::string body;

    nlohmann::json json() const { return nlohmann::json::parse(body); }
};

class faulty_host {
  public:
    static constexpr int profiles = 500;

    explicit faulty_host(const std::filesystem::path& below = std::filesystem::temp_directory_path())
        : directory_(below) {
        std::stringstream records;
        for (int i = 0; i < profiles; ++i)
            records << R"({"crm":")" << i << R"(","about":")" << std::string(400, 'x') << "\"}\n";
        import_options how;
        how.owner = owner();
        how.dataset_id = "crm";
        how.identities = {{"crm", "CRMID", true}};
        if (profile_store::open(directory_ / "profiles.db").value().import_profiles(records, how)->added !=
            profiles)
            throw std::runtime_error("the profiles were not imported");
    }
    faulty_host(const faulty_host&) = delete;
    faulty_host& operator=(const faulty_host&) = delete;
    ~faulty_host() {
        if (host_ && clock_) host_->kill(); // a stop in order could wait for a clock that stands
    }

    static tenant owner() { return {"acme", "prod"}; }
    std::filesystem::path folder() const { return directory_.path(); }
    std::filesystem::path store() const { return directory_ / "jobs.db"; }
    std::filesystem::path datasets() const { return directory_ / "datasets"; }

    /// `faults.under` is relative to the folder. They hold from `fail` to `mend`, or for the calls that they
    /// name.
    void start(injected faults = {}, std::vector<std::string> more = {}) {
        more.emplace_back("--insecure-dev");
        std::vector<std::string> environment;
        if (!faults.under.empty()) {
            faults.under = directory_.path() / faults.under;
            if (faults.last == 0) {
                faults.while_file = directory_ / "fails";
                faults.first = 1;
                faults.last = 1'000'000'000;
            }
            environment = faults.environment();
        }
        if (clock_) clock_->load_into(environment);
        host_ = std::make_unique<running_host>(directory_.path(), std::move(more), std::move(environment));
    }
    /// With this in its environment, and nothing failing on the disk.
    void start_with(std::vector<std::string> environment) {
        host_ = std::make_unique<running_host>(directory_.path(), std::vector<std::string>{"--insecure-dev"},
                                               std::move(environment));
    }
    /// From the next start on the host has the clocks that this moves.
    const moved_clock& clock() {
        if (!clock_) clock_.emplace(directory_ / "clock");
        return *clock_;
    }
    void fail() const { write_file(directory_ / "fails", "now"); }
    void mend() const { std::filesystem::remove(directory_ / "fails"); }
    int stop() { return host_->stop(); }
    void kill() { host_->kill(); }
    pid_t pid() const { return host_->pid(); }
    /// What the start says on standard error and ends with, when it fails.
    program_result failing_start(injected faults = {}) const {
        std::vector<std::string> environment;
        if (!faults.under.empty()) {
            faults.under = directory_.path() / faults.under;
            faults.first = 1;
            faults.last = 1'000'000'000;
            environment = faults.environment();
        }
        return run(WAYBILLD,
                   {"--store", store(), "--profiles", directory_ / "profiles.db", "--datasets", datasets(),
                    "--listen", "127.0.0.1:0", "--insecure-dev"},
                   {{}, std::move(environment), {}});
    }
    std::string log() const { return read_file(directory_ / "waybilld.log"); }

    std::string port() const { return host_->url().substr(host_->url().rfind(':') + 1); }
    /// Further headers end with a line end each.
    static std::string request(const std::string& method, const std::string& target,
                               const std::string& body = {}, const std::string& headers = {}) {
        return method + ' ' + target + " HTTP/1.1\r\nHost: here\r\nConnection: close\r\n" +
               "Authorization: Bearer any\r\nx-api-key: any\r\nx-gw-ims-org-id: acme\r\n" + headers +
               "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
               "\r\n\r\n" + body;
    }
    /// A request for a job; the same key makes no second one.
    static std::string creation(const std::string& dataset, const std::string& key = {}) {
        return request("POST", jobs_path,
                       R"({"destination":{"datasetId":")" + dataset +
                           R"("},"schema":{"name":"_xdm.context.profile"}})",
                       key.empty() ? "" : "Idempotency-Key: " + key + "\r\n");
    }
    http_answer send(const std::string& text) const {
        boost::asio::ip::tcp::iostream connection("127.0.0.1", port());
        connection << text << std::flush;
        return answer_from(connection);
    }
    static http_answer answer_from(std::istream& connection) {
        const std::string text(std::istreambuf_iterator<char>(connection), {});
        const auto end_of_head = text.find("\r\n\r\n");
        if (end_of_head == std::string::npos) throw std::runtime_error("no answer came: " + text);
        return {std::stoi(text.substr(text.find(' ') + 1)), text.substr(end_of_head + 4)};
    }
    http_answer ask(const std::string& method, const std::string& target,
                    const std::string& body = {}) const {
        return send(request(method, target, body));
    }
    http_answer create(const std::string& dataset, const std::string& key = {}) const {
        return send(creation(dataset, key));
    }
    job_id created(const std::string& dataset, const std::string& key = {}) const {
        const auto answer = create(dataset, key);
        if (answer.status != 200) throw std::runtime_error("no job was created: " + answer.body);
        return answer.json().at("id");
    }
    http_answer cancel(job_id id) const { return ask("DELETE", jobs_path + "/" + std::to_string(id)); }

    /// From the file, beside the host.
    export_job find(job_id id) const { return job_reader::open(store()).value().find(owner(), id).value(); }
    /// Looks again and again, without sleeping; a minute only ends a hung test.
    static void spin_until(const std::function<bool()>& come) {
        const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds{60};
        while (!come()) {
            if (std::chrono::steady_clock::now() > give_up) throw std::runtime_error("it never came to this");
            std::this_thread::yield();
        }
    }
    export_job at_end(job_id id) const {
        spin_until([&] { return is_final(find(id).status); });
        return find(id);
    }
    /// Lets time pass for a host whose clock is moved, a little at each look.
    void pass_until(const std::function<bool()>& come) {
        spin_until([&] {
            clock().pass(std::chrono::milliseconds{10}, pid());
            return come();
        });
    }
    export_job pass_until_final(job_id id) {
        pass_until([&] { return is_final(find(id).status); });
        return find(id);
    }
    void log_says(const std::string& words) const {
        spin_until([&] { return log().find(words) != std::string::npos; });
    }
    /// Whether the dataset shows this job, with a row for each profile.
    bool shows(const export_job& job) const {
        const auto dataset = dataset_directory(datasets(), owner(), job.request.dataset_id);
        const auto current = nlohmann::json::parse(read_file(dataset / "current.json"));
        const auto part = dataset / ("batch-" + job.batches.at(0).batch_id) / "part-00000.ndjson";
        return current.at("jobId") == job.id && lines_of(part).size() == profiles;
    }

  private:
    static inline const std::string jobs_path = "/data/core/ups/export/jobs";
    temp_directory directory_;
    std::optional<moved_clock> clock_;
    std::unique_ptr<running_host> host_;
};

} // namespace waybill::test
