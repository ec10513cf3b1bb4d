#include "dataset/superseded_ledger.hpp"

#include <utility>

#include <waybill/result.hpp>

#include "dataset/layout.hpp"
#include "disk/durable_file.hpp"
#include "json/object_writer.hpp"

namespace waybill::dataset {

namespace {

using json::object_writer;

constexpr std::int64_t schema_version = 1;

[[noreturn]] void damaged(const std::filesystem::path& path, const std::string& why) {
    throw store_failure(store_failure::kind::corrupt, path.string() + " is damaged: " + why);
}

std::string text_of(const superseded_ledger& what) {
    std::string out;
    {
        object_writer to(out);
        to.integer("schemaVersion", schema_version);
        to.integer("runningMs", what.running.count());
        to.integer("goneEpoch", what.gone.epoch);
        to.integer("goneJobId", what.gone.job_id);
        to.member("superseded");
        json::append_array(out, what.since, [&out](const auto& entry) {
            object_writer one(out);
            one.text("batchId", entry.first);
            one.integer("sinceMs", entry.second.count());
        });
    }
    out += '\n';
    return out;
}

void parse_entries(json::value list, const std::filesystem::path& path, superseded_ledger& into) {
    if (!list.is_array()) damaged(path, "superseded should be an array");
    for (const auto entry : list.children()) {
        const auto batch_id = entry.member("batchId");
        const auto since = entry.member("sinceMs").integer();
        if (!batch_id.is_string() || !valid_batch_id(batch_id.text()) || !since)
            damaged(path, "a malformed entry of superseded");
        into.since.emplace(batch_id.text(), *since);
    }
}

} // namespace

superseded_ledger read_ledger(const std::filesystem::path& root) {
    const auto path = root / ledger_name;
    const auto text = disk::read_file(path);
    if (!text) return {};
    json::document document;
    if (const auto error = document.parse(*text)) damaged(path, error->message);
    const auto top = document.root();
    const auto version = top.member("schemaVersion").integer();
    if (version && *version > schema_version)
        throw store_failure(store_failure::kind::newer_schema,
                            path.string() + " has schemaVersion " + std::to_string(*version) +
                                ", this Waybill reads up to " + std::to_string(schema_version));
    const auto running = top.member("runningMs").integer();
    const auto epoch = top.member("goneEpoch").integer();
    const auto job = top.member("goneJobId").integer();
    if (version != schema_version || !running || !epoch || !job)
        damaged(path, "schemaVersion, runningMs, goneEpoch or goneJobId is missing or wrong");
    superseded_ledger ledger{std::chrono::milliseconds{*running}, {}, {*epoch, *job, 0}};
    parse_entries(top.member("superseded"), path, ledger);
    return ledger;
}

void replace_ledger(const std::filesystem::path& root, const superseded_ledger& what) {
    disk::replace_file(root / ledger_name, root / ledger_aside_name, text_of(what));
}

} // namespace waybill::dataset
