#include "dataset_display.hpp"

#include <cstdio>
#include <string>

#include <nlohmann/json.hpp>

#include "table.hpp"

namespace waybill::tool {

namespace {

using json = nlohmann::ordered_json;

void put(const json& document) {
    std::puts(document.dump(-1, ' ', false, json::error_handler_t::replace).c_str());
}

std::string grouped(std::size_t number) { return tool::grouped(static_cast<std::int64_t>(number)); }

std::string text_of(const dataset_output& output) {
    auto text = std::string(to_text(output.format));
    if (output.compression != dataset_compression::none)
        text.append(", ").append(to_text(output.compression));
    return text;
}

std::string text_of(const std::optional<dataset_output>& output) { return output ? text_of(*output) : ""; }

void add_output(json& to, const std::optional<dataset_output>& output) {
    if (!output) return;
    to["format"] = to_text(output->format);
    to["compression"] = to_text(output->compression);
}

json json_of(const shown_dataset& one) {
    const auto& held = one.held;
    json shown{{"datasetId", held.dataset_id}};
    if (!held.published_at.empty())
        shown.update({{"jobId", held.job},
                      {"commitSequence", held.commit_sequence},
                      {"publishedAt", held.published_at}});
    shown.update({{"batches", held.visible},
                  {"rows", held.rows},
                  {"bytes", held.bytes},
                  {"superseded", held.superseded}});
    if (one.set) add_output(shown["settings"], one.set);
    if (!held.damage.empty()) shown["damage"] = held.damage;
    return shown;
}

json json_of(const held_batch& batch) {
    json shown{{"batchId", batch.batch_id}};
    if (batch.segment_id) shown["segmentId"] = *batch.segment_id;
    if (batch.segment_ns) shown["segmentNs"] = *batch.segment_ns;
    shown["there"] = batch.there;
    if (!batch.there) return shown;
    shown.update({{"files", batch.files}, {"rows", batch.rows}, {"bytes", batch.bytes}});
    add_output(shown, batch.output);
    return shown;
}

json json_of(const std::vector<held_batch>& batches, bool superseded) {
    auto all = json::array();
    for (const auto& batch : batches)
        if (batch.superseded == superseded) all.push_back(json_of(batch));
    return all;
}

void print_batches(const std::vector<held_batch>& batches) {
    table rows({{"batch"},
                {"segment"},
                {"is"},
                {"files", table::align::right},
                {"rows", table::align::right},
                {"bytes", table::align::right},
                {"format"}});
    for (const auto& batch : batches) {
        const auto* const is = !batch.superseded ? (batch.there ? "visible" : "missing")
                               : batch.there     ? "superseded"
                                                 : "superseded, gone";
        const auto cell = [&](std::string text) { return batch.there ? text : std::string(); };
        rows.add({batch.batch_id, batch.segment_id.value_or(""), is, cell(grouped(batch.files)),
                  cell(tool::grouped(batch.rows)), cell(tool::grouped(batch.bytes)), text_of(batch.output)});
    }
    rows.print();
}

} // namespace

void print_datasets(const std::vector<shown_dataset>& all, bool as_json) {
    if (as_json) {
        auto shown = json::array();
        for (const auto& one : all)
            shown.push_back(json_of(one));
        return put({{"datasets", shown}});
    }
    table rows({{"dataset"},
                {"job", table::align::right},
                {"published"},
                {"batches", table::align::right},
                {"rows", table::align::right},
                {"bytes", table::align::right},
                {"superseded", table::align::right},
                {"set to"}});
    for (const auto& [held, set] : all)
        rows.add({held.dataset_id, held.job != 0 ? std::to_string(held.job) : "",
                  held.damage.empty() ? held.published_at : "(damaged)", grouped(held.visible),
                  tool::grouped(held.rows), tool::grouped(held.bytes), grouped(held.superseded),
                  text_of(set)});
    rows.print();
}

void print_dataset(const shown_dataset& one, bool as_json) {
    const auto& held = one.held;
    if (as_json) {
        auto shown = json_of(one);
        shown["batches"] = json_of(held.batches, false);
        shown["superseded"] = json_of(held.batches, true);
        return put(shown);
    }
    print_properties({{"dataset", held.dataset_id},
                      {"job", held.job != 0 ? std::to_string(held.job) : ""},
                      {"published", held.published_at},
                      {"rows", tool::grouped(held.rows)},
                      {"bytes", tool::grouped(held.bytes)},
                      {"set to", text_of(one.set)},
                      {"damage", held.damage}});
    if (held.batches.empty()) return;
    std::puts("");
    print_batches(held.batches);
}

void print_settings(const dataset_settings& what, bool as_json) {
    if (as_json) {
        json shown{{"datasetId", what.dataset_id}};
        add_output(shown, what.output);
        return put(shown);
    }
    print_properties({{"dataset", what.dataset_id},
                      {"format", std::string(to_text(what.output.format))},
                      {"compression", std::string(to_text(what.output.compression))}});
}

void print_verification(const dataset_verification& seen, bool as_json) {
    if (as_json)
        return put({{"datasets", seen.datasets},
                    {"batches", seen.batches},
                    {"files", seen.files},
                    {"rows", seen.rows},
                    {"bytes", seen.bytes},
                    {"findings", seen.findings}});
    print_properties({{"datasets", grouped(seen.datasets)},
                      {"batches", grouped(seen.batches)},
                      {"files", grouped(seen.files)},
                      {"rows", tool::grouped(seen.rows)},
                      {"bytes", tool::grouped(seen.bytes)},
                      {"findings", grouped(seen.findings.size())}});
    for (const auto& finding : seen.findings)
        std::printf("  %s\n", printable(finding).c_str());
}

} // namespace waybill::tool
