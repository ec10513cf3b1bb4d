#include "files_routes.hpp"

#include <algorithm>

#include <boost/asio/use_awaitable.hpp>
#include <nlohmann/json.hpp>

#include <waybill/batch_id.hpp>
#include <waybill/dataset_files.hpp>
#include <waybill/queued_verb.hpp>

#include "byte_range.hpp"
#include "file_stream.hpp"
#include "header_text.hpp"
#include "preferences.hpp"
#include "problem.hpp"

// Every awaitable gets a name before it is awaited: g++ 12 destroys twice what is created inside a co_await.

namespace waybill::http {

namespace net = boost::asio;
using json = nlohmann::ordered_json;
using reach = published_files::reach;
using extent = wanted_bytes::extent;

namespace {

constexpr std::string_view files_path = "/data/foundation/export/files/";

response no_such_batch(std::string_view request_id) {
    return problem(404, request_id, "there is no such batch");
}
response no_such_file(std::string_view request_id) {
    return problem(404, request_id, "there is no such file");
}

/// The dataset to which the tenant's own job wrote the batch; nothing when its record is gone.
net::awaitable<std::optional<std::string>> dataset_of(services& with, tenant owner, std::string batch_id) {
    auto finding_it = with.jobs.find(std::move(owner), job_of_batch(batch_id), net::use_awaitable);
    const auto job = co_await std::move(finding_it);
    if (!job) co_return std::nullopt;
    const bool same = std::any_of(job->batches.begin(), job->batches.end(),
                                  [&](const auto& batch) { return batch.batch_id == batch_id; });
    co_return same ? std::optional(job->request.dataset_id) : std::nullopt;
}

net::awaitable<result<published_files>> open_batch(services& with, tenant owner, std::string batch_id,
                                                   reach far) {
    auto asking = dataset_of(with, owner, batch_id);
    const auto dataset = co_await std::move(asking);
    const auto open = [&root = with.datasets, &owner, &batch_id, &dataset, far] {
        return dataset ? published_files::open(root, owner, *dataset, batch_id, far)
                       : published_files::find(root, owner, batch_id, far);
    };
    auto opening = async_read<published_files>(with.disk, open, net::use_awaitable);
    auto files = co_await std::move(opening);
    co_return files;
}

json description(const described_file& file, const std::string& id) {
    return {{"dataSetFileId", id},
            {"name", file.name},
            {"length", file.length},
            {"sha256", file.sha256},
            {"_links", {{"self", {{"href", std::string(files_path) + id}}}}}};
}

/// The batch's writer names its parts by what is in them.
std::string_view media_type_of(std::string_view name) {
    if (name.ends_with(".ndjson")) return "application/x-ndjson";
    if (name.ends_with(".csv")) return "text/csv";
    if (name.ends_with(".gz")) return "application/gzip";
    if (name.ends_with(".zst")) return "application/zstd";
    return "application/octet-stream";
}

response content_of(services& with, batch_file file, const call& made) {
    const auto& about = file.about();
    const auto tag = '"' + about.sha256 + '"';
    // Who has the file already is told so, whatever part is asked for.
    const auto want =
        has_already(made.asked, tag) ? wanted_bytes{} : wanted_range(made.asked, about.length, tag);
    if (want.what == extent::nothing) {
        auto answer = problem(416, made.request_id, "the file ends before this range");
        answer.headers.emplace_back("Content-Range", content_range(want, about.length));
        return answer;
    }
    response answer;
    answer.headers.emplace_back("Content-Type", media_type_of(about.name));
    answer.headers.emplace_back("Accept-Ranges", "bytes");
    answer.headers.emplace_back("ETag", tag);
    if (want.what == extent::part) {
        answer.status = 206;
        answer.headers.emplace_back("Content-Range", content_range(want, about.length));
    }
    const auto count = want.what == extent::part ? want.count : about.length;
    answer.length = count;
    if (count > 0) answer.rest = std::make_shared<file_stream>(with.disk, std::move(file), want.first, count);
    return answer;
}

} // namespace

std::string to_file_id(const file_reference& file) {
    return file.batch_id + '-' + std::to_string(file.position);
}

std::optional<file_reference> parse_file_id(std::string_view text) {
    const auto dash = text.find('-');
    if (dash == std::string_view::npos) return std::nullopt;
    const auto position = parse_number(text.substr(dash + 1), 0);
    if (!position) return std::nullopt;
    file_reference file{std::string(text.substr(0, dash)), static_cast<std::size_t>(*position)};
    if (to_file_id(file) != text) return std::nullopt; // one file has one id
    return file;
}

net::awaitable<response> list_files(services& with, const call& made) {
    const auto& batch_id = made.arguments.front();
    auto opening = open_batch(with, made.owner, batch_id, reach::visible);
    const auto files = co_await std::move(opening);
    if (!files) co_return no_such_batch(made.request_id);
    auto data = json::array();
    for (const auto& file : files->list())
        data.push_back(description(file, to_file_id({batch_id, data.size()})));
    const auto count = data.size();
    const json document{{"data", std::move(data)}, {"_page", {{"limit", count}, {"count", count}}}};
    co_return json_answer(document.dump());
}

net::awaitable<response> send_file(services& with, const call& made) {
    const auto wanted = parse_file_id(made.arguments.front());
    if (!wanted) co_return no_such_file(made.request_id);
    auto opening_batch = open_batch(with, made.owner, wanted->batch_id, reach::superseded_too);
    const auto files = co_await std::move(opening_batch);
    if (!files) co_return no_such_file(made.request_id);
    const auto open = [&files, &wanted] { return files->open_file(wanted->position); };
    auto opening = async_read<batch_file>(with.disk, open, net::use_awaitable);
    auto file = co_await std::move(opening);
    if (!file) co_return no_such_file(made.request_id);
    co_return content_of(with, std::move(*file), made);
}

} // namespace waybill::http
