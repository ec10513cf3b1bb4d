#include "http_requests.hpp"

#include <nlohmann/json.hpp>

#include <waybill/job_store.hpp>
#include <waybill/json.hpp>

#include "benched_store.hpp"
#include "creators.hpp"

namespace waybill::bench {

using nlohmann::json;

std::string request_text(const tenant& owner, const std::string& line, const std::string& body) {
    auto text = line +
                " HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer bench\r\nx-api-key: bench\r\n"
                "x-gw-ims-org-id: " +
                owner.org + "\r\nx-sandbox-name: " + owner.sandbox + "\r\nAccept: application/json\r\n";
    if (!body.empty())
        text += "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
    return text + "\r\n" + body;
}

std::vector<std::string> create_requests(const job_mix& jobs, const std::filesystem::path& scratch) {
    constexpr std::size_t distinct = 1'024;
    std::vector<std::string> requests;
    std::filesystem::create_directories(scratch);
    auto store = open_store(scratch / jobs_file);
    store.together([&] {
        for (std::size_t i = 0; i < distinct; ++i) {
            std::string document;
            append_json(document, store.create(jobs.owner(), jobs[i]).value());
            const auto shown = json::parse(document);
            json asked;
            for (const auto* member :
                 {"fields", "mergePolicy", "filter", "additionalFields", "schema", "evaluationInfo"})
                if (shown.contains(member)) asked[member] = shown[member];
            for (const auto* member : {"datasetId", "segmentPerBatch"})
                asked["destination"][member] = shown["destination"][member];
            requests.push_back(request_text(jobs.owner(), "POST " + jobs_path, asked.dump()));
        }
    });
    return requests;
}

} // namespace waybill::bench
